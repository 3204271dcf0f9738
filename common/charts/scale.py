"""Numbers that charts share: whole percentages, positions that add up, the steps of the heat scale."""

from collections.abc import Sequence
from itertools import accumulate
from math import ceil, floor, log10

#: The heat scale in whole percent: level 0 is nothing, 5 is everything; the others end at these percentages.
HEAT_STEPS = (24, 49, 74, 99)


def percent(part: int, total: int) -> int:
    """Whole percent of `part` in `total`, rounded half up: 100 only when all, 0 only when none (or of nothing)."""
    if total <= 0 or part <= 0:
        return 0
    if part >= total:
        return 100
    return min(99, max(1, (200 * part + total) // (2 * total)))


def heat_level(part: int, total: int) -> int | None:
    """The step of the heat scale, 0 to 5, or None where there is nothing to do."""
    if total <= 0:
        return None
    share = percent(part, total)
    if share == 0:
        return 0
    if share == 100:
        return 5
    return 1 + sum(share > step for step in HEAT_STEPS[:-1])


def positions(values: Sequence[int], total: int, width: float = 100.0) -> list[tuple[float, float]]:
    """Start and length of each value on an axis where `total` is `width` percent long.

    The lengths are differences of rounded positions, so that segments meet without a gap and end exactly where
    their sum does. Negative values count as nothing; a total below the sum is raised to it.
    """
    counts = [max(0, value) for value in values]
    full = max(total, sum(counts))
    if full <= 0:
        return [(0.0, 0.0) for _ in counts]
    ends = [round(width * end / full, 2) for end in accumulate(counts)]
    starts = [0.0, *ends[:-1]]
    return [(start, round(end - start, 2)) for start, end in zip(starts, ends, strict=True)]


def number(value: float) -> str:
    """A coordinate, at most two decimals, without trailing zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round steps (1, 2, 2.5 or 5 times a power of ten) from at or below `low` to at or above `high`; 0 is among them
    where it lies between. At most `most` steps.

    >>> ticks(-653, 538)
    [-800.0, -600.0, -400.0, -200.0, 0.0, 200.0, 400.0, 600.0]
    """
    if high <= low:
        return [low]
    size = 10 ** (floor(log10((high - low) / most)))
    step = next(size * each for each in (1, 2, 2.5, 5, 10) if size * each * most >= high - low)
    first, last = floor(low / step), ceil(high / step)
    return [float(step * place) for place in range(first, last + 1)]
