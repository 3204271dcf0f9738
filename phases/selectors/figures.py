"""A project's figures, today or at the end of a past day, by one way from its rows."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from common import clock
from phases.choices import PhaseState
from phases.domain.figures import FigureRow, Figures, fold
from phases.domain.replay import PlanPhase, PlanRow, from_record
from phases.models import Phase
from phases.selectors.as_of import PastPlan, plan_at
from projects.models import Project


def figure_rows(rows: Iterable[PlanRow], phases: Iterable[PlanPhase], time_zone: str) -> list[FigureRow]:
    """`rows` as figures count them, with their instants as days of `time_zone`.

    What a closed phase carried over counts in its new phase alone.
    """
    zone = ZoneInfo(time_zone)
    closed = {phase.number for phase in phases if phase.state == PhaseState.CLOSED}

    def day(instant: datetime | None) -> date | None:
        return instant.astimezone(zone).date() if instant is not None else None

    return [
        FigureRow(
            row.phase,
            row.component,
            row.status,
            row.due,
            row.party_id,
            row.key,
            row.supplement,
            since=day(row.since),
            done_on=day(row.done_at),
            operating_since=row.operating_since,
        )
        for row in rows
        if not (row.carried and row.phase in closed)
    ]


def figures_on(project: Project, plan: PastPlan, phases: Iterable[Phase] = ()) -> Figures:
    """All figures that `plan` makes on its day.

    With `phases`, one that was closed by then gives the figures that it was frozen with.
    """
    figures = fold(figure_rows(plan.rows, plan.phases, project.time_zone), plan.day)
    closed = {phase.number for phase in plan.phases if phase.state == PhaseState.CLOSED}
    for phase in phases:
        if phase.number in closed and phase.frozen is not None and phase.closed_on is not None:
            set_frozen(figures, project, phase.number, phase.frozen, phase.closed_on)
    return figures


def figures_of(project: Project, *, day: date | None = None, current: bool = False) -> Figures:
    """All figures of `project` at the end of `day` (default today).

    A closed phase gives the figures it was frozen with, unless `current`. Raises ValueError for a day that `plan_at`
    refuses. Two queries today, four on another day.
    """
    phases = list(Phase.objects.with_frozen().filter(project=project))
    plan = plan_at(project, day or clock.today(project.time_zone), phases)
    return figures_on(project, plan, () if current else phases)


def set_frozen(figures: Figures, project: Project, number: int, frozen: dict[str, Any], closed_on: date) -> None:
    """Put the figures that phase `number` had when it closed in the place of those of today."""
    rows = [from_record(record) for record in frozen["rows"]]
    then = fold(figure_rows(rows, (), project.time_zone), closed_on)
    for target, source in ((figures, then), (figures.supplement, then.supplement)):
        if target is None:
            continue
        target.phases.pop(number, None)
        for by_phase in target.components.values():
            by_phase.pop(number, None)
        target.parties.pop(number, None)
        if source is None:
            continue
        target.phases |= source.phases
        for code, by_phase in source.components.items():
            target.components[code] |= by_phase
        target.parties |= source.parties


def contract_of(figures: Figures) -> dict[str, Any]:
    """The figures in the form that `show_figures` prints: phases 1 to 3, the supplement apart."""

    def plain(part: Figures) -> dict[str, Any]:
        return {
            "phases": {str(n): tally.as_contract() for n, tally in sorted(part.phases.items()) if 1 <= n <= 3},
            "components": {
                code: {str(n): tally.as_contract() for n, tally in sorted(by_phase.items()) if 1 <= n <= 3}
                for code, by_phase in part.components.items()
                if any(1 <= n <= 3 for n in by_phase)
            },
        }

    result = plain(figures)
    if figures.supplement is not None:
        result["supplement"] = plain(figures.supplement)
    return result
