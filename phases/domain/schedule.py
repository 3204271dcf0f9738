"""Phase dates, and due dates by nature. No Django.

From our own practice guidance: what defines something is due by 30 % of its phase, what establishes by
55 %, what goes on by 80 %, reviews by 90 %; the last 10 %, two weeks at least, stay free for the achievement
analysis and the gate. Within that, a role gets at most five due dates a week, in component order.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

DEFAULT_WEEKS = {0: 10, 1: 18, 2: 24, 3: 30}
STAGE_1_WEEKS, STAGE_2_WEEKS = 4, 10
SHARE = {"define": 0.30, "establish": 0.55, "operate": 0.80, "review": 0.90}
PER_WEEK = 5
GATE_SHARE, GATE_DAYS = 0.10, 14


@dataclass(frozen=True, slots=True)
class Window:
    """A phase from its first to its last day, both included.

    `due_until` is the last day for due dates where it does not follow from the length: in what is left of a phase.
    """

    start: date
    end: date
    due_until: date | None = None

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days + 1


@dataclass(frozen=True, slots=True)
class Row:
    """A phase activity to be dated. Rows come in catalogue order; `role` is the accountable one."""

    key: int
    phase: int
    nature: str
    role: str


def phase_windows(start: date, weeks: Mapping[int, int]) -> dict[int, Window]:
    """Phases 0 to 3, one after another from `start`, `weeks` long each.

    Raises ValueError for a phase shorter than a week or longer than five years.
    """
    windows = {}
    first = start
    for number in sorted(weeks):
        if not 1 <= weeks[number] <= 260:
            raise ValueError(f"phase {number}: {weeks[number]} weeks; give 1 to 260")
        last = first + timedelta(weeks=weeks[number]) - timedelta(days=1)
        windows[number] = Window(first, last)
        first = last + timedelta(days=1)
    return windows


def last_due_day(window: Window) -> date:
    """The last day on which work may be due: behind it lies the time for analysis and gate."""
    if window.due_until is not None:
        return window.due_until
    kept = max(GATE_DAYS, round(window.days * GATE_SHARE))
    return max(window.start, window.end - timedelta(days=kept))


def rest_of(window: Window, today: date) -> Window | None:
    """What of a phase is left on `today`, or None where nothing is.

    The time for analysis and gate stays free while a fortnight is left before it; then any day of the phase will do.
    """
    if window.end < today:
        return None
    first = max(window.start, today)
    usual = last_due_day(window)
    return Window(first, window.end, usual if (usual - first).days >= GATE_DAYS else window.end)


def target_day(window: Window, nature: str) -> date:
    """The day by which work of `nature` is due at the latest, before it is spread over weeks."""
    wanted = window.start + timedelta(days=round((window.days - 1) * SHARE[nature]))
    return min(wanted, last_due_day(window))


def _working_days(first: date, last: date) -> list[date]:
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [day for day in days if day.weekday() < 5] or [last]


def spread(
    rows: Iterable[Row],
    windows: Mapping[int, Window],
    busy: Mapping[tuple[int, str], Iterable[date]] | None = None,
) -> dict[int, date]:
    """A due date for each row, by key.

    For every phase and role the natures are placed in the order of their targets. The rows of a nature are
    levelled over the weeks between the target of the nature before and their own: one a week from the target
    backwards, then a second one, up to five. What finds no room there takes earlier weeks, then later ones up
    to the last due day. The places are dealt out in catalogue order, so that earlier components come first.
    Only where a role has more than five a week over the whole phase are the weeks filled evenly beyond that.
    `busy` are the days that a role has given away already, by phase and role.
    """
    due: dict[int, date] = {}
    groups: dict[tuple[int, str], dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        groups[row.phase, row.role][row.nature].append(row)
    for (phase, role), natures in groups.items():
        window = windows[phase]
        days = _working_days(window.start, last_due_day(window))
        taken: Counter[date] = Counter((busy or {}).get((phase, role), ()))
        before = window.start - timedelta(days=1)
        for nature in sorted(SHARE, key=lambda name: SHARE[name]):
            target = target_day(window, nature)
            wanted = natures.get(nature, [])
            places = _places(days, taken, before, target, len(wanted))
            for row, day in zip(wanted, sorted(places), strict=True):
                due[row.key] = day
            before = target
    return due


def _places(days: Sequence[date], taken: Counter[date], after: date, target: date, count: int) -> list[date]:
    """`count` days for one nature; `taken` counts what the role has on each day and is kept up to date."""
    chosen: list[date] = []
    inside = [day for day in reversed(days) if after < day <= target]
    earlier = [day for day in reversed(days) if day <= after]
    later = [day for day in days if day > target]
    for part in (inside, earlier, later):
        weeks: dict[tuple[int, int], list[date]] = defaultdict(list)
        for day in part:
            weeks[day.isocalendar()[:2]].append(day)
        for load in range(1, PER_WEEK + 1):
            for week, free in weeks.items():
                if len(chosen) == count:
                    return chosen
                place = next((day for day in free if not taken[day]), None)
                if place is not None and _load(taken, week) < load:
                    taken[place] += 1
                    chosen.append(place)
    # More than five a week: one more on every day, as often as it takes.
    while len(chosen) < count:
        for day in days[-(count - len(chosen)) :]:
            taken[day] += 1
            chosen.append(day)
    return chosen


def _load(taken: Counter[date], week: tuple[int, int]) -> int:
    return sum(number for day, number in taken.items() if day.isocalendar()[:2] == week)
