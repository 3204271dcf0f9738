"""The ladder that every process climbs: seven rungs, ticked one by one."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum


class Rung(StrEnum):
    """A rung, from the lowest (2013, clause 6 a-g)."""

    DEFINED = "defined"
    DOCUMENTED = "documented"
    IMPLEMENTED = "implemented"
    OPERATED = "operated"
    MEASURED = "measured"
    REVIEWED = "reviewed"
    IMPROVED = "improved"


RUNGS = tuple(Rung)


def known_rungs(names: Iterable[str]) -> list[Rung]:
    """The rungs that `names` name, in their order on the ladder; other words are left out."""
    named = set(names)
    return [rung for rung in RUNGS if rung.value in named]


@dataclass(frozen=True, slots=True)
class Standing:
    """`level` is the highest rung without a gap below it, 0 to 7; `above` the ticked rungs over a gap; `missing` the
    first rung that is not ticked, None at the top."""

    level: int
    above: tuple[Rung, ...]
    missing: Rung | None


def standing_of(ticked: Collection[Rung]) -> Standing:
    """Where a process stands on its ladder."""
    level = next((place for place, rung in enumerate(RUNGS) if rung not in ticked), len(RUNGS))
    return Standing(
        level=level,
        above=tuple(rung for rung in RUNGS[level:] if rung in ticked),
        missing=RUNGS[level] if level < len(RUNGS) else None,
    )
