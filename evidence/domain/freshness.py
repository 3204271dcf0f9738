"""How fresh proof is, and which months it covers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

SOON = timedelta(days=30)


class Freshness(StrEnum):
    """From what day it no longer counts."""

    FRESH = "fresh"
    EXPIRING = "expiring"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"


def freshness_of(valid_until: date | None, today: date, *, is_current: bool = True) -> Freshness:
    """Expired the day after its last valid day, expiring in the thirty days before it; superseded once withdrawn."""
    if not is_current:
        return Freshness.SUPERSEDED
    if valid_until is None or valid_until - today > SOON:
        return Freshness.FRESH
    return Freshness.EXPIRING if valid_until >= today else Freshness.EXPIRED


@dataclass(frozen=True, slots=True)
class Span:
    """From when until when an item covers what it shows, both days included."""

    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Coverage:
    """The months from `first` to `last` (first days of months), and those of them that no item covers."""

    months: tuple[date, ...]
    covered: frozenset[date]

    @property
    def holes(self) -> tuple[date, ...]:
        """Months between the first and the last covered one that nothing covers."""
        if not self.covered:
            return ()
        first, last = min(self.covered), max(self.covered)
        return tuple(month for month in self.months if first < month < last and month not in self.covered)

    @property
    def newest_run(self) -> int:
        """How many months in a row are covered up to the last one that is."""
        count = 0
        for month in reversed([month for month in self.months if not self.covered or month <= max(self.covered)]):
            if month not in self.covered:
                break
            count += 1
        return count


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    """The first day of the month after `month`."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def months_between(first: date, last: date) -> tuple[date, ...]:
    """The first days of all months from that of `first` to that of `last`."""
    found, month = [], month_of(first)
    while month <= last:
        found.append(month)
        month = next_month(month)
    return tuple(found)


def coverage_of(spans: Iterable[Span], first: date, last: date) -> Coverage:
    """Which months from `first` to `last` are covered: those of which a span holds at least one day."""
    months = months_between(first, last)
    covered = {month for span in spans for month in months if span.start < next_month(month) and span.end >= month}
    return Coverage(months, frozenset(covered))
