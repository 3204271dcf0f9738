"""Where a project stands, from the same rows and the same arithmetic as its boards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from common import clock
from phases.choices import PhaseState
from phases.domain.figures import Figures, Tally, fold
from phases.domain.transitions import BLOCKED, DONE
from phases.models import Phase, PhaseActivity
from phases.selectors.attention import Attention, attention_of
from phases.selectors.board import BoardRow, rows_of
from projects.choices import ProjectRole
from projects.models import Membership, Project

UNDER_WAY = (PhaseState.ACTIVE, PhaseState.IN_REVIEW)


@dataclass(frozen=True, slots=True)
class PhaseLine:
    """A phase with its figures; rows of the supplement are not among them."""

    number: int
    name: str
    state: str
    start: date | None
    end: date | None
    started_on: date | None
    closed_on: date | None
    tally: Tally
    is_current: bool

    @property
    def is_under_way(self) -> bool:
        """Started and not closed."""
        return self.state in UNDER_WAY

    @property
    def is_closed(self) -> bool:
        """Over."""
        return self.state == PhaseState.CLOSED

    @property
    def first_day(self) -> date | None:
        """When it began, or is planned to."""
        return self.started_on or self.start

    @property
    def last_day(self) -> date | None:
        """When it was closed, or is planned to end."""
        return self.closed_on or self.end

    @property
    def behind(self) -> int:
        """How many activities fewer are done or verified than should be by today; 0 for a closed phase."""
        return 0 if self.is_closed else max(0, self.tally.planned_by_today - self.tally.finished)


@dataclass(frozen=True, slots=True)
class PartyLoad:
    """What a party has to do in one phase; `party_id` None is work that nobody has."""

    party_id: int | None
    name: str
    kind: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class Ages:
    """How long the oldest of each concern of a phase has lasted, in days; None where there is none."""

    overdue: int | None
    blocked: int | None
    to_verify: int | None
    unassigned_soon: int


@dataclass(frozen=True, slots=True)
class Dashboard:
    """All that the dashboard of a project shows, on `today` in its time zone."""

    today: date
    phases: tuple[PhaseLine, ...]
    current: PhaseLine
    figures: Figures
    attention: Attention
    loads: tuple[PartyLoad, ...]
    ages: Ages
    manager: str


def current_phase(phases: Sequence[Phase]) -> Phase:
    """The phase a project is in: the one under way, else the next planned one, else the last."""
    under_way = [phase for phase in phases if phase.state in UNDER_WAY]
    if under_way:
        return under_way[-1]
    planned = [phase for phase in phases if phase.state == PhaseState.PLANNED]
    return planned[0] if planned else phases[-1]


def dashboard_of(project: Project) -> Dashboard:
    """Everything for the dashboard of `project`. Four queries."""
    phases = list(Phase.objects.filter(project=project).order_by("number"))
    return dashboard_from(
        today=clock.today(project.time_zone),
        phases=phases,
        rows=rows_of(project),
        since=_since(project, current_phase(phases).number),
        manager=_manager(project),
    )


def dashboard_from(
    *, today: date, phases: Sequence[Phase], rows: Sequence[BoardRow], since: Mapping[int, date], manager: str
) -> Dashboard:
    """The dashboard that these rows make. `since` is the day from which rows are blocked or done, by id."""
    current = current_phase(phases)
    figures = fold((row.as_figure() for row in rows), today)
    # The supplement stands apart: it has figures of its own, which no other figure includes.
    here = [row for row in rows if row.phase == current.number and not row.is_supplement]
    lines = tuple(
        PhaseLine(
            number=phase.number,
            name=str(phase.name),
            state=phase.state,
            start=phase.start,
            end=phase.end,
            started_on=phase.started_on,
            closed_on=phase.closed_on,
            tally=figures.phases.get(phase.number) or Tally(),
            is_current=phase.number == current.number,
        )
        for phase in phases
    )
    return Dashboard(
        today=today,
        phases=lines,
        current=next(line for line in lines if line.is_current),
        figures=figures,
        attention=attention_of(here, since, today),
        loads=loads_of(figures, here, current.number),
        ages=ages_of(here, since, today),
        manager=manager,
    )


def _since(project: Project, phase: int) -> dict[int, date]:
    """From which day blocked and done rows are so, by id. One query."""
    zone = ZoneInfo(project.time_zone)
    found = PhaseActivity.objects.filter(project=project, phase_number=phase, status__in=[BLOCKED, DONE]).values_list(
        "pk", "status_since"
    )
    return {pk: instant.astimezone(zone).date() for pk, instant in found}


def _manager(project: Project) -> str:
    """The names of who manages the project, or "". One query."""
    members = (
        Membership.objects.current()
        .filter(project=project, role=ProjectRole.MANAGER)
        .order_by("starts_at", "pk")
        .values_list("user__name", "user__email")
    )
    return ", ".join(name or email for name, email in members)


def loads_of(figures: Figures, rows: Sequence[BoardRow], phase: int) -> tuple[PartyLoad, ...]:
    """The parties of a phase with their figures, the busiest first, work that nobody has last."""
    named = {row.party_id: (row.party_name, row.party_kind) for row in rows}
    loads = [
        PartyLoad(party_id, *named.get(party_id, ("", "")), tally)
        for party_id, tally in figures.parties.get(phase, {}).items()
        if tally.applicable
    ]
    loads.sort(key=lambda load: (load.party_id is None, -load.tally.applicable, load.name.lower()))
    return tuple(loads)


def ages_of(rows: Sequence[BoardRow], since: Mapping[int, date], today: date) -> Ages:
    """How old the oldest concerns among `rows` are."""

    def oldest(days: list[int]) -> int | None:
        return max(days, default=None)

    return Ages(
        overdue=oldest([row.days_late for row in rows if row.days_late is not None]),
        blocked=oldest([(today - since[row.pk]).days for row in rows if row.status == BLOCKED]),
        to_verify=oldest([(today - since[row.pk]).days for row in rows if row.status == DONE]),
        unassigned_soon=sum(row.is_open and row.party_id is None and row.days_left is not None for row in rows),
    )
