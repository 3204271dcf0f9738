"""All projects of a person at a glance. The number of queries does not depend on how many there are."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, Subquery

from accounts.models import User
from common import clock
from phases.choices import PHASE_NAMES, PhaseState
from phases.domain.transitions import BLOCKED, DONE, NOT_APPLICABLE, OPEN_STATUSES, VERIFIED
from phases.models import Phase, PhaseActivity
from projects.models import Organization, Project, WizardDraft

SORTS = ("organization", "name", "phase", "end")
UNDER_WAY = (PhaseState.ACTIVE, PhaseState.IN_REVIEW)


@dataclass(frozen=True, slots=True)
class PortfolioQuery:
    """What the portfolio is asked to show. Built by the view from the address, strictly."""

    text: str = ""
    sort: str = "organization"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class PortfolioLine:
    """A project with the phase it is in. `phase` None: all phases are closed."""

    pk: int
    slug: str
    name: str
    organization_id: int
    organization: str
    time_zone: str
    phase: int | None
    state: str
    start: date | None
    end: date | None

    @property
    def phase_name(self) -> str:
        """The number and nickname of the phase."""
        return "" if self.phase is None else f"{self.phase} {PHASE_NAMES[self.phase]}"


@dataclass(frozen=True, slots=True)
class PhaseCounts:
    """The counts of the phase that a project is in; they are those of its board."""

    applicable: int = 0
    done: int = 0
    verified: int = 0
    overdue: int = 0
    blocked: int = 0
    unassigned: int = 0

    @property
    def percent(self) -> int | None:
        """Done or verified, of what is applicable, in whole percent rounded down; None of nothing."""
        return (self.done + self.verified) * 100 // self.applicable if self.applicable else None


@dataclass(frozen=True, slots=True)
class PortfolioRow:
    """A line with its counts; `days_late` where the phase should have ended."""

    line: PortfolioLine
    counts: PhaseCounts
    days_late: int | None
    days_left: int | None


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


def portfolio_lines(user: User) -> list[PortfolioLine]:
    """Every project that `user` can see, with the phase it is in. Two queries."""
    projects = list(
        Project.objects.visible_to(user)
        .order_by("organization__name", "organization_id", "name", "pk")
        .values_list("pk", "slug", "name", "organization_id", "organization__name", "time_zone")
    )
    phases: dict[int, list[tuple[int, str, date | None, date | None]]] = defaultdict(list)
    for project, number, state, start, end in (
        Phase.objects.filter(project__in=Project.objects.visible_to(user))
        .order_by("number")
        .values_list("project_id", "number", "state", "start", "end")
    ):
        phases[project].append((number, state, start, end))
    return [PortfolioLine(*project, *_current(phases[project[0]])) for project in projects]


def _current(
    phases: Sequence[tuple[int, str, date | None, date | None]],
) -> tuple[int | None, str, date | None, date | None]:
    """The phase that is under way, else the next one planned, else none."""
    for wanted in (UNDER_WAY, (PhaseState.PLANNED,)):
        for phase in phases:
            if phase[1] in wanted:
                return phase
    return None, PhaseState.CLOSED, None, None


def arrange(lines: Iterable[PortfolioLine], query: PortfolioQuery) -> list[PortfolioLine]:
    """The lines that `query` asks for, in its order; within equals by organization and name."""
    words = query.text.lower().split()
    kept = [line for line in lines if all(word in f"{line.name} {line.organization}".lower() for word in words)]
    if query.sort == "name":
        kept.sort(key=lambda line: line.name.lower(), reverse=query.descending)
    elif query.sort == "phase":
        kept.sort(key=lambda line: 9 if line.phase is None else line.phase, reverse=query.descending)
    elif query.sort == "end":
        dated = sorted(
            (line for line in kept if line.end), key=lambda line: line.end or date.max, reverse=query.descending
        )
        kept = [*dated, *(line for line in kept if not line.end)]
    elif query.descending:
        kept.sort(key=lambda line: (line.organization, line.organization_id), reverse=True)
    return kept


def days_by_zone(zones: Iterable[str]) -> dict[date, list[str]]:
    """Which day it is now, and in which of `zones`. There are three days on earth at most."""
    days: dict[date, list[str]] = defaultdict(list)
    for zone in sorted(set(zones)):
        days[clock.today(zone)].append(zone)
    return dict(days)


def portfolio_rows(user: User, lines: Collection[PortfolioLine]) -> list[PortfolioRow]:
    """`lines` with the counts of their phase. One query, however many."""
    by_phase: dict[int, list[int]] = defaultdict(list)
    today: dict[str, date] = {}
    by_day: dict[date, list[int]] = defaultdict(list)
    for line in lines:
        if line.phase is not None:
            by_phase[line.phase].append(line.pk)
        day = today.setdefault(line.time_zone, clock.today(line.time_zone))
        by_day[day].append(line.pk)
    counts: dict[int, PhaseCounts] = {}
    if by_phase:
        chosen, late = Q(), Q()
        for number, projects in by_phase.items():
            chosen |= Q(phase_number=number, project__in=projects)
        for day, projects in by_day.items():
            late |= Q(project__in=projects, due__lt=day)
        is_open = Q(status__in=OPEN_STATUSES)
        found = (
            PhaseActivity.objects.visible_to(user)
            .filter(chosen, activity__is_supplement=False)
            .values("project_id")
            .annotate(
                applicable=Count("pk", filter=~Q(status=NOT_APPLICABLE)),
                done=Count("pk", filter=Q(status=DONE)),
                verified=Count("pk", filter=Q(status=VERIFIED)),
                overdue=Count("pk", filter=is_open & late),
                blocked=Count("pk", filter=Q(status=BLOCKED)),
                unassigned=Count("pk", filter=is_open & Q(accountable=None)),
            )
            .order_by()
        )
        for values in found:
            counts[values["project_id"]] = PhaseCounts(
                values["applicable"],
                values["done"],
                values["verified"],
                values["overdue"],
                values["blocked"],
                values["unassigned"],
            )
    return [_row(line, counts.get(line.pk, PhaseCounts()), today[line.time_zone]) for line in lines]


def _row(line: PortfolioLine, counts: PhaseCounts, today: date) -> PortfolioRow:
    late = left = None
    if line.state in UNDER_WAY and line.end is not None:
        days = (line.end - today).days
        late = -days if days < 0 else None
        left = days if 0 <= days <= 14 else None
    return PortfolioRow(line, counts, late, left)
