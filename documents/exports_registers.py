"""The living registers as rows of a file."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from documents.models import Interface

INTERFACE_COLUMNS = (
    "key",
    "from",
    "from_process",
    "to",
    "to_process",
    "what",
    "when",
    "state",
    "clauses_2011",
    "note",
    "why_dropped",
    "from_our_model",
)


def interface_lines(rows: Iterable[Interface], names: Mapping[str, str]) -> Iterator[list[Any]]:
    """One row for each of `rows` under INTERFACE_COLUMNS."""
    for row in rows:
        yield [
            row.key,
            row.giver,
            names.get(row.giver, row.giver),
            row.receiver,
            names.get(row.receiver, row.receiver),
            row.what,
            row.when,
            row.state,
            " ".join(row.clauses_2011),
            row.note,
            row.state_reason,
            "yes" if row.model_key else "no",
        ]
