"""The days on which an organization works, and counting in them. No Django."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

# Longer than any run of holidays: who looks for a working day and finds none by then has none.
FARTHEST = 400
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """A calendar: the days of the week on which work is done (Monday is 0), without `holidays`."""

    week: frozenset[int] = frozenset(range(5))
    holidays: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        """Whether work is done on `day`."""
        return day.weekday() in self.week and day not in self.holidays

    def days(self, first: date, last: date) -> list[date]:
        """The working days from `first` to `last`, both included, in order."""
        return [day for n in range((last - first).days + 1) if self.is_working(day := first + timedelta(days=n))]

    def between(self, first: date, second: date) -> int:
        """How many working days come after `first`, up to `second`; negative where `second` comes first."""
        if second < first:
            return -self.between(second, first)
        weeks, rest = divmod((second - first).days, 7)
        count = weeks * len(self.week) + sum((first.weekday() + n) % 7 in self.week for n in range(1, rest + 1))
        return count - sum(first < day <= second and day.weekday() in self.week for day in self.holidays)

    def on_or_before(self, day: date) -> date:
        """The last working day up to `day`; `day` itself where there is none for more than a year."""
        return self._search(day, -ONE_DAY)

    def on_or_after(self, day: date) -> date:
        """The first working day from `day` on; `day` itself where there is none for more than a year."""
        return self._search(day, ONE_DAY)

    def after(self, day: date) -> date:
        """The first working day after `day`."""
        return self.on_or_after(day + ONE_DAY)

    def _search(self, day: date, step: timedelta) -> date:
        found = day
        for _n in range(FARTHEST):
            if self.is_working(found):
                return found
            found += step
        return day


def calendar_from(week: Collection[int], holidays: Iterable[date] = ()) -> WorkingDays:
    """A calendar from what is stored of it; a week without a working day counts as Monday to Friday."""
    return WorkingDays(frozenset(week) or frozenset(range(5)), frozenset(holidays))
