"""In which phases a plan has an activity, by the approach of the project. No Django.

Three phases are those that the catalogue marks. The edition of 2022 names two other ways and leaves the details open;
the rules below are our own guidance. Both plan an activity once: with *subsets* in the phase chosen for its component,
with *levels* by what kind of work it is, all processes together.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

THREE_PHASES, SUBSETS, LEVELS = "three phases", "subsets", "levels"
PHASES = (1, 2, 3)
LEVEL_OF = {"define": 1, "establish": 1, "operate": 2, "review": 3}
# Parts of the management system grow with every phase; the processes of service management have a place of their own.
MANAGEMENT = ("MR", "DR", "CA", "PL", "IM", "MM", "IP")
# Our practice: first what customers feel when it breaks, then what keeps it from breaking, then what needs records.
PROPOSED = {
    "SL": 1, "BR": 1, "IN": 1, "CH": 1,
    "SR": 2, "IS": 2, "SU": 2, "PR": 2, "CF": 2, "RE": 2,
    "NC": 3, "SC": 3, "BA": 3, "CM": 3,
}  # fmt: skip
RECORDS_WEEKS = 13
MOST_WEEKS = 260
FASTER = 0.6


@dataclass(frozen=True, slots=True)
class Standing:
    """A phase activity as it stands: `held` says why an approach may not move it ("" where it may)."""

    key: int
    phase: int
    held: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """What another approach does to one activity: rows that move, go and come. `held` says why none does."""

    moves: tuple[tuple[int, int], ...] = ()
    gone: tuple[int, ...] = ()
    new: tuple[int, ...] = ()
    held: str = ""

    @property
    def changes(self) -> bool:
        """Whether anything happens to the activity."""
        return bool(self.moves or self.gone or self.new)


def phases_for(
    approach: str, component: str, nature: str, marked: Sequence[int], component_phases: Mapping[str, int]
) -> tuple[int, ...]:
    """The phases in which a plan has an activity that the catalogue marks in `marked`; initiation stays where it is."""
    if 0 in marked or approach == THREE_PHASES:
        return tuple(marked)
    if approach == LEVELS:
        return (LEVEL_OF[nature],)
    chosen = component_phases.get(component)
    return tuple(marked) if chosen is None else (chosen,)


def came_from(marked: Sequence[int], phase: int) -> int | None:
    """The phase in which the catalogue has an activity first, where it does not have it in `phase`; else None."""
    return None if phase in marked else min(marked, default=None)


def step_of(standing: Sequence[Standing], wanted: Sequence[int], closed: Iterable[int]) -> Step:
    """How the rows of one activity come to stand in the phases `wanted`, or why they stay.

    They stay, all of them, as soon as one is held or a wanted phase is closed: what an activity asks over its phases is
    never torn apart. Rows that stand where they are wanted stay; the others move, in the order of the phases, into
    the wanted phases that have none; what is then left over goes, what is then still missing comes.
    """
    there = {row.phase for row in standing}
    if there == set(wanted):
        return Step()
    held = next((row.held for row in standing if row.held), "")
    if not held and (set(wanted) - there) & set(closed):
        held = "closed"
    if held:
        return Step(held=held)
    free = sorted(set(wanted) - there)
    spare = sorted((row for row in standing if row.phase not in wanted), key=lambda row: row.phase)
    moves = tuple((row.key, phase) for row, phase in zip(spare, free, strict=False))
    return Step(moves, tuple(row.key for row in spare[len(moves) :]), tuple(free[len(moves) :]))


def out_of_order(
    component_phases: Mapping[str, int], order: Iterable[Sequence[str]]
) -> list[tuple[str, str, int, int]]:
    """The pairs of `order` (before, after) of which the second is planned in an earlier phase, with both phases."""
    found = []
    for before, after in order:
        first, second = component_phases.get(before), component_phases.get(after)
        if first is not None and second is not None and second < first:
            found.append((before, after, first, second))
    return found


def half(weeks: Mapping[int, int]) -> dict[int, int]:
    """Half the time for a very small entity; the last phase keeps three months for records."""
    return {number: max(given // 2, RECORDS_WEEKS if number == max(PHASES) else 1) for number, given in weeks.items()}


def faster(weeks: Mapping[int, int]) -> dict[int, int]:
    """The time for a wider scope, where the ways of working exist already; three months for records stay."""
    return {
        number: max(round(given * FASTER), RECORDS_WEEKS if number == max(PHASES) else 1)
        for number, given in weeks.items()
    }


def tailored(wanted: Sequence[int], moved: Iterable[tuple[int, int]], added: Iterable[int]) -> tuple[int, ...]:
    """The phases `wanted` of an activity after rows were `moved` (from, to) and `added` as in an earlier plan."""
    phases = set(wanted)
    for before, after in moved:
        phases.discard(before)
        phases.add(after)
    return tuple(sorted(phases | set(added)))
