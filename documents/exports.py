"""The master list as a table: all documents, and what is required and not begun."""

from collections.abc import Iterator, Sequence
from typing import Any

from documents.choices import Classification, Obligation
from documents.selectors.register import RegisterRow
from documents.templatetags.documents_ui import standing_word

COLUMNS = (
    "number",
    "title",
    "kind",
    "obligation",
    "state",
    "version_in_force",
    "in_force_since",
    "version_on_its_way",
    "owner",
    "classification",
    "review_on",
    "phase",
    "clauses_2011",
    "clauses_2018",
    "activities",
    "sha256",
)


def master_table(rows: Sequence[RegisterRow]) -> Iterator[list[Any]]:
    """The rows under `COLUMNS`."""
    for row in rows:
        document, in_force = row.document, row.in_force
        yield [
            row.number,
            row.title,
            row.kind_label,
            str((Obligation.REQUIRED if row.is_required else Obligation.PRACTICE).label),
            standing_word(row.standing),
            str(in_force.number) if in_force else "",
            in_force.effective_on if in_force else None,
            str(row.on_way.number) if row.on_way else "",
            row.owner_words,
            str(Classification(document.classification).label).partition(":")[0] if document else "",
            document.review_on if document else None,
            row.phase,
            " ".join(row.clauses_2011),
            " ".join(row.clauses_2018),
            " ".join(row.refs),
            in_force.sha256 if in_force else "",
        ]
