"""Which gaps come first."""

from dataclasses import dataclass

from gapanalysis.domain.answers import GAPS, Value

POINTS = {Value.EXCLUDED: 4, Value.MAJOR: 3, Value.MINOR: 1}
KEY_FACTOR = 2
"""A gap that touches a key activity weighs twice as much."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A question that shows a gap: its place in the instrument, and how many activities serve it."""

    ref: str
    value: Value
    place: int
    activities: int = 0
    is_key: bool = False
    is_worse: bool = False

    @property
    def weight(self) -> int:
        """Excluded 4, major 3, minor 1; twice that where a key activity serves the question; 0 for what is no gap."""
        return POINTS.get(self.value, 0) * (KEY_FACTOR if self.is_key else 1)


def by_weight(gaps: list[Gap]) -> list[Gap]:
    """The heaviest first; of equal weight what has become worse, then what more activities serve, then the order of
    the instrument. What is no gap is left out."""
    real = [gap for gap in gaps if gap.value in GAPS]
    return sorted(real, key=lambda gap: (-gap.weight, not gap.is_worse, -gap.activities, gap.place))
