"""What can be changed about the dates of a plan, and what that moves. Plain data, no Django."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PackageDates:
    """Give a package dates of its own, or (both None) let it follow its phase again."""

    component: str
    phase: int
    start: date | None
    end: date | None


@dataclass(frozen=True, slots=True)
class PhaseDates:
    """Give a phase other dates; `shift_following` moves the later phases by as many days as the end moves."""

    phase: int
    start: date
    end: date
    shift_following: bool = True


@dataclass(frozen=True, slots=True)
class RowDates:
    """Give a phase activity a due date of its own, or (None) let it follow its package again."""

    row: int
    due: date | None


@dataclass(frozen=True, slots=True)
class Recompute:
    """Date anew what nobody fixed by hand, in these phases and components; none named means all."""

    phases: tuple[int, ...] = ()
    components: tuple[str, ...] = ()


Change = PackageDates | PhaseDates | RowDates | Recompute


@dataclass(frozen=True, slots=True)
class RowMove:
    """A phase activity whose due date changes; `days` are working days, negative for earlier, 0 without a date."""

    row: int
    ref: str
    component: str
    phase: int
    before: date | None
    after: date | None
    days: int


@dataclass(frozen=True, slots=True)
class SpanMove:
    """A package (`component` set) or a phase whose first or last day changes; `days` is how far its end moves."""

    phase: int
    component: str
    start_before: date | None
    start_after: date | None
    end_before: date | None
    end_after: date | None
    days: int


@dataclass(frozen=True, slots=True)
class Concern:
    """Something to think about before saving. It forbids nothing.

    `kind`: overload (more due for one party in a week than the rules allow), reserve (due in the time kept for the
    achievement analysis and the gate), past phase (due after the end of its phase), own date (a fixed date that now
    lies before what it waits for), order (a component that now ends before one that comes first).
    """

    kind: str
    phase: int
    ref: str
    party: int | None = None
    day: date | None = None
    other: str = ""
    count: int = 0


@dataclass(frozen=True, slots=True)
class Moves:
    """What a change moves. `kept` counts the rows that keep the dates somebody gave them."""

    change: Change
    rows: tuple[RowMove, ...]
    packages: tuple[SpanMove, ...]
    phases: tuple[SpanMove, ...]
    concerns: tuple[Concern, ...]
    kept: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing moves."""
        return not (self.rows or self.packages or self.phases)
