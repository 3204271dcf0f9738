"""Where a project stands on one day: its phase, progress, forecast and health, from rows and phases. No Django."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from phases.domain.figures import FigureRow, Figures, Tally
from phases.domain.forecast import FINISHED, Forecast, forecast
from phases.domain.health import Health, Signs, health_of
from phases.domain.progress import Progress, weighted_progress
from phases.domain.replay import PlanPhase
from phases.domain.schedule import Window, last_due_day
from phases.domain.transitions import DONE, NOT_APPLICABLE, OPEN_STATUSES, VERIFIED

PLANNED, CLOSED = "planned", "closed"
UNDER_WAY = ("active", "in review")
LAST_PLANNED = 3  # operation has no end


@dataclass(frozen=True, slots=True)
class Reference:
    """What the plan is measured against: a baseline, or the plan itself where none was taken.

    `weights` are applicable activities by phase and component, `ends` the last days of phases, `dues` the due dates of
    applicable activities by phase, in order.
    """

    name: str = ""
    weights: Mapping[int, Mapping[str, int]] = field(default_factory=dict)
    ends: Mapping[int, date] = field(default_factory=dict)
    dues: Mapping[int, tuple[date, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a project stands. `phase` is the one under way, else the next, else the last.

    `gate` is the forecast end of the phase: when its work ends plus the time kept for analysis and gate, but never
    before its planned end. `slip` are the working days from the reference's end to it; None without a forecast.
    """

    phase: PlanPhase
    tally: Tally
    progress: Mapping[int, Progress]
    reference_end: date | None
    forecast: Forecast
    gate: date | None
    slip: int | None
    health: Health


def current_of(phases: Sequence[PlanPhase]) -> PlanPhase:
    """The phase a project is in: the one under way, else the next planned one, else the last."""
    under_way = [phase for phase in phases if phase.state in UNDER_WAY]
    if under_way:
        return under_way[-1]
    planned = [phase for phase in phases if phase.state == PLANNED]
    return planned[0] if planned else phases[-1]


def standing_on(
    today: date,
    rows: Sequence[FigureRow],
    figures: Figures,
    phases: Sequence[PlanPhase],
    *,
    started: date,
    last_update: date | None,
    reference: Reference,
    working_days: Callable[[date, date], int],
) -> Standing:
    """The standing that `rows` (of all phases, as figures count them) make; `figures` are theirs.

    `working_days(a, b)` counts the working days from `a` to `b`, negative where `b` comes first.
    """
    current = current_of(phases)
    here = [row for row in rows if row.phase == current.number and not row.supplement]
    told = _forecast(current, here, reference.dues.get(current.number, ()), today)
    gate = _gate(current, told, today)
    end = reference.ends.get(current.number) or current.end
    slip = working_days(end, gate) if gate is not None and end is not None else None
    signs = Signs(
        today=today,
        started=started,
        last_update=last_update,
        gate_slip=slip,
        is_over=current.state == CLOSED,
    )
    progress = {}
    for phase in phases:
        packages = {
            code: by_phase[phase.number] for code, by_phase in figures.components.items() if phase.number in by_phase
        }
        weighed = weighted_progress(packages, reference.weights.get(phase.number, {}))
        if weighed is not None:
            progress[phase.number] = weighed
    return Standing(
        phase=current,
        tally=figures.phases.get(current.number) or Tally(),
        progress=progress,
        reference_end=end,
        forecast=told,
        gate=gate,
        slip=slip,
        health=health_of(here, signs),
    )


def _forecast(phase: PlanPhase, rows: Sequence[FigureRow], dues: Sequence[date], today: date) -> Forecast:
    started = phase.started_on
    if phase.state not in UNDER_WAY or started is None or phase.number > LAST_PLANNED:
        return Forecast(silent="not under way")
    applicable = [row for row in rows if row.status != NOT_APPLICABLE]
    if not applicable:
        return Forecast(silent="nothing applies")
    finished = [row.done_on or row.since or started for row in applicable if row.status in (DONE, VERIFIED)]
    remaining = sum(row.status in OPEN_STATUSES for row in applicable)
    planned = dues or [row.due for row in applicable if row.due is not None]
    return forecast(planned, finished, remaining, started, today)


def _gate(phase: PlanPhase, told: Forecast, today: date) -> date | None:
    if phase.end is None or phase.start is None:
        return None
    if told.silent == FINISHED:
        return max(phase.end, today)
    if told.likely is None:
        return None
    kept = phase.end - last_due_day(Window(phase.start, phase.end))
    return max(phase.end, told.likely + kept)
