"""All projects of a person at a glance, from a stored row of figures for each."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Subquery

from accounts.models import User
from common import clock
from common.charts import percent
from phases.choices import PHASE_NAMES, HealthLevel, PhaseState
from phases.domain.health import ORDER, Rule
from phases.models import ProjectFigures
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
    late_people: tuple[tuple[int, str, int], ...]
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


def visible_projects(user: User) -> list[Project]:
    """The projects that `user` can see, with no more than their figures need. One query."""
    return list(
        Project.objects.visible_to(user)
        .order_by("organization__name", "organization_id", "name", "pk")
        .select_related("organization")
        .only(
            "uuid",
            "slug",
            "name",
            "time_zone",
            "start_date",
            "created_at",
            "organization__name",
            "organization__slug",
            "organization__working_days",
        )
    )


def portfolio_lines(projects: Iterable[Project]) -> list[PortfolioLine]:
    """`projects` with their stored figures; who calls has refreshed these. One query."""
    listed = list(projects)
    stored = ProjectFigures.objects.in_bulk([project.pk for project in listed], field_name="project_id")
    return [_line(project, stored[project.pk]) for project in listed if project.pk in stored]


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
        late_people=tuple((user, name, count) for user, name, count in row.late_people),
        days_late=late,
        days_left=left,
    )


def arrange(lines: Iterable[PortfolioLine], query: PortfolioQuery) -> list[PortfolioLine]:
    """The lines that `query` asks for, in its order; within equals by organization and name."""
    words = query.text.lower().split()
    kept = [
        line
        for line in lines
        if all(word in f"{line.name} {line.organization}".lower() for word in words)
        and (not query.health or line.health in query.health)
        and (query.phase is None or line.phase == query.phase)
        and (not query.organization or line.organization_slug == query.organization)
    ]
    if query.sort == "name":
        kept.sort(key=lambda line: line.name.lower(), reverse=query.descending)
    elif query.sort == "phase":
        kept.sort(key=lambda line: 9 if line.phase is None else line.phase, reverse=query.descending)
    elif query.sort == "health":
        kept.sort(key=lambda line: ORDER.index(line.health), reverse=query.descending)
    elif query.sort == "overdue":
        kept.sort(key=lambda line: line.counts.overdue, reverse=query.descending)
    elif query.sort == "organization":
        if query.descending:
            kept.sort(key=lambda line: (line.organization, line.organization_id), reverse=True)
    else:
        kept = _known_first(kept, query)
    return kept


def _known_first(lines: list[PortfolioLine], query: PortfolioQuery) -> list[PortfolioLine]:
    """Sorted by something that not every project has; those without come last, whichever way it goes."""

    def value(line: PortfolioLine) -> float | None:
        if query.sort == "end":
            return line.end.toordinal() if line.end else None
        if query.sort == "slip":
            return line.slip
        return line.last_update.timestamp() if line.last_update else None

    known = [(found, line) for line in lines if (found := value(line)) is not None]
    known.sort(key=lambda pair: pair[0], reverse=query.descending)
    return [line for _found, line in known] + [line for line in lines if value(line) is None]


def late_in_several(lines: Iterable[PortfolioLine]) -> list[LatePerson]:
    """Who has overdue work in two projects or more, the most of it first."""
    found: dict[int, list[tuple[str, str, str, int]]] = defaultdict(list)
    for line in lines:
        for user, name, count in line.late_people:
            found[user].append((name, line.slug, line.name, count))
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
