"""Tables that people send: right or refused, never garbled."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import PatternFill

from common.table_rows import CellFault, Fault, TableIn
from common.tables_in import Limits, column_letter, read_table, read_tables
from common.uploads import Upload, UploadRefused, read_upload
from tests.common.workbooks import patched, with_shared_strings, workbook

HEADING = ["ref", "wording"]
LIMITS = Limits(max_rows=2000)


class Sent:
    """A sent file that may lie about its size."""

    def __init__(self, content: bytes, name: str = "a.csv", size: int | None = None) -> None:
        self.name = name
        self.size = len(content) if size is None else size
        self._file = io.BytesIO(content)
        self.was_read = 0

    def read(self, num_bytes: int | None = None, /) -> bytes:
        data = self._file.read(num_bytes)
        self.was_read += len(data)
        return data


def csv(content: bytes | str, name: str = "a.csv") -> TableIn:
    data = content.encode() if isinstance(content, str) else content
    return read_table(Upload(name, data, ""), columns=HEADING, limits=LIMITS)


def xlsx(content: bytes, name: str = "a.xlsx") -> TableIn:
    return read_table(Upload(name, content, ""), columns=HEADING, limits=LIMITS)


def values(table: TableIn) -> list[tuple[str, str]]:
    return [(row.values["ref"], row.values["wording"]) for row in table.rows]


def refusal(read: Any, content: bytes | str, name: str = "") -> str:
    with pytest.raises(UploadRefused) as caught:
        read(content, name) if name else read(content)
    return str(caught.value)


# --- bytes -------------------------------------------------------------------------------------------------------


def test_it_takes_bytes_name_and_hash() -> None:
    upload = read_upload(Sent(b"abc", "C:\\temp\\my file.CSV"), max_bytes=10)
    assert (upload.name, upload.extension, upload.content) == ("my file.CSV", ".csv", b"abc")
    assert upload.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_a_name_loses_what_would_turn_it_round() -> None:
    assert read_upload(Sent(b"a", "../x\u202evsc.exe\x00.csv"), max_bytes=10).name == "xvsc.exe.csv"


@pytest.mark.parametrize("size", [None, 3])
def test_it_refuses_more_bytes_than_allowed_whatever_size_the_file_claims(size: int | None) -> None:
    sent = Sent(b"x" * 100, size=size)
    with pytest.raises(UploadRefused, match="larger than"):
        read_upload(sent, max_bytes=10)
    assert sent.was_read <= 11


def test_it_refuses_an_empty_file() -> None:
    with pytest.raises(UploadRefused, match="empty"):
        read_upload(Sent(b""), max_bytes=10)


# --- CSV ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_it_reads_every_separator_in_every_unicode_encoding(separator: str, encoding: str) -> None:
    text = f"ref{separator}wording\r\nCH.i{separator}Grün, žluť; a\r\n"
    if separator != "\t":
        text = text.replace("Grün, žluť; a", '"Grün, žluť; a"')
    assert values(csv(text.encode(encoding))) == [("CH.i", "Grün, žluť; a")]


@pytest.mark.parametrize("encoding", ["cp1250", "cp1252", "mac-roman", "latin-1", "cp852"])
def test_it_refuses_a_code_page_instead_of_guessing_and_says_where(encoding: str) -> None:
    message = refusal(csv, "ref,wording\nCH.i,plain\nCH.j,Grün\n".encode(encoding))
    assert "not in UTF-8 (line 3)" in message
    assert "CSV UTF-8" in message


@pytest.mark.parametrize("content", [b"ref,wording\nCH.i,a\x00b\n", "ref,wording\n".encode("utf-16-le")])
def test_it_refuses_nul(content: bytes) -> None:
    assert "NUL" in refusal(csv, content)


def test_heading_may_come_in_any_order_case_and_after_a_separator_line() -> None:
    assert values(csv("sep=;\nWording ; REF\na text;CH.i\n")) == [("CH.i", "a text")]


def test_rows_count_as_in_a_spreadsheet_and_empty_ones_are_left_out() -> None:
    table = csv('ref,wording\n,\nCH.i,"two\nlines"\n\nCH.j,x\n')
    assert [(row.number, row.values["wording"]) for row in table.rows] == [(3, "two\nlines"), (5, "x")]


def test_it_undoes_the_apostrophe_of_our_own_exports() -> None:
    assert values(csv("ref,wording\nCH.i,'=not a formula\nCH.j,'quoted'\n")) == [
        ("CH.i", "=not a formula"),
        ("CH.j", "'quoted'"),
    ]


def test_a_formula_a_control_character_and_a_lost_letter_are_faults_of_their_cells() -> None:
    table = csv("ref,wording\nCH.i,=HYPERLINK(1)\nCH.j,a\x07b\nCH.k,a\ufffdb\n")
    assert table.faults == (
        CellFault(2, "wording", "=HYPERLINK(1)", Fault.FORMULA),
        CellFault(3, "wording", "a b", Fault.CONTROL),
        CellFault(4, "wording", "a\ufffdb", Fault.DAMAGED),
    )


def test_text_under_no_heading_is_a_fault_not_silently_left_out() -> None:
    assert csv("ref,wording,\nCH.i,a,lost\nCH.j,b,\n").faults == (CellFault(2, "C", "lost", Fault.NO_COLUMN),)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("ref,text\nCH.i,a\n", "Not found: wording"),
        ("ref,ref,wording\nCH.i,a,b\n", "“ref” is there twice"),
        ("ref,wording\n", "no rows below"),
        ("\n\n", "no rows"),
        ('ref,wording\nCH.i,"open\n', "Row 2 cannot be read"),
        ('{"ref": "CH.i", "wording": "a"}', "must name the columns"),
        ("ref: CH.i\nwording: a\n", "must name the columns"),
    ],
)
def test_it_refuses_what_is_no_such_table(content: str, words: str) -> None:
    assert words in refusal(csv, content)


def test_it_refuses_one_row_too_many_and_reads_no_further() -> None:
    assert len(csv("ref,wording\n" + "a,b\n" * 2000).rows) == 2000
    assert "more than 2,000 rows" in refusal(csv, "ref,wording\n" + "a,b\n" * 100_000)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", b"PK\x03\x04rest"),
        ("a.csv", b"\xd0\xcf\x11\xe0rest"),
        ("a.csv", b"%PDF-1.7"),
        ("a.xlsx", b"ref,wording\nCH.i,a\n"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0rest"),
        ("a.xls", b"\xd0\xcf\x11\xe0rest"),
        ("a.xlsm", b"PK\x03\x04rest"),
        ("a.json", b"{}"),
        ("a.yaml", b"ref: a"),
        ("csv", b"ref,wording\nCH.i,a\n"),
    ],
)
def test_it_refuses_a_file_that_is_not_what_its_name_says(name: str, content: bytes) -> None:
    assert refusal(csv, content, name)


# --- XLSX --------------------------------------------------------------------------------------------------------


def test_xml_is_read_through_defusedxml() -> None:
    assert openpyxl.DEFUSEDXML is True


def test_it_refuses_workbooks_where_somebody_switched_that_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openpyxl, "DEFUSEDXML", False)
    assert "Send a CSV" in refusal(xlsx, workbook([HEADING, ["CH.i", "a"]]))


def test_it_reads_text_numbers_and_empty_sheets() -> None:
    table = xlsx(workbook([HEADING, ["CH.i", " Grün "], [None, None], [4, 4.5], ["x", True]], []))
    assert values(table) == [("CH.i", "Grün"), ("4", "4.5"), ("x", "TRUE")]
    assert [row.number for row in table.rows] == [2, 4, 5]


def test_it_reads_shared_strings_with_escaped_characters() -> None:
    content = with_shared_strings(
        workbook([HEADING, ["CH.i", "{0}"], ["CH.j", "{1}"]]), ["one_x000D_\ntwo", "a_x0007_"]
    )
    table = xlsx(content)
    assert table.rows[0].values["wording"] == "one\ntwo"
    assert table.faults == (CellFault(3, "wording", "a", Fault.CONTROL),)


def test_text_that_begins_with_an_equals_sign_is_text_in_a_workbook() -> None:
    def as_text(book: Any) -> None:
        book.worksheets[0]["B2"].value = "=a"
        book.worksheets[0]["B2"].data_type = "s"

    assert values(xlsx(workbook([HEADING, ["CH.i", "a"]], change=as_text))) == [("CH.i", "=a")]


def test_formulas_and_error_values_are_faults_with_their_rows() -> None:
    table = xlsx(workbook([HEADING, ["CH.i", "=1+1"], ["CH.j", "#REF!"], ["CH.k", "fine"]]))
    assert table.faults == (
        CellFault(2, "wording", "=1+1", Fault.FORMULA),
        CellFault(3, "wording", "#REF!", Fault.ERROR_VALUE),
    )


def test_a_second_sheet_with_data_is_refused_by_name() -> None:
    assert "More than one sheet" in refusal(xlsx, workbook([HEADING, ["CH.i", "a"]], [["hidden"]]))


def test_formatting_down_to_the_last_row_is_fine() -> None:
    def paint(book: Any) -> None:
        book.worksheets[0]["A1048576"].fill = PatternFill("solid", fgColor="FF0000")

    assert values(xlsx(workbook([HEADING, ["CH.i", "a"]], change=paint))) == [("CH.i", "a")]


def test_formatting_in_each_of_very_many_rows_is_fine() -> None:
    empty = "".join(f'<row r="{n}" s="1"><c r="A{n}" s="0"/></row>' for n in range(3, 150_003)).encode()
    content = patched(
        workbook([HEADING, ["CH.i", "a"]]), lambda xml: xml.replace(b"</sheetData>", empty + b"</sheetData>")
    )
    assert values(xlsx(content)) == [("CH.i", "a")]


def test_a_cell_in_the_last_row_is_read_and_one_far_to_the_right_refused() -> None:
    def far_down(book: Any) -> None:
        book.worksheets[0]["A1048576"] = "CH.j"

    def far_right(book: Any) -> None:
        book.worksheets[0]["XFD3"] = "x"

    table = xlsx(workbook([HEADING, ["CH.i", "a"]], change=far_down))
    assert [row.number for row in table.rows] == [2, 1_048_576]
    assert "Row 3" in refusal(xlsx, workbook([HEADING, ["CH.i", "a"]], change=far_right))


def test_a_hundred_thousand_rows_are_refused_by_the_limit() -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c><c r="B{n}"><v>2</v></c></row>' for n in range(2, 100_002))
    content = patched(workbook([HEADING]), lambda xml: xml.replace(b"</sheetData>", rows.encode() + b"</sheetData>"))
    assert "more than 2,000 rows" in refusal(xlsx, content)


@pytest.mark.parametrize(
    "change",
    [
        lambda xml: b'<!DOCTYPE x [<!ENTITY a "b">]>' + xml,
        lambda xml: b'<?xml version="1.0"?><!DOCTYPE x SYSTEM "http://127.0.0.1/">' + xml,
        lambda xml: ('<?xml version="1.0" encoding="utf-16"?>' + xml.decode()).encode("utf-16"),
        lambda xml: b'<?xml version="1.0" encoding="cp037"?>' + xml,
        lambda xml: xml.replace(b"</sheetData>", b" " * 50_000_000 + b"</sheetData>"),
        lambda xml: xml.replace(b"</sheetData>", b"<row>" + b"<c/>" * 20_000 + b"</row></sheetData>"),
        lambda xml: xml.replace(b"<sheetData>", b"<x/>" * 500_000 + b"<sheetData>"),
        lambda xml: xml.replace(b'<row r="2"', b'<row r="99999999999"'),
        lambda xml: xml[: xml.index(b'<row r="2"') + 20],
    ],
    ids=["entity", "doctype", "utf-16", "ebcdic", "bomb", "wide row", "many tags", "row beyond the end", "cut"],
)
def test_it_refuses_an_unsound_sheet(change: Callable[[bytes], bytes]) -> None:
    assert refusal(xlsx, patched(workbook([HEADING, ["CH.i", "a"]]), change))


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"])
@pytest.mark.parametrize(
    "change",
    [
        lambda xml: b'<!DOCTYPE x [<!ENTITY a "b">]>' + xml,
        lambda xml: xml.replace(b"/>", b" " * 5_000_000 + b"/>", 1),
        lambda xml: xml[:-4],
    ],
    ids=["entity", "too long", "cut"],
)
def test_it_refuses_any_other_unsound_part(change: Callable[[bytes], bytes], part: str) -> None:
    assert refusal(xlsx, patched(workbook([HEADING, ["CH.i", "a"]]), change, part))


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    real = zipfile.ZipFile.open

    def noting(self: zipfile.ZipFile, name: Any, *args: Any, **options: Any) -> Any:
        opened.append(str(name))
        return real(self, name, *args, **options)

    monkeypatch.setattr(zipfile.ZipFile, "open", noting)
    content = patched(workbook([HEADING]), lambda xml: xml, added={"xl/media/a.bin": b"\x00" * 200_000_000})
    opened.clear()
    assert "unpacks to more" in refusal(xlsx, content)
    assert opened == []


def test_a_size_that_lies_is_noticed() -> None:
    content = bytearray(workbook([HEADING, ["CH.i", "a" * 5000]]))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    entry = content.rindex(b"PK\x01\x02", 0, content.rindex(b"xl/worksheets/sheet1.xml"))
    content[entry + 24 : entry + 28] = (size - 4000).to_bytes(4, "little")
    assert "not a sound Excel workbook" in refusal(xlsx, bytes(content))


def test_macros_are_refused_under_any_name() -> None:
    content = patched(workbook([HEADING, ["CH.i", "a"]]), lambda xml: xml, added={"xl/vbaProject.bin": b"x"})
    assert "macros" in refusal(xlsx, content)


def test_any_zip_is_not_a_workbook() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.txt", "ref,wording")
    assert "not a sound Excel workbook" in refusal(xlsx, target.getvalue())


@pytest.mark.parametrize(("place", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ")])
def test_columns_are_named_as_a_spreadsheet_names_them(place: int, letter: str) -> None:
    assert column_letter(place) == letter


def merge(area: str) -> Callable[[Any], None]:
    return lambda book: book.worksheets[0].merge_cells(area)


def test_a_cell_that_was_merged_with_another_is_a_fault_and_not_an_empty_one() -> None:
    rows = [["ref", "wording"], ["A.a", "first"], ["A.b", "second"], ["A.c", "third"]]
    table = xlsx(workbook(rows, change=merge("B2:B4")))
    assert values(table) == [("A.a", "first"), ("A.b", ""), ("A.c", "")]
    assert table.faults == tuple(CellFault(row, "wording", "", Fault.MERGED) for row in (3, 4))


@pytest.mark.parametrize("area", ["D1:F1", "C2:D9", "A5:B9"])
def test_merged_cells_beside_the_table_are_nobodys_business(area: str) -> None:
    table = xlsx(workbook([["ref", "wording"], ["A.a", "first"], ["A.b", "second"]], change=merge(area)))
    assert (values(table), table.faults) == ([("A.a", "first"), ("A.b", "second")], ())


def test_a_workbook_with_thousands_of_merged_areas_is_refused() -> None:
    def many(book: Any) -> None:
        for row in range(1, 2003):
            book.worksheets[0].merge_cells(start_row=row, end_row=row, start_column=4, end_column=5)

    assert "unpacks to more than can be read" in refusal(
        xlsx, workbook([["ref", "wording"], ["A.a", "first"]], change=many)
    )


def by_heading(content: bytes) -> TableIn:
    return read_tables(
        Upload("a.xlsx", content, ""),
        columns=("ref",),
        optional=("wording",),
        limits=Limits(max_rows=9),
        wanted=lambda title: title == "Sheet",
        by_heading=True,
    )


def test_sheets_are_known_by_their_heading_and_others_are_named() -> None:
    table = by_heading(workbook([["ref"], ["A.a"]], [["wording", "REF"], ["x", "A.b"]], [["a thought"]], [["ref"]]))
    assert [(row.sheet, row.values["ref"]) for row in table.rows] == [("Sheet", "A.a"), ("Sheet1", "A.b")]
    assert table.unread == ("Sheet2",)


def test_a_sheet_that_is_wanted_by_its_title_must_have_the_heading() -> None:
    with pytest.raises(UploadRefused, match="Sheet “Sheet”: The first row must name the columns ref"):
        by_heading(workbook([["A.a"]], [["ref"], ["A.b"]]))


def test_a_workbook_in_which_nothing_has_the_heading_is_refused() -> None:
    with pytest.raises(UploadRefused, match="The file holds no rows"):
        by_heading(workbook([["ref"]], [["ref"]]))
