"""A table that came in as a file: its rows as text, and what is wrong with single cells. Plain Python."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """Why a cell cannot be taken, whatever the table is for. Higher apps add their own kinds beside these."""

    FORMULA = "formula"
    CONTROL = "control"
    DAMAGED = "damaged"
    ERROR_VALUE = "error value"
    NO_COLUMN = "no column"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class RawCell:
    """A cell as the file holds it, and what the reader of the format already knows to be wrong with it."""

    text: str = ""
    fault: str = ""


@dataclass(frozen=True, slots=True)
class CellFault:
    """One bad cell: where it stands (`row` counts as a spreadsheet program does), what it holds, and why it is bad.

    `sheet` names the sheet where a file has several.
    """

    row: int
    column: str
    value: str
    fault: str
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One line of the table: its number in the file (and sheet) and its text by column."""

    number: int
    values: Mapping[str, str]
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class TableIn:
    """The rows below the heading, without empty ones, and the bad cells among them.

    A row with a bad cell stands in `rows` too, so that whoever checks further finds everything in one go. `unread` are
    the sheets of a workbook that hold something else.
    """

    rows: tuple[TableRow, ...]
    faults: tuple[CellFault, ...]
    unread: tuple[str, ...] = ()
