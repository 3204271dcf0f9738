"""Tables on their way into an Excel workbook (XLSX)."""

import io
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.http import HttpResponse

from common.spreadsheet import escape_cell, to_csv

CSV, XLSX = "csv", "xlsx"
FORMATS = (CSV, XLSX)
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_SHEET_NAME = 31
_WIDEST = 60


def set_cell(cell: Any, value: Any) -> None:
    """Put `value` into a cell of openpyxl: text stays text whatever it begins with, dates are dates."""
    if value is None or value == "":
        return
    if isinstance(value, str):
        cell.value = escape_cell(value)
        cell.data_type = "s"
    else:
        cell.value = value
        if isinstance(value, date):
            cell.number_format = "yyyy-mm-dd"


def sheet_name(name: str) -> str:
    """`name` as a workbook takes it: no more than 31 characters, none of those that it refuses."""
    kept = "".join(" " if letter in "[]:*?/\\" or not letter.isprintable() else letter for letter in name)
    return kept.strip().strip("'")[:LONGEST_SHEET_NAME] or "Sheet"


def to_xlsx(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A workbook of one sheet: bold heading that stays in sight, filter, widths after the texts."""
    from openpyxl import Workbook  # noqa: PLC0415 (12 MB that most processes never need)
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415 (as above)
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 (as above)

    book = Workbook()
    sheet = book.active
    sheet.title = sheet_name(name)
    widths = [len(title) for title in header]
    for number, values in enumerate([header, *rows], start=1):
        for place, value in enumerate(values, start=1):
            cell = sheet.cell(number, place)
            set_cell(cell, value)
            cell.alignment = Alignment(vertical="top", wrap_text=isinstance(value, str) and len(value) > _WIDEST)
            if number == 1:
                cell.font = Font(bold=True)
            if value is not None:
                widths[place - 1] = max(widths[place - 1], min(_WIDEST, len(str(value))))
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width + 2
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def table_response(form: str, name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """The table as a file to save, `name` without its ending. `form` is one of FORMATS."""
    if form == XLSX:
        answer = HttpResponse(to_xlsx(name, header, rows), content_type=XLSX_TYPE)
    else:
        answer = HttpResponse(to_csv(header, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
