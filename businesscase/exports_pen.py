"""Writing into a sheet of openpyxl: texts that stay text, numbers with their format, and formulas of ours."""

from collections.abc import Sequence
from copy import copy
from datetime import date
from decimal import Decimal
from typing import Any

from common.workbook_out import set_cell

MONEY, WHOLE, MONTH, PERCENT, SHARE, COUNT = "#,##0.00", "#,##0", "yyyy-mm", "0.00%", "0.000000", "0"
_GREY, _INPUT = "EEF0F4", "FFF8E1"


def quoted(text: str) -> str:
    """A text of ours inside a formula."""
    return '"' + text.replace('"', '""') + '"'


class Pen:
    """One sheet, and the looks that its cells take: openpyxl is slow where each cell gets its own."""

    def __init__(self, sheet: Any) -> None:
        self.sheet = sheet
        self._looks: dict[tuple[str, bool, bool, bool], Any] = {}

    @property
    def name(self) -> str:
        """The sheet as formulas of other sheets write it."""
        return "'" + str(self.sheet.title).replace("'", "''") + "'"

    def text(
        self, row: int, column: int, value: str, *, bold: bool = False, wrap: bool = False, given: bool = False
    ) -> None:
        """A text. What begins like a formula stays text."""
        cell = self.sheet.cell(row, column)
        set_cell(cell, value)
        self._look(cell, "General", bold=bold, wrap=wrap, given=given)

    def value(
        self, row: int, column: int, value: Decimal | int | date | None, form: str, *, given: bool = False
    ) -> None:
        """A number or a day; `given` marks what may be changed to see what follows."""
        cell = self.sheet.cell(row, column)
        cell.value = value
        self._look(cell, form, given=given)

    def formula(self, row: int, column: int, formula: str, form: str, *, bold: bool = False) -> None:
        """A formula (without its equals sign), made of nothing that a person typed."""
        cell = self.sheet.cell(row, column)
        cell.value = f"={formula}"
        self._look(cell, form, bold=bold)

    def heading(self, row: int, texts: Sequence[str], column: int = 1) -> None:
        """A row of headings."""
        from openpyxl.styles import PatternFill  # noqa: PLC0415 (12 MB, seldom needed)

        for place, text in enumerate(texts, start=column):
            self.text(row, place, text, bold=True, wrap=True)
            self.sheet.cell(row, place).fill = PatternFill("solid", fgColor=_GREY)

    def widths(self, widths: Sequence[int]) -> None:
        """Set the widths of the first columns."""
        from openpyxl.utils import get_column_letter  # noqa: PLC0415 (as above)

        for place, width in enumerate(widths, start=1):
            self.sheet.column_dimensions[get_column_letter(place)].width = width

    def _look(self, cell: Any, form: str, *, bold: bool = False, wrap: bool = False, given: bool = False) -> None:
        key = (form, bold, wrap, given)
        if key not in self._looks:
            from openpyxl.styles import Alignment, Font, PatternFill  # noqa: PLC0415 (as above)

            cell.number_format = form
            cell.alignment = Alignment(vertical="top", wrap_text=wrap)
            cell.font = Font(name="Calibri", size=11, bold=bold)
            if given:
                cell.fill = PatternFill("solid", fgColor=_INPUT)
            self._looks[key] = copy(cell._style)
        cell._style = copy(self._looks[key])
