"""Text on its way into a spreadsheet cell, and back.

A cell that starts with one of these characters is run as a formula by a spreadsheet program, so it gets an
apostrophe in front. Text that already starts with apostrophes before such a character gets one more: taking
one away restores exactly what was there.
"""

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime
from io import StringIO
from typing import Any

RISKY = ("=", "+", "-", "@", "\t", "\r")


def escape_cell(value: Any) -> Any:
    """Return `value` safe for a cell. Numbers, dates and None stay what they are.

    An instant becomes text with its zone, to the minute: a workbook has no place for zones.
    """
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.isoformat(timespec="minutes")
    if isinstance(value, str) and value.lstrip("'").startswith(RISKY):
        return "'" + value
    return value


def unescape_cell(value: Any) -> Any:
    """Undo `escape_cell`."""
    if isinstance(value, str) and value.startswith("'") and value.lstrip("'").startswith(RISKY):
        return value[1:]
    return value


def to_csv(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A CSV text (comma, CRLF, UTF-8 to be) with every text cell escaped."""
    buffer = StringIO()
    writer = csv.writer(buffer)
    writer.writerow([escape_cell(cell) for cell in header])
    for row in rows:
        writer.writerow(["" if cell is None else escape_cell(cell) for cell in row])
    return buffer.getvalue()
