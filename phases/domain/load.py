"""How much is due for one party (or role) on each day and in each week, and where there is room for more. No Django."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

Week = tuple[int, int]


def week_of(day: date) -> Week:
    """The ISO week of `day`: year and number."""
    return day.isocalendar()[:2]


class Load:
    """The due dates that somebody has, by day and by week."""

    def __init__(self, days: Iterable[date] = ()) -> None:
        self.days: Counter[date] = Counter()
        self.weeks: Counter[Week] = Counter()
        for day in days:
            self.add(day)

    def add(self, day: date) -> None:
        """One more thing is due on `day`."""
        self.days[day] += 1
        self.weeks[week_of(day)] += 1

    def remove(self, day: date) -> None:
        """One thing less is due on `day`."""
        self.days[day] -= 1
        self.weeks[week_of(day)] -= 1

    def has_room(self, day: date, most: int) -> bool:
        """Whether nothing is due on `day` and fewer than `most` in its week."""
        return not self.days[day] and self.weeks[week_of(day)] < most

    def first_room(self, days: Iterable[date], most: int) -> date | None:
        """The first of `days` with room; else the first in a week with room, whatever else is due that day."""
        second = None
        for day in days:
            if self.has_room(day, most):
                return day
            if second is None and self.weeks[week_of(day)] < most:
                second = day
        return second

    def take(self, days: Sequence[date], after: date, target: date, count: int, most: int) -> list[date]:
        """Take `count` of `days` (working days in order) for work that is due after `after`, by `target`.

        One a week from `target` backwards, then a second one, up to `most`; what finds no room there takes weeks
        before `after`, then those behind `target`. Only where that is full too, one more on every day, as often as
        it takes, the last days first. Returns the days in order. `days` must not be empty where `count` is not 0.
        """
        chosen: list[date] = []
        inside = [day for day in reversed(days) if after < day <= target]
        earlier = [day for day in reversed(days) if day <= after]
        later = [day for day in days if day > target]
        for part in (inside, earlier, later):
            self._level(part, chosen, count, most)
        while len(chosen) < count:
            for day in days[-(count - len(chosen)) :]:
                self.add(day)
                chosen.append(day)
        return sorted(chosen)

    def _level(self, part: Sequence[date], chosen: list[date], count: int, most: int) -> None:
        weeks: dict[Week, list[date]] = defaultdict(list)
        for day in part:
            weeks[week_of(day)].append(day)
        for load in range(1, most + 1):
            for week, days in weeks.items():
                if len(chosen) == count:
                    return
                place = next((day for day in days if not self.days[day]), None)
                if place is not None and self.weeks[week] < load:
                    self.add(place)
                    chosen.append(place)
