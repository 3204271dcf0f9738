"""What differs between two plans: as they stood when baselines were taken, or as one stands now. No Django.

What is applicable in neither plan is compared by its phase alone: when it would be due and by whom is nobody's work.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

Between = Callable[[date, date], int]


class What(StrEnum):
    """What can have become of an activity, a package or a phase. An activity can have several of them."""

    ADDED = "added"
    REMOVED = "removed"
    OTHER_PHASE = "other phase"
    LATER = "later"
    EARLIER = "earlier"
    DATED = "date given"
    UNDATED = "date taken"
    LEFT_OUT = "left out"
    TAKEN_IN = "taken in"
    PARTY = "other party"


# What a change is when the two plans change places.
OPPOSITE = {
    What.ADDED: What.REMOVED,
    What.REMOVED: What.ADDED,
    What.LATER: What.EARLIER,
    What.EARLIER: What.LATER,
    What.DATED: What.UNDATED,
    What.UNDATED: What.DATED,
    What.LEFT_OUT: What.TAKEN_IN,
    What.TAKEN_IN: What.LEFT_OUT,
    What.OTHER_PHASE: What.OTHER_PHASE,
    What.PARTY: What.PARTY,
}


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """An activity in a phase, as a plan has it. `applies` unless it is left out as not applicable."""

    ref: str
    phase: int
    component: str
    due: date | None = None
    party_id: int | None = None
    applies: bool = True
    supplement: bool = False


@dataclass(frozen=True, slots=True)
class PlannedPackage:
    """A component in a phase. Without dates of its own it follows its phase."""

    component: str
    phase: int
    start: date | None = None
    end: date | None = None
    owner_id: int | None = None


@dataclass(frozen=True, slots=True)
class PlannedPhase:
    """A phase with its dates."""

    number: int
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class PlanState:
    """A plan: each ref once in a phase, each package and each phase once."""

    rows: Sequence[PlannedRow] = ()
    packages: Sequence[PlannedPackage] = ()
    phases: Sequence[PlannedPhase] = ()


@dataclass(frozen=True, slots=True)
class Shift:
    """A date in both plans, and by how many working days the second lies behind the first; None without both."""

    before: date | None
    after: date | None
    days: int | None

    @property
    def what(self) -> What | None:
        """Whether it came later, earlier, into being or to nothing; None where it stayed."""
        if self.before == self.after:
            return None
        if self.before is None:
            return What.DATED
        if self.after is None:
            return What.UNDATED
        return What.LATER if self.after > self.before else What.EARLIER

    def mirrored(self) -> "Shift":
        """The same, seen from the other plan."""
        return Shift(self.after, self.before, -self.days if self.days is not None else None)


@dataclass(frozen=True, slots=True)
class RowChange:
    """An activity that is not in both plans as it was; None on the side that lacks it. `days` as of `Shift`."""

    before: PlannedRow | None
    after: PlannedRow | None
    what: tuple[What, ...]
    days: int | None = None

    @property
    def row(self) -> PlannedRow:
        """It as the second plan has it, or else the first."""
        row = self.after or self.before
        assert row is not None  # noqa: S101 (one of the two is there)
        return row

    @property
    def due(self) -> Shift:
        """Its due date in both plans."""
        return Shift(self.before.due if self.before else None, self.after.due if self.after else None, self.days)

    def mirrored(self) -> "RowChange":
        """The same, seen from the other plan."""
        days = -self.days if self.days is not None else None
        return RowChange(self.after, self.before, _ordered(OPPOSITE[what] for what in self.what), days)


@dataclass(frozen=True, slots=True)
class PackageChange:
    """A package with other dates or another owner, or one that only one plan has."""

    before: PlannedPackage | None
    after: PlannedPackage | None
    start: Shift
    end: Shift

    @property
    def package(self) -> PlannedPackage:
        """It as the second plan has it, or else the first."""
        package = self.after or self.before
        assert package is not None  # noqa: S101 (one of the two is there)
        return package

    @property
    def other_owner(self) -> bool:
        """Whether both plans have it, with different owners."""
        return self.before is not None and self.after is not None and self.before.owner_id != self.after.owner_id

    def mirrored(self) -> "PackageChange":
        """The same, seen from the other plan."""
        return PackageChange(self.after, self.before, self.start.mirrored(), self.end.mirrored())


@dataclass(frozen=True, slots=True)
class PhaseChange:
    """A phase with other dates."""

    number: int
    start: Shift
    end: Shift

    def mirrored(self) -> "PhaseChange":
        """The same, seen from the other plan."""
        return PhaseChange(self.number, self.start.mirrored(), self.end.mirrored())


@dataclass(frozen=True, slots=True)
class PlanComparison:
    """All that differs between two plans; activities in the order of phase, component and ref."""

    rows: tuple[RowChange, ...]
    packages: tuple[PackageChange, ...]
    phases: tuple[PhaseChange, ...]
    unchanged: int

    @property
    def is_same(self) -> bool:
        """Whether nothing differs."""
        return not (self.rows or self.packages or self.phases)

    def mirrored(self) -> "PlanComparison":
        """What the other plan compared with this one gives."""
        return PlanComparison(
            tuple(change.mirrored() for change in self.rows),
            tuple(change.mirrored() for change in self.packages),
            tuple(change.mirrored() for change in self.phases),
            self.unchanged,
        )


@dataclass(slots=True)
class Totals:
    """How many activities changed, in what way, and by how many working days those with two dates moved."""

    changed: int = 0
    counts: dict[What, int] = field(default_factory=lambda: dict.fromkeys(What, 0))
    days_later: int = 0
    most_later: int = 0
    days_earlier: int = 0
    most_earlier: int = 0

    def add(self, change: RowChange) -> None:
        """Count one activity."""
        self.changed += 1
        for what in change.what:
            self.counts[what] += 1
        if change.days is not None and change.days > 0:
            self.days_later += change.days
            self.most_later = max(self.most_later, change.days)
        elif change.days is not None:
            self.days_earlier -= change.days
            self.most_earlier = max(self.most_earlier, -change.days)

    @property
    def average_later(self) -> int:
        """Working days by which what moved to later did so on average, rounded half up."""
        return _average(self.days_later, self.counts[What.LATER])

    @property
    def average_earlier(self) -> int:
        """The same of what moved to earlier."""
        return _average(self.days_earlier, self.counts[What.EARLIER])


def _average(total: int, count: int) -> int:
    return (2 * total + count) // (2 * count) if count else 0


def totals(changes: Iterable[RowChange]) -> Totals:
    """The counts of some changes."""
    found = Totals()
    for change in changes:
        found.add(change)
    return found


def _ordered(found: Iterable[What]) -> tuple[What, ...]:
    kept = set(found)
    return tuple(what for what in What if what in kept)


def compare_plans(first: PlanState, second: PlanState, between: Between) -> PlanComparison:
    """What `second` has otherwise than `first`. `between(a, b)` counts working days from `a` to `b`, -between(b, a).

    Activities meet by ref and phase; those left of one ref on both sides are the same in another phase. A plan
    compared with itself gives nothing, and the plans in the other order give the mirror.
    """
    changes = []
    unchanged = 0
    for before, after in _pairs(first.rows, second.rows):
        change = _row_change(before, after, between)
        if change.what:
            changes.append(change)
        else:
            unchanged += 1
    changes.sort(key=_place)
    return PlanComparison(
        tuple(changes),
        tuple(_package_changes(first.packages, second.packages, between)),
        tuple(_phase_changes(first.phases, second.phases, between)),
        unchanged,
    )


def _pairs(
    first: Iterable[PlannedRow], second: Iterable[PlannedRow]
) -> Iterator[tuple[PlannedRow | None, PlannedRow | None]]:
    after = {(row.ref, row.phase): row for row in second}
    gone: dict[str, list[PlannedRow]] = defaultdict(list)
    for row in first:
        other = after.pop((row.ref, row.phase), None)
        if other is None:
            gone[row.ref].append(row)
        else:
            yield row, other
    come: dict[str, list[PlannedRow]] = defaultdict(list)
    for row in after.values():
        come[row.ref].append(row)
    for ref in {**gone, **come}:
        left, right = (sorted(side.get(ref, ()), key=lambda row: row.phase) for side in (gone, come))
        both = min(len(left), len(right))
        yield from zip(left[:both], right[:both], strict=True)
        yield from ((row, None) for row in left[both:])
        yield from ((None, row) for row in right[both:])


def _row_change(before: PlannedRow | None, after: PlannedRow | None, between: Between) -> RowChange:
    if before is None or after is None:
        return RowChange(before, after, (What.ADDED if before is None else What.REMOVED,))
    what = set()
    days = None
    if before.phase != after.phase:
        what.add(What.OTHER_PHASE)
    if before.applies != after.applies:
        what.add(What.TAKEN_IN if after.applies else What.LEFT_OUT)
    if before.applies or after.applies:
        due = _shift(before.due, after.due, between)
        if due.what is not None:
            what.add(due.what)
            days = due.days
        if before.party_id != after.party_id:
            what.add(What.PARTY)
    return RowChange(before, after, _ordered(what), days)


def _place(change: RowChange) -> tuple[int, int, str, str]:
    # The same from both sides: the earlier phase of the two counts.
    phases = sorted(row.phase for row in (change.before, change.after) if row is not None)
    return phases[0], phases[-1], min(row.component for row in (change.before, change.after) if row), change.row.ref


def _shift(before: date | None, after: date | None, between: Between) -> Shift:
    days = between(before, after) if before is not None and after is not None else None
    return Shift(before, after, days)


def _package_changes(
    first: Iterable[PlannedPackage], second: Iterable[PlannedPackage], between: Between
) -> Iterator[PackageChange]:
    old, new = ({(each.phase, each.component): each for each in side} for side in (first, second))
    for key in sorted({*old, *new}):
        before, after = old.get(key), new.get(key)
        if before == after:
            continue
        start = _shift(before.start if before else None, after.start if after else None, between)
        end = _shift(before.end if before else None, after.end if after else None, between)
        yield PackageChange(before, after, start, end)


def _phase_changes(
    first: Iterable[PlannedPhase], second: Iterable[PlannedPhase], between: Between
) -> Iterator[PhaseChange]:
    old, new = ({each.number: each for each in side} for side in (first, second))
    for number in sorted({*old, *new}):
        before, after = (side.get(number, PlannedPhase(number)) for side in (old, new))
        if before != after:
            yield PhaseChange(
                number, _shift(before.start, after.start, between), _shift(before.end, after.end, between)
            )
