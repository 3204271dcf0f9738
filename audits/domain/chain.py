"""The chain from a clause to its records, and where it breaks off. Pure.

A gap is what the standard asks for and the project cannot show today. Each clause has one gap at most of each kind.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Gap(StrEnum):
    """Where the chain of a clause breaks off, in the order of the chain."""

    ACTIVITY = "activity"
    DOCUMENT = "document"
    PROOF = "proof"
    RECORDS = "records"


@dataclass(frozen=True, slots=True)
class Links:
    """What hangs on one clause, counted.

    `activities` are those of the plan that apply; `above` those of the clauses that hold this one, which serve it too.
    `documents` are required, `documents_missing` those of them that are not in force. `proofs` are items of evidence.
    `operating` of the activities are done over and over; `running` of these have begun, and `behind` of those cannot
    show the months that they should.
    """

    is_leaf: bool
    activities: int = 0
    above: int = 0
    documents: int = 0
    documents_missing: int = 0
    proofs: int = 0
    proofs_above: int = 0
    operating: int = 0
    running: int = 0
    behind: int = 0


def gaps_in(links: Links) -> tuple[Gap, ...]:
    """Where the chain breaks off.

    A clause that is divided asks for nothing by itself, but for the documents and activities that hang on it as a
    whole. What proves the clauses above proves this one only where it has no activity of its own.
    """
    found = []
    asks = links.is_leaf or bool(links.activities)
    if links.is_leaf and not links.activities and not links.above:
        found.append(Gap.ACTIVITY)
    if links.documents_missing:
        found.append(Gap.DOCUMENT)
    if asks and not links.proofs and not (links.proofs_above and not links.activities):
        found.append(Gap.PROOF)
    if links.behind or (links.operating and not links.running):
        found.append(Gap.RECORDS)
    return tuple(found)


def above(clause: str) -> tuple[str, ...]:
    """The clauses that hold `clause`, the nearest first: of 8.5.1.3 these are 8.5.1, 8.5 and 8."""
    parts = clause.split(".")
    return tuple(".".join(parts[:length]) for length in range(len(parts) - 1, 0, -1))


def rolled_up(counts: Mapping[str, int], clauses: Iterable[str]) -> dict[str, int]:
    """For each of `clauses` its own count and those of all below it."""
    found = dict.fromkeys(clauses, 0)
    for clause, count in counts.items():
        for each in (clause, *above(clause)):
            if each in found:
                found[each] += count
    return found


def leaves(clauses: Iterable[str]) -> frozenset[str]:
    """Those that are not divided any further."""
    every = set(clauses)
    return frozenset(every - {parent for clause in every for parent in above(clause)})
