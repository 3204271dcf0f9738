"""The questions of an assessment and what was answered, as a file has them, and as one that comes back finds them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from common.marked_rows import MARK, RowChange, Standing, owner_mark
from common.texts import clean_text
from gapanalysis.choices import Instrument
from gapanalysis.domain.answer_file import ANSWERS, answer_cell
from gapanalysis.models import Answer, Assessment, Question
from gapanalysis.selectors import is_answered
from gapanalysis.selectors.sections import OTHERS, section_clause
from phases.selectors.file_preview import values_in_trail

COLUMNS = (
    "ref",
    "answer",
    "note",
    "question",
    "look_for",
    "typical_gap",
    "evidence",
    "before",
    "finding",
    "owner",
    "section",
    "clauses_2018",
    "clauses_2011",
    MARK,
)
_FIELDS = {"answer": ("value", "rungs", "rating"), "note": ("note",), "evidence": ("evidence_note",)}


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A question that an assessment asks, what was answered, and its cells by column (the mark not among them)."""

    answer: Answer
    cells: Mapping[str, str]

    @property
    def question(self) -> Question:
        """The question."""
        return self.answer.question

    @property
    def chapter(self) -> str:
        """What it is listed under: "4" to "10", "2011", "ladders", "survey", "readiness"."""
        if self.question.section in OTHERS:
            return self.question.section
        edition, number = section_clause(self.question.section)
        return edition if edition == "2011" else number.partition(".")[0]

    @property
    def standing(self) -> Standing:
        """What an import compares with."""
        return Standing(self.answer.pk, self.answer.version, self.cells)


def file_owner(assessment: Assessment) -> str:
    """How a file says of which assessment it is. The project is to be at hand."""
    return owner_mark(f"{assessment.project.uuid} {assessment.key}")


def answer_rows(assessment: Assessment) -> list[AnswerRow]:
    """What the assessment asks, in the order of its questions. One query."""
    answers = (
        Answer.objects.filter(assessment=assessment)
        .select_related("question", "answered_by", "before", "finding", "finding__owner")
        .order_by("question__position")
    )
    return [AnswerRow(answer, _cells(answer)) for answer in answers]


def line_of(assessment: Assessment, row: AnswerRow) -> tuple[str, ...]:
    """A row as a line of a file, under COLUMNS."""
    mark = ANSWERS.make_mark(file_owner(assessment), row.answer.version, row.cells)
    return (*(row.cells[name] for name in COLUMNS[:-1]), mark)


def standing_of(rows: Sequence[AnswerRow]) -> dict[tuple[str, ...], Standing]:
    """The rows by their ref, for an import to compare with."""
    return {(row.cells["ref"],): row.standing for row in rows}


def exported_values(assessment: Assessment, changes: Sequence[RowChange]) -> dict[int, dict[str, str]]:
    """What the cells in conflict held when the file was written, as far as the trail still knows. One query."""
    return values_in_trail(
        assessment.project,
        ANSWERS,
        changes,
        kind="answer",
        key_of=lambda change: f"{assessment.key} {change.row.name[0]}",
        values_of=_values,
    )


def _values(content: Mapping[str, Any], column: str) -> list[str]:
    found = ["unanswered", "none"] if column == "answer" else []
    for name in _FIELDS[column]:
        pair = content.get("changes", {}).get(name)
        for value in pair if isinstance(pair, list) else []:
            found.append(", ".join(value) if isinstance(value, list) else "" if value is None else str(value))
    return found


def _cells(answer: Answer) -> dict[str, str]:
    question = answer.question
    finding = getattr(answer, "finding", None)
    return {
        "ref": question.ref,
        "answer": _answer(answer, question),
        "note": clean_text(answer.note),
        "evidence": clean_text(answer.evidence_note),
        "question": clean_text(question.text),
        "look_for": _look_for(question),
        "typical_gap": clean_text(question.typical_gap),
        "before": _before(answer),
        "finding": clean_text(finding.gap) if finding else "",
        "owner": clean_text(finding.owner.name) if finding and finding.owner else "",
        "section": question.section,
        "clauses_2018": ", ".join(question.clauses_2018),
        "clauses_2011": ", ".join(question.clauses_2011),
    }


def _answer(answer: Answer, question: Question) -> str:
    answer.question = question  # an earlier answer is to the same question
    return answer_cell(
        question.instrument,
        value=answer.value,
        rungs=answer.rungs,
        rating=answer.rating,
        is_answered=is_answered(answer),
    )


def _before(answer: Answer) -> str:
    before = answer.before
    if before is None:
        return ""
    said = _answer(before, answer.question)
    note = clean_text(before.note)
    return f"{said}: {note}" if said and note else said or note


def _look_for(question: Question) -> str:
    extra = question.extra
    lines = [str(line) for line in question.look_for]
    if question.instrument == Instrument.LADDER:
        lines = [f"{rung}: {said}" for rung, said in extra.get("rungs", {}).items()]
    elif question.instrument == Instrument.READINESS:
        lines = [f"{rating}: {extra[name]}" for rating, name in (("0", "low"), ("4", "high")) if extra.get(name)]
    return "\n".join(f"• {clean_text(line)}" for line in lines)
