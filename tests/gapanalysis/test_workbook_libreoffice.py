"""A workbook that LibreOffice has opened and saved, and one that has its habits where it is not installed."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from audittrail.models import Event
from gapanalysis.models import Assessment
from tests.cast import Cast
from tests.common.workbooks import patched
from tests.gapanalysis.conftest import answer_of, give
from tests.gapanalysis.files import book_of, changed, import_file, line_of, saved

pytestmark = pytest.mark.django_db
SOFFICE = shutil.which("soffice")
needs_libreoffice = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (libreoffice-calc-nogui) is not installed")
NOTE = "=1+1, “quotes”\n\n-- and a line"


def saved_by_libreoffice(tmp_path: Path, content: bytes, kind: str) -> bytes:
    """`content` opened by LibreOffice and saved as `kind`, then as XLSX again."""
    path = tmp_path / "sent" / "answers.xlsx"
    path.parent.mkdir()
    path.write_bytes(content)
    for step, form in enumerate((kind, "xlsx")):
        folder = tmp_path / f"saved-{step}"
        subprocess.run(
            [
                str(SOFFICE),
                f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
                "--headless",
                "--convert-to",
                form,
                "--outdir",
                str(folder),
                str(path),
            ],
            check=True,
            capture_output=True,
            timeout=180,
        )
        path = next(folder.iterdir())
    return path.read_bytes()


@pytest.mark.slow
@needs_libreoffice
@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_workbook_that_libreoffice_saved_changes_what_was_changed(
    cast: Cast, baseline: Assessment, tmp_path: Path, kind: str
) -> None:
    give(cast, baseline, "Q-8.5.1.3-01", "minor gap", note=NOTE, evidence_note="0043 1 234")
    give(cast, baseline, "RF-a", "unanswered", rating=2)
    before = Event.objects.count()
    content = saved_by_libreoffice(tmp_path, saved(book_of(tmp_path)), kind)
    said = import_file(tmp_path, content, name="answers.xlsx")
    assert said == "baseline: 0 answer(s) changed, 12 stay as they are.\n"
    assert Event.objects.count() == before


@pytest.mark.slow
@needs_libreoffice
def test_what_was_filled_in_with_libreoffice_is_taken(cast: Cast, baseline: Assessment, tmp_path: Path) -> None:
    book = book_of(tmp_path)
    line_of(book, "Q-8.6.1-01")["answer"].value = "major gap"
    line_of(book, "Q-8.6.1-01")["note"].value = "8.10 is no number.\nNobody calls back."
    line_of(book, "L-01")["answer"].value = "defined, operated"
    line_of(book, "RF-a")["answer"].value = 3
    content = saved_by_libreoffice(tmp_path, saved(book), "ods")
    assert import_file(tmp_path, content, name="answers.xlsx").endswith("3 answer(s) changed, 9 stay as they are.\n")
    answer = answer_of(baseline, "Q-8.6.1-01")
    assert (answer.value, answer.note) == ("major gap", "8.10 is no number.\nNobody calls back.")
    assert answer_of(baseline, "L-01").rungs == ["defined", "operated"]
    assert answer_of(baseline, "RF-a").rating == 3


@pytest.mark.slow
@needs_libreoffice
def test_the_lists_and_the_locks_survive_it(cast: Cast, baseline: Assessment, tmp_path: Path) -> None:
    import openpyxl

    path = tmp_path / "again.xlsx"
    path.write_bytes(saved_by_libreoffice(tmp_path, saved(book_of(tmp_path)), "xlsx"))
    sheet = openpyxl.load_workbook(path)["Chapter 8"]
    assert sheet.protection.sheet
    assert [each.formula1 for each in sheet.data_validations.dataValidation] == ["Lists!$A$1:$A$6"]
    assert not sheet["B2"].protection.locked
    assert sheet["D2"].protection.locked
    assert sheet.column_dimensions["N"].hidden


def test_a_workbook_with_its_habits_is_read(cast: Cast, baseline: Assessment, tmp_path: Path) -> None:
    """Shared strings, a General format, rows that repeat the format of a column, a size that claims the whole sheet."""

    def fill(book) -> None:
        line_of(book, "Q-4.1-01")["answer"].value = "conforms"
        line_of(book, "Q-4.1-01")["answer"].number_format = "General"

    def rewrite(sheet: bytes) -> bytes:
        empty = b"".join(
            b'<row r="%d" customFormat="false" ht="12.8" hidden="false"><c r="A%d" s="1"/><c r="B%d" s="1"/></row>'
            % (number, number, number)
            for number in range(3, 60_000)
        )
        sheet = re.sub(rb"<dimension[^>]*/>", b'<dimension ref="A1:AMJ1048576"/>', sheet)
        return sheet.replace(b"</sheetData>", empty + b"</sheetData>")

    content = patched(changed(tmp_path, fill), rewrite, "xl/worksheets/sheet2.xml")
    import_file(tmp_path, content, name="answers.xlsx")
    assert answer_of(baseline, "Q-4.1-01").value == "conforms"
