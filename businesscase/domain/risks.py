"""How serious a risk is, where it stands in the matrix, which way it moves. Our own practice.

Probability and impact go from 1 to 4; their product makes the level, except that what is likely or severe is never low.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

STEPS = range(1, 5)
TOP = STEPS[-1]
HIGH_FROM = 12
LOW_UP_TO = 4
FRESH_DAYS = 60
"""For so many days after a new assessment a risk counts as rising or falling."""


class Level(StrEnum):
    """How serious."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Trend(StrEnum):
    """Which way a risk moved lately."""

    RISING = "rising"
    STEADY = "steady"
    FALLING = "falling"


LOOK_AGAIN_AFTER = {Level.HIGH: 14, Level.MEDIUM: 28, Level.LOW: 91}
"""After how many days a risk of a level is looked at again, as a suggestion."""


def score(probability: int, impact: int) -> int:
    """1 to 16."""
    return probability * impact


def level_of(probability: int, impact: int) -> Level:
    """High from a product of 12; low up to 4 where neither is at its top; medium between.

    So 3 of the 16 cells are high: with more of them, most risks would be, and none would stand out.

    >>> [str(level_of(*each)) for each in ((1, 3), (2, 2), (1, 4), (3, 3), (3, 4))]
    ['low', 'low', 'medium', 'medium', 'high']
    """
    product = score(probability, impact)
    if product >= HIGH_FROM:
        return Level.HIGH
    return Level.LOW if product <= LOW_UP_TO and TOP not in (probability, impact) else Level.MEDIUM


def trend_of(now: tuple[int, int], was: tuple[int, int] | None, days_since: int) -> Trend:
    """Which way a risk moved with its last assessment, `days_since` ago. `was` is None where it is the first.

    >>> [str(trend_of((4, 3), (3, 3), 7)), str(trend_of((4, 3), (3, 3), 90)), str(trend_of((2, 3), (3, 3), 0))]
    ['rising', 'steady', 'falling']
    """
    if was is None or days_since > FRESH_DAYS or score(*now) == score(*was):
        return Trend.STEADY
    return Trend.RISING if score(*now) > score(*was) else Trend.FALLING


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the matrix, and the refs of the risks that stand in it."""

    probability: int
    impact: int
    refs: tuple[str, ...]

    @property
    def level(self) -> Level:
        """How serious what stands in it is."""
        return level_of(self.probability, self.impact)

    @property
    def count(self) -> int:
        """How many stand in it."""
        return len(self.refs)


def matrix_of(placed: Iterable[tuple[str, int, int]]) -> tuple[tuple[Cell, ...], ...]:
    """The matrix of risks given as (ref, probability, impact): rows from likely down, cells from slight to severe."""
    refs: dict[tuple[int, int], list[str]] = {}
    for ref, probability, impact in placed:
        refs.setdefault((probability, impact), []).append(ref)
    return tuple(
        tuple(Cell(probability, impact, tuple(refs.get((probability, impact), ()))) for impact in STEPS)
        for probability in reversed(STEPS)
    )
