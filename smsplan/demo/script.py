"""The script of a demo: acts with their instants, played in the order of time."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from common import clock


class Script:
    """Acts with their instants, played in the order of time."""

    def __init__(self) -> None:
        self._acts: list[tuple[datetime, int, Callable[[], Any]]] = []

    def add(self, at: datetime, function: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
        """Let `function` be called at `at`."""
        self._acts.append((at, len(self._acts), lambda: function(*args, **kwargs)))

    def play(self) -> int:
        """Call everything, each at its instant but not after now; returns how much there was."""
        now = clock.now()
        for at, _order, act in sorted(self._acts, key=lambda entry: entry[:2]):
            with clock.moved_to(min(at, now)):
                act()
        return len(self._acts)


def in_week(start: date, week: int, day: int = 0, hour: int = 9) -> datetime:
    """An hour of a day of the week `week` after `start`, a Monday."""
    return datetime.combine(start + timedelta(weeks=week, days=day), time(hour), tzinfo=UTC)
