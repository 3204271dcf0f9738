"""Tables on their way into an Excel workbook (XLSX)."""

import io
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice
from typing import Any

from django.http import HttpResponse

from common.spreadsheet import escape_cell, to_csv

CSV, XLSX = "csv", "xlsx"
FORMATS = (CSV, XLSX)
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_SHEET_NAME = 31
_WIDEST = 60
_MEASURED = 1000  # rows whose texts say how wide the columns are
_DAY = "yyyy-mm-dd"
_USUAL_WIDTH = 14
_READ_ME_WIDTH = 110
_LINE = 14  # points
_GREY = "EEF0F4"
_HIGHEST = 409  # more points than that no row may have
LAST_CHOICE_ROW = 2000  # as far as choices reach below a table


def set_cell(cell: Any, value: Any) -> None:
    """Put `value` into a cell of openpyxl: text stays text whatever it begins with, dates are dates."""
    value = escape_cell(value)
    if value is None or value == "":
        return
    if isinstance(value, str):
        cell.value = value
        cell.data_type = "s"
    else:
        cell.value = value
        if isinstance(value, date):
            cell.number_format = _DAY


def sheet_name(name: str) -> str:
    """`name` as a workbook takes it: no more than 31 characters, none of those that it refuses."""
    kept = "".join(" " if letter in "[]:*?/\\" or not letter.isprintable() else letter for letter in name)
    return kept.strip().strip("'")[:LONGEST_SHEET_NAME] or "Sheet"


@dataclass(frozen=True, slots=True)
class Choices:
    """What a column offers to pick: a range of another sheet. Where it is not `strict`, other words may be typed too;
    `hint` stands beside the cell."""

    source: str
    strict: bool = True
    hint: str = ""


@dataclass(frozen=True, slots=True)
class FormSheet:
    """How a sheet looks that people fill in: what may change is white, the rest is locked and grey.

    `may_change` says it by column and row; `days` are columns of dates; `hidden` columns are for the import alone.
    """

    columns: Sequence[str]
    may_change: Callable[[str, Sequence[Any]], bool]
    widths: Mapping[str, int]
    wrapped: Collection[str]
    freeze: str
    days: Collection[str] = ()
    hidden: Collection[str] = ()
    choices: Mapping[str, Choices] = field(default_factory=dict)


def fill_form_sheet(sheet: Any, form: FormSheet, rows: Sequence[Sequence[Any]]) -> None:
    """Write `rows` under a heading into a sheet of openpyxl, as a form to fill in."""
    from openpyxl.styles import Font, PatternFill  # noqa: PLC0415 (12 MB, seldom needed)
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 (as above)
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415 (as above)

    styles = _cell_styles(sheet)
    bold, grey = Font(bold=True), PatternFill("solid", fgColor=_GREY)
    for number, row in enumerate(rows, start=2):
        sheet.row_dimensions[number].height = _height(form, row)
    for place, name in enumerate(form.columns, start=1):
        letter = get_column_letter(place)
        head = sheet.cell(1, place, name)
        head.font, head.fill = bold, grey
        sheet.column_dimensions[letter].width = form.widths.get(name, _USUAL_WIDTH)
        sheet.column_dimensions[letter].hidden = name in form.hidden
        for number, row in enumerate(rows, start=2):
            cell = sheet.cell(number, place)
            value = row[place - 1]
            cell._style = copy(styles[name in form.wrapped, form.may_change(name, row)])
            set_cell(cell, date.fromisoformat(value) if name in form.days and value else value)
        if offered := form.choices.get(name):
            choices = DataValidation(type="list", formula1=f"={offered.source}", allow_blank=True)
            choices.showErrorMessage = offered.strict
            if offered.hint:
                choices.prompt, choices.showInputMessage = offered.hint, True
            choices.add(f"{letter}2:{letter}{LAST_CHOICE_ROW}")
            sheet.add_data_validation(choices)
    sheet.freeze_panes = form.freeze
    sheet.print_title_rows = "1:1"
    _fit_to_width(sheet, "landscape")
    sheet.auto_filter.ref = sheet.dimensions
    sheet.protection.sheet = True
    sheet.protection.autoFilter = False
    sheet.protection.formatColumns = False
    sheet.protection.formatRows = False
    sheet.protection.sort = False


def _cell_styles(sheet: Any) -> dict[tuple[bool, bool], Any]:
    """The four looks of a cell, by whether it is wrapped and may change: openpyxl takes long to make each anew."""
    from openpyxl.cell import Cell  # noqa: PLC0415 (as above)
    from openpyxl.styles import Alignment, Border, PatternFill, Protection, Side  # noqa: PLC0415 (as above)

    styles = {}
    for is_wrapped in (False, True):
        for may_change in (False, True):
            cell = Cell(sheet, row=1, column=1)
            cell.alignment = Alignment(vertical="top", wrap_text=is_wrapped)
            cell.border = Border(bottom=Side(style="thin", color="C9CED8"))
            if may_change:
                cell.protection = Protection(locked=False)
            else:
                cell.fill = PatternFill("solid", fgColor=_GREY)
            styles[is_wrapped, may_change] = cell._style
    return styles


def _height(form: FormSheet, row: Sequence[Any]) -> float:
    """As high as the longest wrapped text needs: not every program finds that out when it opens a file."""
    lines = 1
    for name, value in zip(form.columns, row, strict=True):
        if name in form.wrapped and value:
            width = form.widths.get(name, _USUAL_WIDTH)
            lines = max(lines, sum(1 + len(part) // width for part in str(value).split("\n")))
    return min(_HIGHEST, _LINE * lines + 1)


def _fit_to_width(sheet: Any, orientation: str) -> None:
    sheet.page_setup.orientation = orientation
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def fill_read_me(sheet: Any, title: str, lines: Iterable[str]) -> None:
    """Write a sheet that says, line by line, how a workbook is filled in."""
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415 (as above)

    sheet.title = title
    sheet.column_dimensions["A"].width = _READ_ME_WIDTH
    for number, line in enumerate(lines, start=1):
        cell = sheet.cell(number, 1)
        set_cell(cell, line)
        cell.alignment = Alignment(vertical="top", wrap_text=True)
        sheet.row_dimensions[number].height = _LINE * (1 + len(line) // _READ_ME_WIDTH) + 1
        if number == 1:
            cell.font = Font(bold=True)
    _fit_to_width(sheet, "portrait")


def fill_lists(book: Any, title: str, lists: Sequence[Sequence[str]]) -> list[str]:
    """Write a hidden sheet with a column for each list to pick from; returns their ranges ("" for an empty one)."""
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 (as above)

    sheet = book.create_sheet(title)
    sheet.sheet_state = "hidden"
    sources = []
    for place, values in enumerate(lists, start=1):
        for number, value in enumerate(values, start=1):
            set_cell(sheet.cell(number, place), str(value))
        letter = get_column_letter(place)
        sources.append(f"{title}!${letter}$1:${letter}${len(values)}" if values else "")
    return sources


def saved(book: Any) -> bytes:
    """A workbook of openpyxl as the bytes of a file."""
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of a workbook: its name, its heading and its rows."""

    name: str
    header: Sequence[str]
    rows: Iterable[Sequence[Any]]


def to_xlsx(name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A workbook of one sheet: bold heading that stays in sight, filter, widths after the texts of the first rows."""
    from openpyxl import Workbook  # noqa: PLC0415 (12 MB that most processes never need)

    # Written row by row: a table of 60,000 rows would take half a gigabyte as cells.
    book = Workbook(write_only=True)
    stream_sheet(book.create_sheet(sheet_name(name)), Sheet(name, header, rows))
    return saved(book)


def sheets_to_xlsx(sheets: Iterable[Sheet]) -> bytes:
    """A workbook of several sheets, each as `to_xlsx` makes one. Names must differ."""
    from openpyxl import Workbook  # noqa: PLC0415 (12 MB that most processes never need)

    book = Workbook()
    book.remove(book.active)
    for each in sheets:
        _fill(book.create_sheet(sheet_name(each.name)), each)
    return saved(book)


def stream_sheet(sheet: Any, table: Sheet) -> None:
    """`_fill` for a sheet that takes its rows once, in order."""
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 (as above)
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415 (as above)
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 (as above)

    def look(**more: Any) -> Any:
        """The style of a cell, made once: openpyxl takes long to make each anew."""
        cell = WriteOnlyCell(sheet, value="")
        for name, value in more.items():
            setattr(cell, name, value)
        return cell._style

    top = Alignment(vertical="top")
    head, text = look(font=Font(bold=True), alignment=top), look(alignment=top)
    long, day = look(alignment=Alignment(vertical="top", wrap_text=True)), look(alignment=top, number_format=_DAY)

    def cells(values: Sequence[Any]) -> list[Any]:
        made: list[Any] = []
        for given in values:
            value = escape_cell(given)
            if value is None or value == "":
                made.append(None)
                continue
            cell = WriteOnlyCell(sheet, value=value)
            if isinstance(value, str):
                cell.data_type = "s"
                cell._style = long if len(value) > _WIDEST else text
            else:
                cell._style = day if isinstance(value, date) else text
            made.append(cell)
        return made

    rows = iter(table.rows)
    first = list(islice(rows, _MEASURED))
    for place, name in enumerate(table.header):
        widest = max((min(_WIDEST, len(str(row[place]))) for row in first if row[place] is not None), default=0)
        sheet.column_dimensions[get_column_letter(place + 1)].width = max(len(name), widest) + 2
    sheet.freeze_panes = "A2"
    heading = cells(table.header)
    for cell in filter(None, heading):
        cell._style = head
    sheet.append(heading)
    count = 1
    for values in chain(first, rows):
        sheet.append(cells(values))
        count += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(max(1, len(table.header)))}{count}"


def _fill(sheet: Any, table: Sheet) -> None:
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415 (as above)
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 (as above)

    widths: list[int] = []
    for number, values in enumerate([table.header, *table.rows], start=1):
        for place, value in enumerate(values, start=1):
            cell = sheet.cell(number, place)
            set_cell(cell, value)
            cell.alignment = Alignment(vertical="top", wrap_text=isinstance(value, str) and len(value) > _WIDEST)
            if number == 1:
                cell.font = Font(bold=True)
            if place > len(widths):
                widths.append(0)
            if value is not None:
                widths[place - 1] = max(widths[place - 1], len(value) if number == 1 else min(_WIDEST, len(str(value))))
    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width + 2
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions


def table_response(form: str, name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """The table as a file to save, `name` without its ending. `form` is one of FORMATS."""
    content = to_xlsx(name, header, rows) if form == XLSX else to_csv(header, rows).encode()
    return file_to_save(form, name, content)


def csv_to_save(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A CSV file that Excel reads as UTF-8: without the mark in front it would take the code page of the machine."""
    return ("\ufeff" + to_csv(header, rows)).encode()


def file_to_save(form: str, name: str, content: bytes) -> HttpResponse:
    """`content` as a file to save, `name` without its ending. `form` is one of FORMATS."""
    answer = HttpResponse(content, content_type=XLSX_TYPE if form == XLSX else "text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
