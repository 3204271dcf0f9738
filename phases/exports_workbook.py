"""The whole plan as an Excel workbook: a sheet a phase, choices to pick from, locked cells where nothing may change."""

from typing import Any

from django.utils.translation import gettext as _

from common.marked_rows import MARK
from common.workbook_out import Choices, FormSheet, fill_form_sheet, fill_lists, fill_read_me, saved
from phases.choices import PHASE_NAMES, Status
from phases.domain.plan_file import EDITABLE
from phases.exports_plan import COLUMNS, PHASE, plan_rows
from projects.models import Party, Project

READ_ME, LISTS = "Read me", "Lists"
NO_TABLE = (READ_ME, LISTS)
_DAYS = ("start", "due", "operating_since")
_WIDTHS = {
    "title": 46,
    "reason": 34,
    "responsible_roles": 34,
    "responsible_party": 26,
    "contributors": 26,
    "note": 46,
    "ref": 9,
    MARK: 4,
}


def sheet_title(number: int) -> str:
    """How the sheet of a phase is called."""
    return f"Phase {number}"


def is_phase_sheet(title: str) -> bool:
    """Whether a sheet is one of those."""
    return title in {sheet_title(number) for number in PHASE_NAMES}


def plan_xlsx(project: Project, *, current: bool = False) -> bytes:
    """The plan as XLSX, initiation and operation included; `current` as in `plan_rows`. Three queries."""
    from openpyxl import Workbook  # noqa: PLC0415 (12 MB that most processes never need)

    parties = list(
        Party.objects.filter(project=project, is_active=True).order_by("name").values_list("name", flat=True)
    )
    book = Workbook()
    _read_me(book.active, project)
    by_phase: dict[int, list[tuple[Any, ...]]] = {}
    for row in plan_rows(project, with_initiation=True, current=current):
        by_phase.setdefault(row[PHASE], []).append(row)
    sheets = {number: book.create_sheet(sheet_title(number)) for number in sorted(by_phase)}
    statuses, names = fill_lists(book, LISTS, [[str(value) for value in Status.values], parties])
    choices = {"status": Choices(statuses)} | ({"responsible_party": Choices(names)} if names else {})
    form = FormSheet(
        columns=COLUMNS,
        may_change=lambda name, _row: name in EDITABLE,
        widths=_WIDTHS,
        wrapped=("title", "reason", "note"),
        freeze="E2",
        days=_DAYS,
        hidden=(MARK,),
        choices=choices,
    )
    for number, sheet in sheets.items():
        fill_form_sheet(sheet, form, by_phase[number])
    return saved(book)


def _read_me(sheet: Any, project: Project) -> None:
    lines = (
        project.name,
        _("Each phase has its sheet. White columns can be changed, the others are locked."),
        _("Status and responsible party are picked from a list; dates are days."),
        _("Give a reason with blocked and not applicable. An empty cell takes away responsible party or note."),
        _("An empty due goes back to the day of the schedule."),
        _("Leave the column “check” as it is: it tells your changes from those made meanwhile in the plan."),
        _("Send the file back on the page “Import”. You see every change first; all of it counts or nothing."),
    )
    fill_read_me(sheet, READ_ME, lines)
