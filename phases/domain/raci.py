"""The letters of a RACI matrix. No Django.

Whoever is accountable does the work too (A/R): in the catalogue the first role of an activity answers for it and works
on it, the others contribute (R).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

ACCOUNTABLE, RESPONSIBLE, CONSULTED, INFORMED = "A/R", "R", "C", "I"
LETTERS = (ACCOUNTABLE, RESPONSIBLE, CONSULTED, INFORMED)


def letters_of(
    accountable: int | None, contributors: Iterable[int], consulted: Iterable[int], informed: Iterable[int]
) -> dict[int, str]:
    """One letter for each party; one that is named twice has the stronger."""
    found = dict.fromkeys(informed, INFORMED)
    found |= dict.fromkeys(consulted, CONSULTED)
    found |= dict.fromkeys(contributors, RESPONSIBLE)
    if accountable is not None:
        found[accountable] = ACCOUNTABLE
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """An activity in those of its phases in which the same parties have the same letters."""

    ref: str
    phases: tuple[int, ...]
    letters: Mapping[int, str]

    @property
    def is_open_question(self) -> bool:
        """Whether nobody is accountable."""
        return ACCOUNTABLE not in self.letters.values()


def fold(rows: Iterable[tuple[str, int, Mapping[int, str]]]) -> list[Line]:
    """Rows (ref, phase, letters) as lines: phases of an activity with the same letters are one. Order is kept."""
    found: dict[tuple[str, frozenset[tuple[int, str]]], list[int]] = {}
    for ref, phase, letters in rows:
        found.setdefault((ref, frozenset(letters.items())), []).append(phase)
    return [Line(ref, tuple(sorted(phases)), dict(letters)) for (ref, letters), phases in found.items()]
