"""The whole plan as an Excel workbook: a sheet a phase, choices to pick from, locked cells where nothing may change."""

import io
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from common.marked_rows import MARK
from common.workbook_out import set_cell
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
_USUAL_WIDTH = 14
_LAST_ROW = 2000  # as far as choices reach below the table


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
    for number, rows in sorted(by_phase.items()):
        _phase_sheet(book.create_sheet(sheet_title(number)), rows, len(parties))
    lists = book.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    for place, value in enumerate(Status.values, start=1):
        set_cell(lists.cell(place, 1), str(value))
    for place, name in enumerate(parties, start=1):
        set_cell(lists.cell(place, 2), name)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _read_me(sheet: Any, project: Project) -> None:
    sheet.title = READ_ME
    sheet.column_dimensions["A"].width = 110
    lines = (
        project.name,
        _("Each phase has its sheet. White columns can be changed, the others are locked."),
        _("Status and responsible party are picked from a list; dates are days."),
        _("Give a reason with blocked and not applicable. An empty cell takes away responsible party or note."),
        _("An empty due goes back to the day of the schedule."),
        _("Leave the column “check” as it is: it tells your changes from those made meanwhile in the plan."),
        _("Send the file back on the page “Import”. You see every change first; all of it counts or nothing."),
    )
    for number, line in enumerate(lines, start=1):
        set_cell(sheet.cell(number, 1), line)


def _phase_sheet(sheet: Any, rows: list[tuple[Any, ...]], parties: int) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill, Protection  # noqa: PLC0415 (as above)
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 (as above)
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415 (as above)

    top, wrapped = Alignment(vertical="top"), Alignment(vertical="top", wrap_text=True)
    locked = PatternFill("solid", fgColor="EEF0F4")
    unlocked, bold = Protection(locked=False), Font(bold=True)
    for place, name in enumerate(COLUMNS, start=1):
        head = sheet.cell(1, place, name)
        head.font = bold
        sheet.column_dimensions[get_column_letter(place)].width = _WIDTHS.get(name, _USUAL_WIDTH)
        for number, row in enumerate(rows, start=2):
            cell = sheet.cell(number, place)
            value = row[place - 1]
            set_cell(cell, date.fromisoformat(value) if name in _DAYS and value else value)
            cell.alignment = wrapped if name in ("title", "reason", "note") else top
            if name in EDITABLE:
                cell.protection = unlocked
            else:
                cell.fill = locked
    for name, source in (("status", f"$A$1:$A${len(Status.values)}"), ("responsible_party", f"$B$1:$B${parties}")):
        if name == "status" or parties:
            letter = get_column_letter(COLUMNS.index(name) + 1)
            choices = DataValidation(type="list", formula1=f"={LISTS}!{source}", allow_blank=True)
            choices.add(f"{letter}2:{letter}{_LAST_ROW}")
            sheet.add_data_validation(choices)
    sheet.freeze_panes = "E2"
    sheet.auto_filter.ref = sheet.dimensions
    sheet.protection.sheet = True
    sheet.protection.autoFilter = False
    sheet.protection.formatColumns = False
    sheet.protection.sort = False
    sheet.column_dimensions[get_column_letter(COLUMNS.index(MARK) + 1)].hidden = True
