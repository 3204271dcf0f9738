"""Excel workbooks (XLSX) as lines of text cells: checked as an archive and as XML before openpyxl sees them.

A workbook of a few kilobytes can unpack to gigabytes, name a cell a million rows down, or hold markup that grows
while it is read. So each part is first run through as bytes, in pieces: what it unpacks to, how many elements it
has, and whether it declares a document type. Only then openpyxl reads it row by row, with defusedxml.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils import range_boundaries
from openpyxl.utils.escape import unescape
from openpyxl.utils.exceptions import InvalidFileException

from common.table_rows import Fault, RawCell
from common.uploads import UploadRefused

MAX_PARTS = 500
MAX_UNPACKED = 160 * 1024 * 1024  # two columns formatted down to the last row make some 100 MB
MAX_RATIO = 150  # such a sheet shrinks to a twentieth; a bomb to a thousandth
MAX_OTHER_PART = 4 * 1024 * 1024
MAX_STRINGS_PART = 32 * 1024 * 1024
MAX_ELEMENTS = 400_000  # that are kept in memory while a part is read
MAX_CELLS_IN_ROW = 16_384
MAX_ROW_NUMBER = 1_048_576
MAX_MERGED = 2_000
MAX_FORMATTED_ROWS = 100_000  # read while values are still to come; an empty rest is never read
_CHUNK = 64 * 1024
_MAX_WITHOUT_TAG = 8  # chunks: no cell, and no attribute, is that long
_TAG = re.compile(rb"<(!DOCTYPE|!ENTITY|(?:[A-Za-z_][\w.-]*:)?[A-Za-z_][\w.-]*)")
_MERGED = re.compile(
    rb"<(?:[A-Za-z_][\w.-]*:)?mergeCell\s[^>]{0,200}?\bref\s*=\s*[\"']([A-Za-z]{1,3}\d{1,7}:[A-Za-z]{1,3}\d{1,7})[\"']"
)
_ENCODING = re.compile(rb"^<\?xml[^>]*encoding\s*=\s*[\"']([^\"']*)[\"']")
_PASSING = frozenset((b"row", b"c", b"v", b"f", b"is", b"t", b"r", b"rPr"))
_SHEETS = "xl/worksheets/"
_STRINGS = "xl/sharedstrings.xml"
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,  # a way of packing that Python does not know
    RuntimeError,  # an encrypted part
    InvalidFileException,
    ParseError,
    ValueError,  # openpyxl for content it cannot place; defusedxml for what it forbids
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    OSError,
)

Line = tuple[int, Sequence[RawCell]]


@dataclass(frozen=True, slots=True)
class _Part:
    """What is known of a part before it is read: how many cells hold something, and which areas are merged."""

    filled: int = 0
    merged: tuple[tuple[int, int, int, int], ...] = ()

    def marked(self, row: int, line: list[RawCell], max_columns: int) -> list[RawCell]:
        """A row in which cells say so that lie under another one that they were merged with.

        Such a cell is empty in the file, or not there, and is not in what the person sees.
        """
        areas = [area for area in self.merged if area[1] <= row <= area[3]]
        width = min(max_columns, max((area[2] for area in areas), default=0))
        filled = [*line, *[RawCell()] * (width - len(line))]
        for left, top, right, _bottom in areas:
            for place in range(left, min(right, max_columns) + 1):
                if (row, place) != (top, left) and not filled[place - 1].text:
                    filled[place - 1] = RawCell("", Fault.MERGED)
        return filled


def read_workbook(content: bytes, *, max_columns: int) -> Iterator[Line]:
    """The rows of the one sheet that holds data, with their numbers; empty ones may be left out.

    Raises UploadRefused for what is no sound workbook, for more than is allowed, and for a second sheet with data.
    """
    for _title, lines in _sheets(content, max_columns, None, ()):
        yield from lines


def read_sheets(
    content: bytes, *, max_columns: int, wanted: Callable[[str], bool], ignored: Collection[str]
) -> Iterator[tuple[str, Iterator[Line]]]:
    """The rows of every sheet whose title is `wanted`, sheet by sheet; those titled as `ignored` are passed over.

    Where only one sheet holds data its title does not matter. Raises UploadRefused as `read_workbook` does, and for a
    sheet with data that is neither.
    """
    yield from _sheets(content, max_columns, wanted, ignored)


def _sheets(
    content: bytes, max_columns: int, wanted: Callable[[str], bool] | None, ignored: Collection[str]
) -> Iterator[tuple[str, Iterator[Line]]]:
    if not openpyxl.DEFUSEDXML:  # somebody switched it off by an environment variable
        raise UploadRefused(_("This installation cannot read XLSX files safely. Send a CSV file."))
    try:
        parts = _check_archive(content)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False, data_only=False)
    except _BROKEN as error:
        raise _unreadable() from error
    try:
        known = [(sheet, parts.get(sheet._worksheet_path.lower(), _Part())) for sheet in book.worksheets]
        with_data = [(sheet, part) for sheet, part in known if part.filled and sheet.title not in ignored]
        _refuse_others([sheet.title for sheet, _part in with_data], wanted)
        for sheet, part in with_data:
            yield sheet.title, _lines(sheet, part, max_columns)
    except _BROKEN as error:
        raise _unreadable() from error
    finally:
        book.close()


def _refuse_others(titles: Sequence[str], wanted: Callable[[str], bool] | None) -> None:
    if wanted is None:
        if len(titles) > 1:
            raise UploadRefused(
                _("More than one sheet holds data: %(names)s. Keep the table in one sheet and delete the others.")
                % {"names": ", ".join(title[:40] for title in titles[:5])}
            )
        return
    # A single sheet may be called anything: people save a CSV file as a workbook.
    others = [title for title in titles if not wanted(title)] if len(titles) > 1 else []
    if others:
        raise UploadRefused(
            _("These sheets hold data and are not part of the table: %(names)s. Delete them or move them elsewhere.")
            % {"names": ", ".join(title[:40] for title in others[:5])}
        )


def _unreadable() -> UploadRefused:
    return UploadRefused(
        _("The file is not a sound Excel workbook. Open it in your spreadsheet program and save it anew as XLSX.")
    )


def _too_large() -> UploadRefused:
    return UploadRefused(
        _("The workbook unpacks to more than can be read. Copy the columns into a new workbook and send that.")
    )


def _lines(sheet: Any, part: _Part, max_columns: int) -> Iterator[Line]:
    # The size that a sheet claims may be wrong in either direction.
    sheet.reset_dimensions()
    seen = read = 0
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        if number > MAX_ROW_NUMBER:
            raise _unreadable()
        if not cells:
            continue
        read += 1
        if read > MAX_FORMATTED_ROWS:
            raise _too_large()
        line = [_cell(cell) for cell in cells[:max_columns]]
        if part.merged:
            line = part.marked(number, line, max_columns)
        if any(cell.value is not None for cell in cells[max_columns:]):
            raise UploadRefused(
                _("Row %(row)s holds data far to the right of the table. Delete it and send the file again.")
                % {"row": number}
            )
        here = sum(cell.value is not None for cell in cells[:max_columns])
        if here:
            yield number, line
        seen += here
        # What follows the last value is formatting only, sometimes down to row 1,048,576.
        if seen >= part.filled:
            return


def _cell(cell: Any) -> RawCell:
    if cell.data_type == "f":
        return RawCell(_formula(cell.value), Fault.FORMULA)
    value = cell.value
    if value is None or value == "":
        return RawCell()
    if cell.data_type == "e":
        return RawCell(str(value), Fault.ERROR_VALUE)
    if isinstance(value, bool):
        return RawCell("TRUE" if value else "FALSE")
    if isinstance(value, datetime):
        return RawCell(value.date().isoformat() if value.time() == time() else value.isoformat(sep=" "))
    if isinstance(value, date):
        return RawCell(value.isoformat())
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return RawCell(str(int(value)))
    return RawCell(unescape(str(value)))


def _formula(value: Any) -> str:
    text = str(getattr(value, "text", None) or value or "")
    return text if text.startswith("=") else f"={text}"


def _check_archive(content: bytes) -> dict[str, _Part]:
    """Run through every part; gives what is known of each by its path."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        names = [part.filename.lower() for part in parts]
        if "[content_types].xml" not in names or len(set(names)) != len(names):
            raise _unreadable()
        if any(name.endswith("vbaproject.bin") for name in names):
            raise UploadRefused(_("The workbook holds macros. Save it as XLSX without them."))
        if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
            raise _too_large()
        # zipfile never unpacks more of a part than its size in the directory says: these sizes cannot lie upwards.
        return {
            name: _check_part(archive, part, name) for part, name in zip(parts, names, strict=True) if part.file_size
        }


def _check_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> _Part:
    with archive.open(part) as source:
        first = source.read(_CHUNK)
        start = first.removeprefix(b"\xef\xbb\xbf").lstrip()
        if start[:2] in (b"\xff\xfe", b"\xfe\xff") or (start[:1] == b"<" and b"\x00" in start[:8]):
            raise _unreadable()
        if start[:1] != b"<":
            # Pictures and printer settings: not XML, so openpyxl could not read them as a sheet.
            return _Part()
        declared = _ENCODING.match(start)
        if declared and declared[1].lower() not in (b"utf-8", b"us-ascii", b"ascii"):
            raise _unreadable()
        is_sheet = name.startswith(_SHEETS) and "/" not in name.removeprefix(_SHEETS)
        allowed = MAX_UNPACKED if is_sheet else MAX_STRINGS_PART if name == _STRINGS else MAX_OTHER_PART
        if part.file_size > allowed:
            raise _too_large()
        if part.file_size > 1024 * 1024 and part.file_size > MAX_RATIO * max(part.compress_size, 1):
            raise _too_large()
        return _count(first, source, is_sheet=is_sheet)


def _count(first: bytes, source: Any, *, is_sheet: bool) -> _Part:
    """Count what a part holds, piece by piece."""
    merged: list[tuple[int, int, int, int]] = []
    kept = in_row = filled = without = 0
    is_empty = True
    chunk, rest = first, b""
    while chunk:
        data = rest + chunk
        # A tag's name may be cut by the end of the piece: it is looked at with the next one.
        cut = data.rfind(b"<")
        chunk = source.read(_CHUNK)
        if chunk and cut >= 0 and len(data) - cut < 256:
            data, rest = data[:cut], data[cut:]
        else:
            rest = b""
        without = 0 if b"<" in data else without + 1
        if without > _MAX_WITHOUT_TAG:
            raise _too_large()
        if is_sheet:
            merged += [range_boundaries(area.decode()) for area in _MERGED.findall(data)]
            if len(merged) > MAX_MERGED:
                raise _too_large()
        for tag in _TAG.findall(data):
            name = tag.rpartition(b":")[2]
            if tag.startswith(b"!"):
                raise _unreadable()
            if name == b"row":
                in_row = 0
            elif name == b"c":
                in_row += 1
                is_empty = True
            elif name in (b"v", b"f", b"is"):
                # A formula comes with its last result: still one cell.
                filled += is_empty
                is_empty = False
            # Rows and cells of a sheet are let go of as soon as they are read; everything else is kept.
            kept += not (is_sheet and name in _PASSING)
            if kept > MAX_ELEMENTS or in_row > MAX_CELLS_IN_ROW:
                raise _too_large()
    return _Part(filled, tuple(merged))
