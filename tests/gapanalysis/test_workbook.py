"""An assessment out as a file and in again: by the commands, with everything that people and programs do to it."""

from io import StringIO
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from audittrail.models import Event
from gapanalysis.models import Answer, Assessment
from gapanalysis.selectors.answer_rows import COLUMNS
from gapanalysis.services.answers import write_finding
from gapanalysis.services.assessments import set_assessors
from tests.cast import CANARY, NOW, Cast
from tests.common.workbooks import patched
from tests.gapanalysis.conftest import answer_of, give, make, move
from tests.gapanalysis.files import (
    PLACE,
    as_csv,
    book_of,
    changed,
    exported,
    import_file,
    line_of,
    refused,
    row_of,
    saved,
)

pytestmark = pytest.mark.django_db
ODD = "=1+1\nand “quotes”, -- too\n\n• end"


@pytest.fixture
def lively(cast: Cast, baseline: Assessment) -> Assessment:
    """Answers of every kind, odd texts among them."""
    answer = give(cast, baseline, "Q-8.5.1.3-01", "minor gap", note=ODD, evidence_note="+43 1 234")
    write_finding(
        acting_user=cast.mara,
        project=cast.project,
        answer=answer,
        version=0,
        gap="Three of ten changes carry no way back.",
        owner=cast.parties["petra"],
    )
    give(cast, baseline, "Q-4.1-01", "conforms")
    give(cast, baseline, "L-01", "unanswered", rungs=["operated", "defined"])
    give(cast, baseline, "RF-a", "unanswered", rating=0)
    give(cast, baseline, "SV-a", "unanswered", note="Two systems run here.")
    return baseline


# --- out -------------------------------------------------------------------------------------------------------------


def test_a_row_has_the_answer_and_what_helps_to_give_it(cast: Cast, lively: Assessment) -> None:
    row = row_of(exported(), "Q-8.5.1.3-01")
    assert list(row)[:3] == ["ref", "answer", "note"]
    assert {name: row[name] for name in ("answer", "question", "look_for", "typical_gap", "finding", "owner")} == {
        "answer": "minor gap",
        "question": "Show me what Q-8.5.1.3-01 asks for.",
        "look_for": "• A record\n• A date",
        "typical_gap": "There is none.",
        "finding": "Three of ten changes carry no way back.",
        "owner": "Petra Pohl",
    }
    assert row["note"] == f"'{ODD}"  # nothing that a spreadsheet program would run


def test_every_instrument_has_its_own_kind_of_answer(cast: Cast, lively: Assessment) -> None:
    answers = {row["ref"]: row["answer"] for row in exported()}
    assert (answers["L-01"], answers["RF-a"], answers["SV-a"], answers["Q-9.2-01"]) == (
        "defined, operated",
        "0",
        "",
        "unanswered",
    )


def test_the_workbook_has_instructions_first_and_a_sheet_a_chapter(
    cast: Cast, lively: Assessment, tmp_path: Path
) -> None:
    book = book_of(tmp_path)
    assert book.sheetnames == [
        "Instructions",
        "Chapter 4",
        "Chapter 5",
        "Chapter 8",
        "Chapter 9",
        "2011 only",
        "Ladders",
        "Survey",
        "Readiness",
        "Lists",
    ]
    assert "Assessment baseline, state: In progress" in str(book["Instructions"]["A2"].value)
    sheet = book["Chapter 8"]
    assert [cell.value for cell in sheet[1]] == list(COLUMNS)
    assert sheet.protection.sheet
    unlocked = {name for name, place in PLACE.items() if not sheet.cell(2, place + 1).protection.locked}
    assert unlocked == {"answer", "note", "evidence"}
    assert sheet.column_dimensions["N"].hidden  # the mark
    assert book["Survey"].cell(2, PLACE["answer"] + 1).protection.locked


def test_answers_are_picked_from_a_list_and_rungs_may_be_typed_too(
    cast: Cast, lively: Assessment, tmp_path: Path
) -> None:
    book = book_of(tmp_path)
    lists = {
        name: [(each.formula1, each.showErrorMessage) for each in book[name].data_validations.dataValidation]
        for name in ("Chapter 4", "Ladders", "Survey", "Readiness")
    }
    assert lists == {
        "Chapter 4": [("=Lists!$A$1:$A$6", True)],
        "Ladders": [("=Lists!$B$1:$B$7", False)],
        "Survey": [],
        "Readiness": [("=Lists!$C$1:$C$5", True)],
    }
    assert [cell.value for cell in book["Lists"]["A"]][:6] == [
        "conforms",
        "minor gap",
        "major gap",
        "no case yet",
        "excluded",
        "unanswered",
    ]


def test_an_assessor_finds_only_the_own_sections_open(cast: Cast, baseline: Assessment, tmp_path: Path) -> None:
    set_assessors(
        acting_user=cast.mara, project=cast.project, assessment=baseline, given={cast.parties["tim"]: ["8.6"]}
    )
    book = book_of(tmp_path, acting_as="tim@alder.example")
    assert not line_of(book, "Q-8.6.1-01")["answer"].protection.locked
    assert line_of(book, "Q-8.5.1.3-01")["answer"].protection.locked
    assert "White for you are the sections 8.6." in [cell.value for cell in book["Instructions"]["A"]]
    for who in ("petra", "audra"):
        book = book_of(tmp_path, acting_as=f"{who}@alder.example")
        assert line_of(book, "Q-8.6.1-01")["answer"].protection.locked


def test_the_answer_of_the_time_before_stands_beside(cast: Cast, locked: Assessment) -> None:
    move(cast, make(cast, "ad hoc", title="Interim", started_from=locked), "in progress")
    row = row_of(exported("interim"), "Q-8.5.1.3-01")
    assert (row["answer"], row["before"]) == ("unanswered", "minor gap: Standard changes carry no way back.")


def test_strangers_get_nothing(cast: Cast, baseline: Assessment) -> None:
    with pytest.raises(CommandError, match="there is no project 'alder'"):
        call_command("export_assessment", "alder", "baseline", acting_as="bruno@birch.example", stdout=StringIO())
    with pytest.raises(CommandError, match="alder has no assessment 'end-of-phase-1'; it has: baseline"):
        call_command("export_assessment", "alder", "end-of-phase-1", stdout=StringIO())


# --- in again --------------------------------------------------------------------------------------------------------


def test_our_own_files_change_nothing_and_leave_no_trace(cast: Cast, lively: Assessment, tmp_path: Path) -> None:
    before = Event.objects.count()
    assert import_file(tmp_path, as_csv(exported())) == "baseline: 0 answer(s) changed, 12 stay as they are.\n"
    said = import_file(tmp_path, saved(book_of(tmp_path)), name="answers.xlsx")
    assert said == "baseline: 0 answer(s) changed, 12 stay as they are.\n"
    assert Event.objects.count() == before


def test_a_filled_workbook_gives_every_kind_of_answer(cast: Cast, baseline: Assessment, tmp_path: Path) -> None:
    def fill(book: openpyxl.Workbook) -> None:
        line_of(book, "Q-8.6.1-01")["answer"].value = "Major gap"
        line_of(book, "Q-8.6.1-01")["note"].value = "Nobody knows who calls back."
        line_of(book, "Q-8.6.1-01")["evidence"].value = "Tickets of May"
        line_of(book, "L-01")["answer"].value = "operated, Defined"
        line_of(book, "RF-a")["answer"].value = 3
        line_of(book, "SV-a")["note"].value = "Two systems run here."

    said = import_file(tmp_path, changed(tmp_path, fill), "--as", "mara@alder.example", name="answers.xlsx")
    assert "Q-8.6.1-01: answer 'unanswered' -> 'major gap'\n" in said
    assert said.endswith("baseline: 4 answer(s) changed, 8 stay as they are.\n")
    answer = answer_of(baseline, "Q-8.6.1-01")
    assert (answer.value, answer.note, answer.evidence_note) == (
        "major gap",
        "Nobody knows who calls back.",
        "Tickets of May",
    )
    assert (answer.answered_by, answer.answered_at, answer.version) == (cast.mara, NOW, 2)
    assert answer_of(baseline, "L-01").rungs == ["defined", "operated"]
    assert answer_of(baseline, "RF-a").rating == 3
    assert answer_of(baseline, "SV-a").note == "Two systems run here."
    events = Event.objects.filter(stream_id=cast.project.uuid, action="answer question")
    assert {(event.actor_id, event.content["via"]) for event in events} == {(cast.mara.pk, "import")}


def test_a_table_of_ones_own_is_taken_at_its_word_and_its_empty_cells_change_nothing(
    cast: Cast, lively: Assessment, tmp_path: Path
) -> None:
    content = b"ref;answer;note\nQ-9.2-01;conforms;\nQ-4.1-01;;Seen.\nQ-8.5.1.3-01;;\n"
    assert import_file(tmp_path, content).endswith("2 answer(s) changed, 1 stay as they are.\n")
    assert answer_of(lively, "Q-9.2-01").value == "conforms"
    first, second = (answer_of(lively, ref) for ref in ("Q-4.1-01", "Q-8.5.1.3-01"))
    assert (first.value, first.note) == ("conforms", "Seen.")
    assert (second.value, second.note) == ("minor gap", ODD)


def test_a_cell_that_somebody_emptied_takes_its_answer_back(cast: Cast, lively: Assessment, tmp_path: Path) -> None:
    def empty(book: openpyxl.Workbook) -> None:
        for ref, column in (
            ("Q-8.5.1.3-01", "answer"),
            ("Q-8.5.1.3-01", "note"),
            ("L-01", "answer"),
            ("RF-a", "answer"),
        ):
            line_of(book, ref)[column].value = None

    import_file(tmp_path, changed(tmp_path, empty), name="answers.xlsx")
    answer = answer_of(lively, "Q-8.5.1.3-01")
    assert (answer.value, answer.note, answer.evidence_note) == ("unanswered", "", "+43 1 234")
    assert (answer_of(lively, "L-01").rungs, answer_of(lively, "RF-a").rating) == ([], None)


def test_a_ladder_without_a_rung_is_an_answer_too(cast: Cast, baseline: Assessment, tmp_path: Path) -> None:
    import_file(tmp_path, b"ref,answer\nL-01,none\n")
    assert answer_of(baseline, "L-01").answered_at == NOW
    assert row_of(exported(), "L-01")["answer"] == "none"
    assert import_file(tmp_path, b"ref,answer\nL-01,none\n").endswith("0 answer(s) changed, 1 stay as they are.\n")


def test_a_dry_run_says_it_all_and_writes_nothing(cast: Cast, baseline: Assessment, tmp_path: Path) -> None:
    before = Event.objects.count()
    said = import_file(tmp_path, b"ref,answer\nQ-9.2-01,conforms\n", "--dry-run")
    assert "Q-9.2-01: answer 'unanswered' -> 'conforms'" in said
    assert said.endswith("baseline: 1 answer(s) would change, 0 stay as they are.\n")
    assert (answer_of(baseline, "Q-9.2-01").value, Event.objects.count()) == ("unanswered", before)


def test_confirming_an_earlier_answer_works_offline_too(cast: Cast, locked: Assessment, tmp_path: Path) -> None:
    interim = move(cast, make(cast, "ad hoc", title="Interim", started_from=locked), "in progress")
    rows = exported("interim")
    row_of(rows, "Q-5.2.1-01")["answer"] = "conforms"
    row_of(rows, "Q-5.2.1-02")["answer"] = "major gap"
    import_file(tmp_path, as_csv(rows), key="interim")
    readings = {ref: answer_of(interim, ref).reading for ref in ("Q-5.2.1-01", "Q-5.2.1-02", "Q-8.6.1-01")}
    assert readings == {"Q-5.2.1-01": "confirmed", "Q-5.2.1-02": "regressed", "Q-8.6.1-01": "open"}


# --- what others answered meanwhile ----------------------------------------------------------------------------------


def test_what_changed_here_alone_stays_and_what_changed_on_both_sides_stops(
    cast: Cast, baseline: Assessment, tmp_path: Path
) -> None:
    rows = exported()
    row_of(rows, "Q-8.6.1-01").update(answer="conforms", note="Looks fine.")
    give(cast, baseline, "Q-8.6.1-01", "major gap")
    give(cast, baseline, "Q-9.2-01", "minor gap")
    said = refused(tmp_path, as_csv(rows))
    assert "'conforms' answered here meanwhile, with 'major gap'" in said
    assert "Q-9.2-01" not in said
    import_file(tmp_path, as_csv(rows), "--conflicts", "keep")
    answer = answer_of(baseline, "Q-8.6.1-01")
    assert (answer.value, answer.note) == ("major gap", "")  # one side's note under the other's answer is nobody's word
    import_file(tmp_path, as_csv(rows), "--conflicts", "file")
    answer = answer_of(baseline, "Q-8.6.1-01")
    assert (answer.value, answer.note) == ("conforms", "Looks fine.")
    assert answer_of(baseline, "Q-9.2-01").value == "minor gap"


def test_the_same_answer_on_both_sides_is_no_conflict(cast: Cast, baseline: Assessment, tmp_path: Path) -> None:
    rows = exported()
    row_of(rows, "Q-8.6.1-01")["answer"] = "major gap"
    give(cast, baseline, "Q-8.6.1-01", "major gap")
    assert import_file(tmp_path, as_csv(rows)).endswith("0 answer(s) changed, 12 stay as they are.\n")


# --- who may, and when -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("args", [(), ("--dry-run",), ("--as", "mara@alder.example"), ("--conflicts", "file")])
@pytest.mark.parametrize("content", [None, b"no table at all"])
def test_a_locked_assessment_takes_no_file_whatever_it_says(
    cast: Cast, locked: Assessment, tmp_path: Path, args: tuple[str, ...], content: bytes | None
) -> None:
    assert "locked" in refused(tmp_path, content or as_csv(exported()), *args)


def test_a_draft_takes_no_file(cast: Cast, questionnaire, tmp_path: Path) -> None:
    make(cast)
    assert "not been opened" in refused(tmp_path, as_csv(exported()))


def test_people_import_answers_to_their_own_sections_alone(cast: Cast, baseline: Assessment, tmp_path: Path) -> None:
    rows = exported()
    row_of(rows, "Q-8.6.1-01")["answer"] = "conforms"
    as_tim = ("--as", "tim@alder.example")
    assert "no assessor" in refused(tmp_path, as_csv(rows), *as_tim)
    set_assessors(
        acting_user=cast.mara, project=cast.project, assessment=baseline, given={cast.parties["tim"]: ["8.6"]}
    )
    import_file(tmp_path, as_csv(rows), *as_tim)
    assert answer_of(baseline, "Q-8.6.1-01").answered_by == cast.tim
    row_of(rows, "Q-4.1-01")["answer"] = "conforms"
    assert "row 2, column answer: 'conforms' This section was given to somebody else." in refused(
        tmp_path, as_csv(rows), *as_tim
    )


def test_auditors_strangers_and_closed_accounts_import_nothing(
    cast: Cast, baseline: Assessment, tmp_path: Path
) -> None:
    set_assessors(acting_user=cast.mara, project=cast.project, assessment=baseline, given={cast.parties["tim"]: []})
    cast.tim.is_active = False
    cast.tim.save()
    content = as_csv(exported())
    for who in ("audra@alder.example", "bruno@birch.example", "tim@alder.example"):
        refused(tmp_path, content, "--as", who)


def test_the_version_of_the_questions_stays_pinned(cast: Cast, baseline: Assessment, tmp_path: Path) -> None:
    """A newer version that is loaded in the middle changes nothing for what is under way."""
    from gapanalysis.models import Questionnaire

    rows = exported()
    Questionnaire.objects.create(pack="iso20000-1", version="9.9", title="Newer", licence="CC BY 4.0", sha256="0" * 64)
    row_of(rows, "Q-8.6.1-01")["answer"] = "conforms"
    import_file(tmp_path, as_csv(rows))
    assert answer_of(baseline, "Q-8.6.1-01").value == "conforms"


# --- what goes wrong with files --------------------------------------------------------------------------------------


def test_every_bad_cell_is_named_and_nothing_is_taken(cast: Cast, baseline: Assessment, tmp_path: Path) -> None:
    content = (
        "ref,answer,note\n"
        "Q-4.1-01,conforms,good\n"
        "Q-5.2.1-01,not applicable,\n"
        "L-01,\"defined, flown\",\n"
        "RF-a,5,\n"
        "SV-a,yes,\n"
        "Q-99-01,conforms,\n"
        "Q-4.1-01,conforms,again\n"
        f"Q-9.2-01,conforms,{'x' * 4001}\n"
        "Q-8.6.1-01,=A1,\n"
    )  # fmt: skip
    said = refused(tmp_path, content.encode())
    for line in (
        "row 3, column answer: 'not applicable' is no answer; use conforms,",
        "row 4, column answer: 'defined, flown' names no rung; use defined,",
        "row 5, column answer: '5' is no rating; use 0 to 4",
        "row 6, column answer: 'yes' a survey point takes a note alone",
        "row 7, column ref: 'Q-99-01' is no question of this assessment",
        "row 8, column ref: 'Q-4.1-01' the same ref stands in row 2 already",
        "Write 4000 characters at most.",
        "row 10, column answer: '=A1' is a formula; give the value itself",
        "Nothing was changed: 8 row(s) cannot be taken.",
    ):
        assert line in said


def test_rows_may_be_deleted_and_sorted_and_sheets_renamed(cast: Cast, baseline: Assessment, tmp_path: Path) -> None:
    def rearrange(book: openpyxl.Workbook) -> None:
        line_of(book, "Q-8.6.1-01")["answer"].value = "conforms"
        sheet = book["Chapter 8"]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
        for number, values in enumerate(reversed(rows), start=2):
            for place, value in enumerate(values, start=1):
                sheet.cell(number, place).value = value
        sheet.delete_rows(5)
        sheet.title = "Service operation"
        book["Chapter 5"].delete_rows(2, 10)
        del book["Survey"]

    said = import_file(tmp_path, changed(tmp_path, rearrange), name="answers.xlsx")
    assert said.endswith("baseline: 1 answer(s) changed, 7 stay as they are.\n")
    assert answer_of(baseline, "Q-8.6.1-01").value == "conforms"


def test_an_added_sheet_is_left_alone_and_named(cast: Cast, baseline: Assessment, tmp_path: Path) -> None:
    def add(book: openpyxl.Workbook) -> None:
        book.create_sheet("Thoughts")["A1"] = "Ask Petra."

    said = import_file(tmp_path, changed(tmp_path, add), name="answers.xlsx")
    assert "sheet Thoughts: not read, it has no columns ref and answer" in said


def test_a_chapter_that_lost_its_heading_is_refused_by_name(cast: Cast, baseline: Assessment, tmp_path: Path) -> None:
    content = changed(tmp_path, lambda book: book["Chapter 8"].delete_rows(1))
    said = refused(tmp_path, content, name="answers.xlsx")
    assert "Sheet “Chapter 8”: The first row must name the columns ref, answer." in said


def test_a_copied_sheet_is_refused_row_by_row(cast: Cast, baseline: Assessment, tmp_path: Path) -> None:
    content = changed(tmp_path, lambda book: book.copy_worksheet(book["Chapter 4"]))
    assert "the same ref stands in row 2 already" in refused(tmp_path, content, name="answers.xlsx")


def test_merged_cells_are_named_and_not_taken_for_emptied_ones(cast: Cast, lively: Assessment, tmp_path: Path) -> None:
    def merge(book: openpyxl.Workbook) -> None:
        place = PLACE["answer"] + 1
        sheet = book["Chapter 8"]
        sheet.merge_cells(start_row=2, end_row=4, start_column=place, end_column=place)

    said = refused(tmp_path, changed(tmp_path, merge), name="answers.xlsx")
    for number in (3, 4):
        assert f"sheet Chapter 8, row {number}, column answer: '' is merged with another cell; split them" in said
    assert "row 2," not in said


def test_a_formula_is_refused_also_with_its_last_result(cast: Cast, baseline: Assessment, tmp_path: Path) -> None:
    def calculate(book: openpyxl.Workbook) -> None:
        line_of(book, "Q-8.6.1-01")["answer"].value = '=IF(1=1,"conforms","")'

    said = refused(tmp_path, changed(tmp_path, calculate), name="answers.xlsx")
    assert "is a formula; give the value itself" in said


def test_another_projects_and_another_assessments_workbook_are_refused(
    cast: Cast, locked: Assessment, tmp_path: Path
) -> None:
    move(cast, make(cast, "ad hoc", title="Interim", started_from=locked), "in progress")
    said = refused(tmp_path, as_csv(exported("baseline")), key="interim")
    assert said.count("was exported from another project or assessment") == 12
    from gapanalysis.services.assessments import AssessmentPlan, start_assessment

    start_assessment(
        acting_user=cast.bruno, project=cast.other, plan=AssessmentPlan(kind="baseline", title=f"Ours {CANARY}")
    )
    said = refused(tmp_path, as_csv(exported("baseline", "birch")), key="interim")
    assert "was exported from another project or assessment" in said
    assert CANARY not in said


def test_guidance_that_was_written_over_is_told(cast: Cast, lively: Assessment, tmp_path: Path) -> None:
    def write_over(book: openpyxl.Workbook) -> None:
        line_of(book, "Q-8.5.1.3-01")["finding"].value = "My own finding."

    said = refused(tmp_path, changed(tmp_path, write_over), name="answers.xlsx")
    assert "column finding: 'My own finding.' cannot be changed by an import" in said


def test_a_finding_written_here_meanwhile_hinders_nobody(cast: Cast, baseline: Assessment, tmp_path: Path) -> None:
    give(cast, baseline, "Q-8.6.1-01", "major gap")
    rows = exported()
    row_of(rows, "Q-8.6.1-01")["note"] = "Seen twice."
    write_finding(
        acting_user=cast.mara,
        project=cast.project,
        answer=answer_of(baseline, "Q-8.6.1-01"),
        version=0,
        gap="Nobody calls back.",
    )
    import_file(tmp_path, as_csv(rows))
    assert answer_of(baseline, "Q-8.6.1-01").note == "Seen twice."


def test_a_damaged_mark_is_told(cast: Cast, baseline: Assessment, tmp_path: Path) -> None:
    rows = exported()
    rows[0]["check"] = "0f"
    assert "is no mark of an export" in refused(tmp_path, as_csv(rows))


def test_a_file_of_200_mb_is_refused_unread(cast: Cast, baseline: Assessment, tmp_path: Path) -> None:
    path = tmp_path / "large.xlsx"
    with path.open("wb") as target:
        target.write(b"PK\x03\x04")
        target.truncate(200 * 1024 * 1024)
    with pytest.raises(CommandError, match="larger than 10 MB"):
        call_command("import_assessment", "alder", "baseline", str(path))


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("answers.xls", b"\xd0\xcf\x11\xe0", "older Excel files"),
        ("answers.xlsx", b"ref,answer\n", "not an Excel workbook"),
        ("answers.csv", b"ref;note\nQ-4.1-01;x\n", "Not found: answer"),
        ("answers.csv", "ref,answer,note\nQ-4.1-01,,P\u0159ehled\n".encode("cp1250"), "not in UTF-8"),
        ("answers.csv", b"", "empty"),
    ],
)
def test_what_is_no_table_of_answers_is_refused_with_the_way_out(
    cast: Cast, baseline: Assessment, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    assert words in refused(tmp_path, content, name=name)


def test_formats_down_to_the_last_row_do_no_harm(cast: Cast, baseline: Assessment, tmp_path: Path) -> None:
    """As a program writes them that gives a whole column a colour: a row for every line of the sheet."""

    def fill(book: openpyxl.Workbook) -> None:
        line_of(book, "Q-4.1-01")["answer"].value = "conforms"

    empty = b"".join(b'<row r="%d"><c r="B%d" s="1"/></row>' % (number, number) for number in range(3, 1_048_577))
    content = patched(
        changed(tmp_path, fill),
        lambda sheet: sheet.replace(b"</sheetData>", empty + b"</sheetData>"),
        "xl/worksheets/sheet2.xml",
    )
    assert len(content) < 10 * 1024 * 1024
    import_file(tmp_path, content, name="answers.xlsx")
    assert answer_of(baseline, "Q-4.1-01").value == "conforms"


def test_all_of_it_or_nothing(cast: Cast, baseline: Assessment, tmp_path: Path) -> None:
    rows = exported()
    for row in rows:
        if row["ref"].startswith("Q-"):
            row["answer"] = "conforms"
    rows[-1]["answer"] = "9"
    refused(tmp_path, as_csv(rows))
    assert not Answer.objects.exclude(value="unanswered").exists()


def test_an_answer_more_is_one_statement_more(
    cast: Cast, locked: Assessment, tmp_path: Path, django_assert_max_num_queries
) -> None:
    """485 of them are under way while everybody else waits for the lock."""
    interim = move(cast, make(cast, "ad hoc", title="Interim", started_from=locked), "in progress")
    rows = exported("interim")
    for row in rows:
        if row["ref"].startswith("Q-"):
            row["answer"] = "conforms"
    asked = sum(row["answer"] == "conforms" for row in rows)
    with django_assert_max_num_queries(20 + asked):
        import_file(tmp_path, as_csv(rows), key="interim")
    assert Answer.objects.filter(assessment=interim, value="conforms").count() == asked == 9
