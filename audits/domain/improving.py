"""How an improvement moves on, and what it brought. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

MOVES: Mapping[str, tuple[str, ...]] = {
    "proposed": ("approved", "rejected"),
    "approved": ("underway", "done", "rejected"),
    "underway": ("done", "rejected"),
    "done": ("measured", "underway"),
    "measured": ("underway",),
    "rejected": ("proposed",),
}
"""To which states each state leads. Whether an effect was measured is said with words and figures, not by a move."""

DECIDED: frozenset[tuple[str, str]] = frozenset(
    {
        ("proposed", "approved"),
        ("proposed", "rejected"),
        ("approved", "rejected"),
        ("underway", "rejected"),
        ("rejected", "proposed"),
    }
)
"""The moves that somebody decides who answers for the system; the others are the owner's too."""

WORDED: frozenset[tuple[str, str]] = frozenset(
    {
        ("proposed", "rejected"),
        ("approved", "rejected"),
        ("underway", "rejected"),
        ("rejected", "proposed"),
        ("done", "underway"),
        ("measured", "underway"),
    }
)
"""The moves that need words: back, and away."""

UNSETTLED = ("proposed", "approved", "underway", "done")
"""What still waits for somebody."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What an improvement brought. `share` is the way gone from before (0) to the target (1), where both are known.

    `moved` is after less before. `reached` None where there is no target.
    """

    moved: Decimal | None
    share: float | None
    reached: bool | None


def effect_of(before: Decimal | None, target: Decimal | None, after: Decimal | None) -> Effect:
    """What the three figures say together. Whether more or less is better is told by where the target lies.

    With a target and nothing from before, it is reached where the two are equal; a target that equals what was before
    asks that it holds.
    """
    if after is None:
        return Effect(None, None, None)
    moved = after - before if before is not None else None
    if target is None:
        return Effect(moved, None, None)
    if before is None or before == target:
        return Effect(moved, None, after == target)
    share = (after - before) / (target - before)
    return Effect(moved, float(share), share >= 1)
