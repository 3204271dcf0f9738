"""Reads of the register of interfaces: as a list, as a matrix, around one process."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from documents.choices import InterfaceState
from documents.models import Interface
from phases.selectors.catalogue import texts_for
from projects.models import Project

OWN = "own"


@dataclass(frozen=True, slots=True)
class InterfaceQuery:
    """What the list is asked for; "" is everything. `process` is either side; `state` "" leaves out what is dropped."""

    text: str = ""
    process: str = ""
    giver: str = ""
    receiver: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A giver with how many lines it has for each receiver, in the order of the columns."""

    code: str
    title: str
    cells: Sequence[tuple[str, int, int]]
    total: int


def names_of(project: Project) -> dict[str, str]:
    """Short titles of the components of the plan by code, in the order of the catalogue. No query after the first."""
    return {code: each.short_title for code, each in texts_for(project).components.items()}


def interfaces_of(project: Project, query: InterfaceQuery | None = None) -> list[Interface]:
    """The lines that fit, by giver and receiver in the order of the catalogue. One query."""
    asked = query or InterfaceQuery()
    rows = Interface.objects.filter(project=project)
    rows = rows.filter(state=asked.state) if asked.state else rows.exclude(state=InterfaceState.DROPPED)
    if asked.giver:
        rows = rows.filter(giver=asked.giver)
    if asked.receiver:
        rows = rows.filter(receiver=asked.receiver)
    order = list(names_of(project))
    words = asked.text.casefold().split()
    found = [
        row
        for row in rows
        if (not asked.process or asked.process in (row.giver, row.receiver))
        and all(word in f"{row.key} {row.what} {row.when} {row.note}".casefold() for word in words)
    ]
    return sorted(found, key=lambda row: (_place(order, row.giver), _place(order, row.receiver), row.pk))


def matrix_of(project: Project, rows: Sequence[Interface]) -> tuple[list[str], list[MatrixRow]]:
    """The receivers, and a row for each giver: (receiver, lines, of them open). No query."""
    names = names_of(project)
    codes = [code for code in names if any(code in (row.giver, row.receiver) for row in rows)]
    counts = Counter((row.giver, row.receiver) for row in rows)
    open_ones = Counter((row.giver, row.receiver) for row in rows if row.is_open)
    return codes, [
        MatrixRow(
            giver,
            names[giver],
            [(code, counts[giver, code], open_ones[giver, code]) for code in codes],
            sum(counts[giver, code] for code in codes),
        )
        for giver in codes
    ]


def around(rows: Sequence[Interface], code: str) -> tuple[list[Interface], list[Interface]]:
    """What the process `code` gets, and what it gives. No query."""
    return [row for row in rows if row.receiver == code], [row for row in rows if row.giver == code]


def counts_of(rows: Sequence[Interface]) -> Mapping[str, int]:
    """How many lines are agreed, and how many are to be. No query."""
    counted = Counter(row.state for row in rows)
    return {state: counted[state] for state in InterfaceState.values}


def _place(order: Sequence[str], code: str) -> int:
    return order.index(code) if code in order else len(order)
