"""The register of evidence as a table, as the contract of `export_evidence_register` has it."""

from collections.abc import Iterable, Iterator
from typing import Any

from common.spreadsheet import to_csv
from common.workbook_out import to_xlsx
from evidence.selectors.register import RegisterRow, each_register_row
from projects.models import Project
from projects.permissions import Access

COLUMNS = (
    "key",
    "revision",
    "title",
    "sha256",
    "bytes",
    "collected_on",
    "valid_until",
    "refs",
    "clauses_2011",
    "clauses_2018",
    "kind",
    "state",
    "freshness",
    "classification",
    "covers_from",
    "covers_until",
    "owner",
    "added_by",
    "added_at",
    "also_proves",
)


def register_csv(project: Project, access: Access) -> str:
    """The register as CSV."""
    return to_csv(COLUMNS, register_table(each_register_row(project, access)))


def register_xlsx(project: Project, access: Access) -> bytes:
    """The register as a workbook of one sheet."""
    return to_xlsx("Evidence", COLUMNS, register_table(each_register_row(project, access)))


def register_table(rows: Iterable[RegisterRow]) -> Iterator[list[Any]]:
    """The rows under `COLUMNS`."""
    for row in rows:
        item, revision = row.item, row.item.revision
        yield [
            item.key,
            revision.number if revision else None,
            item.title,
            revision.sha256 if revision else "",
            revision.size if revision else None,
            item.collected_on,
            item.valid_until,
            " ".join(row.refs),
            " ".join(row.clauses_2011),
            " ".join(row.clauses_2018),
            item.kind,
            item.state,
            row.freshness.value,
            item.classification,
            item.covers_from,
            item.covers_until,
            str(item.owner or ""),
            str(item.added_by or ""),
            item.added_at.isoformat(timespec="seconds"),
            "; ".join(line.label for each in row.also for line in each.lines),
        ]
