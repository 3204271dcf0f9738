"""Assessments as files, for tests: taken out, changed, sent back."""

import csv
from collections.abc import Callable
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from audittrail.models import Event
from gapanalysis.models import Answer
from gapanalysis.selectors.answer_rows import COLUMNS

Rows = list[dict[str, str]]
PLACE = {name: place for place, name in enumerate(COLUMNS)}


def exported(key: str = "baseline", slug: str = "alder") -> Rows:
    """The rows of an assessment."""
    out = StringIO()
    call_command("export_assessment", slug, key, stdout=out)
    return list(csv.DictReader(StringIO(out.getvalue())))


def as_csv(rows: Rows) -> bytes:
    """The rows as a file."""
    out = StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def row_of(rows: Rows, ref: str) -> dict[str, str]:
    """The row of one question."""
    return next(row for row in rows if row["ref"] == ref)


def book_of(tmp_path: Path, key: str = "baseline", slug: str = "alder", **options: str) -> openpyxl.Workbook:
    """The workbook of an assessment."""
    path = tmp_path / "taken-out.xlsx"
    call_command("export_assessment", slug, key, format="xlsx", output=str(path), stderr=StringIO(), **options)
    return openpyxl.load_workbook(path)


def saved(book: openpyxl.Workbook) -> bytes:
    """A workbook as a file."""
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def line_of(book: openpyxl.Workbook, ref: str) -> dict[str, Any]:
    """The cells of one question in a workbook, by column."""
    for sheet in book.worksheets:
        for line in sheet.iter_rows(min_row=2, max_row=100):
            if line[0].value == ref:
                return dict(zip(COLUMNS, line, strict=False))
    raise AssertionError(f"no {ref}")


def import_file(tmp_path: Path, content: bytes, *args: str, name: str = "answers.csv", key: str = "baseline") -> str:
    """What the command says of a file that it takes."""
    path = tmp_path / name
    path.write_bytes(content)
    out = StringIO()
    call_command("import_assessment", "alder", key, str(path), *args, stdout=out, stderr=out)
    return out.getvalue()


def refused(tmp_path: Path, content: bytes, *args: str, name: str = "answers.csv", key: str = "baseline") -> str:
    """What the command says of a file that it refuses, with 1; no answer and no event is written."""
    path = tmp_path / name
    path.write_bytes(content)
    before = standing()
    said = StringIO()
    with pytest.raises(CommandError) as error:
        call_command("import_assessment", "alder", key, str(path), *args, stdout=said, stderr=said)
    assert error.value.returncode == 1
    assert standing() == before
    return f"{said.getvalue()}{error.value}"


def standing() -> tuple[Any, ...]:
    """All that answers and trail say."""
    answers = Answer.objects.order_by("pk").values_list("pk", "version", "value", "rungs", "rating", "note")
    return Event.objects.count(), *answers


def changed(tmp_path: Path, change: Callable[[openpyxl.Workbook], None], key: str = "baseline") -> bytes:
    """The workbook with something done to it."""
    book = book_of(tmp_path, key)
    for sheet in book.worksheets:
        sheet.protection.sheet = False
    change(book)
    return saved(book)
