"""Records over time: which months since an activity began to operate are shown, and which are not."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from evidence.domain.freshness import Span, coverage_of, month_of, next_month

GOAL = 3
"""Months of records in a row that a certification audit wants to see."""
LONGEST = 18
"""How many months a strip shows; what lies before is old."""


class MonthState(StrEnum):
    """What is there of a month. `OPEN`: nothing yet, and nothing is missing: it is this one, or began in part."""

    COVERED = "covered"
    MISSING = "missing"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Strip:
    """The months of one activity, the oldest first. `in_a_row` counts up to now: a hole begins it anew."""

    months: tuple[tuple[date, MonthState], ...]
    in_a_row: int

    @property
    def covered(self) -> int:
        """How many months are shown."""
        return sum(state == MonthState.COVERED for _month, state in self.months)

    @property
    def missing(self) -> tuple[date, ...]:
        """The whole months of which nothing is shown, the oldest first."""
        return tuple(month for month, state in self.months if state == MonthState.MISSING)

    @property
    def reaches_goal(self) -> bool:
        """Whether enough months in a row are shown up to now."""
        return self.in_a_row >= GOAL

    @property
    def still_wanted(self) -> int:
        """How many months in a row are still wanted."""
        return max(0, GOAL - self.in_a_row)

    @property
    def wanted_now(self) -> date | None:
        """The month to see to first: the newest that is missing, else this one where nothing is there yet."""
        if self.missing:
            return self.missing[-1]
        return self.months[-1][0] if self.months and self.months[-1][1] == MonthState.OPEN else None


def strip_of(spans: Iterable[Span], since: date, today: date) -> Strip:
    """The months from that of `since` to that of `today`, at most the last `LONGEST`.

    This month and a first one that is not whole are never missing.
    """
    coverage = coverage_of(spans, min(since, today), today)
    months = coverage.months[-LONGEST:]
    first_whole = since if since.day == 1 else next_month(month_of(since))
    this = month_of(today)
    states = tuple(
        (
            month,
            MonthState.COVERED
            if month in coverage.covered
            else MonthState.MISSING
            if first_whole <= month < this
            else MonthState.OPEN,
        )
        for month in months
    )
    return Strip(states, _in_a_row(states))


def _in_a_row(states: tuple[tuple[date, MonthState], ...]) -> int:
    count = 0
    for place, (_month, state) in enumerate(reversed(states)):
        if state == MonthState.COVERED:
            count += 1
        elif place or state == MonthState.MISSING:
            break
    return count
