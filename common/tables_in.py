"""Tables that people send as CSV or XLSX, read into rows of text. Limits come first; nothing is guessed.

A file that cannot be taken as a whole (too large, too many rows, not what its name says, an encoding that is not
certain, columns missing) raises UploadRefused. What is wrong with single cells is collected, so that a person can
mend all of it at once.
"""

import csv
import io
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from common.spreadsheet import unescape_cell
from common.table_rows import CellFault, Fault, RawCell, TableIn, TableRow
from common.uploads import ZIP_MAGIC, Upload, UploadRefused, looks_like_text
from common.workbook_in import read_sheets, read_workbook

SEPARATORS = (",", ";", "\t")
LONGEST_SHOWN = 80
_ENCODINGS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# Tab, line feed and carriage return are part of a text; the others of their kind never are.
_CONTROLS = frozenset(chr(code) for code in (*range(32), *range(127, 160))) - {"\t", "\n", "\r"}
_REPLACEMENT = "\ufffd"

Line = tuple[int, Sequence[RawCell]]


class NoSuchTable(UploadRefused):
    """There is no table with the columns that are looked for."""


class NoRowsBelow(UploadRefused):
    """There is a table, with a heading alone."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a table is read before it is refused."""

    max_rows: int
    max_columns: int = 50


def read_table(upload: Upload, *, columns: Sequence[str], limits: Limits) -> TableIn:
    """The rows of `upload` under a heading that names exactly `columns`, in any order and case.

    Text loses white space around it, and the apostrophe that `common.spreadsheet` puts before what a spreadsheet
    program would run. Raises UploadRefused.
    """
    if upload.extension == ".csv":
        return _table(_csv_lines(upload.content, columns), columns, limits)
    if upload.extension == ".xlsx":
        if not upload.content.startswith(ZIP_MAGIC):
            raise UploadRefused(_("The file is named .xlsx but is not an Excel workbook. Save it as XLSX or CSV."))
        return _table(read_workbook(upload.content, max_columns=limits.max_columns), columns, limits)
    raise UploadRefused(_("Send a CSV or an XLSX file. Other kinds, older Excel files (.xls) too, are not read."))


def read_tables(
    upload: Upload,
    *,
    columns: Sequence[str],
    optional: Sequence[str],
    limits: Limits,
    wanted: Callable[[str], bool],
    ignored: Collection[str] = (),
    by_heading: bool = False,
) -> TableIn:
    """The rows of `upload`, from one CSV table or from every wanted sheet of a workbook, under headings of their own.

    Each heading names all of `columns` and any of `optional`; a row lacks the optional ones that it does not name.
    Sheets as in `common.workbook_in.read_sheets`; `by_heading` takes also those of another title that have such a
    heading, and names those that have none as unread. Raises UploadRefused.
    """
    if upload.extension != ".xlsx":
        names = (*columns, *optional)
        if upload.extension != ".csv":
            read_table(upload, columns=columns, limits=limits)
        return _table(_csv_lines(upload.content, names), columns, limits, optional)
    if not upload.content.startswith(ZIP_MAGIC):
        raise UploadRefused(_("The file is named .xlsx but is not an Excel workbook. Save it as XLSX or CSV."))
    rows: list[TableRow] = []
    faults: list[CellFault] = []
    unread: list[str] = []
    last: UploadRefused | None = None
    of_title = (lambda _title: True) if by_heading else wanted
    for title, lines in read_sheets(upload.content, max_columns=limits.max_columns, wanted=of_title, ignored=ignored):
        try:
            part = _table(lines, columns, limits, optional)
        except NoRowsBelow:
            continue  # its rows were deleted
        except NoSuchTable as error:
            if not by_heading:
                raise
            if wanted(title):
                raise UploadRefused(_("Sheet “%(name)s”: %(said)s") % {"name": title[:40], "said": error}) from error
            unread.append(title[:40])
            last = error
            continue
        rows += [replace(row, sheet=title) for row in part.rows]
        faults += [replace(fault, sheet=title) for fault in part.faults]
        if len(rows) > limits.max_rows:
            raise _too_many(limits)
    if not rows:
        raise last or UploadRefused(_("The file holds no rows."))
    return TableIn(tuple(rows), tuple(faults), tuple(unread))


def _too_many(limits: Limits) -> UploadRefused:
    return UploadRefused(
        _("The file has more than %(limit)s rows, which is the limit. Send only the rows that you need.")
        % {"limit": f"{limits.max_rows:,}"}
    )


def _csv_lines(content: bytes, columns: Sequence[str]) -> Iterator[Line]:
    if not looks_like_text(content):
        raise UploadRefused(_("The file is named .csv but is not a text file. Save it as CSV, or send the XLSX."))
    text = decode(content)
    separator, has_mark = _separator(text, columns)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    try:
        for cells in reader:
            number += 1
            if number > 1 or not has_mark:
                # A spreadsheet program would run it, so nobody can mean it as a text.
                yield number, [RawCell(cell, Fault.FORMULA if cell.lstrip().startswith("=") else "") for cell in cells]
    except csv.Error as error:
        raise UploadRefused(
            _("Row %(row)s cannot be read as CSV: a quotation mark is not closed, or a cell is too long.")
            % {"row": number + 1}
        ) from error


def decode(content: bytes) -> str:
    """`content` as text: UTF-8, or UTF-16 with its mark. Raises UploadRefused for anything else.

    The code pages of Windows cannot be told from one another by their bytes; taking one for another would turn
    letters into others unseen, so they are refused with the way out.
    """
    encoding = next((name for mark, name in _ENCODINGS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        before = content[: error.start].count(b"\n") + 1
        raise UploadRefused(
            _(
                "The file is not in UTF-8 (line %(line)s), so its letters cannot be read for certain. In Excel, save "
                "it as “CSV UTF-8”, or send the XLSX file."
            )
            % {"line": before}
        ) from error
    if "\x00" in text:
        raise UploadRefused(_("The file holds NUL characters: it is not a plain text file. Save it as “CSV UTF-8”."))
    return text


def _separator(text: str, columns: Sequence[str]) -> tuple[str, bool]:
    """The separator under which the first line with text in it names most of `columns`.

    Excel may write a line of its own first that names it ("sep=;"): the second value says whether it is there.
    """
    if text[:4].lower() == "sep=" and text[4:5] in SEPARATORS and text[5:6] in ("\r", "\n"):
        return text[4], True
    first = next((line for line in io.StringIO(text) if line.strip()), "")

    def named(separator: str) -> int:
        try:
            cells = next(csv.reader([first], delimiter=separator), [])
        except csv.Error:
            return 0
        return len({_name(cell) for cell in cells} & set(columns))

    return max(SEPARATORS, key=named), False


def _name(cell: str) -> str:
    return " ".join(cell.split()).casefold()


def _table(lines: Iterable[Line], columns: Sequence[str], limits: Limits, optional: Sequence[str] = ()) -> TableIn:
    filled = ((number, cells) for number, cells in lines if any(_holds(cell) for cell in cells))
    heading = next(filled, None)
    if heading is None:
        raise UploadRefused(_("The file holds no rows."))
    places = _places(heading, columns, optional)
    rows: list[TableRow] = []
    faults: list[CellFault] = []
    for number, cells in filled:
        if len(rows) == limits.max_rows:
            raise _too_many(limits)
        faults += _surplus(number, cells, places)
        values = {}
        for name, place in places.items():
            cell = cells[place] if place < len(cells) else RawCell()
            fault = cell.fault or _fault_of(cell.text)
            values[name] = "" if fault else _clean(cell.text)
            if fault:
                faults.append(CellFault(number, name, _shown(cell.text), fault))
        rows.append(TableRow(number, values))
    if not rows:
        raise NoRowsBelow(_("The file has a heading but no rows below it."))
    return TableIn(tuple(rows), tuple(faults))


def _places(heading: Line, columns: Sequence[str], optional: Sequence[str]) -> dict[str, int]:
    names = [_name(cell.text) for cell in heading[1]]
    for name in (*columns, *optional):
        if names.count(name) > 1:
            raise UploadRefused(_("The column “%(name)s” is there twice. Keep one of them.") % {"name": name})
    missing = [name for name in columns if name not in names]
    if missing:
        raise NoSuchTable(
            _("The first row must name the columns %(wanted)s. Not found: %(missing)s.")
            % {"wanted": ", ".join(columns), "missing": ", ".join(missing)}
        )
    return {name: names.index(name) for name in (*columns, *optional) if name in names}


def _surplus(number: int, cells: Sequence[RawCell], places: dict[str, int]) -> Iterator[CellFault]:
    """Cells with text that stand under no known column: leaving them out silently could lose what matters."""
    known = set(places.values())
    for place, cell in enumerate(cells):
        if place not in known and _holds(cell):
            yield CellFault(number, column_letter(place), _shown(cell.text), Fault.NO_COLUMN)


def _holds(cell: RawCell) -> bool:
    return bool(cell.text.strip()) or cell.fault not in ("", Fault.MERGED)


def column_letter(place: int) -> str:
    """The name a spreadsheet program gives to the column at `place`, counted from 0: A, B, ... AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _fault_of(text: str) -> str:
    if _CONTROLS & set(text):
        return Fault.CONTROL
    return Fault.DAMAGED if _REPLACEMENT in text else ""


def _clean(raw: str) -> str:
    text = raw.replace("\r\n", "\n").replace("\r", "\n").strip()
    return str(unescape_cell(text))


def _shown(raw: str) -> str:
    text = " ".join("".join(letter if letter.isprintable() else " " for letter in raw[:1000]).split())
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1] + "…"
