"""The pages of a gate."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance.models import Attestation, CriterionRule, Gate, Waiver
from tests.cast import CANARY, Cast
from tests.governance.overseen import decided, overseen

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("moved")]
URL = "/projects/alder/governance/gates/"


def page_of(client, path: str) -> str:
    """A page that is there."""
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_says_first_whether_the_gate_would_pass_and_what_holds_it_up(cast: Cast, sign_in) -> None:
    client = sign_in(cast.chen)
    assert client.get(URL)["Location"] == f"{URL}0/"
    with CaptureQueriesContext(connection) as queries:
        page = page_of(client, f"{URL}1/")
    assert len(queries) <= 45
    assert "Gate 1: may phase 1 be closed?" in page
    assert "Phase 1 has not begun" in page
    assert "0 of 18" in page
    assert '<a href="/projects/alder/phases/1/?key=1">Board</a>' in page
    assert "What will be carried over" in page
    assert "Chair: Chen Chair" in page
    page = page_of(client, f"{URL}0/")
    assert "Held today, gate 0 would fail on 5 of 5 criteria." in page
    assert "top management here: Toma Tate" in page
    assert client.get(f"{URL}5/").status_code == 404


def test_a_decided_gate_shows_what_it_rested_on(cast: Cast, sign_in) -> None:
    overseen(cast)
    kept = {"key": "x", "title": "As it was", "met": "waived", "value": "3", "threshold": "4", "source": "Board"}
    decided(cast, 0, "go", frozen={"criteria": [kept]})
    page = page_of(sign_in(cast.audra), f"{URL}0/")
    assert "Decided on 2 March 2026 (D-01)." in page
    assert "As it was" in page
    assert "as they stood on 2 Mar 2026" in page
    assert "Entry criterion" not in page


def test_a_process_owner_attests_and_what_was_typed_stays(cast: Cast, sign_in) -> None:
    client = sign_in(cast.petra)
    path = f"{URL}0/criteria/entry-c/"
    page = page_of(client, path)
    assert "Draw five gaps at random" in page
    assert "Waive it" not in page
    answer = client.post(f"{path}attest/", {"note": "Ten draws, no miss"})
    assert answer.status_code == 422
    assert "Ten draws, no miss" in answer.content.decode()
    assert client.post(f"{path}attest/", {"holds": "yes", "note": "Ten draws, no miss"})["Location"] == f"{URL}0/"
    assert Attestation.objects.get().holds is True
    assert "Petra Pohl, 2 Mar: Ten draws, no miss" in page_of(client, f"{URL}0/")
    assert "It holds" in page_of(client, path)


def test_the_chair_waives_ends_it_and_asks_otherwise(cast: Cast, sign_in) -> None:
    client = sign_in(cast.chen)
    path = f"{URL}1/criteria/done-with-proof/"
    waived = f"{URL}1/criteria/others-done/"
    assert client.post(f"{waived}waive/", {"why": ""}).status_code == 422
    assert client.post(f"{waived}waive/", {"why": "Counted by hand"}).status_code == 302
    assert "Counted by hand" in page_of(client, f"{URL}1/")
    version = Waiver.objects.get().version
    assert client.post(f"{waived}ask-again/", {"version": version, "end-why": "Counted now"}).status_code == 302
    assert client.post(f"{waived}ask-again/", {"version": version, "end-why": "Twice"}).status_code == 409
    answer = client.post(f"{path}rule/", {"version": 0, "rule-is_used": "yes", "rule-threshold": "many"})
    assert answer.status_code == 422
    assert "Give a number, such as 85." in answer.content.decode()
    values = {"version": 0, "rule-is_used": "yes", "rule-threshold": "60", "rule-why": "Proof comes late"}
    assert client.post(f"{path}rule/", values).status_code == 302
    assert CriterionRule.objects.get().threshold == 60
    assert "Proof comes late" in page_of(client, f"{URL}1/settings/")
    assert client.get(f"{URL}1/criteria/nothing/").status_code == 404


def test_the_manager_plans_the_day_and_others_only_look(cast: Cast, sign_in) -> None:
    client = sign_in(cast.mara)
    path = f"{URL}1/settings/"
    assert client.post(path, {"version": 0, "planned_on": "soon", "note": "Mine"}).status_code == 422
    assert client.post(path, {"version": 0, "planned_on": "2026-07-03", "note": "Mine"}).status_code == 302
    assert Gate.objects.get().planned_on.isoformat() == "2026-07-03"
    assert "3 July 2026" in page_of(client, f"{URL}1/")
    assert 'name="planned_on"' not in page_of(sign_in(cast.audra), path)


def test_another_clients_gates_are_absent(cast: Cast, sign_in) -> None:
    answer = sign_in(cast.chen).get("/projects/birch/governance/gates/1/")
    assert (answer.status_code, CANARY in answer.content.decode()) == (404, False)


def test_what_was_refused_is_said_where_its_form_is_not_offered_any_more(cast: Cast, sign_in) -> None:
    chair = sign_in(cast.chen)
    path = f"{URL}1/criteria/key-verified/"
    answer = chair.post(f"{path}waive/", {"why": "We have no time"})
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "Key activities verified: this cannot be waived." in said
    assert "<b>You wrote:</b> We have no time" in said
    assert f'href="{URL}1/"' in said.partition("<main")[2], "the way back to the gate leads there"
    # Waived in one tab, then in another that was opened before.
    path = f"{URL}1/criteria/others-done/"
    assert chair.post(f"{path}waive/", {"why": "One"}).status_code == 302
    said = chair.post(f"{path}waive/", {"why": "Two"}).content.decode()
    assert "Other activities done is waived already." in said
    assert "<b>You wrote:</b> Two" in said
    late = chair.post(f"{URL}1/settings/", {"version": "1", "planned_on": "9999-12-31", "note": ""})
    assert (late.status_code, "This is too far off." in late.content.decode()) == (422, True)
