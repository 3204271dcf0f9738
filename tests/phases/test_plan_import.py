"""The plan out and in again: nothing changes by itself, every bad row is named, all or none."""

import csv
from datetime import date, datetime
from io import BytesIO, StringIO
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from audittrail.models import Event
from common.marked_rows import cell_mark
from common.uploads import Upload, UploadRefused
from phases.domain.plan_file import PLAN
from phases.exports_plan import COLUMNS
from phases.imports_plan import look_at
from phases.models import Contributor, PhaseActivity
from phases.services.lifecycle import close_phase, start_phase
from phases.services.plan_import import judge, read_file, write_changes
from phases.services.rows import assign_party, change_status, set_due, write_note
from tests.cast import CANARY, Cast

pytestmark = pytest.mark.django_db


def exported(slug: str = "alder", **options) -> list[dict[str, str]]:
    out = StringIO()
    call_command("export_plan", slug, stdout=out, **options)
    return list(csv.DictReader(StringIO(out.getvalue())))


def as_csv(rows: list[dict[str, str]]) -> bytes:
    out = StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def upload(content: bytes, name: str = "plan.csv") -> Upload:
    return Upload(name, content, "0" * 64)


def workbook(tmp_path: Path, slug: str = "alder") -> Path:
    path = tmp_path / "plan.xlsx"
    call_command("export_plan", slug, format="xlsx", output=str(path))
    return path


def row_of(rows: list[dict[str, str]], ref: str, phase: int) -> dict[str, str]:
    return next(row for row in rows if (row["ref"], row["phase"]) == (ref, str(phase)))


def import_file(tmp_path: Path, content: bytes, *args: str, name: str = "plan.csv") -> str:
    path = tmp_path / name
    path.write_bytes(content)
    out = StringIO()
    call_command("import_plan", "alder", str(path), *args, stdout=out, stderr=StringIO())
    return out.getvalue()


def refused(tmp_path: Path, content: bytes, *args: str, name: str = "plan.csv") -> str:
    """What the command says of a file that it refuses; the trail has nothing of it."""
    path = tmp_path / name
    path.write_bytes(content)
    before = Event.objects.count()
    said = StringIO()
    with pytest.raises(CommandError) as error:
        call_command("import_plan", "alder", str(path), *args, stdout=StringIO(), stderr=said)
    assert Event.objects.count() == before
    return f"{said.getvalue()}{error.value}"


@pytest.fixture
def lively(cast: Cast) -> Cast:
    """A plan with every kind of cell filled, a formula and an odd text among them."""
    project = cast.project
    assign_party(acting_user=cast.mara, project=project, targets=[cast.target("DR.a")], party=cast.parties["petra"])
    for status in ("in progress", "done"):
        change_status(acting_user=cast.mara, project=project, targets=[cast.target("MR.g")], status=status)
    change_status(
        acting_user=cast.mara, project=project, targets=[cast.target("CA.c")], status="blocked", text="=1+1 is missing"
    )
    write_note(acting_user=cast.mara, project=project, target=cast.target("DR.a"), note="-- two\r\nlines, “quoted” \n")
    return cast


def test_our_own_export_changes_nothing_and_leaves_no_trace(lively: Cast, tmp_path: Path):
    before = Event.objects.count()
    said = import_file(tmp_path, as_csv(exported(with_initiation=True)))
    assert said.endswith("alder: 0 row(s) changed, 479 stay as they are.\n")
    assert Event.objects.count() == before


def test_our_own_workbook_changes_nothing_also_after_another_program_saved_it(lively: Cast, tmp_path: Path):
    path = workbook(tmp_path)
    before = Event.objects.count()
    assert judge(lively.project, read_file(upload(path.read_bytes(), "plan.xlsx"))).unchanged == 479
    book = openpyxl.load_workbook(path)
    sheet = book["Phase 1"]
    sheet.protection.sheet = False
    sheet.cell(1_048_576, 3).fill = openpyxl.styles.PatternFill("solid", fgColor="FFFF00")
    book.save(path)
    said = import_file(tmp_path, path.read_bytes(), name="saved.xlsx")
    assert "0 row(s) changed, 479 stay" in said
    assert Event.objects.count() == before


def test_the_workbook_has_a_sheet_a_phase_choices_and_locked_columns(lively: Cast, tmp_path: Path):
    book = openpyxl.load_workbook(workbook(tmp_path))
    assert book.sheetnames == ["Read me", "Phase 0", "Phase 1", "Phase 2", "Phase 3", "Lists"]
    sheet = book["Phase 2"]
    assert [cell.value for cell in sheet[1]] == list(COLUMNS)
    assert sheet.protection.sheet
    status, title = COLUMNS.index("status") + 1, COLUMNS.index("title") + 1
    assert not sheet.cell(2, status).protection.locked
    assert sheet.cell(2, title).protection.locked
    assert next(validation.formula1 for validation in sheet.data_validations.dataValidation) == "=Lists!$A$1:$A$6"
    blocked = next(row for row in book["Phase 1"].iter_rows(min_row=2) if row[0].value == "CA.c")
    assert (blocked[COLUMNS.index("reason")].value, blocked[COLUMNS.index("reason")].data_type) == (
        "'=1+1 is missing",
        "s",
    )
    assert book["Lists"].sheet_state == "hidden"


def test_changes_are_told_first_and_then_made(lively: Cast, tmp_path: Path):
    rows = exported()
    row_of(rows, "DR.a", 2).update(status="done", responsible_party="Tim Tully", due="2026-09-30", note="Ready")
    row_of(rows, "CA.c", 1).update(status="in progress", reason="")
    before = Event.objects.count()
    said = import_file(tmp_path, as_csv(rows), "--dry-run")
    assert "DR.a phase 2: status 'not started' -> 'done'" in said
    assert "alder: 2 row(s) would change, 469 stay as they are." in said
    assert Event.objects.count() == before
    import_file(tmp_path, as_csv(rows), "--as", "mara@alder.example")
    row = lively.row("DR.a", 2)
    assert (row.status, row.accountable, row.due.isoformat(), row.note) == (
        "done",
        lively.parties["tim"],
        "2026-09-30",
        "Ready",
    )
    # Both steps stand in the trail, as made by an import.
    steps = Event.objects.filter(stream_id=lively.project.uuid, key="DR.a@2", action="change status").order_by("seq")
    assert [event.content["changes"]["status"] for event in steps] == [
        ["not started", "in progress"],
        ["in progress", "done"],
    ]
    assert {event.content["via"] for event in steps} == {"import"}
    assert lively.row("CA.c", 1).status == "in progress"


def test_an_empty_cell_empties_party_and_note_and_gives_due_back_to_the_schedule(lively: Cast, tmp_path: Path):
    planned = lively.row("DR.a", 1).due
    set_due(acting_user=lively.mara, project=lively.project, targets=[lively.target("DR.a")], due=date(2026, 8, 1))
    rows = exported()
    row_of(rows, "DR.a", 1).update(responsible_party="", due="", note="")
    import_file(tmp_path, as_csv(rows))
    row = lively.row("DR.a", 1)
    assert (row.accountable, row.due, row.due_is_own, row.note) == (None, planned, False, "")


def test_what_changed_here_alone_stays(lively: Cast, tmp_path: Path):
    rows = exported()
    change_status(
        acting_user=lively.mara, project=lively.project, targets=[lively.target("DR.a")], status="in progress"
    )
    row_of(rows, "DR.a", 1)["note"] = "From the file"
    import_file(tmp_path, as_csv(rows))
    row = lively.row("DR.a", 1)
    assert (row.status, row.note) == ("in progress", "From the file")


def test_what_changed_on_both_sides_stops_until_somebody_chooses(lively: Cast, tmp_path: Path):
    rows = exported()
    set_due(
        acting_user=lively.mara,
        project=lively.project,
        targets=[lively.target("DR.a")],
        due=date(2026, 8, 1),
    )
    row_of(rows, "DR.a", 1)["due"] = "2026-09-01"
    said = refused(tmp_path, as_csv(rows))
    assert "column due: '2026-09-01' changed here meanwhile, to '2026-08-01'" in said
    import_file(tmp_path, as_csv(rows), "--conflicts", "keep")
    assert lively.row("DR.a", 1).due.isoformat() == "2026-08-01"
    import_file(tmp_path, as_csv(rows), "--conflicts", "file")
    assert lively.row("DR.a", 1).due.isoformat() == "2026-09-01"


def test_a_half_bad_file_names_every_bad_row_and_changes_nothing(lively: Cast, tmp_path: Path):
    rows = exported()
    rows[0]["due"] = "2026-13-01"
    rows[298]["status"] = "finished"
    rows[-1]["responsible_party"] = "Nobody Known"
    rows[5]["note"] = "A good row"
    said = refused(tmp_path, as_csv(rows))
    assert "row 2, column due: '2026-13-01' is no day" in said
    assert "row 300, column status: 'finished' is no status" in said
    assert lively.row(rows[5]["ref"], int(rows[5]["phase"])).note == ""


def test_a_party_that_nobody_knows_is_named_with_its_row(lively: Cast, tmp_path: Path):
    rows = exported()
    rows[-1]["responsible_party"] = "Nobody Known"
    assert "row 472, column responsible_party: 'Nobody Known' is no party of this project" in refused(
        tmp_path, as_csv(rows)
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"ref": "ZZ.z"}, "row 2, column ref: 'ZZ.z' the plan has no such activity"),
        ({"phase": "4"}, "row 2, column phase: '4' the plan does not have this activity in that phase"),
        ({"title": "Mine"}, "row 2, column title: 'Mine' cannot be changed by an import"),
        ({"status": ""}, "row 2, column status: '' is no status"),
        ({"due": "1999-01-01"}, "row 2, column due: '1999-01-01' The project starts on 2026-01-12."),
        ({"due": "2040-01-01"}, "row 2, column due: '2040-01-01' The last phase ends on"),
        ({"status": "blocked"}, "row 2, column status: 'blocked' Say in a line what is missing"),
        ({"status": "verified"}, "row 2, column status: 'verified' Only what is done can be verified."),
        ({"reason": "Just so"}, "row 2, column reason: 'Just so' This changes only together with the status."),
        ({"check": "mine"}, "row 2, column check: 'mine' is no mark of an export"),
        ({"note": "=SUM(A1)"}, "row 2, column note: '=SUM(A1)' is a formula"),
    ],
)
def test_a_row_that_cannot_be_taken_is_named(cast: Cast, tmp_path: Path, change: dict[str, str], said: str):
    rows = exported()
    rows[0].update(change)
    assert said in refused(tmp_path, as_csv(rows))


def test_the_same_row_twice_is_refused(cast: Cast, tmp_path: Path):
    rows = exported()
    assert "the same ref and phase stand in row 2 already" in refused(tmp_path, as_csv([rows[0], rows[0]]))


def test_the_file_of_another_project_is_refused_and_shows_nothing_of_it(cast: Cast, tmp_path: Path):
    said = refused(tmp_path, as_csv(exported("birch")))
    assert "was exported from another project" in said
    assert CANARY not in said


def test_a_closed_phase_takes_nothing(cast: Cast, tmp_path: Path):
    for number in (0, 1):
        close_phase(acting_user=cast.mara, project=cast.project, number=number, reason="Agreed")
        start_phase(acting_user=cast.mara, project=cast.project, number=number + 1)
    rows = exported()
    assert "0 row(s) changed" in import_file(tmp_path, as_csv(rows))
    row_of(rows, "DR.a", 1)["note"] = "Too late"
    assert "the phase is closed" in refused(tmp_path, as_csv(rows))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_it_reads_the_encodings_that_say_what_they_are(cast: Cast, tmp_path: Path, encoding: str):
    rows = exported()
    rows[0]["note"] = "Přehled žádostí"
    import_file(tmp_path, as_csv(rows).decode().replace(",", ",").encode(encoding))
    assert cast.row(rows[0]["ref"], 1).note == "Přehled žádostí"


def test_semicolons_are_read_and_code_pages_refused_with_advice(cast: Cast, tmp_path: Path):
    assert "0 row(s) changed" in import_file(tmp_path, b"ref;phase;note\r\nDR.a;1;\r\n")
    said = refused(tmp_path, "ref,phase,note\nDR.a,1,Přehled\n".encode("cp1250"))
    assert "CSV UTF-8" in said


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("plan.yaml", b"ref: DR.a", "Send a CSV or an XLSX file"),
        ("plan.json", b"[]", "Send a CSV or an XLSX file"),
        ("plan.xlsx", b"ref,phase\n", "not an Excel workbook"),
        ("plan.csv", b"", "empty"),
        ("plan.csv", b"ref\nDR.a\n", "Not found: phase"),
        ("plan.csv", b"ref,phase,colour\nDR.a,1,red\n", "stands under no known column"),
        ("plan.csv", b"x" * (10 * 1024 * 1024 + 1), "larger than 10 MB"),
    ],
)
def test_a_file_that_is_no_plan_is_refused_whole(cast: Cast, tmp_path: Path, name: str, content: bytes, said: str):
    assert said in refused(tmp_path, content, name=name)


def test_an_unknown_sheet_that_holds_data_is_refused_by_name(cast: Cast, tmp_path: Path):
    book = openpyxl.load_workbook(workbook(tmp_path))
    book.create_sheet("Scratch")["A1"] = "a thought"
    target = BytesIO()
    book.save(target)
    assert "Scratch" in refused(tmp_path, target.getvalue(), name="scratch.xlsx")


def test_merged_cells_and_dates_of_a_spreadsheet_are_read(cast: Cast, tmp_path: Path):
    book = openpyxl.load_workbook(workbook(tmp_path))
    sheet = book["Phase 1"]
    sheet.protection.sheet = False
    row = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == "DR.a")
    row[COLUMNS.index("due")].value = datetime(2026, 6, 1)  # noqa: DTZ001 (as Excel has it)
    sheet.merge_cells("R1:S1")
    target = BytesIO()
    book.save(target)
    import_file(tmp_path, target.getvalue(), name="merged.xlsx")
    assert cast.row("DR.a", 1).due.isoformat() == "2026-06-01"


def test_everybody_may_import_what_they_may_do_and_an_auditor_nothing(lively: Cast, tmp_path: Path):
    rows = exported()
    row_of(rows, "DR.a", 1)["status"] = "in progress"
    refused(tmp_path, as_csv(rows), "--as", "audra@alder.example")
    import_file(tmp_path, as_csv(rows), "--as", "petra@alder.example")
    assert lively.row("DR.a", 1).status == "in progress"
    row_of(rows, "MR.a", 1)["status"] = "in progress"
    assert "This activity is another's" in refused(tmp_path, as_csv(rows), "--as", "petra@alder.example")


def test_a_row_that_changed_between_reading_and_writing_is_not_overwritten(lively: Cast):
    rows = exported()
    row_of(rows, "DR.a", 1)["note"] = "Late"
    found = judge(lively.project, read_file(upload(as_csv(rows))))
    write_note(acting_user=lively.mara, project=lively.project, target=lively.target("DR.a"), note="Early")
    with pytest.raises(Exception, match="meanwhile"):
        write_changes(acting_user=lively.mara, project=lively.project, changes=found.changes)
    assert lively.row("DR.a", 1).note == "Early"


def test_a_preview_writes_nothing_and_says_what_rules_refuse(lively: Cast):
    rows = exported()
    row_of(rows, "DR.a", 1)["status"] = "verified"
    before = Event.objects.count()
    found = look_at(acting_user=lively.mara, project=lively.project, upload=upload(as_csv(rows)))
    assert [(bad.column, bad.detail) for bad in found.bad] == [("status", "Only what is done can be verified.")]
    assert Event.objects.count() == before


def test_start_and_contributors_go_out_to_be_read_and_may_have_changed_here_since(lively: Cast, tmp_path: Path):
    row = lively.row("DR.a", 1)
    PhaseActivity.objects.filter(pk=row.pk).update(planned_start=date(2026, 2, 2))
    for name in ("tim", "chen"):
        Contributor.objects.create(project=lively.project, phase_activity=row, party=lively.parties[name])
    rows = exported()
    assert (row_of(rows, "DR.a", 1)["start"], row_of(rows, "DR.a", 1)["contributors"]) == (
        "2026-02-02",
        "Chen Chair; Tim Tully",
    )
    PhaseActivity.objects.filter(pk=row.pk).update(planned_start=date(2026, 3, 3))
    Contributor.objects.filter(phase_activity=row).delete()
    assert "0 row(s) changed" in import_file(tmp_path, as_csv(rows))
    row_of(rows, "DR.a", 1)["start"] = "2026-02-03"
    assert "column start: '2026-02-03' cannot be changed by an import" in refused(tmp_path, as_csv(rows))


def test_every_fault_of_a_row_is_told_at_once(cast: Cast, tmp_path: Path):
    rows = exported()
    rows[0].update(note="=1+1", due="soon", status="finished")
    said = refused(tmp_path, as_csv(rows))
    assert [word in said for word in ("column note", "column due", "column status")] == [True] * 3
    assert "1 row(s) cannot be taken" in said


def test_a_mark_is_read_as_it_was_made(cast: Cast):
    row = exported()[0]
    mark = PLAN.read_mark(row["check"])
    assert mark is not None
    assert (mark.version, mark.cells["status"]) == (1, cell_mark("not started"))
    assert PLAN.read_mark("nonsense") is None


def test_a_whole_plan_is_read_in_few_queries(cast: Cast, django_assert_max_num_queries):
    content = as_csv(exported())
    with django_assert_max_num_queries(6):
        judge(cast.project, read_file(upload(content)))


def test_an_import_of_a_whole_plan_takes_the_trail_a_few_times(cast: Cast, tmp_path: Path):
    rows = exported()
    for row in rows:
        row["due"] = "2027-01-02"
        row["responsible_party"] = "Tim Tully"
    before = Event.objects.count()
    import_file(tmp_path, as_csv(rows))
    assert Event.objects.count() == before + 2 * 471


def test_a_bomb_is_refused(cast: Cast):
    with pytest.raises(UploadRefused):
        read_file(upload(b"PK\x03\x04" + b"\x00" * 100, "plan.xlsx"))
