"""In which words a file of answers is shown and refused."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import marked_rows
from common.marked_rows import BadCell
from gapanalysis.choices import AnswerValue
from gapanalysis.domain import answer_file
from phases.forms.file_import import FileWords, why_unread

COLUMN_LABELS: dict[str, str | Promise] = {
    "answer": gettext_lazy("Answer"),
    "note": gettext_lazy("Note"),
    "evidence": gettext_lazy("Evidence"),
}
_WHY: dict[str, str | Promise] = {
    marked_rows.UNKNOWN: gettext_lazy("No question of this assessment. Correct the ref, or delete the row."),
    marked_rows.NOT_HERE: gettext_lazy("A file cannot change this column. Put back what stood there."),
    marked_rows.OTHER_PROJECT: gettext_lazy(
        "This row was taken out of another project or another assessment. Send the file there."
    ),
    marked_rows.BAD_MARK: gettext_lazy("The mark of the row is damaged. Copy it from a fresh workbook, or empty it."),
    answer_file.NOT_AN_ANSWER: gettext_lazy(
        "Not an answer. Use conforms, minor gap, major gap, no case yet, excluded or unanswered."
    ),
    answer_file.NOT_A_RUNG: gettext_lazy(
        "Not a rung. Use defined, documented, implemented, operated, measured, reviewed and improved, separated by "
        "commas, or none."
    ),
    answer_file.NOT_A_RATING: gettext_lazy("Not a rating. Use a whole number from 0 to 4."),
    answer_file.NO_ANSWER: gettext_lazy("A survey point takes a note alone. Empty this cell and write it there."),
}


def why(bad: BadCell) -> str:
    """What is wrong with a cell, and what to do about it."""
    if bad.why == marked_rows.DOUBLED:
        return _("The same ref stands in row %(row)s already. Keep one of them.") % {"row": bad.detail}
    return str(_WHY[bad.why]) if bad.why in _WHY else why_unread(bad)


def in_words(column: str, value: str) -> str:
    """A cell as the pages show it."""
    if column == "answer" and value in AnswerValue.values:
        return str(AnswerValue(value).label)
    return _("no rung") if column == "answer" and value == answer_file.NO_RUNG else value


WORDS = FileWords(COLUMN_LABELS, why, in_words, in_words)
