"""Decisions and actions as rows of a file."""

from collections.abc import Iterable, Iterator
from typing import Any

from governance.selectors.actions import ActionLine

DECISION_COLUMNS = (
    "ref",
    "kind",
    "gate",
    "title",
    "state",
    "asked_on",
    "asked_by",
    "decide_by",
    "outcome",
    "decided_on",
    "decided_by",
    "manner",
    "setting",
    "meeting",
    "for",
    "against",
    "abstained",
    "conditions",
    "conditions_open",
    "conditions_late",
    "words",
    "money",
    "effect",
    "reopens",
    "sha256",
    "record",
)


def decision_lines(rows: Iterable[Any]) -> Iterator[list[Any]]:
    """One row for each of `rows` (of `decisions_register`) under DECISION_COLUMNS."""
    for row in rows:
        yield [
            row.ref,
            row.kind,
            "" if row.gate_number is None else f"G{row.gate_number}",
            row.title,
            row.state,
            row.asked_at.date(),
            str(row.asked_by or ""),
            row.decide_by,
            row.outcome,
            row.decided_on,
            str(row.decided_by or ""),
            row.manner,
            row.setting,
            row.meeting.ref if row.meeting is not None else "",
            row.votes_for,
            row.votes_against,
            row.abstained,
            row.conditions,
            row.conditions_open,
            row.conditions_late,
            row.words,
            row.money,
            row.effect,
            row.reopens.ref if row.reopens is not None else "",
            row.sha256,
            row.record.key if row.record is not None else "",
        ]


ACTION_COLUMNS = (
    "ref",
    "source",
    "from",
    "action",
    "owner",
    "due",
    "state",
    "days_late",
    "done_on",
    "done_by",
    "note",
)


def action_lines(lines: Iterable[ActionLine]) -> Iterator[list[Any]]:
    """One row for each of `lines` under ACTION_COLUMNS."""
    for line in lines:
        row = line.action
        origin = row.decision or row.meeting or row.lesson
        yield [
            row.ref,
            row.source,
            origin.ref if origin is not None else "",
            row.text,
            row.owner.name if row.owner is not None else "",
            row.due,
            row.state,
            line.days_late,
            row.done_on,
            str(row.done_by or ""),
            row.done_note,
        ]
