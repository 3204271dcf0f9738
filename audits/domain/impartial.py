"""Nobody audits their own work. Pure.

A tie is a piece of work that a person did or answers for, and the clause it serves. Whoever has a tie to a clause that
an audit looks at does not audit there; there is no exception, however small the provider.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class TieKind(StrEnum):
    """How somebody hangs on a clause, the strongest first."""

    OWNS_PROCESS = "owns process"
    ACCOUNTABLE = "accountable"
    CONTRIBUTES = "contributes"
    OWNS_DOCUMENT = "owns document"
    WROTE_DOCUMENT = "wrote document"
    AUDITED = "audited"


@dataclass(frozen=True, slots=True)
class Tie:
    """`person` hangs on `clause` by `what` (the ref of an activity, the number of a document, a process)."""

    person: int
    kind: TieKind
    clause: str
    what: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Why somebody cannot audit: of which clauses of the audit they did what."""

    kind: TieKind
    clauses: tuple[str, ...]
    what: tuple[str, ...]


def touches(one: str, other: str) -> bool:
    """Whether one of two clauses holds the other, or they are the same."""
    return one == other or one.startswith(f"{other}.") or other.startswith(f"{one}.")


def order_of(clause: str) -> tuple[int, ...]:
    """Sort key of a clause number."""
    return tuple(int(part) if part.isdigit() else 0 for part in clause.split("."))


def conflicts_of(person: int, clauses: Iterable[str], ties: Iterable[Tie]) -> tuple[Conflict, ...]:
    """What keeps `person` from auditing `clauses`, by kind of tie; empty where nothing does."""
    looked_at = tuple(clauses)
    found: dict[TieKind, tuple[set[str], set[str]]] = {}
    for tie in ties:
        if tie.person != person:
            continue
        hit = {clause for clause in looked_at if touches(clause, tie.clause)}
        if hit:
            where, what = found.setdefault(tie.kind, (set(), set()))
            where |= hit
            what.add(tie.what)
    return tuple(
        Conflict(kind, tuple(sorted(found[kind][0], key=order_of)), tuple(sorted(found[kind][1])))
        for kind in TieKind
        if kind in found
    )
