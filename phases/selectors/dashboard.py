"""Where a project stands, from the same rows and the same arithmetic as its boards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import Prefetch, prefetch_related_objects

from phases.choices import PHASE_NAMES, Nature, PhaseState
from phases.domain.figures import SOON_DAYS, Figures, Tally, is_overdue
from phases.domain.transitions import BLOCKED, DONE, OPEN_STATUSES
from phases.models import Phase
from phases.selectors.as_of import PastPlan
from phases.selectors.attention import Attention, attention_of
from phases.selectors.board import BoardRow, rows_of
from phases.selectors.catalogue import texts_for
from phases.selectors.standing import ProjectStanding, standing_of
from projects.choices import ProjectRole
from projects.models import Membership, Party, Project

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
    """All that the dashboard of a project shows, on `today` in its time zone: a past day where `is_past`.

    `operating_refs` are the activities that go on once they are established.
    """

    today: date
    phases: tuple[PhaseLine, ...]
    current: PhaseLine
    figures: Figures
    attention: Attention
    loads: tuple[PartyLoad, ...]
    ages: Ages
    manager: str
    found: ProjectStanding
    operating_refs: frozenset[str] = frozenset()
    is_past: bool = False


def current_phase(phases: Sequence[Phase]) -> Phase:
    """The phase a project is in: the one under way, else the next planned one, else the last."""
    under_way = [phase for phase in phases if phase.state in UNDER_WAY]
    if under_way:
        return under_way[-1]
    planned = [phase for phase in phases if phase.state == PhaseState.PLANNED]
    return planned[0] if planned else phases[-1]


def read_phases(project: Project) -> list[Phase]:
    """The phases of `project`, kept with it while it lives: the sidebar of the page reads them too. One query."""
    prefetch_related_objects([project], Prefetch("phases", Phase.objects.with_frozen()))
    return list(project.phases.all())


def dashboard_of(project: Project, day: date | None = None, phases: Sequence[Phase] | None = None) -> Dashboard:
    """Everything for the dashboard of `project` at the end of `day` (default today).

    Raises ValueError for a day that `plan_at` refuses. Seven queries today, ten on another day.
    """
    found = standing_of(project, day, phases)
    known = rows_of(project)
    is_past = found.plan.source != "live"
    rows = _past_rows(project, found.plan, known) if is_past else known
    return dashboard_from(project, found, rows, manager=_manager(project), is_past=is_past)


def _past_rows(project: Project, plan: PastPlan, known: Sequence[BoardRow]) -> list[BoardRow]:
    """The rows of `plan` as a list shows them; what the trail does not tell is taken from today's. One query."""
    texts = texts_for(project)
    by_name = {row.key: row for row in known}
    by_ref = {row.ref: row for row in known}
    parties = {
        pk: (name, kind) for pk, name, kind in Party.objects.filter(project=project).values_list("pk", "name", "kind")
    }
    rows = []
    for past in plan.rows:
        like = by_name.get(past.name) or by_ref.get(past.ref)
        text = texts.text_of(past.ref)
        name, kind = parties.get(past.party_id or 0, ("", ""))
        late = (plan.day - past.due).days if past.due and is_overdue(past.status, past.due, plan.day) else None
        left = None
        if past.due is not None and late is None and past.status in OPEN_STATUSES:
            ahead = (past.due - plan.day).days
            left = ahead if ahead <= SOON_DAYS else None
        same = like is not None and like.status == past.status and like.key == past.name
        rows.append(
            BoardRow(
                pk=like.pk if like is not None else 0,
                version=0,
                ref=past.ref,
                title=like.title if like is not None else text.title if text is not None else past.ref,
                component=past.component,
                position=like.position if like is not None else text.position if text is not None else 0,
                phase=past.phase,
                status=past.status,
                reason=like.reason if like is not None and same else "",
                party_id=past.party_id,
                party_name=name,
                party_kind=kind,
                due=past.due,
                days_late=late,
                days_left=left,
                nature=like.nature if like is not None else text.nature if text is not None else "",
                operating_since=past.operating_since,
                is_key=past.key,
                is_supplement=past.supplement,
                done_by_id=None,
            )
        )
    return sorted(rows, key=lambda row: (row.position, row.phase))


def dashboard_from(
    project: Project, found: ProjectStanding, rows: Sequence[BoardRow], *, manager: str, is_past: bool = False
) -> Dashboard:
    """The dashboard that these rows make; `found` is the standing that the same rows make."""
    today, figures, current = found.plan.day, found.figures, found.standing.phase
    # The supplement stands apart: it has figures of its own, which no other figure includes.
    here = [row for row in rows if row.phase == current.number and not row.is_supplement]
    since = _since(project, found.plan, rows)
    lines = tuple(
        PhaseLine(
            number=phase.number,
            name=str(PHASE_NAMES[phase.number]),
            state=phase.state,
            start=phase.start,
            end=phase.end,
            started_on=phase.started_on,
            closed_on=phase.closed_on,
            tally=figures.phases.get(phase.number) or Tally(),
            is_current=phase.number == current.number,
        )
        for phase in found.plan.phases
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
        found=found,
        operating_refs=frozenset(row.ref for row in rows if row.nature == Nature.OPERATE),
        is_past=is_past,
    )


def _since(project: Project, plan: PastPlan, rows: Sequence[BoardRow]) -> dict[int, date]:
    """From which day rows have their status, by id."""
    zone = ZoneInfo(project.time_zone)
    instants = {row.name: row.since for row in plan.rows}
    found = {row.pk: instants.get(row.key) for row in rows}
    return {pk: instant.astimezone(zone).date() for pk, instant in found.items() if instant is not None}


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
        blocked=oldest([(today - since.get(row.pk, today)).days for row in rows if row.status == BLOCKED]),
        to_verify=oldest([(today - since.get(row.pk, today)).days for row in rows if row.status == DONE]),
        unassigned_soon=sum(row.is_open and row.party_id is None and row.days_left is not None for row in rows),
    )
