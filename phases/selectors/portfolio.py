"""All projects of a person at a glance, from a stored row of figures for each."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Lower

from accounts.models import User
from audittrail.models import Stream
from common import clock
from common.charts import percent
from phases.choices import PHASE_NAMES, HealthLevel, PhaseState
from phases.domain.health import ORDER, Rule
from phases.models import ProjectFigures
from phases.registries import portfolio_sorts
from projects.models import Organization, Project, WizardDraft

SORTS = ("organization", "name", "health", "phase", "end", "slip", "overdue", "update")
UNDER_WAY = (PhaseState.ACTIVE, PhaseState.IN_REVIEW)
LATE_IN_SEVERAL = 2


@dataclass(frozen=True, slots=True)
class PortfolioQuery:
    """What the portfolio is asked to show. Built by the view from the address, strictly."""

    text: str = ""
    sort: str = "organization"
    descending: bool = False
    health: tuple[str, ...] = ()
    phase: int | None = None
    organization: str = ""


@dataclass(frozen=True, slots=True)
class PhaseCounts:
    """The counts of the phase that a project is in; they are those of its dashboard."""

    applicable: int = 0
    done: int = 0
    verified: int = 0
    overdue: int = 0
    blocked: int = 0
    unassigned: int = 0

    @property
    def percent(self) -> int | None:
        """Done or verified, of what is applicable, in whole percent; None of nothing."""
        return percent(self.done + self.verified, self.applicable) if self.applicable else None


@dataclass(frozen=True, slots=True)
class PortfolioLine:
    """A project with the phase it is in. `phase` None: all phases are closed.

    `days_late` is set where the phase should have ended, `days_left` in its last fortnight; `slip` in working days.
    """

    pk: int
    slug: str
    name: str
    organization_id: int
    organization: str
    organization_slug: str
    time_zone: str
    phase: int | None
    state: str
    end: date | None
    forecast: date | None
    slip: int | None
    health: str
    rules: tuple[Rule, ...]
    counts: PhaseCounts
    last_update: datetime | None
    days_late: int | None
    days_left: int | None

    @property
    def phase_name(self) -> str:
        """The number and nickname of the phase."""
        return "" if self.phase is None else f"{self.phase} {PHASE_NAMES[self.phase]}"

    @property
    def health_word(self) -> str:
        """The health in a word."""
        return str(HealthLevel(self.health).label)


@dataclass(frozen=True, slots=True)
class LatePerson:
    """Somebody with overdue work in several projects."""

    name: str
    overdue: int
    projects: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """What the start page may offer somebody."""

    may_start: bool
    draft_saved_at: object | None


def standing_of(user: User) -> Standing:
    """Whether `user` may start projects, and since when a draft of one lies there. One query."""
    draft = WizardDraft.objects.filter(user=OuterRef("pk"), answers__has_key="steps").values("saved_at")[:1]
    found = (
        User.objects.filter(pk=user.pk)
        .annotate(may_start=Exists(Organization.objects.that_may_start_projects(user)), draft_saved_at=Subquery(draft))
        .values_list("may_start", "draft_saved_at")
        .get()
    )
    may_start = bool(found[0]) or user.is_superuser
    return Standing(may_start, found[1] if may_start else None)


@dataclass(frozen=True, slots=True)
class Reach:
    """How far a person's view goes: how many projects, in which time zones, of which organizations (slug to name)."""

    total: int
    zones: tuple[str, ...]
    organizations: Mapping[str, str]


def reach_of(user: User) -> Reach:
    """What `user` can see, without reading a project. One query."""
    found = list(
        Project.objects.visible_to(user)
        .order_by()
        .values_list("time_zone", "organization__slug", "organization__name")
        .annotate(count=Count("pk"))
    )
    return Reach(
        sum(count for *_place, count in found),
        tuple(sorted({zone for zone, *_rest in found})),
        {slug: name for _zone, slug, name, _count in sorted(found, key=lambda place: place[2].lower())},
    )


def outdated(user: User, zones: Iterable[str]) -> list[Project]:
    """The projects of `user` whose stored figures are missing, of another day, or older than their trail. One query.

    `zones` are the time zones of the projects.
    """
    head = Stream.objects.filter(pk=OuterRef("uuid")).values("head_seq")
    fresh = Q(pk=None)
    for day, names in days_by_zone(zones).items():
        fresh |= Q(time_zone__in=names, figures__day=day)
    return list(
        Project.objects.visible_to(user)
        .annotate(head=Subquery(head))
        .exclude(fresh & Q(figures__head_seq=F("head")))
        .select_related("organization")
    )


_SORTED_BY = {
    "organization": ("organization__name", "organization_id"),
    "name": (Lower("name"),),
    "health": ("rank",),
    "phase": ("in_phase",),
    "end": ("ends",),
    "slip": ("figures__slip",),
    "overdue": ("figures__overdue",),
    "update": ("figures__last_update",),
}


def chosen_projects(user: User, query: PortfolioQuery) -> QuerySet[Project]:
    """The projects that `query` asks for, in its order, with their stored figures; who calls has refreshed these.

    What has no value to sort by comes last, whichever way it goes; within equals by organization and name.
    """
    is_over = Q(figures__phase_state=PhaseState.CLOSED)
    more = portfolio_sorts().get(query.sort)
    found = (
        Project.objects.visible_to(user)
        .select_related("organization", "figures")
        .annotate(
            rank=Case(
                *(When(figures__health=level, then=Value(place)) for place, level in enumerate(ORDER)),
                default=Value(len(ORDER)),
            ),
            in_phase=Case(
                When(is_over, then=Value(9)), default=F("figures__phase_number"), output_field=IntegerField()
            ),
            ends=Case(When(is_over, then=Value(None)), default=F("figures__planned_end"), output_field=DateField()),
        )
    )
    for word in query.text.split():
        found = found.filter(Q(name__icontains=word) | Q(organization__name__icontains=word))
    if query.health:
        found = found.filter(figures__health__in=query.health)
    if query.phase is not None:
        found = found.filter(in_phase=query.phase)
    if query.organization:
        found = found.filter(organization__slug=query.organization)
    if more is not None:
        found = found.annotate(of_other_app=more(user))
    order = []
    for name in ("of_other_app",) if more is not None else _SORTED_BY[query.sort]:
        field = F(name) if isinstance(name, str) else name
        order.append(field.desc(nulls_last=True) if query.descending else field.asc(nulls_last=True))
    return found.order_by(*order, "organization__name", "organization_id", "name", "pk")


def lines_of(projects: Iterable[Project]) -> list[PortfolioLine]:
    """`projects` of `chosen_projects` as lines. No further query."""
    return [_line(project, project.figures) for project in projects]


@dataclass(frozen=True, slots=True)
class Overview:
    """What all projects of a person have in common: how many there are by health, and who is late in several."""

    by_health: Mapping[str, int]
    late_people: Sequence[LatePerson]


def overview_of(user: User) -> Overview:
    """The overview of everything that `user` can see. One query."""
    found = list(
        ProjectFigures.objects.filter(project__in=Project.objects.visible_to(user))
        .order_by("project__name", "project_id")
        .values_list("health", "late_people", "project__slug", "project__name")
    )
    return Overview(Counter(health for health, *_rest in found), late_in_several(found))


def _line(project: Project, row: ProjectFigures) -> PortfolioLine:
    late = left = None
    if row.phase_state in UNDER_WAY and row.planned_end is not None:
        days = (row.planned_end - clock.today(project.time_zone)).days
        late = -days if days < 0 else None
        left = days if 0 <= days <= 14 else None
    is_over = row.phase_state == PhaseState.CLOSED
    return PortfolioLine(
        pk=project.pk,
        slug=project.slug,
        name=project.name,
        organization_id=project.organization_id,
        organization=project.organization.name,
        organization_slug=project.organization.slug,
        time_zone=project.time_zone,
        phase=None if is_over else row.phase_number,
        state=row.phase_state,
        end=None if is_over else row.planned_end,
        forecast=row.forecast_end,
        slip=row.slip,
        health=row.health,
        rules=tuple(Rule(*rule) for rule in row.rules),
        counts=PhaseCounts()
        if is_over
        else PhaseCounts(row.applicable, row.done, row.verified, row.overdue, row.blocked, row.unassigned),
        last_update=row.last_update,
        days_late=late,
        days_left=left,
    )


def late_in_several(rows: Iterable[tuple[str, Sequence[Any], str, str]]) -> list[LatePerson]:
    """Who has overdue work in two projects or more, the most of it first. `rows` as in `overview_of`."""
    found: dict[int, list[tuple[str, str, str, int]]] = defaultdict(list)
    for _health, late, slug, project in rows:
        for user, name, count in late:
            found[user].append((name, slug, project, count))
    people = [
        LatePerson(
            entries[0][0],
            sum(count for *_names, count in entries),
            tuple((slug, project, count) for _name, slug, project, count in entries),
        )
        for entries in found.values()
        if len(entries) >= LATE_IN_SEVERAL
    ]
    return sorted(people, key=lambda person: (-person.overdue, person.name.lower()))


def days_by_zone(zones: Iterable[str]) -> dict[date, list[str]]:
    """Which day it is now, and in which of `zones`. There are three days on earth at most."""
    days: dict[date, list[str]] = defaultdict(list)
    for zone in sorted(set(zones)):
        days[clock.today(zone)].append(zone)
    return dict(days)
