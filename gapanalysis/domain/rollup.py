"""From answers to clauses, chapters, components and the whole, by one rule that the page states.

A group (a clause, a chapter, a component, the whole) is as weak as its weakest answer: it conforms when each of its
questions conforms. Beside that word stand two shares that are never one figure: how many of the questions asked
conform, and how many are answered. A question that is tied to several clauses counts once in each of them and once
above them.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from gapanalysis.domain.answers import RANK, Value

Group = TypeVar("Group", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of the questions asked have which answer."""

    counts: Mapping[Value, int] = field(default_factory=dict)

    def of(self, value: Value) -> int:
        """How many have the answer `value`."""
        return self.counts.get(value, 0)

    @property
    def asked(self) -> int:
        """How many questions were asked."""
        return sum(self.counts.values())

    @property
    def answered(self) -> int:
        """How many have an answer."""
        return self.asked - self.of(Value.UNANSWERED)

    @property
    def gaps(self) -> int:
        """How many show something that must be put right."""
        return self.of(Value.MINOR) + self.of(Value.MAJOR) + self.of(Value.EXCLUDED)

    @property
    def conforming_percent(self) -> int | None:
        """Whole percent of the questions asked that conform, rounded down; None where none was asked.

        An open question does not conform, so that answering progress cannot look like conformity.
        """
        return 100 * self.of(Value.CONFORMS) // self.asked if self.asked else None

    @property
    def answered_percent(self) -> int | None:
        """Whole percent of the questions asked that are answered, rounded down; None where none was asked."""
        return 100 * self.answered // self.asked if self.asked else None

    @property
    def standing(self) -> Value | None:
        """The weakest answer; None where nothing was asked."""
        present = [value for value, count in self.counts.items() if count]
        return max(present, key=RANK.__getitem__) if present else None

    @property
    def may_claim(self) -> bool:
        """Whether conformity may be claimed for it: everything asked conforms."""
        return bool(self.asked) and self.of(Value.CONFORMS) == self.asked

    def __add__(self, other: "Tally") -> "Tally":
        """Both together."""
        return Tally({value: self.of(value) + other.of(value) for value in Value if self.of(value) or other.of(value)})


def tally(values: Iterable[Value]) -> Tally:
    """Count answers."""
    counts: dict[Value, int] = {}
    for value in values:
        counts[value] = counts.get(value, 0) + 1
    return Tally(counts)


def roll_up(answers: Mapping[str, Value], places: Mapping[str, Iterable[Group]]) -> dict[Group, Tally]:
    """The tally of each group. `answers` by question ref; `places` names the groups that each question belongs to.

    A question without a place counts in no group. One that names a group twice counts once in it.
    """
    found: dict[Group, dict[Value, int]] = {}
    for ref, value in answers.items():
        for group in set(places.get(ref, ())):
            counts = found.setdefault(group, {})
            counts[value] = counts.get(value, 0) + 1
    return {group: Tally(counts) for group, counts in found.items()}


def with_parents(clauses: Iterable[str]) -> set[str]:
    """The clauses and all that hold them: "8.5.1.3" gives 8.5.1.3, 8.5.1, 8.5 and 8."""
    found: set[str] = set()
    for clause in clauses:
        parts = clause.split(".")
        found.update(".".join(parts[:length]) for length in range(1, len(parts) + 1))
    return found
