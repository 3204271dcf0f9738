"""Wherever figures are shown or exported, the supplement stands apart."""

import csv
import json
import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils.html import strip_tags

from phases import panels
from phases.models import PhaseActivity
from phases.panels_supplement import supplement_panel
from phases.selectors.board import BoardQuery
from phases.selectors.board_page import board_of
from phases.selectors.catalogue import texts_for
from phases.selectors.dashboard import dashboard_of
from phases.selectors.figures import contract_of, figures_of
from phases.selectors.my_work import my_work
from phases.selectors.portfolio import PortfolioQuery, chosen_projects, lines_of, reach_of
from phases.selectors.role_map import role_map_of
from phases.selectors.search import search_project
from phases.services.stored_figures import refresh_for
from phases.services.supplement import add_supplement
from tests.cast import Cast
from tests.phases.board_rows import rows_behind
from tests.phases.supplement_plans import close
from tests.phases.test_dashboard_reconciles import check, scatter

BOARD = "/projects/alder/phases/1/"


@pytest.fixture
def taken(cast: Cast, supplement) -> Cast:
    """Phase 1 runs in Alder's project, with the supplement; two of its rows there are done, one is late."""
    add_supplement(acting_user=cast.mara, project=cast.project)
    close(cast.project, 0, on=cast.project.start_date)
    rows = PhaseActivity.objects.filter(project=cast.project, phase_number=1)
    rows.filter(activity__ref__in=["S.CX.a", "S.CX.b"]).update(status="done")
    rows.filter(activity__ref="S.RO.a").update(due="2026-02-20", accountable=cast.parties["tim"])
    return cast


def text_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    text = strip_tags(answer.content.decode().replace("<", " <"))
    return re.sub(r"\s+([,.]?)", r" \1", text).replace(" ,", ",").replace(" .", ".")


def test_the_contract_puts_it_under_supplement(taken: Cast, capsys) -> None:
    call_command("show_figures", "alder")
    said = json.loads(capsys.readouterr().out)
    assert {number: phase["applicable"] for number, phase in said["phases"].items()} == {"1": 76, "2": 172, "3": 223}
    assert len(said["components"]) == 21
    extra = said["supplement"]
    assert {number: phase["applicable"] for number, phase in extra["phases"].items()} == {"1": 14, "2": 28, "3": 28}
    assert extra["phases"]["1"]["done"] == extra["components"]["S.CX"]["1"]["done"] == 2
    assert said["phases"]["1"]["done"] == 0
    assert len(extra["components"]) == 8


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_the_dashboard_still_reconciles_with_the_board(taken: Cast, seed: int) -> None:
    scatter(taken.project, seed)
    board, texts = dashboard_of(taken.project), texts_for(taken.project)
    parties = list(taken.project.parties.values_list("pk", flat=True))

    def behind(url: str) -> list:
        number = int(url.partition("?")[0].rstrip("/").rpartition("/")[2])
        shown = board_of(taken.project, number, BoardQuery(), taken.mara).rows
        return rows_behind(url, shown, list(texts.components), parties)

    check(taken.project, board, texts, behind)
    heat = panels.component_map(taken.project, board, texts)
    assert heat is not None
    assert len(heat.rows) == 21 + 1


def test_the_tabs_of_the_board_count_the_catalogue_alone(taken: Cast) -> None:
    board = board_of(taken.project, 1, BoardQuery(), taken.tim)
    assert board.views["all"] == board.tally.total == 76
    assert (board.views["verify"], board.views["overdue"]) == (0, 0)
    assert (board.views["supplement"], board.views["mine"]) == (14, 1)
    assert (board.main_shown, board.supplement_shown) == (76, 14)
    assert (board.supplement.total, board.supplement.done, board.supplement.overdue) == (14, 2, 1)


def test_its_groups_come_last_whatever_the_board_is_grouped_by(taken: Cast) -> None:
    for group in ("component", "party", "status", "none"):
        found = board_of(taken.project, 1, BoardQuery(group=group, sort="due"), taken.mara).groups
        apart = [one.is_supplement for one in found]
        assert apart == sorted(apart)
        assert all(row.is_supplement == one.is_supplement for one in found for row in one.rows)
        assert len({one.anchor for one in found}) == len(found)
        assert sum(one.tally.total for one in found if not one.is_supplement) == 76


def test_the_board_shows_it_under_a_heading_of_its_own_and_a_tab(taken: Cast, sign_in) -> None:
    client = sign_in(taken.mara)
    page = text_of(client, BOARD)
    assert "76 of 76 shown, and 14 of the supplement" in page
    assert "0 of 76 applicable done or verified" in page
    assert "Supplement for 2018 our own guidance, counted apart 2 of 14 applicable done or verified" in page
    assert page.index("CH.i ") < page.index("Supplement for 2018") < page.index("S.CX.a ")
    apart = text_of(client, f"{BOARD}?view=supplement")
    assert "14 of 14 shown" in apart
    assert "S.CX.a" in apart
    assert "CH.i" not in apart
    assert "0 of 76 shown, and 2 of the supplement" in text_of(client, f"{BOARD}?view=verify")


def test_a_board_without_it_has_no_tab_for_it(cast: Cast, sign_in) -> None:
    assert "Supplement" not in text_of(sign_in(cast.mara), BOARD)


def test_its_row_opens_changes_and_keeps_its_mark(taken: Cast, sign_in) -> None:
    client = sign_in(taken.mara)
    row = PhaseActivity.objects.get(project=taken.project, activity__ref="S.CX.c", phase_number=1)
    drawer = text_of(client, f"{BOARD}?open=S.CX.c")
    assert "Test the scope statement from the outside Supplement" in drawer
    assert "Supplement for ISO/IEC 20000-1:2018, 1.0" in drawer
    answer = client.post(
        f"/projects/alder/rows/{row.pk}/status/",
        {"version": row.version, "status": "in progress"},
        headers={"HX-Request": "true", "HX-Current-URL": f"http://testserver{BOARD}?group=none"},
    )
    assert answer.status_code == 200
    assert 'id="board-part"' in answer.content.decode()


def test_the_dashboard_has_a_panel_of_its_own_whose_figures_lead_to_their_rows(taken: Cast, sign_in) -> None:
    panel = supplement_panel(taken.project, dashboard_of(taken.project))
    assert panel is not None
    assert (panel.tally.finished, panel.tally.applicable) == (2, 14)
    said = {one.text: one.url for one in panel.concerns}
    assert list(said) == ["1 overdue", "11 unassigned", "2 to verify"]
    client = sign_in(taken.mara)
    for figure, url in ((2, panel.finished_url), (14, panel.applicable_url), (14, panel.board_url)):
        assert f"{figure} of 14 shown" in text_of(client, url)
    for text, url in said.items():
        assert f"{text.split()[0]} of 14 shown" in text_of(client, url)
    page = text_of(client, "/projects/alder/")
    assert "2 of 14 applicable done or verified in phase 1, 1 overdue, 11 unassigned, 2 to verify." in page
    assert "0 of 76 applicable activities" in page


def test_the_dashboard_says_that_it_is_left_out_or_not_decided(cast: Cast, sign_in) -> None:
    client = sign_in(cast.mara)
    assert "Supplement 2018 not decided Decide" in text_of(client, "/projects/alder/")
    type(cast.project).objects.filter(pk=cast.project.pk).update(supplement_declined="Runs elsewhere")
    assert "left out of this plan What it is Runs elsewhere" in text_of(client, "/projects/alder/")
    type(cast.project).objects.filter(pk=cast.project.pk).update(edition="2011")
    assert "Supplement" not in text_of(client, "/projects/alder/")


def test_the_portfolio_counts_the_catalogue_alone(taken: Cast) -> None:
    refresh_for(taken.mara, reach_of(taken.mara).zones)
    (row,) = lines_of(chosen_projects(taken.mara, PortfolioQuery()))
    assert (row.counts.applicable, row.counts.done, row.counts.overdue) == (76, 0, 0)


def test_my_work_shows_it_marked_and_counts_it_apart(taken: Cast, sign_in) -> None:
    work = my_work(taken.tim, ["UTC"])
    assert (work.late, work.soon, work.verify, work.supplement, work.total) == (0, 0, 0, 1, 1)
    assert [(row.ref, row.is_supplement, row.days_late) for row in work.rows] == [("S.RO.a", True, 10)]
    assert "1 of the supplement" in text_of(sign_in(taken.tim), "/")


def test_search_finds_it_marked(taken: Cast, sign_in) -> None:
    found = search_project(taken.project, "S.CX.a").activities
    assert [(hit.ref, hit.is_supplement, hit.phases) for hit in found] == [
        ("S.CX.a", True, ((1, "done"), (2, "not started"), (3, "not started")))
    ]
    assert "that touch the SMS Key Supplement" in text_of(sign_in(taken.mara), "/projects/alder/search/?q=S.CX.a")


def test_its_rows_count_in_the_role_map(taken: Cast, cast: Cast) -> None:
    found = role_map_of(taken.project)
    # The eight of initiation stand in a closed phase.
    assert found.open == 471 + 70 - 2
    codes = {entry.component for row in found.rows for entry in row.components}
    assert {"S.CX", "S.NF", "CH"} <= codes


def test_the_page_of_an_activity_names_its_pack(taken: Cast, sign_in) -> None:
    answer = sign_in(taken.mara).get("/projects/alder/activities/S.CX.a/")
    page = answer.content.decode()
    assert "Our supplement" in page
    assert "/catalogues/sms-2018-supplement/1.0/" in page
    assert "all of it is our own guidance" in page
    assert "/catalogues/tr20000-5-2010/1.0/activities/S.CX.a" not in page


def test_the_plan_lists_it_last_and_says_so_in_the_last_column_but_the_mark(taken: Cast) -> None:
    out = StringIO()
    call_command("export_plan", "alder", "--with-initiation", stdout=out)
    rows = list(csv.DictReader(StringIO(out.getvalue())))
    assert list(rows[0])[-2:] == ["part", "check"]
    assert [row["part"] for row in rows] == ["catalogue"] * 479 + ["supplement"] * 70
    assert all(row["ref"].startswith("S.") == (row["part"] == "supplement") for row in rows)


def test_a_board_exports_it_last_and_says_so_in_the_last_column(taken: Cast, sign_in) -> None:
    answer = sign_in(taken.mara).get(f"{BOARD}export/?sort=-due")
    rows = list(csv.DictReader(StringIO(answer.content.decode())))
    assert list(rows[0])[-1] == "part"
    assert [row["part"] for row in rows] == ["catalogue"] * 76 + ["supplement"] * 14


def test_the_contract_of_a_plan_without_it_does_not_mention_it(cast: Cast) -> None:
    assert "supplement" not in contract_of(figures_of(cast.project))
