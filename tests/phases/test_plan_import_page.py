"""The plan out and in, in the browser: what would change is shown first, conflicts side by side, all or nothing."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from audittrail.models import Event
from common import clock
from phases.exports_plan import COLUMNS
from phases.models import PhaseActivity, PlanPreview, ProjectActivity
from phases.services.rows import assign_party, change_status, set_due, write_note
from tests.cast import CANARY, NOW, Cast
from tests.common.workbooks import patched
from tests.phases.test_plan_import import as_csv, exported, row_of

pytestmark = pytest.mark.django_db
Rows = list[dict[str, str]]


@pytest.fixture
def client(cast: Cast, sign_in: Callable[[Any], Client]) -> Client:
    return sign_in(cast.mara)


def send(client: Client, content: bytes, name: str = "plan.csv") -> Any:
    return client.post("/projects/alder/plan/import/", {"file": SimpleUploadedFile(name, content)})


def preview_of(client: Client, content: bytes, name: str = "plan.csv") -> str:
    """The address of the preview of a sound file."""
    answer = send(client, content, name)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return str(answer["Location"])


def said(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def refused(client: Client, content: bytes, name: str = "plan.csv") -> str:
    """What the page says of a file that it does not take; nothing is kept of it, and the trail has nothing."""
    before = Event.objects.count(), PlanPreview.objects.count()
    answer = send(client, content, name)
    assert answer.status_code == 422
    assert (Event.objects.count(), PlanPreview.objects.count()) == before
    return said(answer)


def book_of(client: Client) -> openpyxl.Workbook:
    answer = client.get("/projects/alder/plan/download/?format=xlsx")
    assert answer["Content-Disposition"] == 'attachment; filename="alder-plan.xlsx"'
    return openpyxl.load_workbook(BytesIO(answer.content))


def saved(book: openpyxl.Workbook) -> bytes:
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def conflict_in(cast: Cast, ref: str = "DR.a", *, here: date, file: date) -> Rows:
    """Rows of a file in which a due date changed that changed here too."""
    rows = exported()
    set_due(acting_user=cast.mara, project=cast.project, targets=[cast.target(ref)], due=here)
    row_of(rows, ref, 1)["due"] = file.isoformat()
    return rows


# --- out and in again --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_what_it_gives_changes_nothing_when_it_comes_back(cast: Cast, client: Client, form: str) -> None:
    write_note(acting_user=cast.mara, project=cast.project, target=cast.target("DR.a"), note="=1+1\nand “quotes”")
    before = Event.objects.count()
    content = client.get(f"/projects/alder/plan/download/?format={form}").content
    answer = send(client, content, f"plan.{form}")
    assert answer.status_code == 302
    assert "The file changes nothing: in its 479 rows no cell was changed" in said(client.get(answer["Location"]))
    assert Event.objects.count() == before
    assert not PlanPreview.objects.exists()


def test_it_shows_totals_and_each_cell_and_changes_the_plan_once_it_is_confirmed(cast: Cast, client: Client) -> None:
    book = book_of(client)
    sheet = book["Phase 1"]
    row = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == "DR.a")
    row[COLUMNS.index("status")].value = "in progress"
    row[COLUMNS.index("responsible_party")].value = "Tim Tully"
    before = Event.objects.count()
    path = preview_of(client, saved(book), "plan.xlsx")
    assert Event.objects.count() == before
    page = said(client.get(path))
    assert "plan.xlsx. Nothing is changed yet." in page
    assert '<span class="tile-value">478</span>' in page
    assert f"Phase 1, row {row[0].row}" in page
    assert "<span>Not started</span>" in page
    assert "<span>Tim Tully</span>" in page
    answer = client.post(path, {"do": "import"}, follow=True)
    assert "1 row of the plan is changed." in said(answer)
    found = cast.row("DR.a", 1)
    assert (found.status, found.accountable) == ("in progress", cast.parties["tim"])
    events = Event.objects.order_by("-seq").filter(stream_id=cast.project.uuid, key="DR.a@1")[:2]
    assert {(event.action, event.content["via"], event.actor_id) for event in events} == {
        ("change status", "import", cast.mara.pk),
        ("assign", "import", cast.mara.pk),
    }


def test_own_activities_and_parts_go_out_and_come_back(cast: Cast, client: Client) -> None:
    whole = ProjectActivity.objects.get(project=cast.project, ref="CH.i")
    for ref, values in (
        ("CH.own-1", {"title": "Name who answers at night"}),
        ("CH.i/1", {"catalogue_activity": whole.catalogue_activity, "part_of": whole, "part_name": "Graz"}),
    ):
        activity = ProjectActivity.objects.create(
            project=cast.project, ref=ref, component="CH", position=whole.position, nature="establish", **values
        )
        PhaseActivity.objects.create(project=cast.project, activity=activity, phase_number=1)
    book = book_of(client)
    content = saved(book)
    assert "in its 481 rows" in said(client.get(send(client, content, "plan.xlsx")["Location"]))
    for row in book["Phase 1"].iter_rows(min_row=2):
        if row[0].value in ("CH.own-1", "CH.i/1"):
            row[COLUMNS.index("note")].value = f"About {row[0].value}"
    client.post(preview_of(client, saved(book), "plan.xlsx"), {"do": "import"})
    assert [cast.row(ref, 1).note for ref in ("CH.own-1", "CH.i/1", "CH.i")] == ["About CH.own-1", "About CH.i/1", ""]


def test_kinds_of_change_can_be_looked_at_alone_and_many_rows_are_paged(cast: Cast, client: Client) -> None:
    rows = exported(with_initiation=True)
    for row in rows:
        row["note"] = f"About {row['ref']}"
    rows[3]["due"] = "2026-06-01"
    path = preview_of(client, as_csv(rows))
    page = said(client.get(path))
    assert page.count('class="pio-ref"') == 101
    assert "1 to 100 of 479" in page
    assert said(client.get(f"{path}?page=5")).count('class="pio-ref"') == 79
    assert said(client.get(f"{path}?kind=due")).count('class="pio-ref"') == 1
    assert client.get(f"{path}?kind=colour").status_code == 400


def test_a_preview_takes_few_queries_however_many_rows_it_has(
    cast: Cast, client: Client, django_assert_max_num_queries: Any
) -> None:
    rows = exported()
    rows[0]["note"] = "One"
    path = preview_of(client, as_csv(rows))
    with django_assert_max_num_queries(15):
        client.get(path)
    for row in rows:
        row["note"] = "All"
    path = preview_of(client, as_csv(rows))
    with django_assert_max_num_queries(15):
        client.get(path)


# --- conflicts ---------------------------------------------------------------------------------------------------


def test_a_conflict_shows_three_states_and_waits_for_a_choice(cast: Cast, client: Client) -> None:
    set_due(
        acting_user=cast.mara, project=cast.project, targets=[cast.target("DR.a")], due=date(2026, 7, 1)
    )  # so that the trail knows what was exported
    path = preview_of(client, as_csv(conflict_in(cast, here=date(2026, 8, 1), file=date(2026, 9, 1))))
    page = said(client.get(path))
    for state in ("1 Jul 2026", "1 Aug 2026", "1 Sep 2026"):
        assert f"<dd><span>{state}</span>" in page
    answer = client.post(path, {"do": "import"})
    assert answer.status_code == 422
    assert "Choose first what holds in each conflict: 1 wait." in said(answer)
    assert cast.row("DR.a", 1).due == date(2026, 8, 1)


@pytest.mark.parametrize(("side", "due"), [("keep", date(2026, 8, 1)), ("file", date(2026, 9, 1))])
def test_a_choice_decides_a_conflict_and_leaves_the_other_changes(
    cast: Cast, client: Client, side: str, due: date
) -> None:
    rows = conflict_in(cast, here=date(2026, 8, 1), file=date(2026, 9, 1))
    row_of(rows, "DR.a", 1)["note"] = "From the file"
    path = preview_of(client, as_csv(rows))
    name = f"side-{cast.row('DR.a', 1).pk}:due"
    answer = client.post(path, {"do": "import", name: side}, follow=True)
    assert "1 row of the plan is changed." in said(answer)
    row = cast.row("DR.a", 1)
    assert (row.due, row.note) == (due, "From the file")


@pytest.mark.slow
def test_all_conflicts_can_be_decided_at_once_and_single_ones_otherwise(cast: Cast, client: Client) -> None:
    rows = exported()
    for row in rows:
        row["due"] = "2026-09-01"
    refs = [row["ref"] for row in rows if row["phase"] == "1"][:60]
    targets = [cast.target(ref) for ref in refs]
    set_due(acting_user=cast.mara, project=cast.project, targets=targets, due=date(2026, 8, 1))
    path = preview_of(client, as_csv(rows))
    assert "Conflicts 1 to 25 of 60" in said(client.get(path))
    name = f"side-{cast.row(refs[30], 1).pk}:due"
    assert client.post(path, {"do": "all-file"}).status_code == 302
    assert client.post(path, {"do": "save", "cpage": "2", name: "keep"})["Location"] == f"{path}?cpage=2#conflicts"
    client.post(path, {"do": "import"})
    assert cast.row(refs[30], 1).due == date(2026, 8, 1)
    assert {cast.row(ref, 1).due for ref in refs if ref != refs[30]} == {date(2026, 9, 1)}


@pytest.mark.slow
def test_a_form_of_a_whole_plan_in_conflict_sends_no_more_fields_than_a_page_shows(cast: Cast, client: Client) -> None:
    rows = exported()
    keys = {(row["ref"], int(row["phase"])) for row in rows}
    targets = [cast.target(ref, phase) for ref, phase in sorted(keys)]
    set_due(acting_user=cast.mara, project=cast.project, targets=targets, due=date(2026, 8, 1))
    for row in rows:
        row["due"] = "2026-09-01"
    page = client.get(preview_of(client, as_csv(rows))).content.decode()
    assert page.count('type="radio"') == 2 * 25
    assert "471" in page


def test_the_files_side_that_a_rule_refuses_is_no_choice_and_stops_nothing_else(cast: Cast, client: Client) -> None:
    rows = exported()
    row_of(rows, "DR.a", 1)["status"] = "in progress"
    row_of(rows, "DR.a", 1)["reason"] = "Started"
    row_of(rows, "CH.i", 1)["note"] = "Good"
    for status in ("in progress", "done"):
        change_status(acting_user=cast.mara, project=cast.project, targets=[cast.target("DR.a")], status=status)
    change_status(acting_user=cast.chen, project=cast.project, targets=[cast.target("DR.a")], status="verified")
    row_of(rows, "DR.a", 1)["reason"] = ""
    path = preview_of(client, as_csv(rows))
    page = said(client.get(path))
    assert "The file cannot be taken" in page
    name = f"side-{cast.row('DR.a', 1).pk}:status"
    assert client.post(path, {"do": "save", name: "file"}).status_code == 422
    client.post(path, {"do": "all-file"})
    client.post(path, {"do": "import"})
    assert cast.row("DR.a", 1).status == "verified"
    assert cast.row("CH.i", 1).note == "Good"


def test_a_bad_value_is_named_also_where_the_cell_changed_here_too(cast: Cast, client: Client) -> None:
    rows = conflict_in(cast, here=date(2026, 8, 1), file=date(2026, 9, 1))
    row_of(rows, "DR.a", 1)["due"] = "soon"
    row_of(rows, "CH.i", 1)["due"] = "later"
    page = refused(client, as_csv(rows))
    assert "2 rows to mend" in page


# --- previews that cannot be confirmed ---------------------------------------------------------------------------


def noted(client: Client, text: str = "From the file") -> str:
    rows = exported()
    row_of(rows, "DR.a", 1)["note"] = text
    return preview_of(client, as_csv(rows))


def test_a_preview_of_rows_that_moved_on_is_refused_and_says_what_stands_now(cast: Cast, client: Client) -> None:
    path = noted(client)
    write_note(acting_user=cast.mara, project=cast.project, target=cast.target("DR.a"), note="Written here")
    for answer in (client.post(path, {"do": "import"}), client.get(path)):
        assert answer.status_code == 409
        assert "The plan changed after this preview was made, in 1 of its rows." in said(answer)
        assert "Written here" in said(answer)
    assert cast.row("DR.a", 1).note == "Written here"


def test_what_moves_in_other_rows_does_not_matter(cast: Cast, client: Client) -> None:
    path = noted(client)
    write_note(acting_user=cast.mara, project=cast.project, target=cast.target("CH.i"), note="Written here")
    client.post(path, {"do": "import"})
    assert cast.row("DR.a", 1).note == "From the file"


def test_a_preview_is_confirmed_once(cast: Cast, client: Client) -> None:
    path = noted(client)
    assert client.post(path, {"do": "import"}).status_code == 302
    before = Event.objects.count()
    answer = client.post(path, {"do": "import"})
    assert answer.status_code == 409
    assert "imported already" in said(answer)
    assert Event.objects.count() == before


def test_somebody_elses_preview_is_refused_and_shows_nothing(cast: Cast, client: Client, sign_in: Any) -> None:
    path = noted(client, "Only mine to see")
    other = sign_in(cast.petra)
    for answer in (other.get(path), other.post(path, {"do": "import"})):
        assert answer.status_code == 409
        assert "somebody else" in said(answer)
        assert "Only mine to see" not in said(answer)
    assert cast.row("DR.a", 1).note == ""


def test_a_preview_of_another_client_is_not_there(cast: Cast, client: Client, sign_in: Any) -> None:
    path = noted(client)
    uuid = PlanPreview.objects.get().uuid
    assert sign_in(cast.bruno).get(path).status_code == 404
    assert sign_in(cast.bruno).get(reverse("plan_preview", args=["birch", uuid])).status_code == 404
    assert client.post(reverse("plan_preview", args=["alder", uuid4()]), {"do": "import"}).status_code == 409


def test_a_preview_is_kept_for_a_day_and_then_cleaned(cast: Cast, client: Client) -> None:
    path = noted(client)
    with clock.moved_to(NOW + timedelta(hours=24, minutes=1)):
        cast_again = client.get(path)
        assert cast_again.status_code == 409
        assert "kept for a day" in said(cast_again)
        noted(client, "Again")
        assert PlanPreview.objects.count() == 1


def test_no_more_than_five_previews_of_a_person_are_kept(cast: Cast, client: Client) -> None:
    for number in range(7):
        noted(client, f"Note {number}")
    assert PlanPreview.objects.count() == 5


def test_a_post_with_other_fields_is_no_request_of_ours(cast: Cast, client: Client) -> None:
    path = noted(client)
    assert client.post(path, {"do": "import", "row": "1"}).status_code == 400
    assert client.post(path, {"do": "delete"}).status_code == 400
    assert client.post(path, {"do": "save", "side-1:due": "file"}).status_code == 422


# --- rights ------------------------------------------------------------------------------------------------------


def test_each_act_needs_its_own_right(cast: Cast, sign_in: Any) -> None:
    assign_party(
        acting_user=cast.mara, project=cast.project, targets=[cast.target("DR.a")], party=cast.parties["petra"]
    )
    petra = sign_in(cast.petra)
    rows = exported()
    row_of(rows, "DR.a", 1)["status"] = "in progress"
    petra.post(preview_of(petra, as_csv(rows)), {"do": "import"})
    assert cast.row("DR.a", 1).status == "in progress"
    row_of(rows, "MR.a", 1)["status"] = "in progress"
    assert "This activity is another" in refused(petra, as_csv(rows))
    rows = exported()
    row_of(rows, "DR.a", 1)["due"] = "2026-09-01"
    page = refused(petra, as_csv(rows))
    assert page.count('data-label="Column">due</td>') == 1
    assert sign_in(cast.audra).get("/projects/alder/plan/import/").status_code == 403


# --- files that are not taken ------------------------------------------------------------------------------------


def test_every_bad_row_of_a_half_bad_file_is_named(cast: Cast, client: Client) -> None:
    rows = exported()
    rows[0]["due"] = "2026-13-01"
    rows[298]["status"] = "finished"
    rows[-1]["responsible_party"] = "Nobody Known"
    rows[5]["note"] = "A good row"
    page = refused(client, as_csv(rows))
    assert "3 rows to mend" in page
    for number, column, value in (
        (2, "due", "2026-13-01"),
        (300, "status", "finished"),
        (472, "responsible_party", "Nobody Known"),
    ):
        assert f'<th scope="row" class="n">{number}</th><td class="pio-where" data-label="Column">{column}</td>' in page
        assert value in page
    assert cast.row(rows[5]["ref"], int(rows[5]["phase"])).note == ""


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ref": "ZZ.z"}, "The plan has no such activity."),
        ({"phase": "4"}, "The plan does not have this activity in that phase."),
        ({"title": "Mine"}, "A file cannot change this column."),
        ({"due": "soon"}, "Not a day. Write it as YYYY-MM-DD"),
        ({"due": "1999-01-01"}, "The project starts on 2026-01-12."),
        ({"due": "2040-01-01"}, "The last phase ends on"),
        ({"status": "blocked"}, "Say in a line what is missing"),
        ({"check": "mine"}, "The mark of the row is damaged."),
        ({"note": "=SUM(A1)"}, "A formula. Replace it by its value."),
        ({"note": "x" * 20_001}, "A note has 20,000 characters at most."),
    ],
)
def test_a_bad_cell_is_answered_with_what_to_do(cast: Cast, client: Client, change: dict[str, str], words: str) -> None:
    rows = exported()
    rows[0].update(change)
    page = refused(client, as_csv(rows))
    assert "One row to mend" in page
    assert words in page


def test_the_same_row_twice_is_named_with_the_first(cast: Cast, client: Client) -> None:
    rows = exported()
    assert "stand in row 2 already" in refused(client, as_csv([rows[0], rows[0]]))


def test_the_file_of_another_project_is_refused_and_shows_nothing_of_it(cast: Cast, client: Client) -> None:
    page = refused(client, as_csv(exported("birch")))
    assert "taken out of another project" in page
    assert CANARY not in page


def test_a_file_that_is_too_large_is_refused_before_it_is_read(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("phases.imports_plan.read_file", lambda _upload: pytest.fail("it was read"))
    assert "larger than 10 MB" in refused(client, b"x" * (50 * 1024 * 1024))


def declared(sheet: bytes) -> bytes:
    return sheet.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet', 1)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("plan.csv", b"", "The file is empty."),
        ("plan.ods", b"PK", "Send a CSV or an XLSX file."),
        ("plan.xlsx", b"ref,phase\n", "not an Excel workbook"),
        ("plan.csv", b"ref\nDR.a\n", "Not found: phase"),
        ("plan.csv", b"ref,phase,colour\nDR.a,1,red\n", "without a known heading"),
        ("plan.csv", "ref,phase,note\nDR.a,1,P\u0159ehled\n".encode("cp1250"), "CSV UTF-8"),
        ("plan.xlsx", b"PK\x03\x04" + b"\x00" * 100, "not a sound Excel workbook"),
    ],
)
def test_a_file_that_is_no_plan_is_refused_whole(
    cast: Cast, client: Client, name: str, content: bytes, words: str
) -> None:
    assert words in refused(client, content, name)


@pytest.mark.slow
def test_a_workbook_that_declares_a_document_type_or_is_a_bomb_is_refused(cast: Cast, client: Client) -> None:
    good = client.get("/projects/alder/plan/download/").content
    part = "xl/worksheets/sheet2.xml"
    assert "not a sound Excel workbook" in refused(client, patched(good, declared, part), "plan.xlsx")
    bomb = patched(good, lambda sheet: sheet + b" " * (170 * 1024 * 1024), part)
    assert len(bomb) < 1024 * 1024
    assert "unpacks to more than can be read" in refused(client, bomb, "plan.xlsx")


def test_an_unknown_sheet_that_holds_data_is_refused_by_name(cast: Cast, client: Client) -> None:
    book = book_of(client)
    book.create_sheet("Scratch")["A1"] = "a thought"
    assert "Scratch" in refused(client, saved(book), "plan.xlsx")


# --- files that are ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_that_say_what_they_are_and_usual_separators_are_read(
    cast: Cast, client: Client, encoding: str, separator: str
) -> None:
    text = separator.join(("ref", "phase", "note")) + "\r\n" + separator.join(("DR.a", "1", "P\u0159ehled")) + "\r\n"
    client.post(preview_of(client, text.encode(encoding)), {"do": "import"})
    assert cast.row("DR.a", 1).note == "P\u0159ehled"


@pytest.mark.slow
def test_merged_cells_and_formats_down_to_the_last_row_do_no_harm(cast: Cast, client: Client) -> None:
    book = book_of(client)
    sheet = book["Phase 1"]
    sheet.merge_cells(start_row=1, end_row=1, start_column=len(COLUMNS) + 1, end_column=len(COLUMNS) + 2)
    sheet.cell(1_048_576, 3).fill = openpyxl.styles.PatternFill("solid", fgColor="FFFF00")
    row = next(row for row in sheet.iter_rows(min_row=2, max_row=200) if row[0].value == "DR.a")
    row[COLUMNS.index("due")].value = date(2026, 6, 1)
    client.post(preview_of(client, saved(book), "plan.xlsx"), {"do": "import"})
    assert cast.row("DR.a", 1).due == date(2026, 6, 1)
