"""When the work of a phase will be finished, from how far it is along its plan. No Django.

The method is earned schedule: what is finished by today was planned to be finished by some day; from the start to that
day is the plan that was earned. Earned days for each day that passed are the rate; the rest of the plan is taken at
that rate. So a plan that puts most of its work late is not called late early on. The band takes the best and the worst
rate at the ends of the last six weeks.

Our own practice guidance: no forecast in the first four weeks of a phase, nor before five activities are finished, nor
where nothing was finished in the last six weeks.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import ceil

SILENT_WEEKS = 4
RATE_WEEKS = 6
LEAST_FINISHED = 5
FURTHEST = timedelta(weeks=260)

TOO_EARLY, TOO_FEW, STANDSTILL, FINISHED, NO_PLAN = "too early", "too few", "standstill", "finished", "no plan"


@dataclass(frozen=True, slots=True)
class Forecast:
    """The days on which the last activity will be finished: best <= likely <= worst, none of them past.

    `earned` is the day of the plan that was reached, `rate` the planned days earned for each day. Without a day
    `silent` says why: too early, too few, standstill, finished or no plan.
    """

    likely: date | None = None
    best: date | None = None
    worst: date | None = None
    earned: date | None = None
    rate: Fraction = Fraction(0)
    silent: str = ""


def earned_day(dues: Sequence[date], share: Fraction, started: date) -> date:
    """The day by which the plan has `share` (0 to 1) of its activities finished. `dues` are in order, not empty."""
    count = int(share * len(dues))
    return max(started, dues[min(count, len(dues)) - 1]) if count else started


def forecast(dues: Sequence[date], finished: Sequence[date], remaining: int, started: date, today: date) -> Forecast:
    """When `remaining` activities will be finished.

    `dues` are the planned days of all, in any order; `finished` the days on which the others were.
    """
    if remaining == 0:
        return Forecast(silent=FINISHED)
    if (today - started).days < SILENT_WEEKS * 7:
        return Forecast(silent=TOO_EARLY)
    if len(finished) < LEAST_FINISHED:
        return Forecast(silent=TOO_FEW)
    plan, done = sorted(dues), sorted(finished)
    if not plan or plan[-1] <= started:
        return Forecast(silent=NO_PLAN)
    if done[-1] <= today - timedelta(weeks=RATE_WEEKS):
        return Forecast(silent=STANDSTILL)
    total = len(done) + remaining

    def rate_at(day: date) -> Fraction:
        share = Fraction(bisect_right(done, day), total)
        return Fraction((earned_day(plan, share, started) - started).days, max(1, (day - started).days))

    days = [today - timedelta(weeks=ago) for ago in range(RATE_WEEKS)]
    rates = [rate_at(day) for day in days if (day - started).days >= SILENT_WEEKS * 7]
    likely = _end(plan[-1], rates[0], started, today)
    if likely is None:
        return Forecast(rate=rates[0], silent=STANDSTILL)
    return Forecast(
        likely,
        _end(plan[-1], max(rates), started, today),
        _end(plan[-1], min(rates), started, today),
        earned_day(plan, Fraction(len(done), total), started),
        rates[0],
    )


def _end(planned: date, rate: Fraction, started: date, today: date) -> date | None:
    if not rate:
        return None
    needed = timedelta(days=ceil((planned - started).days / rate))
    if needed > FURTHEST:
        return None
    return max(started + needed, today + timedelta(days=1))
