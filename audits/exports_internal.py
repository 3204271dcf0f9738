"""Internal audits as tables."""

from collections.abc import Iterable, Iterator
from typing import Any

from audits.selectors.internal import AuditLine, AuditPage

AUDIT_COLUMNS = (
    "ref",
    "audit",
    "programme",
    "edition",
    "clauses",
    "starts_on",
    "ends_on",
    "lead",
    "state",
    "points",
    "looked_at",
    "findings",
    "majors",
    "report",
)
POINT_COLUMNS = ("clause", "question", "point", "result", "notes", "samples", "findings")


def audit_rows(lines: Iterable[AuditLine]) -> Iterator[list[Any]]:
    """A row for each audit."""
    for line in lines:
        audit = line.audit
        yield [
            audit.ref,
            audit.title,
            audit.programme.title if audit.programme is not None else "",
            audit.edition,
            ", ".join(line.clauses),
            audit.starts_on,
            audit.ends_on,
            line.lead,
            audit.state,
            line.points,
            line.looked_at,
            line.findings,
            line.majors,
            audit.report.number if audit.report is not None else "",
        ]


def point_rows(page: AuditPage) -> Iterator[list[Any]]:
    """A row for each point of the checklist of an audit."""
    for group in page.groups:
        for line in group.points:
            item = line.item
            yield [
                item.clause,
                item.question,
                item.text,
                item.result,
                item.notes,
                line.samples,
                ", ".join(line.findings),
            ]
