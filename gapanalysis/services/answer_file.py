"""A file of answers that comes back: read with limits, compared row by row, written in one go or not at all."""

from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.exceptions import RuleBroken
from common.marked_rows import MARK, RULE, BadCell, Comparison, FileRow, RowChange, RowFile
from common.tables_in import Limits, read_tables
from common.texts import clean_text
from common.uploads import Upload
from gapanalysis.choices import Instrument
from gapanalysis.domain.answer_file import ANSWERS, NO_RUNG, read_answer, rungs_of
from gapanalysis.exports_workbook import NO_TABLE, is_chapter_sheet
from gapanalysis.models import Assessment
from gapanalysis.permissions import can_answer
from gapanalysis.selectors import sections_of
from gapanalysis.selectors.answer_rows import AnswerRow, answer_rows, file_owner, standing_of
from gapanalysis.services.answers import LONGEST_NOTE, AnswerChange, give_answers
from projects.models import Project
from projects.permissions import access_to
from projects.services.guards import require

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 5000


class AnswersRefused(RuleBroken):
    """The file changes nothing, because of `bad` cells."""

    def __init__(self, bad: Sequence[BadCell]) -> None:
        self.bad = list(bad)
        super().__init__(_("Nothing was changed: %(count)d cells cannot be taken.") % {"count": len(self.bad)})


def read_file(upload: Upload) -> RowFile:
    """The rows of answers in `upload`, and the cells that cannot be read. Nothing is compared yet.

    Sheets may be called anything, as long as their heading is one of ours. Raises UploadRefused for a file that cannot
    be read as a whole.
    """
    table = read_tables(
        upload,
        columns=("ref", "answer"),
        optional=(*(name for name in ANSWERS.editable if name != "answer"), *ANSWERS.fixed, MARK),
        limits=Limits(max_rows=MAX_ROWS),
        wanted=is_chapter_sheet,
        ignored=NO_TABLE,
        by_heading=True,
    )
    return ANSWERS.rows_of(table)


def refuse_closed(acting_user: User | None, project: Project, assessment: Assessment) -> None:
    """Raise NotPermitted where `acting_user` may answer nothing of the assessment, or nobody may by now."""
    mine = sections_of(assessment, acting_user)
    require(can_answer(access_to(project, acting_user), assessment, "", None if mine is None else []))


def judge(acting_user: User | None, assessment: Assessment, file: RowFile) -> Comparison:
    """What `file` would change in the assessment as it stands, with every cell that cannot be taken.

    Nothing is written. A few queries, whatever the file holds.
    """
    rows = answer_rows(assessment)
    by_ref: dict[tuple[str, ...], AnswerRow] = {(row.cells["ref"],): row for row in rows}
    bad: list[BadCell] = [*file.bad]
    read: list[FileRow] = []
    for row in file.rows:
        here = by_ref.get(row.name)
        cells, wrong = _read_cells(row, here) if here else (dict(row.cells), [])
        read.append(replace(row, cells=cells))
        bad += wrong
    found = ANSWERS.compare(read, standing_of(rows), file_owner(assessment))
    bad += found.bad
    bad += _not_theirs(acting_user, assessment, found.changes, by_ref)
    bad.sort(key=lambda cell: (cell.sheet, cell.number, cell.column))
    spoiled = {(cell.sheet, cell.number) for cell in bad}
    # A row with a bad cell beside one that changes is no row that stays as it is.
    changed = {(change.row.sheet, change.row.number) for change in found.changes}
    unchanged = len({(row.sheet, row.number) for row in file.rows} - spoiled - changed)
    return Comparison(found.changes, tuple(bad), unchanged)


def _read_cells(row: FileRow, here: AnswerRow) -> tuple[dict[str, str], list[BadCell]]:
    """The cells of a row as an export would write them, and those that no answer can be made of."""
    cells = dict(row.cells)
    wrong = []
    for name in ANSWERS.editable:
        if name not in cells:
            continue
        if not cells[name] and not cells.get(MARK):
            del cells[name]  # nobody took it out and emptied it: an empty cell says nothing
        elif name == "answer":
            text, fault = read_answer(here.question.instrument, cells[name])
            if not text and here.cells[name] and here.question.instrument == Instrument.LADDER:
                text = NO_RUNG
            cells[name] = text
            if fault:
                wrong.append(BadCell(row.number, row.sheet, name, row.cells[name], fault))
                del cells[name]
        else:
            cells[name] = clean_text(cells[name])
            if len(cells[name]) > LONGEST_NOTE:
                said = _("Write %(most)d characters at most.") % {"most": LONGEST_NOTE}
                wrong.append(BadCell(row.number, row.sheet, name, row.cells[name][:80], RULE, said))
                del cells[name]
    return cells, wrong


def _not_theirs(
    acting_user: User | None,
    assessment: Assessment,
    changes: Sequence[RowChange],
    by_ref: dict[tuple[str, ...], AnswerRow],
) -> list[BadCell]:
    """The cells that change and are not for `acting_user` to answer."""
    access = access_to(assessment.project, acting_user)
    mine = sections_of(assessment, acting_user)
    bad = []
    for change in changes:
        decision = can_answer(access, assessment, by_ref[change.row.name].question.section, mine)
        if not decision:
            where = change.row
            bad += [
                BadCell(where.number, where.sheet, cell.column, cell.after, RULE, decision.reason)
                for cell in change.cells
            ]
    return bad


@transaction.atomic
def write_changes(
    *, acting_user: User | None, project: Project, assessment: Assessment, changes: Sequence[RowChange]
) -> int:
    """Write `changes`, all of them or none; returns how many answers were given. Raises as `give_answers`."""
    if not changes:
        return 0
    instruments = {row.answer.pk: row.question.instrument for row in answer_rows(assessment)}
    given = [_answer_change(change, instruments[change.pk]) for change in changes]
    return len(give_answers(acting_user=acting_user, project=project, assessment=assessment, changes=given))


def _answer_change(change: RowChange, instrument: str) -> AnswerChange:
    cells = {cell.column: cell.after for cell in change.cells}
    answer = AnswerChange(change.pk, change.version)
    if "answer" in cells:
        said = cells["answer"]
        if instrument == Instrument.REQUIREMENT:
            answer = replace(answer, value=said)
        elif instrument == Instrument.LADDER:
            answer = replace(answer, rungs=rungs_of(said))
        elif instrument == Instrument.READINESS:
            answer = replace(answer, rating=int(said) if said else None)
    if "note" in cells:
        answer = replace(answer, note=cells["note"])
    return replace(answer, evidence_note=cells["evidence"]) if "evidence" in cells else answer
