"""Findings and requests of auditors as rows of a file."""

from collections.abc import Iterable, Iterator
from typing import Any

from audits.selectors.findings import FindingLine
from audits.selectors.requests import RequestLine
from common import clock
from projects.models import Project

FINDING_COLUMNS = (
    "ref",
    "grade",
    "state",
    "title",
    "found",
    "proof",
    "edition",
    "clauses",
    "source",
    "source_words",
    "seen_on",
    "raised_by",
    "raised_on",
    "owner",
    "correction",
    "corrected_on",
    "cause",
    "actions",
    "actions_done",
    "due",
    "days_late",
    "effect_from",
    "closed_on",
    "reason",
)
REQUEST_COLUMNS = (
    "ref",
    "state",
    "text",
    "edition",
    "clause",
    "activity",
    "asked_of",
    "asked_by",
    "asked_on",
    "due",
    "days_late",
    "given",
    "settled_by",
    "settled_on",
)


def finding_lines(project: Project, lines: Iterable[FindingLine]) -> Iterator[list[Any]]:
    """One row for each of `lines` under FINDING_COLUMNS."""
    zone = project.time_zone
    for line in lines:
        row = line.finding
        yield [
            row.ref,
            row.grade,
            row.state,
            row.title,
            row.found,
            row.proof,
            row.edition,
            " ".join(row.clauses),
            row.source,
            row.source_words,
            row.seen_on,
            str(row.raised_by or ""),
            clock.day_of(row.raised_at, zone),
            row.owner.name if row.owner is not None else "",
            row.correction,
            row.corrected_on,
            row.cause,
            line.steps,
            line.steps_done,
            line.due,
            line.days_late,
            row.verify_on,
            clock.day_of(row.closed_at, zone) if row.closed_at is not None else None,
            row.state_reason,
        ]


def request_lines(project: Project, lines: Iterable[RequestLine]) -> Iterator[list[Any]]:
    """One row for each of `lines` under REQUEST_COLUMNS."""
    zone = project.time_zone
    for line in lines:
        row = line.request
        yield [
            row.ref,
            row.state,
            row.text,
            row.edition,
            row.clause,
            row.activity.ref if row.activity is not None else "",
            row.asked_of.name if row.asked_of is not None else "",
            str(row.asked_by or ""),
            clock.day_of(row.asked_at, zone),
            row.due,
            line.days_late,
            line.given,
            str(row.settled_by or ""),
            clock.day_of(row.settled_at, zone) if row.settled_at is not None else None,
        ]
