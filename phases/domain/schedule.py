"""Windows of phases and packages, and by when in them work of each nature is due. No Django.

From our own practice guidance: what defines something is due by 30 % of its phase, what establishes by
55 %, what goes on by 80 %, reviews by 90 %; the last 10 %, two weeks at least, stay free for the achievement
analysis and the gate. A project may change the shares.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

DEFAULT_WEEKS = {0: 10, 1: 18, 2: 24, 3: 30}
STAGE_1_WEEKS, STAGE_2_WEEKS = 4, 10
SHARES = {"define": 30, "establish": 55, "operate": 80, "review": 90}
PER_WEEK = 5
GATE_SHARE, GATE_DAYS = 0.10, 14


@dataclass(frozen=True, slots=True)
class Window:
    """A phase, or a package with dates of its own, from its first to its last day, both included.

    `due_until` is the last day for due dates where it does not follow from the length: in what is left of a phase,
    and in a package, which keeps no time free for a gate.
    """

    start: date
    end: date
    due_until: date | None = None

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.end - self.start).days + 1


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


def target_day(window: Window, share: int) -> date:
    """The day by which work is due that shall stand when `share` percent of the window are over."""
    wanted = window.start + timedelta(days=round((window.days - 1) * share / 100))
    return min(wanted, last_due_day(window))
