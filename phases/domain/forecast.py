"""When the work of a phase will be finished, from the pace of its last weeks. No Django.

Our own practice guidance: no forecast in the first four weeks of a phase, nor before five activities are finished.
The pace is what was finished in each of the last six weeks (or as many as the phase has had); the likely end takes
their mean, the band the mean of the better and of the worse half of those weeks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import ceil

SILENT_WEEKS = 4
PACE_WEEKS = 6
LEAST_FINISHED = 5
FURTHEST = timedelta(weeks=260)

TOO_EARLY, TOO_FEW, STANDSTILL, FINISHED = "too early", "too few", "standstill", "finished"


@dataclass(frozen=True, slots=True)
class Pace:
    """What was finished a week, on the mean of all weeks looked at, and of their better and worse halves."""

    weeks: tuple[int, ...]
    likely: Fraction
    best: Fraction
    worst: Fraction


@dataclass(frozen=True, slots=True)
class Forecast:
    """The days on which the last activity will be finished. `worst` is None where the worse weeks finish nothing.

    Without a day `silent` says why: too early, too few, standstill or finished.
    """

    likely: date | None = None
    best: date | None = None
    worst: date | None = None
    pace: Pace | None = None
    silent: str = ""


def pace_of(finished: Iterable[date], started: date, today: date) -> Pace:
    """The pace up to `today`, in whole weeks that end today and do not begin before `started`."""
    count = max(1, min(PACE_WEEKS, ((today - started).days + 1) // 7))
    weeks = [0] * count
    for day in finished:
        ago = (today - day).days
        if 0 <= ago < count * 7:
            weeks[ago // 7] += 1
    ordered = sorted(weeks)
    half = ceil(count / 2)
    return Pace(
        tuple(reversed(weeks)),
        likely=Fraction(sum(weeks), count),
        best=Fraction(sum(ordered[-half:]), half),
        worst=Fraction(sum(ordered[:half]), half),
    )


def forecast(finished: Sequence[date], remaining: int, started: date, today: date) -> Forecast:
    """When `remaining` activities will be finished. `finished` are the days on which the others were.

    Never before today: best <= likely <= worst.
    """
    if remaining == 0:
        return Forecast(silent=FINISHED)
    if (today - started).days < SILENT_WEEKS * 7:
        return Forecast(silent=TOO_EARLY)
    if len(finished) < LEAST_FINISHED:
        return Forecast(silent=TOO_FEW)
    pace = pace_of(finished, started, today)
    likely = _end(remaining, pace.likely, today)
    if likely is None:
        return Forecast(pace=pace, silent=STANDSTILL)
    return Forecast(likely, _end(remaining, pace.best, today), _end(remaining, pace.worst, today), pace)


def _end(remaining: int, a_week: Fraction, today: date) -> date | None:
    if not a_week:
        return None
    needed = timedelta(days=ceil(remaining * 7 / a_week))
    return today + needed if needed <= FURTHEST else None
