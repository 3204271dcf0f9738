"""The board as a page: what it shows, to whom, at what cost, and how it answers what it cannot read."""

import csv
import gzip
from io import StringIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audittrail.models import Event
from notifications.services.comments import add_comment
from phases.models import Phase, PhaseActivity
from projects.models import Party
from projects.registries import ClosingCheck, closing_checks, register_closing_check
from tests.cast import CANARY, Cast

BOARD = "/projects/alder/phases/1/"


def text(client: Client, url: str = BOARD, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status
    return answer.content.decode()


def queries(client: Client, url: str) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as counted:
        assert client.get(url).status_code == 200
    return len(counted)


def test_it_shows_every_row_of_the_phase_under_its_component(cast: Cast, sign_in) -> None:
    page = text(sign_in(cast.mara))
    assert page.count("data-row ") + page.count("data-row>") == 76
    assert "76 of 76 shown" in page
    assert "Change management" in page
    assert "Plan how a failed change is undone" in page
    assert "0 of 76 applicable done or verified" in page


def test_the_number_of_queries_is_small_and_the_same_for_few_and_many_rows(cast: Cast, sign_in) -> None:
    client = sign_in(cast.mara)
    few, many = queries(client, "/projects/alder/phases/0/"), queries(client, "/projects/alder/phases/3/")
    assert few == many <= 12
    for ref in ("CH.b", "CH.d", "CH.e"):
        add_comment(acting_user=cast.mara, project=cast.project, kind="activity", key=ref, body="Good")
    PhaseActivity.objects.filter(project=cast.project, phase_number=3).update(accountable=cast.parties["tim"])
    assert queries(client, "/projects/alder/phases/3/") == many
    assert queries(client, "/projects/alder/phases/3/?open=CH.i") <= 12


def test_the_largest_board_stays_light(cast: Cast, sign_in) -> None:
    PhaseActivity.objects.filter(project=cast.project, phase_number=3).update(accountable=cast.parties["tim"])
    page = text(sign_in(cast.mara), "/projects/alder/phases/3/")
    assert page.count("data-row") > 223
    assert len(gzip.compress(page.encode())) < 30_000


def test_no_row_carries_a_form(cast: Cast, sign_in) -> None:
    page = text(sign_in(cast.mara))
    assert page.count("<form") < 10


def test_work_that_goes_on_reads_since_when(cast: Cast, sign_in) -> None:
    PhaseActivity.objects.filter(pk=cast.row("CH.i").pk).update(status="done", operating_since="2025-11-06")
    assert "Operating since 6 Nov 2025" in text(sign_in(cast.mara))


def test_it_shows_why_a_row_is_blocked_and_how_late_it_is(cast: Cast, sign_in) -> None:
    PhaseActivity.objects.filter(pk=cast.row("CH.d").pk).update(
        status="blocked", reason="No <licence>", due="2026-02-17"
    )
    page = text(sign_in(cast.mara), f"{BOARD}?view=overdue")
    assert "No &lt;licence&gt;" in page
    assert "13 d late" in page
    assert "1 of 76 shown" in page


@pytest.mark.parametrize("who", ["mara", "toma", "chen", "cora", "petra", "tim", "audra", "olga"])
def test_everybody_in_the_project_sees_it(cast: Cast, sign_in, who: str) -> None:
    assert "76 of 76 shown" in text(sign_in(cast.people[who]))


@pytest.mark.parametrize("who", ["bruno", "nina", "carl"])
def test_it_does_not_exist_for_others(cast: Cast, sign_in, who: str) -> None:
    text(sign_in(cast.people[who]), status=404)


def test_a_phase_that_is_not_there_is_404(cast: Cast, sign_in) -> None:
    text(sign_in(cast.mara), "/projects/alder/phases/7/", status=404)


def test_nothing_of_another_client_is_on_it(cast: Cast, sign_in) -> None:
    assert CANARY not in text(sign_in(cast.mara), f"{BOARD}?open=CH.i")


@pytest.mark.parametrize(
    ("who", "boxes", "status", "party", "due", "close"),
    [
        ("mara", True, True, True, True, True),
        ("petra", True, True, False, False, False),
        ("tim", True, True, False, False, False),
        ("audra", False, False, False, False, False),
    ],
)
def test_each_role_gets_the_controls_that_it_may_use(
    cast: Cast, sign_in, who: str, boxes: bool, status: bool, party: bool, due: bool, close: bool
) -> None:
    page = text(sign_in(cast.people[who]), "/projects/alder/phases/0/")
    assert ('name="row"' in page) is boxes
    assert ("?part=status" in page) is status
    assert ("?part=party" in page) is party
    assert ("?part=due" in page) is due
    assert ("Close phase" in page) is close


@pytest.mark.parametrize("question", ["colour=red", "view=all&view=all", "status=finished", "party=1x", "open=XX.z"])
def test_a_question_it_cannot_read_is_400(cast: Cast, sign_in, question: str) -> None:
    text(sign_in(cast.mara), f"{BOARD}?{question}", status=400)


def test_the_party_of_another_client_is_a_bad_question_like_an_unknown_one(cast: Cast, sign_in) -> None:
    foreign = Party.objects.filter(project=cast.other).first()
    assert foreign is not None
    text(sign_in(cast.mara), f"{BOARD}?party={foreign.pk}", status=400)


def test_a_range_of_dates_the_wrong_way_round_is_said_at_the_dates_and_kept(cast: Cast, sign_in) -> None:
    page = text(sign_in(cast.mara), f"{BOARD}?due_from=2026-05-02&due_until=2026-05-01", status=400)
    assert "The range ends before it begins." in page
    assert 'value="2026-05-02"' in page
    assert 'value="2026-05-01"' in page


def test_an_empty_result_says_so_and_offers_the_way_back(cast: Cast, sign_in) -> None:
    page = text(sign_in(cast.mara), f"{BOARD}?q=unicorn")
    assert "Nothing matches" in page
    assert "Clear filters" in page
    assert "No activities in this phase" in text(sign_in(cast.mara), "/projects/alder/phases/4/")


def test_headings_sort_and_say_how(cast: Cast, sign_in) -> None:
    page = text(sign_in(cast.mara), f"{BOARD}?sort=due&component=CH")
    assert 'aria-sort="ascending"' in page
    assert "?component=CH&amp;sort=-due" in page


def test_the_drawer_opens_without_script(cast: Cast, sign_in) -> None:
    add_comment(acting_user=cast.tim, project=cast.project, kind="activity", key="CH.i", body="The gate needs three.")
    page = text(sign_in(cast.mara), f"{BOARD}?component=CH&open=CH.i")
    assert "data-drawer-title" in page
    assert "5 of 5" in page
    assert "The gate needs three." in page
    assert "Typical evidence" in page
    assert f'data-drawer-url="{BOARD}?component=CH"' in page


def test_a_closed_phase_is_read_only_and_says_so(cast: Cast, sign_in) -> None:
    Phase.objects.filter(project=cast.project, number=1).update(state="closed", closed_on="2026-02-27")
    page = text(sign_in(cast.mara))
    assert "Closed 27 Feb 2026" in page
    assert "This phase is closed." in page
    assert "?part=status" not in page
    assert 'name="row"' not in page


def test_the_export_holds_the_rows_seen_in_the_order_seen(cast: Cast, sign_in) -> None:
    PhaseActivity.objects.filter(pk=cast.row("CH.d").pk).update(
        status="blocked", reason="=cmd()", due="2026-02-17", accountable=cast.parties["tim"]
    )
    client = sign_in(cast.audra)
    answer = client.get(f"{BOARD}export/?component=CH&sort=-catalogue")
    assert answer["Content-Disposition"] == 'attachment; filename="alder-phase-1.csv"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    lines = list(csv.DictReader(StringIO(answer.content.decode())))
    assert [line["ref"] for line in lines] == ["CH.i", "CH.h", "CH.e", "CH.d", "CH.b"]
    blocked = lines[3]
    assert blocked["status"] == "blocked"
    assert blocked["reason"] == "'=cmd()"
    assert blocked["due"] == "2026-02-17"
    assert blocked["days_late"] == "13"
    assert blocked["responsible_party"] == "Tim Tully"
    assert blocked["component"] == "Change management"
    assert client.get(f"{BOARD}export/?colour=red").status_code == 400
    assert client.get(f"{BOARD}export/?open=CH.i").status_code == 400


def change_state(client: Client, number: int, action: str, version: int = 1, **more: str):
    sent = {"action": action, "version": version, "reason": "The committee agreed", **more}
    return client.post(f"/projects/alder/phases/{number}/state/", sent, follow=True)


def test_the_manager_closes_a_phase_and_starts_the_next(cast: Cast, sign_in) -> None:
    client = sign_in(cast.mara)
    version = Phase.objects.get(project=cast.project, number=0).version
    assert "Phase 0 is closed." in change_state(client, 0, "close", version).content.decode()
    assert "Phase 1 has started." in change_state(client, 1, "start").content.decode()
    states = dict(Phase.objects.filter(project=cast.project).values_list("number", "state"))
    assert (states[0], states[1]) == ("closed", "active")


def test_a_phase_does_not_start_before_the_last_is_closed(cast: Cast, sign_in) -> None:
    answer = change_state(sign_in(cast.mara), 1, "start")
    assert answer.status_code == 422
    assert "Close phase 0 first." in answer.content.decode()


def test_what_a_closing_check_misses_is_said_on_the_board(cast: Cast, sign_in) -> None:
    register_closing_check("test", ClosingCheck("Test", lambda _project, _number: "The gate is still open."))
    try:
        answer = change_state(sign_in(cast.mara), 0, "close")
    finally:
        closing_checks.remove("test")
    assert answer.status_code == 422
    assert "The gate is still open." in answer.content.decode()


def test_closing_over_open_work_asks_why_and_the_trail_keeps_the_answer(cast: Cast, sign_in) -> None:
    client = sign_in(cast.mara)
    answer = change_state(client, 0, "close", reason=" ")
    assert answer.status_code == 422
    assert "8 activities are still open. Say why the phase ends now." in answer.content.decode()
    change_state(client, 0, "close", reason="Nothing is left to prepare")
    event = Event.objects.get(stream_id=cast.project.uuid, action="close phase")
    assert event.content["reason"] == "Nothing is left to prepare"


def test_a_double_click_on_start_changes_nothing_and_says_so(cast: Cast, sign_in) -> None:
    Phase.objects.filter(project=cast.project, number=0).update(state="closed")
    client = sign_in(cast.mara)
    change_state(client, 1, "start")
    again = change_state(client, 1, "start")
    assert again.status_code == 422
    assert "This phase has begun already." in again.content.decode()


def test_a_stale_version_of_the_phase_is_409_and_no_version_428(cast: Cast, sign_in) -> None:
    client = sign_in(cast.mara)
    assert change_state(client, 0, "close", 99).status_code == 409
    assert client.post("/projects/alder/phases/0/state/", {"action": "close"}).status_code == 428
    assert client.post("/projects/alder/phases/0/state/", {"action": "pause", "version": 1}).status_code == 400
    assert Phase.objects.get(project=cast.project, number=0).state == "active"


@pytest.mark.parametrize("who", ["petra", "tim", "chen", "audra"])
def test_only_the_manager_starts_and_closes_phases(cast: Cast, sign_in, who: str) -> None:
    assert change_state(sign_in(cast.people[who]), 0, "close").status_code == 403
