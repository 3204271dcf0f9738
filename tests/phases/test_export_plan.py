"""The plan as CSV."""

import csv
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from common.marked_rows import owner_mark
from phases.choices import Status
from phases.exports_plan import COLUMNS, plan_rows
from phases.models import Phase, PhaseActivity
from phases.selectors.catalogue import texts_for
from phases.services.lifecycle import close_phase, start_phase
from phases.services.rows import assign_party, change_status, write_note
from tests.cast import CANARY, Cast


def export(*args: str) -> list[dict[str, str]]:
    out = StringIO()
    call_command("export_plan", *args, format="csv", stdout=out)
    return list(csv.DictReader(StringIO(out.getvalue())))


def test_it_prints_a_row_per_phase_activity_of_phases_1_to_3(cast: Cast) -> None:
    rows = export("alder")
    assert len(rows) == 471
    assert set(rows[0]) == set(COLUMNS)
    assert {row["phase"] for row in rows} == {"1", "2", "3"}
    assert {row["status"] for row in rows} == {"not started"}


def test_it_adds_the_initiation_when_asked(cast: Cast) -> None:
    assert sum(row["phase"] == "0" for row in export("alder", "--with-initiation")) == 8


def test_it_says_what_stands_in_each_row(cast: Cast) -> None:
    assign_party(
        acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.i", 1)], party=cast.parties["tim"]
    )
    write_note(acting_user=cast.mara, project=cast.project, target=cast.target("CH.i", 1), note="Two\nlines")
    change_status(
        acting_user=cast.mara,
        project=cast.project,
        targets=[cast.target("CH.i", 2)],
        status=Status.BLOCKED,
        text="No tool",
    )
    rows = {(row["ref"], row["phase"]): row for row in export("alder")}
    row = rows["CH.i", "1"]
    due, start = cast.row("CH.i", 1).due, cast.row("CH.i", 1).planned_start
    assert due is not None
    mark = row.pop("check")
    assert mark.startswith(f"{owner_mark(str(cast.project.uuid))}-3-")
    assert row == {
        "ref": "CH.i",
        "phase": "1",
        "component": "CH",
        "title": "Plan how a failed change is undone",
        "nature": "operate",
        "key": "yes",
        "status": "not started",
        "reason": "",
        "responsible_roles": "Change management",
        "responsible_party": "Tim Tully",
        "contributors": "",
        "start": start.isoformat() if start else "",
        "due": due.isoformat(),
        "operating_since": "",
        "note": "Two\nlines",
        "part": "catalogue",
    }
    assert (rows["CH.i", "2"]["status"], rows["CH.i", "2"]["reason"]) == ("blocked", "No tool")


def test_it_separates_several_roles_by_a_semicolon(cast: Cast) -> None:
    roles = {row["ref"]: row["responsible_roles"] for row in export("alder")}
    assert roles["RE.i"] == "Project (or team member); Release management"


def test_it_neutralises_cells_that_a_spreadsheet_would_run(cast: Cast) -> None:
    PhaseActivity.objects.filter(pk=cast.row().pk).update(note='=HYPERLINK("http://x")', reason="-1")
    row = next(row for row in export("alder") if (row["ref"], row["phase"]) == ("CH.i", "1"))
    assert (row["note"], row["reason"]) == ('\'=HYPERLINK("http://x")', "'-1")


def test_it_holds_nothing_of_another_client(cast: Cast) -> None:
    assert CANARY not in str(export("alder"))


def test_it_writes_a_file(cast: Cast, tmp_path: Path) -> None:
    target = tmp_path / "plan.csv"
    call_command("export_plan", "alder", output=str(target), stderr=StringIO())
    with target.open(encoding="utf-8", newline="") as handle:
        assert len(list(csv.reader(handle))) == 472


def test_it_says_which_file_cannot_be_written(cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no/such/folder"):
        call_command("export_plan", "alder", output=str(tmp_path / "no/such/folder/x.csv"))


def test_it_names_a_project_that_is_not_there(cast: Cast) -> None:
    with pytest.raises(CommandError, match="no project 'adler'"):
        export("adler")


def test_it_hides_a_project_from_who_does_not_belong_to_it(cast: Cast) -> None:
    with pytest.raises(CommandError, match="no project 'birch'"):
        export("birch", "--as", "mara@alder.example")
    assert len(export("alder", "--as", "audra@alder.example")) == 471


def test_it_names_a_user_who_is_not_there(cast: Cast) -> None:
    with pytest.raises(CommandError, match=r"nobody@alder\.example"):
        export("alder", "--as", "nobody@alder.example")


def test_a_closed_phase_is_exported_as_it_closed_and_live_where_that_is_asked_for(cast: Cast) -> None:
    for number in (0, 1):
        close_phase(acting_user=cast.mara, project=cast.project, number=number, reason="Time is up")
        start_phase(acting_user=cast.mara, project=cast.project, number=number + 1)
    frozen = plan_rows(cast.project, with_initiation=True)
    # A party that is renamed later is still called what it was.
    Phase.objects.filter(project=cast.project, number=1).update(
        frozen={"columns": ["ref", "phase", "status"], "export": [["DR.a", 1, "verified"]], "rows": []}
    )
    kept = [row for row in plan_rows(cast.project) if row[1] == 1]
    assert kept == [("DR.a", 1, *[""] * 4, "verified", *[""] * (len(COLUMNS) - 7))]
    live = [row for row in plan_rows(cast.project, current=True) if row[1] == 1]
    assert [row[:7] for row in live] == [row[:7] for row in frozen if row[1] == 1]


def test_it_takes_three_queries(cast: Cast, django_assert_num_queries) -> None:
    texts_for(cast.project)
    with django_assert_num_queries(3):
        plan_rows(cast.project, with_initiation=True)
