"""How serious a risk is. Probability and impact go from 1 to 4; their product makes the level (our own practice)."""

from enum import StrEnum

STEPS = range(1, 5)


class Level(StrEnum):
    """How serious."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


def score(probability: int, impact: int) -> int:
    """1 to 16."""
    return probability * impact


def level_of(probability: int, impact: int) -> Level:
    """High from a product of 9, low up to 3, medium between.

    >>> [str(level_of(1, 3)), str(level_of(2, 3)), str(level_of(3, 3)), str(level_of(4, 2))]
    ['low', 'medium', 'high', 'medium']
    """
    product = score(probability, impact)
    if product >= 9:
        return Level.HIGH
    return Level.LOW if product <= 3 else Level.MEDIUM
