"""What people send to change a plan by a file, and in which words it is answered."""

from datetime import date

from django.utils import dateformat
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import marked_rows
from common.marked_rows import BadCell
from phases.choices import Status
from phases.domain import plan_file
from phases.forms.file_import import FileWords, why_unread

COLUMN_LABELS: dict[str, str | Promise] = {
    "status": gettext_lazy("Status"),
    "reason": gettext_lazy("Reason"),
    "responsible_party": gettext_lazy("Responsible party"),
    "due": gettext_lazy("Due"),
    "operating_since": gettext_lazy("Operating since"),
    "note": gettext_lazy("Note"),
}
_WHY: dict[str, str | Promise] = {
    marked_rows.UNKNOWN: gettext_lazy("The plan has no such activity. Correct the ref, or delete the row."),
    plan_file.NO_PHASE: gettext_lazy(
        "The plan does not have this activity in that phase. Correct it, or delete the row."
    ),
    plan_file.NOT_A_DAY: gettext_lazy("Not a day. Write it as YYYY-MM-DD, such as 2026-09-01."),
    plan_file.NOT_A_STATUS: gettext_lazy(
        "Not a status. Use not started, in progress, done, verified, blocked or not applicable."
    ),
    plan_file.NOT_A_PARTY: gettext_lazy(
        "No party of this project. Pick one from the list, or add it to the team first."
    ),
    marked_rows.NOT_HERE: gettext_lazy("A file cannot change this column. Put back what stood there."),
    marked_rows.OTHER_PROJECT: gettext_lazy("This row was taken out of another project. Send the file there."),
    marked_rows.BAD_MARK: gettext_lazy("The mark of the row is damaged. Copy it from a fresh export, or empty it."),
    marked_rows.CLOSED: gettext_lazy("The phase is closed; its rows stay as they were. Put back what stood there."),
    marked_rows.CONFLICT: gettext_lazy("It changed here too. Choose which holds."),
}


def why(bad: BadCell) -> str:
    """What is wrong with a cell, and what to do about it."""
    if bad.why == marked_rows.DOUBLED:
        return _("The same activity and phase stand in row %(row)s already. Keep one of them.") % {"row": bad.detail}
    return str(_WHY[bad.why]) if bad.why in _WHY else why_unread(bad)


def in_words(column: str, value: str) -> str:
    """A cell of the plan as the pages show it."""
    if column == "status" and value in Status.values:
        return str(Status(value).label)
    if column in ("due", "operating_since") and value:
        try:
            return dateformat.format(date.fromisoformat(value), "j M Y")
        except ValueError:
            return value
    return value


def becomes(column: str, value: str) -> str:
    """What a cell of the file makes of the plan: an empty due goes back to the day that the schedule gives."""
    return _("as planned") if column == "due" and not value else in_words(column, value)


WORDS = FileWords(COLUMN_LABELS, why, in_words, becomes)
