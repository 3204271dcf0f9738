"""The arithmetic of criteria of gates."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

VERIFIED = "verified"
DONE = "done"
NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of what is wanted is there: `value` of `total`, of which `wanted` would do."""

    value: int
    total: int
    wanted: int

    @property
    def met(self) -> bool:
        """Whether enough is there. Of nothing, nothing is wanted."""
        return self.value >= self.wanted

    @property
    def share(self) -> float:
        """How much is there, from 0 to 1."""
        return min(1.0, self.value / self.total) if self.total else 1.0

    @property
    def mark(self) -> float:
        """Where on the way from 0 to 1 enough is there."""
        return min(1.0, self.wanted / self.total) if self.total else 1.0


@dataclass(frozen=True, slots=True)
class Rows:
    """How many rows of a plan stand where: by component, whether they are key rows, and status."""

    counts: Mapping[tuple[str, bool, str], int]

    def total(self, *, key: bool) -> int:
        """The rows that apply."""
        return sum(count for (_, is_key, status), count in self.counts.items() if is_key == key and _applies(status))

    def count(self, *statuses: str, key: bool) -> int:
        """The rows with one of `statuses`."""
        return sum(count for (_, is_key, status), count in self.counts.items() if is_key == key and status in statuses)

    def packages(self, *, key: bool) -> dict[str, tuple[int, int]]:
        """By component how many rows are verified, and how many apply."""
        found: dict[str, tuple[int, int]] = {}
        for (component, is_key, status), count in self.counts.items():
            if is_key == key and _applies(status):
                verified, of = found.get(component, (0, 0))
                found[component] = (verified + count * (status == VERIFIED), of + count)
        return found


def _applies(status: str) -> bool:
    return status != NOT_APPLICABLE


def part_of(total: int, percent: Decimal) -> int:
    """`percent` of `total`, in whole pieces, rounded up: 85 % of 3 are 3."""
    return int((total * percent / 100).to_integral_value(rounding=ROUND_CEILING))


def all_verified(rows: Rows) -> Progress:
    """Key rows: every one that applies is verified."""
    total = rows.total(key=True)
    return Progress(rows.count(VERIFIED, key=True), total, total)


def others_done(rows: Rows, percent: Decimal) -> Progress:
    """The other rows: a part of those that apply is done or verified."""
    total = rows.total(key=False)
    return Progress(rows.count(DONE, VERIFIED, key=False), total, part_of(total, percent))


def sample_verified(rows: Rows, percent: Decimal) -> tuple[Progress, list[str]]:
    """Of the other rows a part of each package is verified; more in one package makes up for none in another.

    Gives also the components that lack some, by name.
    """
    value, wanted, lacking = 0, 0, []
    for component, (verified, of) in sorted(rows.packages(key=False).items()):
        needed = part_of(of, percent)
        value += min(verified, needed)
        wanted += needed
        if verified < needed:
            lacking.append(component)
    return Progress(value, wanted, wanted), lacking


def rows_from(values: Iterable[tuple[str, bool, str, int]]) -> Rows:
    """Rows from (component, is key, status, count), each place once."""
    return Rows({(component, key, status): count for component, key, status, count in values})
