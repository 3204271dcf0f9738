"""The living registers as rows of a file."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from documents.models import CommunicationLine, Interface
from documents.selectors.competence import CompetenceBoard

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


COMMUNICATION_COLUMNS = (
    "key",
    "kind",
    "for_whom",
    "what",
    "how",
    "from",
    "phase",
    "due",
    "when",
    "every_months",
    "hours",
    "state",
    "done_on",
    "what_was_done",
    "how_to_check",
    "look_on",
    "effect",
    "what_was_seen",
    "checked_on",
    "checked_by",
    "why_dropped",
)


def communication_lines(rows: Iterable[CommunicationLine]) -> Iterator[list[Any]]:
    """One row for each of `rows` under COMMUNICATION_COLUMNS."""
    for row in rows:
        yield [
            row.key,
            row.kind,
            row.audience,
            row.message,
            row.channel,
            row.from_whom,
            row.phase_number,
            row.due,
            row.timing,
            row.every_months or None,
            row.hours or None,
            row.state,
            row.done_on,
            row.done_note,
            row.check_how,
            row.check_on,
            row.effect,
            row.effect_note,
            row.checked_on,
            str(row.checked_by or ""),
            row.state_reason,
        ]


COMPETENCE_COLUMNS = (
    "person",
    "competence",
    "needed",
    "held",
    "gap",
    "how_it_was_judged",
    "judged_on",
    "judged_by",
    "what_closes_the_gap",
    "evidence",
)


def competence_lines(board: CompetenceBoard, shown: Collection[int]) -> Iterator[list[Any]]:
    """One row for each competence of each person under COMPETENCE_COLUMNS; `shown` are items that the reader sees."""
    for party in board.people:
        for cell in board.of_person(party):
            held = cell.held
            yield [
                party.name,
                cell.competence.name,
                cell.needed or None,
                held.level if held else None,
                "gap" if cell.is_short else "not judged" if cell.is_unjudged else "",
                held.how if held else "",
                held.judged_on if held else None,
                str(held.judged_by or "") if held else "",
                held.plan if held else "",
                held.evidence.key if held and held.evidence and held.evidence.pk in shown else "",
            ]
