"""Workbooks that say nothing of when they were made: the same tables give the same bytes."""

import io
import re
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime

from common.workbook_out import Sheet, saved, sheet_name, stream_sheet

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_DATES = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</)")
_CORE = "docProps/core.xml"


def fixed_workbook(sheets: Iterable[Sheet], instant: datetime) -> bytes:
    """A workbook of several sheets, written row by row, that says it was made at `instant`. Names must differ."""
    from openpyxl import Workbook  # noqa: PLC0415 (12 MB that most processes never need)

    book = Workbook(write_only=True)
    for each in sheets:
        stream_sheet(book.create_sheet(sheet_name(each.name)), each)
    return with_fixed_dates(saved(book), instant)


def with_fixed_dates(content: bytes, instant: datetime) -> bytes:
    """The workbook `content` with `instant` in the place of every time of making, inside and around its parts."""
    said = instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as made, zipfile.ZipFile(target, "w") as fixed:
        for name in made.namelist():
            part = made.read(name)
            if name == _CORE:
                part = _DATES.sub(lambda found: found[1] + said + found[2], part)
            entry = zipfile.ZipInfo(name, _FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            fixed.writestr(entry, part)
    return target.getvalue()
