"""Small XLSX files for tests, sound and unsound ones."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import openpyxl

SHEET = "xl/worksheets/sheet1.xml"


def workbook(*sheets: Sequence[Sequence[Any]], change: Callable[[Any], None] | None = None) -> bytes:
    """A workbook with a sheet for each list of rows; `change` may alter it before it is saved."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for rows in sheets:
        sheet = book.create_sheet()
        for row in rows:
            sheet.append(list(row))
    if change is not None:
        change(book)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def patched(
    content: bytes, change: Callable[[bytes], bytes], part: str = SHEET, added: Mapping[str, bytes] | None = None
) -> bytes:
    """`content` with one of its parts changed, and others `added`."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in source.namelist():
            data = source.read(name)
            copy.writestr(name, change(data) if name == part else data)
        for name, data in (added or {}).items():
            copy.writestr(name, data)
    return target.getvalue()


def with_shared_strings(content: bytes, strings: Sequence[str]) -> bytes:
    """`content` with a table of shared strings, as Excel writes it; `{n}` in a cell's text stands for string n."""
    items = "".join(f"<si><t>{text}</t></si>" for text in strings)
    table = f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{items}</sst>'
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    entry = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'.encode()

    def point(sheet: bytes) -> bytes:
        for number in range(len(strings)):
            inline = f't="inlineStr"><is><t>{{{number}}}</t></is>'
            sheet = sheet.replace(inline.encode(), f't="s"><v>{number}</v>'.encode())
        return sheet

    listed = patched(content, lambda types: types.replace(b"</Types>", entry), "[Content_Types].xml")
    return patched(listed, point, added={"xl/sharedStrings.xml": table.encode()})
