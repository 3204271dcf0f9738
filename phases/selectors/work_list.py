"""What My work shows: rows of all projects of a person, by day, and what waits for them to verify.

Two queries for all sections: which rows are shown and how many there are, then the rows themselves.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, cast

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
    Window,
)
from django.db.models.functions import RowNumber

from accounts.models import User
from common import clock
from notifications.models import Comment
from phases.choices import Nature, PhaseState, Status
from phases.domain.transitions import DONE, OPEN_STATUSES
from phases.domain.verifying import AUDIT_COMPONENT, AUDIT_REFS
from phases.domain.work_days import DAY_SECTIONS, LATE, LATER, TODAY, WEEK, end_of_week, section_of
from phases.models import Contributor, Phase, PhaseActivity, PlanRules
from phases.permissions import may_verify_own, with_size, with_ties
from phases.selectors.activity import COMMENTED
from phases.selectors.activity_texts import effective_text
from phases.selectors.my_work import own_parties
from phases.selectors.work_projects import WorkProject
from projects.registries import row_links

VERIFY, HELP = "verify", "help"
SECTIONS = (*DAY_SECTIONS, VERIFY, HELP)
# One's own pressing work is shown at length; the rest by its first rows, with a way to all of them.
SHOWN = {LATE: 20, TODAY: 20, WEEK: 20, LATER: 10, VERIFY: 5, HELP: 5}
MOST = 300  # rows of one section that somebody asked to see whole
FINISHED_ROWS = 6
FINISHED_DAYS = 30


@dataclass(frozen=True, slots=True)
class CardLink:
    """A way from a card to where another app does something for its row."""

    label: str
    icon: str
    url: str


@dataclass(frozen=True, slots=True)
class WorkCard:
    """A row of a plan as its owner, helper or verifier meets it.

    `days` counts from today to the due day: below 0 it is late. `choices` are the statuses that its buttons show.
    """

    pk: int
    version: int
    section: str
    ref: str
    title: str
    component: str
    slug: str
    project: str
    time_zone: str
    phase: int
    status: str
    nature: str
    reason: str
    note: str
    due: date | None
    days: int | None
    rhythm: str
    operating_since: date | None
    done_by: str
    done_at: object
    verified_by: str
    comments: int = 0
    is_key: bool = False
    is_supplement: bool = False
    may_report: bool = False
    may_verify: bool = False
    may_comment: bool = False
    links: tuple[CardLink, ...] = ()

    @property
    def comes_round(self) -> bool:
        """Whether it is seen to again and again instead of done."""
        return bool(self.rhythm) and self.status in OPEN_STATUSES

    @property
    def is_operation(self) -> bool:
        """Whether done means that it operates from a day on."""
        return self.nature == Nature.OPERATE

    @property
    def choices(self) -> tuple[str, ...]:
        """The statuses that a press can give."""
        if self.comes_round:
            return (Status.IN_PROGRESS, Status.BLOCKED)
        return (Status.NOT_STARTED, Status.IN_PROGRESS, Status.DONE, Status.BLOCKED)

    @property
    def days_late(self) -> int:
        """By how many days it is late, 0 where it is not."""
        return -self.days if self.days is not None and self.days < 0 and self.status in OPEN_STATUSES else 0


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the list: the first of its rows, and how many there are in all."""

    key: str
    total: int = 0
    cards: tuple[WorkCard, ...] = ()

    @property
    def left_off(self) -> int:
        """How many `cards` does not show."""
        return self.total - len(self.cards)


@dataclass(frozen=True, slots=True)
class WorkList:
    """All sections, by name, and what the person finished lately."""

    sections: Mapping[str, Section]
    finished: tuple[WorkCard, ...] = ()
    finished_total: int = field(default=0)


def _days(projects: Iterable[WorkProject]) -> dict[date, list[int]]:
    """Which day it is now, and in which of the projects."""
    days: dict[date, list[int]] = defaultdict(list)
    for found in projects:
        days[found.today].append(found.project.pk)
    return days


def _waiting(user: User, projects: Collection[WorkProject]) -> QuerySet[Any]:
    """What waits for the person in `projects`, with its section in `kind`."""
    late, today, week = Q(pk=None), Q(pk=None), Q(pk=None)
    for day, ids in _days(projects).items():
        here = Q(project__in=ids)
        late |= here & Q(due__lt=day)
        today |= here & Q(due=day)
        week |= here & Q(due__gt=day, due__lte=end_of_week(day))
    parties = own_parties(user)
    own = Q(accountable__in=parties)
    helps = Exists(Contributor.objects.filter(phase_activity=OuterRef("pk"), party__in=parties))
    verified_in = [found.project.pk for found in projects if found.access.can("phases.verify")]
    # In a very small entity people verify their own work too, but no audit.
    own_too = Q(Exists(PlanRules.objects.filter(project=OuterRef("project"), very_small=True)))
    for ref in AUDIT_REFS:
        own_too &= ~Q(activity__ref=ref) & ~Q(activity__ref__startswith=f"{ref}/")
    own_too &= ~Q(activity__component=AUDIT_COMPONENT)
    verify = Q(status=DONE, project__in=verified_in) & (Q(done_by=None) | ~Q(done_by=user) | own_too)
    closed = Phase.objects.filter(
        project=OuterRef("project"), number=OuterRef("phase_number"), state=PhaseState.CLOSED
    ).values("pk")
    return (
        PhaseActivity.objects.filter(project__in=[found.project.pk for found in projects])
        .filter((Q(status__in=OPEN_STATUSES) & (own | Q(helps))) | verify)
        .exclude(Exists(closed))
        .annotate(
            kind=Case(
                When(status=DONE, then=Value(VERIFY)),
                When(~own | Q(accountable=None), then=Value(HELP)),
                When(late, then=Value(LATE)),
                When(today, then=Value(TODAY)),
                When(week, then=Value(WEEK)),
                default=Value(LATER),
                output_field=CharField(),
            )
        )
    )


def work_list(user: User, projects: Mapping[int, WorkProject], *, whole: str = "") -> WorkList:
    """What waits for `user` in `projects`: the first rows of each section, of the section `whole` up to `MOST`.

    Own is what the person is accountable for, alone or in a group. Four queries, of however many rows and projects.
    """
    if not projects:
        return WorkList({key: Section(key) for key in SECTIONS})
    here = list(projects.values())
    numbered = _waiting(user, here).annotate(
        place=Window(
            RowNumber(),
            partition_by=F("kind"),
            order_by=[
                F("due").asc(nulls_last=True),
                F("project_id").asc(),
                F("activity__position").asc(),
                F("pk").asc(),
            ],
        ),
        total=Window(Count("pk"), partition_by=F("kind")),
    )
    wanted = Q(pk=None)
    for key, most in SHOWN.items():
        wanted |= Q(kind=key, place__lte=MOST if key == whole else most)
    places = list(numbered.filter(wanted).order_by("kind", "place").values_list("pk", "kind", "total"))
    since = clock.now() - timedelta(days=FINISHED_DAYS)
    finished = (
        PhaseActivity.objects.filter(project__in=list(projects), done_by=user, done_at__gte=since)
        .annotate(total=Window(Count("pk")))
        .order_by("-done_at", "-pk")
        .values_list("pk", "total")[:FINISHED_ROWS]
    )
    ended = list(finished)
    kinds = {pk: kind for pk, kind, _total in places}
    rows = {
        row.pk: row
        for row in with_ties(
            with_size(PhaseActivity.objects.filter(pk__in=[*kinds, *(pk for pk, _total in ended)])), user
        )
        .select_related("activity", "done_by", "verified_by")
        .defer("tailored_why")
    }
    counts = _comment_counts(projects, rows.values())
    cards: dict[str, list[WorkCard]] = defaultdict(list)
    totals: dict[str, int] = {}
    for pk, kind, total in places:
        cards[kind].append(_card(rows[pk], projects[rows[pk].project_id], kind, counts))
        totals[kind] = total
    return WorkList(
        {key: Section(key, totals.get(key, 0), tuple(cards[key])) for key in SECTIONS},
        tuple(_card(rows[pk], projects[rows[pk].project_id], "", counts) for pk, _total in ended),
        ended[0][1] if ended else 0,
    )


def work_card(found: WorkProject, user: User, pk: int) -> WorkCard:
    """One row of `found`, for `user`. Two queries. Raises PhaseActivity.DoesNotExist for a row of another project."""
    row = (
        with_ties(with_size(PhaseActivity.objects.filter(project=found.project, pk=pk)), user)
        .select_related("activity", "done_by", "verified_by")
        .get()
    )
    counts = _comment_counts({found.project.pk: found}, [row])
    return _card(row, found, section_of(row.due, found.today), counts)


def _comment_counts(projects: Mapping[int, WorkProject], rows: Collection[PhaseActivity]) -> dict[tuple[int, str], int]:
    """How many comments the activities of `rows` have, where the person may read them. One query."""
    readable = {row.project_id for row in rows if projects[row.project_id].access.can("comments.view")}
    refs = {row.activity.ref for row in rows if row.project_id in readable}
    if not refs:
        return {}
    found = Comment.objects.filter(project__in=readable, kind=COMMENTED, key__in=refs, withdrawn_at=None).order_by()
    return {
        (project, key): count
        for project, key, count in found.values_list("project_id", "key").annotate(count=Count("pk"))
    }


def _card(row: PhaseActivity, found: WorkProject, section: str, counts: Mapping[tuple[int, str], int]) -> WorkCard:
    ties = cast(Any, row)  # with_ties adds what the model does not know
    activity, project, access = row.activity, found.project, found.access
    text = effective_text(found.texts, activity)
    component = found.texts.components.get(activity.component)
    reports = bool(access.can("phases.report_any")) or (
        bool(access.can("phases.report")) and (ties.is_own or ties.is_helped)
    )
    return WorkCard(
        pk=row.pk,
        version=row.version,
        section=section,
        ref=activity.ref,
        title=activity.title or text.title,
        component=component.short_title if component else activity.component,
        slug=project.slug,
        project=project.name,
        time_zone=project.time_zone,
        phase=row.phase_number,
        status=row.status,
        nature=activity.nature,
        reason=row.reason,
        note=row.note,
        due=row.due,
        days=(row.due - found.today).days if row.due else None,
        rhythm=row.rhythm,
        operating_since=row.operating_since,
        done_by=str(row.done_by) if row.done_by else "",
        done_at=row.done_at,
        verified_by=str(row.verified_by) if row.verified_by else "",
        comments=counts.get((project.pk, activity.ref), 0),
        is_key=activity.is_key,
        is_supplement=activity.is_supplement,
        may_report=reports,
        may_verify=bool(access.can("phases.verify")) and (row.done_by_id != access.user_id or may_verify_own(row)),
        may_comment=bool(access.can("comments.write")),
        links=tuple(
            CardLink(str(link.label), link.icon, link.address(project.slug, activity.ref))
            for link in row_links
            if reports and access.can(link.capability)
        ),
    )
