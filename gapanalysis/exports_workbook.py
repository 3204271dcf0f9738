"""The questions of an assessment as a file to fill in: a workbook with a sheet a chapter, or one table as CSV."""

from collections.abc import Collection, Sequence
from typing import Any

from django.utils.translation import gettext as _

from common.marked_rows import MARK
from common.spreadsheet import to_csv
from common.workbook_out import Choices, FormSheet, csv_to_save, fill_form_sheet, fill_lists, fill_read_me, saved
from gapanalysis.choices import AnswerValue, Instrument
from gapanalysis.domain.answer_file import EDITABLE, RATINGS, STEPS
from gapanalysis.models import Assessment
from gapanalysis.selectors.answer_rows import COLUMNS, AnswerRow, answer_rows, line_of

INSTRUCTIONS, LISTS = "Instructions", "Lists"
NO_TABLE = (INSTRUCTIONS, LISTS)
_OTHER_SHEETS = {"2011": "2011 only", "ladders": "Ladders", "survey": "Survey", "readiness": "Readiness"}
_WIDTHS = {
    "ref": 14,
    "answer": 16,
    "note": 40,
    "question": 52,
    "look_for": 52,
    "typical_gap": 40,
    "evidence": 32,
    "before": 30,
    "finding": 30,
    "owner": 18,
    "section": 10,
    MARK: 4,
}
_WRAPPED = ("answer", "note", "question", "look_for", "typical_gap", "evidence", "before", "finding", "owner")
_SECTION = COLUMNS.index("section")


def sheet_title(chapter: str) -> str:
    """How the sheet of a chapter is called."""
    return _OTHER_SHEETS.get(chapter) or f"Chapter {chapter}"


def is_chapter_sheet(title: str) -> bool:
    """Whether a sheet is one of those."""
    return title in _OTHER_SHEETS.values() or (title.startswith("Chapter ") and title[8:].isdigit())


def answers_csv(assessment: Assessment) -> str:
    """The questions and answers as one table, with every cell safe for a spreadsheet program."""
    return to_csv(COLUMNS, _lines(assessment))


def answers_csv_to_save(assessment: Assessment) -> bytes:
    """The same as a file that spreadsheet programs open well."""
    return csv_to_save(COLUMNS, _lines(assessment))


def _lines(assessment: Assessment) -> list[tuple[str, ...]]:
    return [line_of(assessment, row) for row in answer_rows(assessment)]


def answers_xlsx(assessment: Assessment, mine: Collection[str] | None = ()) -> bytes:
    """The questions and answers as XLSX. One query.

    `mine` are the sections that whoever takes it may answer: empty for all, None for none. The others are locked.
    """
    from openpyxl import Workbook  # noqa: PLC0415 (12 MB that most processes never need)

    book = Workbook()
    fill_read_me(book.active, INSTRUCTIONS, _instructions(assessment, mine))
    chapters: dict[str, list[AnswerRow]] = {}
    for row in answer_rows(assessment):
        chapters.setdefault(row.chapter, []).append(row)
    sheets = {chapter: book.create_sheet(sheet_title(chapter)) for chapter in chapters}
    words, steps, ratings = fill_lists(book, LISTS, [[value.value for value in AnswerValue], STEPS, RATINGS])
    offered = {
        Instrument.REQUIREMENT: Choices(words),
        Instrument.LADDER: Choices(
            steps, strict=False, hint=_("Every rung that stands, separated by commas. None at all: none.")
        ),
        Instrument.READINESS: Choices(ratings, hint=_("From 0 (not so) to 4 (wholly so). Say why in the note.")),
    }
    for chapter, rows in chapters.items():
        instrument = Instrument(rows[0].question.instrument)
        form = FormSheet(
            columns=COLUMNS,
            may_change=_may_change(instrument, mine),
            widths=_WIDTHS,
            wrapped=_WRAPPED,
            freeze="B2",
            hidden=(MARK,),
            choices={"answer": offered[instrument]} if instrument in offered else {},
        )
        fill_form_sheet(sheets[chapter], form, [line_of(assessment, row) for row in rows])
    return saved(book)


def _may_change(instrument: Instrument, mine: Collection[str] | None) -> Any:
    columns = EDITABLE if instrument != Instrument.SURVEY else tuple(name for name in EDITABLE if name != "answer")

    def may(name: str, row: Sequence[Any]) -> bool:
        return name in columns and mine is not None and (not mine or row[_SECTION] in mine)

    return may


def _instructions(assessment: Assessment, mine: Collection[str] | None) -> list[str]:
    project = assessment.project
    lines = [
        f"{project.name}: {assessment.title}",
        _("Assessment %(key)s, state: %(state)s. Questions: %(pack)s.")
        % {
            "key": assessment.key,
            "state": assessment.get_state_display(),
            "pack": assessment.questionnaire,
        },
        "",
        _("Each chapter has its sheet. Fill in the white cells; the grey ones are there to read."),
        _("answer: pick one of conforms, minor gap, major gap, no case yet, excluded. Unanswered means: not yet."),
        _("no case yet: the process exists, and nothing has happened that it is for."),
        _("excluded: you leave the requirement out. Conformity cannot be claimed then. There is no “not applicable”."),
        _("Ladders: name every rung that stands, separated by commas, also above a gap; none where no rung stands."),
        _("Readiness: a number from 0 (not so) to 4 (wholly so). Survey: the note alone."),
        _("note: what you saw. evidence: where it can be seen again. before: what was said the last time."),
        _("To take an answer back, pick unanswered or empty the cell. An emptied note or evidence is taken away."),
        "",
        _("Rows may be sorted and deleted: what is not there stays as it is. Merge no cells, use no formulas."),
        _("The hidden column “check” tells your changes from answers that others gave meanwhile. Leave it as it is."),
        _("Send the file back on the page “Workbook” of the assessment. You see every change before it counts."),
        _("Where somebody answered meanwhile, both answers stand side by side, and you choose."),
    ]
    if mine:
        lines.insert(4, _("White for you are the sections %(names)s.") % {"names": ", ".join(mine)})
    if mine is None:
        lines.insert(4, _("You are no assessor of this assessment: all of it is there to read."))
    return lines
