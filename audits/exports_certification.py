"""What comes round, and new and changed services, as rows of a file."""

from collections.abc import Iterable, Iterator
from typing import Any

from audits.selectors.cycle import EntryLine
from audits.selectors.service_changes import ChangeLine

CYCLE_COLUMNS = (
    "part",
    "what",
    "clauses",
    "every_months",
    "next_on",
    "days_late",
    "owner",
    "last_done_on",
    "last_note",
)
CHANGE_COLUMNS = (
    "ref",
    "kind",
    "service",
    "owner",
    "wanted_by",
    "days_late",
    "steps_done",
    "steps",
    "last_step_on",
    "state",
    "words",
    "shown_to_auditors",
)


def cycle_rows(lines: Iterable[EntryLine]) -> Iterator[list[Any]]:
    """One row for each of `lines` under CYCLE_COLUMNS."""
    for line in lines:
        row = line.entry
        yield [
            row.part,
            row.title,
            ", ".join(row.clauses),
            row.months,
            row.next_on,
            line.days_late,
            row.owner.name if row.owner is not None else "",
            line.last.done_on if line.last is not None else None,
            line.last.note if line.last is not None else "",
        ]


def change_rows(lines: Iterable[ChangeLine]) -> Iterator[list[Any]]:
    """One row for each of `lines` under CHANGE_COLUMNS."""
    for line in lines:
        row = line.change
        yield [
            row.ref,
            row.kind,
            row.service,
            row.owner.name if row.owner is not None else "",
            row.wanted_by,
            line.days_late,
            line.done,
            line.of,
            line.last,
            row.state,
            row.state_reason,
            "yes" if row.is_case else "",
        ]
