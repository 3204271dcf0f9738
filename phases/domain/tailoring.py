"""A plan beside its catalogue: what differs, how the counts hang together, and what clauses lose by it. No Django."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

Place = tuple[str, int]

# How a place of the plan differs from the catalogue.
LEFT_OUT, MOVED, ADDED, OWN, PART, SPLIT, CARRIED, APPROACH, MISSING = (
    "left out",
    "moved",
    "added",
    "own",
    "part",
    "split",
    "carried",
    "approach",
    "missing",
)
KINDS = (LEFT_OUT, MOVED, ADDED, OWN, PART, SPLIT, CARRIED, APPROACH, MISSING)


@dataclass(frozen=True, slots=True)
class TailoredRow:
    """A phase activity, as far as tailoring goes. `whole` is the ref of what a part is a part of, else "".

    `clauses` are those of the project's edition; `origin` and `origin_phase` say why it stands where it does.
    """

    ref: str
    phase: int
    applies: bool
    clauses: tuple[str, ...] = ()
    origin: str = ""
    origin_phase: int | None = None
    whole: str = ""
    is_own: bool = False

    @property
    def place(self) -> Place:
        """Ref and phase."""
        return self.ref, self.phase

    @property
    def activity(self) -> str:
        """The activity that a clause hangs on: parts are one activity together."""
        return self.whole or self.ref


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where plan and catalogue differ. `origin_phase` is where a row came from, where it came from one."""

    kind: str
    ref: str
    phase: int
    origin_phase: int | None = None


@dataclass(frozen=True, slots=True)
class PhaseCount:
    """How the rows of a phase come about.

    `marked` without `left_out`, `moved_away` and `missing` is `in_catalogue`; with what the plan has beyond the
    catalogue it is `applicable`.
    """

    marked: int = 0
    left_out: int = 0
    moved_away: int = 0
    missing: int = 0
    in_catalogue: int = 0
    own: int = 0
    added: int = 0
    moved: int = 0
    approach: int = 0
    carried: int = 0
    parts: int = 0
    applicable: int = 0


def split_places(rows: Iterable[TailoredRow]) -> frozenset[Place]:
    """The places of split activities whose parts have taken the work over."""
    return frozenset((row.whole, row.phase) for row in rows if row.whole)


def _moved_from(rows: Iterable[TailoredRow]) -> frozenset[Place]:
    """The places that a row has left for another phase."""
    return frozenset(
        (row.ref, row.origin_phase)
        for row in rows
        if row.origin in (MOVED, APPROACH) and row.origin_phase is not None and row.origin_phase != row.phase
    )


def _kind(row: TailoredRow, asked: Collection[Place], split: Collection[Place]) -> str:
    """How one row differs, "" where it stands as the catalogue has it."""
    if row.whole:
        return PART
    if row.place in split and not row.applies:
        return SPLIT
    if not row.applies:
        return LEFT_OUT
    if row.is_own:
        return OWN
    if row.origin in (MOVED, APPROACH, CARRIED):
        return row.origin
    return "" if row.place in asked else ADDED


def differences(asked: Iterable[Place], rows: Iterable[TailoredRow]) -> list[Difference]:
    """Every place where a plan of `rows` differs from a catalogue that asks for `asked`, by ref and phase.

    A place that a row left for another phase is told by that row, not by itself.
    """
    wanted, held = frozenset(asked), list(rows)
    split = split_places(held)
    found = [
        Difference(kind, row.ref, row.phase, row.origin_phase) for row in held if (kind := _kind(row, wanted, split))
    ]
    places = {row.place for row in held}
    gone = _moved_from(held)
    found += [
        Difference(MISSING, ref, phase)
        for ref, phase in wanted
        if (ref, phase) not in places and (ref, phase) not in gone and (ref, phase) not in split
    ]
    return sorted(found, key=lambda each: (each.ref, each.phase))


def counts(asked: Iterable[Place], rows: Iterable[TailoredRow]) -> dict[int, PhaseCount]:
    """The counts of each phase that has a row or is asked for."""
    wanted, held = frozenset(asked), list(rows)
    split, gone = split_places(held), _moved_from(held)
    by_place = {row.place: row for row in held}
    in_parts = {(row.whole, row.phase) for row in held if row.whole and row.applies}
    found: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for ref, phase in wanted:
        count, row = found[phase], by_place.get((ref, phase))
        count["marked"] += 1
        if row is not None and row.applies:
            count["in_catalogue"] += 1
        elif (ref, phase) in split:
            if (ref, phase) in in_parts:
                count["in_catalogue"] += 1
                count["parts"] -= 1  # one of its parts stands for the mark
            else:
                count["left_out"] += 1
        elif row is not None:
            count["left_out"] += 1
        else:
            count["moved_away" if (ref, phase) in gone else "missing"] += 1
    for row in held:
        count = found[row.phase]
        if not row.applies:
            continue
        count["applicable"] += 1
        if row.whole:
            count["parts"] += 1
        elif row.place not in wanted:
            kind = OWN if row.is_own else row.origin
            count[kind if kind in (OWN, MOVED, APPROACH, CARRIED) else "added"] += 1
    return {phase: PhaseCount(**count) for phase, count in sorted(found.items())}


def total(found: Iterable[PhaseCount]) -> PhaseCount:
    """Several counts as one."""
    kept = list(found)
    return PhaseCount(**{name: sum(getattr(each, name) for each in kept) for name in PhaseCount.__slots__})


def _served(rows: Iterable[TailoredRow], without: Collection[Place] = ()) -> dict[str, set[str]]:
    """The activities that serve each clause by a row that applies; clauses that lost all of them stand empty.

    Whoever serves 8.5.1.2 serves 8.5.1 too, where a row names that.
    """
    held = list(rows)
    found: dict[str, set[str]] = {clause: set() for row in held for clause in row.clauses}
    for row in held:
        if not row.applies or row.place in without:
            continue
        for clause in row.clauses:
            for named in _upwards(clause):
                if named in found:
                    found[named].add(row.activity)
    return found


def _upwards(clause: str) -> list[str]:
    """A clause and those above it: 8.5.1, 8.5, 8."""
    numbers = clause.split(".")
    return [".".join(numbers[:count]) for count in range(len(numbers), 0, -1)]


def lost_clauses(rows: Iterable[TailoredRow], leaving: Collection[Place]) -> dict[str, tuple[str, ...]]:
    """The clauses that lose their last applicable activity where `leaving` go, with the activities they lose."""
    held = list(rows)
    before, after = _served(held), _served(held, leaving)
    return {
        clause: tuple(sorted(activities)) for clause, activities in before.items() if activities and not after[clause]
    }


def bare_clauses(rows: Iterable[TailoredRow]) -> tuple[str, ...]:
    """The clauses for which the plan has activities, of which none applies."""
    return tuple(clause for clause, activities in _served(rows).items() if not activities)


def hanging_clauses(rows: Iterable[TailoredRow], leaving: Collection[Place] = ()) -> Mapping[str, str]:
    """The clauses that hang on one activity (once `leaving` are gone), with that activity."""
    return {
        clause: next(iter(activities)) for clause, activities in _served(rows, leaving).items() if len(activities) == 1
    }


def newly_hanging(rows: Iterable[TailoredRow], leaving: Collection[Place]) -> Mapping[str, str]:
    """The clauses that `leaving` makes hang on one activity."""
    held = list(rows)
    before = hanging_clauses(held)
    return {clause: ref for clause, ref in hanging_clauses(held, leaving).items() if clause not in before}
