"""The pages around a version: submitting, deciding, taking back, replacing, conditions, comparing, releasing."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from businesscase.models import Approval, BusinessCase, CaseVersion, Condition, Release
from businesscase.services.approval import ConditionWish, withdraw_version
from businesscase.services.cases import start_case, write_section
from phases.models import PlanRules
from projects.models import Membership
from tests.businesscase.conftest import COST, PEOPLE, add, say, submit
from tests.cast import CANARY, Cast

pytestmark = pytest.mark.django_db
CASE = "/projects/alder/business-case/"
SMALL = f"{CASE}gap-analysis/"
D = Decimal


def text(response) -> str:
    return " ".join(response.content.decode().split())


def seen_in(response) -> str:
    return re.search(r'name="seen" value="([0-9a-f]{64})"', response.content.decode())[1]


def form_of(client: Client, path: str = f"{CASE}submit/", **more) -> dict:
    return {"seen": seen_in(client.get(path)), "decide_by": "2026-03-20", "although_incomplete": "on", **more}


def decision(version: CaseVersion, verdict: str = "approve", **more) -> dict:
    return {"seen": version.sha256, "verdict": verdict, "comment": "", **more}


# Submitting


def test_the_manager_submits_and_sees_what_is_missing_first(cast: Cast, case: BusinessCase, sign_in) -> None:
    client = sign_in(cast.mara)
    page = text(client.get(f"{CASE}submit/"))
    assert "What is missing" in page
    assert "Toma Tate" in page
    assert "Mara Moss</span></label>" not in page
    answer = client.post(f"{CASE}submit/", form_of(client, approvers=[cast.toma.pk], note="Please decide."))
    assert answer["Location"] == f"{CASE}versions/1/"
    version = CaseVersion.objects.get()
    assert (version.note, version.state, version.decide_by) == ("Please decide.", "submitted", date(2026, 3, 20))
    assert "Version 1 lies with Toma Tate" in text(client.get(f"{CASE}versions/1/"))


def test_the_small_case_is_submitted_and_approved_on_its_own_pages(cast: Cast, sign_in) -> None:
    small = start_case(acting_user=cast.mara, project=cast.project, kind="gap analysis")
    add(cast, small, "cost", COST, title="Two days of interviews", category="people outside")
    write_section(acting_user=cast.mara, case=small, point="purpose", version=0, text="To know where we stand.")
    mara, toma = sign_in(cast.mara), sign_in(cast.toma)
    page = text(mara.get(f"{SMALL}submit/"))
    assert "Submit the case for the gap analysis" in page
    assert "Net present value" not in page
    answer = mara.post(f"{SMALL}submit/", form_of(mara, f"{SMALL}submit/", approvers=[cast.toma.pk]))
    assert answer["Location"] == f"{SMALL}versions/1/"
    page = text(toma.get(f"{SMALL}versions/1/"))
    assert "for the gap analysis, at most 12" in page
    assert "To know where we stand." in page
    assert "The gap analysis does not begin" in page
    answer = toma.post(f"{SMALL}versions/1/decide/", decision(CaseVersion.objects.get()))
    assert answer["Location"] == f"{SMALL}versions/1/"
    assert CaseVersion.objects.get().state == "approved"
    assert client_status(toma, f"{CASE}versions/1/") == 404
    sent = {"seen": 0, "phase": 0, "amount": "12 000,00"}
    assert toma.post(f"{SMALL}release/", sent).status_code == 302
    assert Release.objects.get().amount == D(12000)
    assert "All that was approved is released" in text(toma.get(f"{SMALL}release/"))


def client_status(client: Client, path: str) -> int:
    return client.get(path).status_code


def test_what_was_typed_stays_when_a_submission_is_refused(cast: Cast, case: BusinessCase, sign_in) -> None:
    client = sign_in(cast.mara)
    sent = form_of(client, approvers=[cast.chen.pk], note="Kept words", decide_by="2026-01-01")
    refused = client.post(f"{CASE}submit/", sent)
    assert refused.status_code == 422
    page = text(refused)
    assert "This day has gone by" in page
    assert "Kept words" in page
    assert re.search(rf'value="{cast.chen.pk}"[^>]*checked', page)
    assert not CaseVersion.objects.exists()


def test_nobody_names_themselves_but_in_a_very_small_entity(cast: Cast, case: BusinessCase, sign_in) -> None:
    client = sign_in(cast.olga)
    sent = form_of(client, approvers=[cast.olga.pk])
    assert client.post(f"{CASE}submit/", sent).status_code == 422
    PlanRules.objects.filter(project=cast.project).update(very_small=True)
    assert "you may name yourself" in text(client.get(f"{CASE}submit/"))
    assert client.post(f"{CASE}submit/", sent).status_code == 302
    version = CaseVersion.objects.get()
    page = text(client.get(f"{CASE}versions/1/"))
    assert "You submitted this version yourself" in page
    assert client.post(f"{CASE}versions/1/decide/", decision(version)).status_code == 302
    assert "own work" in text(client.get(f"{CASE}versions/1/"))
    assert Approval.objects.get().own_work is True


def test_who_lost_the_role_meanwhile_cannot_be_named(cast: Cast, case: BusinessCase, sign_in) -> None:
    client = sign_in(cast.mara)
    sent = form_of(client, approvers=[cast.toma.pk])
    Membership.objects.filter(user=cast.toma).update(role="committee member")
    refused = client.post(f"{CASE}submit/", sent)
    assert refused.status_code == 422
    assert "cannot approve in this project any more" in text(refused)


def test_a_draft_that_changed_in_another_tab_is_shown_again_before_it_is_submitted(
    cast: Cast, case: BusinessCase, sign_in
) -> None:
    client = sign_in(cast.mara)
    sent = form_of(client, approvers=[cast.toma.pk], note="As agreed")
    add(cast, case, "cost", PEOPLE)
    stale = client.post(f"{CASE}submit/", sent)
    assert stale.status_code == 409
    assert "The draft changed while you prepared" in text(stale)
    assert "As agreed" in text(stale)
    assert not CaseVersion.objects.exists()
    assert client.post(f"{CASE}submit/", {**sent, "seen": seen_in(stale)}).status_code == 302


def test_a_double_click_submits_once_and_both_clicks_lead_to_it(cast: Cast, case: BusinessCase, sign_in) -> None:
    client = sign_in(cast.mara)
    sent = form_of(client, approvers=[cast.toma.pk])
    for _click in range(2):
        assert client.post(f"{CASE}submit/", sent)["Location"] == f"{CASE}versions/1/"
    assert CaseVersion.objects.count() == 1
    assert client.get(f"{CASE}submit/")["Location"] == f"{CASE}versions/1/"


def test_an_empty_project_says_who_is_missing(cast: Cast, case: BusinessCase, sign_in) -> None:
    Membership.objects.filter(user__in=[cast.toma, cast.chen]).update(role="committee member")
    page = text(sign_in(cast.olga).get(f"{CASE}submit/"))
    assert "Nobody can decide yet" in page


# Reading and deciding


def test_the_page_of_a_version_says_what_is_asked_and_what_it_costs(cast: Cast, case: BusinessCase, sign_in) -> None:
    version = submit(cast, case, note="Decide at your meeting.")
    client = sign_in(cast.toma)
    page = text(client.get(f"{CASE}versions/1/"))
    order = [
        "Decide at your meeting.",
        "What it costs and brings",
        "What changed",
        "What happens if not",
        "Your decision",
    ]
    places = [page.index(words) for words in order]
    assert places == sorted(places)
    assert "42 000 EUR" in page
    assert version.sha256[:12] in page
    assert "Your decision" not in text(sign_in(cast.chen).get(f"{CASE}versions/1/"))
    assert "Withdraw version 1" in text(sign_in(cast.mara).get(f"{CASE}versions/1/"))


def test_top_management_approves_with_a_condition_that_is_met_and_opened_again(
    cast: Cast, case: BusinessCase, sign_in
) -> None:
    version = submit(cast, case)
    toma, mara = sign_in(cast.toma), sign_in(cast.mara)
    sent = decision(version, "conditions", text_0="Desk hours measured", due_0="2026-07-01")
    assert toma.post(f"{CASE}versions/1/decide/", sent).status_code == 302
    condition = Condition.objects.get()
    path = f"{CASE}versions/1/conditions/{condition.pk}/"
    page = text(mara.get(f"{CASE}versions/1/"))
    assert "Approved with conditions" in page
    assert "Desk hours measured" in page
    ahead = mara.post(path, {"version": 1, "met_on": "2026-07-01", "note": "Report 7"})
    assert ahead.status_code == 422
    assert "This day lies ahead" in text(ahead)
    assert "Report 7" in text(ahead)
    assert mara.post(path, {"version": 1, "met_on": "2026-03-01", "note": "Report 7"}).status_code == 302
    assert "Report 7" in text(mara.get(f"{CASE}versions/1/"))
    assert mara.post(path, {"version": 1, "met_on": "2026-03-01", "note": "Again"}).status_code == 409
    assert mara.post(path, {"version": 2, "do": "take back"}).status_code == 302
    condition.refresh_from_db()
    assert condition.met_on is None
    assert toma.post(path, {"version": 3, "met_on": "2026-03-01", "note": "x"}).status_code == 403


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"verdict": ""}, "Choose what you decide"),
        ({"verdict": "waiting"}, "Select a valid choice"),
        ({"verdict": "reject"}, "Say why, so that it can be mended"),
        ({"verdict": "changes"}, "Say why, so that it can be mended"),
        ({"verdict": "conditions"}, "Write at least one condition"),
        ({"verdict": "approve", "text_0": "Only if"}, "You wrote a condition"),
        ({"verdict": "conditions", "due_0": "2026-07-01"}, "A day stands without a condition"),
        ({"verdict": "conditions", "text_0": "Then", "due_0": "2026-02-01"}, "2026-02-01 has gone by"),
        ({"verdict": "conditions", "text_0": "Then", "due_0": "soon"}, "Enter a valid date"),
    ],
)
def test_a_decision_that_lacks_something_is_refused_and_stays(
    cast: Cast, case: BusinessCase, sign_in, sent: dict, words: str
) -> None:
    version = submit(cast, case)
    refused = sign_in(cast.toma).post(
        f"{CASE}versions/1/decide/", decision(version, **{"comment": "My words" if "text_0" in sent else "", **sent})
    )
    assert refused.status_code == 422
    page = text(refused)
    assert words in page
    assert sent.get("text_0", "") in page
    assert ("My words" in page) == ("text_0" in sent)
    version.refresh_from_db()
    assert version.state == "submitted"


@pytest.mark.parametrize(("verdict", "state"), [("changes", "Changes asked for"), ("reject", "Rejected")])
def test_one_no_sends_it_back_with_its_reason(
    cast: Cast, case: BusinessCase, sign_in, verdict: str, state: str
) -> None:
    version = submit(cast, case)
    answer = sign_in(cast.toma).post(f"{CASE}versions/1/decide/", decision(version, verdict, comment="Too dear."))
    assert answer.status_code == 302
    page = text(sign_in(cast.mara).get(f"{CASE}versions/1/"))
    assert state in page
    assert "Too dear." in page
    assert "Submit anew" in page


def test_a_double_click_decides_once(cast: Cast, case: BusinessCase, sign_in) -> None:
    version = submit(cast, case, "toma", "chen")
    client = sign_in(cast.toma)
    assert client.post(f"{CASE}versions/1/decide/", decision(version)).status_code == 302
    again = client.post(f"{CASE}versions/1/decide/", decision(version))
    assert again.status_code == 409
    assert "You have decided about this version already" in text(again)
    assert "1 of 2 decided" in text(again)


def test_a_stale_tab_does_not_approve_what_was_submitted_meanwhile(cast: Cast, case: BusinessCase, sign_in) -> None:
    seen = submit(cast, case)
    withdraw_version(acting_user=cast.mara, version=seen)
    add(cast, case, "cost", PEOPLE)
    newer = submit(cast, case)
    client = sign_in(cast.toma)
    wrote = {"comment": "Fine by me", "text_0": "Report in July"}
    stale = client.post(f"{CASE}versions/1/decide/", decision(seen, "conditions", **wrote))
    assert stale.status_code == 409
    assert "Fine by me" in text(stale)
    assert "Report in July" in text(stale)
    assert "Version 1 no longer waits: it is withdrawn" in text(stale)
    assert "Open version 2" in text(stale)
    other = client.post(f"{CASE}versions/2/decide/", decision(newer, seen=seen.sha256, comment="I read it"))
    assert other.status_code == 409
    assert "This is not the version that you saw" in text(other)
    assert "I read it" in text(other)
    assert not Approval.objects.exclude(verdict="waiting").exists()


def test_who_was_not_asked_cannot_decide(cast: Cast, case: BusinessCase, sign_in) -> None:
    version = submit(cast, case)
    refused = sign_in(cast.chen).post(f"{CASE}versions/1/decide/", decision(version))
    assert refused.status_code == 422
    assert "You were not asked" in text(refused)
    assert sign_in(cast.mara).post(f"{CASE}versions/1/decide/", decision(version)).status_code == 403


def test_an_approver_who_left_is_shown_and_replaced(cast: Cast, case: BusinessCase, sign_in) -> None:
    version = submit(cast, case)
    Membership.objects.filter(user=cast.toma).update(role="committee member")
    assert sign_in(cast.toma).post(f"{CASE}versions/1/decide/", decision(version)).status_code == 403
    client = sign_in(cast.mara)
    assert "Can no longer decide in this project" in text(client.get(f"{CASE}versions/1/"))
    path = f"{CASE}versions/1/approver/"
    refused = client.post(path, {"gone": cast.toma.pk, "instead": ""})
    assert refused.status_code == 422
    assert "Choose who decides instead" in text(refused)
    assert client.post(path, {"gone": cast.toma.pk, "instead": cast.petra.pk}).status_code == 422
    assert client.post(path, {"gone": "x", "instead": cast.chen.pk}).status_code == 400
    sent = {"gone": cast.toma.pk, "instead": cast.chen.pk}
    assert client.post(path, sent).status_code == 302
    page = text(client.get(f"{CASE}versions/1/"))
    assert "Chen Chair is asked instead of Toma Tate" in page
    assert "Can no longer decide" not in page
    assert sign_in(cast.chen).post(f"{CASE}versions/1/decide/", decision(version)).status_code == 302
    assert client.post(path, sent).status_code == 422


def test_replacing_twice_says_that_it_was_done(cast: Cast, case: BusinessCase, sign_in) -> None:
    submit(cast, case)
    client = sign_in(cast.mara)
    path = f"{CASE}versions/1/approver/"
    client.post(path, {"gone": cast.toma.pk, "instead": cast.chen.pk})
    again = client.post(path, {"gone": cast.toma.pk, "instead": cast.olga.pk})
    assert again.status_code == 409
    assert "Somebody replaced them meanwhile" in text(again)


def test_it_is_withdrawn_once_and_the_draft_is_open_again(cast: Cast, case: BusinessCase, sign_in) -> None:
    submit(cast, case)
    client = sign_in(cast.mara)
    assert client.post(f"{CASE}versions/1/withdraw/", {"note": "Wrong rate"}).status_code == 302
    assert CaseVersion.objects.get().state == "withdrawn"
    again = client.post(f"{CASE}versions/1/withdraw/", {"note": "Wrong rate"})
    assert again.status_code == 409
    assert "Version 1 no longer waits" in text(again)
    add(cast, case, "cost", PEOPLE)


# Later versions


def test_the_next_version_shows_what_changed_in_words_and_figures(
    cast: Cast, case: BusinessCase, approved: CaseVersion, sign_in
) -> None:
    add(cast, case, "cost", COST, title="Training of the desk", category="training", likely=D(5000))
    client = sign_in(cast.mara)
    page = text(client.get(f"{CASE}submit/"))
    assert "Since version 1" in page
    assert "Training of the desk" in page
    submit(cast, case)
    page = text(sign_in(cast.toma).get(f"{CASE}versions/2/"))
    assert "new, 5 000" in page
    assert "42 000 → <b>47 000</b>" in page
    assert "Version 1 stays in force" in page
    compared = text(client.get(f"{CASE}versions/2/compare/"))
    assert "Version 1 and Version 2" in compared
    assert "Training of the desk" in compared
    assert "+5 000" in compared
    assert client.get(f"{CASE}versions/2/compare/?with=9").status_code == 400
    assert client.get(f"{CASE}versions/2/compare/?with=2").status_code == 400
    assert client.get(f"{CASE}versions/2/compare/?other=1").status_code == 400
    assert "Version 2 and Draft" in text(client.get(f"{CASE}versions/2/compare/?with=draft"))
    assert "Nothing is different" in text(client.get(f"{CASE}versions/2/compare/?with=draft"))


def test_a_first_version_has_nothing_beside_it(cast: Cast, case: BusinessCase, approved: CaseVersion, sign_in) -> None:
    assert "Nothing to put beside it" in text(sign_in(cast.audra).get(f"{CASE}versions/1/compare/"))


def test_an_open_condition_of_the_version_in_force_is_shown_to_those_who_decide_about_the_next(
    cast: Cast, case: BusinessCase, sign_in
) -> None:
    wish = ConditionWish("Desk hours measured", date(2026, 7, 1))
    say(cast, submit(cast, case), verdict="conditions", conditions=[wish])
    add(cast, case, "cost", PEOPLE)
    submit(cast, case)
    assert "Still open from version 1" in text(sign_in(cast.toma).get(f"{CASE}versions/2/"))


def test_the_list_names_every_version_with_its_state(
    cast: Cast, case: BusinessCase, approved: CaseVersion, sign_in
) -> None:
    client = sign_in(cast.mara)
    page = text(client.get(f"{CASE}versions/"))
    assert "Version 1 is in force" in page
    assert "Submit the draft" in page
    assert "Submit the draft" not in text(sign_in(cast.audra).get(f"{CASE}versions/"))
    assert "No version yet" in text(client.get(f"{SMALL}versions/"))


# Release


def test_money_is_released_once_by_two_clicks(cast: Cast, case: BusinessCase, approved: CaseVersion, sign_in) -> None:
    client = sign_in(cast.toma)
    sent = {"seen": 0, "phase": 1, "amount": "20000", "note": "First half"}
    assert client.post(f"{CASE}release/", sent)["Location"] == f"{CASE}release/"
    again = client.post(f"{CASE}release/", sent)
    assert again.status_code == 409
    assert "Money was released since you opened this page" in text(again)
    assert Release.objects.count() == 1
    page = text(client.get(f"{CASE}release/"))
    assert "22 000" in page
    assert "First half" in page


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"amount": "42 001"}, "is left to release"),
        ({"amount": "0"}, "Give the amount"),
        ({"amount": "-5"}, "cannot be below zero"),
        ({"amount": "1,234"}, "can be read in two ways"),
        ({"amount": "1e30"}, "Write the number out"),
        ({"amount": ""}, "Give the amount"),
        ({"phase": "7"}, "Select a valid choice"),
        ({"phase": ""}, "Choose a phase"),
    ],
)
def test_a_release_that_cannot_be_is_refused(
    cast: Cast, case: BusinessCase, approved: CaseVersion, sign_in, sent: dict, words: str
) -> None:
    refused = sign_in(cast.toma).post(
        f"{CASE}release/", {"seen": 0, "phase": 1, "amount": "100", "note": "My note", **sent}
    )
    assert refused.status_code == 422
    assert words in text(refused)
    assert "My note" in text(refused)
    assert not Release.objects.exists()


def test_before_an_approval_there_is_nothing_to_release(cast: Cast, case: BusinessCase, sign_in) -> None:
    submit(cast, case)
    assert "No version is approved yet" in text(sign_in(cast.toma).get(f"{CASE}release/"))
    assert "No version is approved yet" in text(sign_in(cast.toma).get(f"{SMALL}release/"))
    assert sign_in(cast.mara).post(f"{CASE}release/", {}).status_code == 403


# Of others


def test_the_other_client_is_not_reached(cast: Cast, case: BusinessCase, sign_in) -> None:
    submit(cast, case)
    bruno = sign_in(cast.bruno)
    for page in ("versions/", "versions/1/", "versions/1/compare/", "submit/", "release/", "versions/1/decide/"):
        assert bruno.get(f"{CASE}{page}").status_code == 404
        assert sign_in(cast.toma).get(f"/projects/birch/business-case/{page}").status_code == 404
    other = start_case(acting_user=cast.bruno, project=cast.other, kind="implementation")
    assert CANARY in str(other.project)
    assert bruno.post(f"{CASE}versions/1/decide/", decision(CaseVersion.objects.get())).status_code == 404


def test_a_condition_of_another_version_is_not_found(cast: Cast, case: BusinessCase, sign_in) -> None:
    say(cast, submit(cast, case), verdict="conditions", conditions=[ConditionWish("First")])
    add(cast, case, "cost", PEOPLE)
    submit(cast, case)
    key = Condition.objects.get().pk
    sent = {"version": 1, "met_on": "2026-03-01", "note": "x"}
    assert sign_in(cast.mara).post(f"{CASE}versions/2/conditions/{key}/", sent).status_code == 404
    assert sign_in(cast.mara).get(f"{CASE}versions/9/").status_code == 404


def test_what_no_form_of_ours_sends_is_refused_and_never_breaks(cast: Cast, case: BusinessCase, sign_in) -> None:
    version = submit(cast, case)
    mara, toma = sign_in(cast.mara), sign_in(cast.toma)
    huge = "9" * 30
    assert mara.get(f"{CASE}versions/{huge}/").status_code == 404
    assert mara.post(f"{CASE}versions/1/conditions/{huge}/", {}).status_code == 404
    assert mara.get(f"{CASE}versions/1/compare/?with={huge}").status_code == 400
    assert mara.post(f"{CASE}versions/1/approver/", {"gone": huge, "instead": cast.chen.pk}).status_code in (404, 409)
    assert mara.post(f"{CASE}versions/1/withdraw/", {"note": "x" * 301}).status_code == 422
    nul = toma.post(f"{CASE}versions/1/decide/", decision(version, "reject", comment="a\x00b"))
    assert nul.status_code == 422
    twice = {"seen": [version.sha256, "0"], "verdict": "approve"}
    assert toma.post(f"{CASE}versions/1/decide/", twice).status_code == 400
    assert toma.post(f"{CASE}versions/1/decide/", {"verdict": "approve"}).status_code == 409
    assert toma.post(f"{CASE}release/", {"seen": huge, "phase": 1, "amount": "1"}).status_code == 422
    assert mara.post(f"{CASE}versions/1/withdraw/", {"note": "a\x00b"}).status_code == 302
    version.refresh_from_db()
    assert version.state == "withdrawn"


def test_a_bookmark_of_an_act_leads_to_the_version(cast: Cast, case: BusinessCase, sign_in) -> None:
    submit(cast, case)
    client = sign_in(cast.toma)
    for act in ("decide", "withdraw", "approver"):
        assert client.get(f"{CASE}versions/1/{act}/")["Location"] == f"{CASE}versions/1/"


@pytest.mark.db
def test_the_pages_ask_the_database_a_fixed_number_of_times(
    cast: Cast, case: BusinessCase, approved: CaseVersion, sign_in
) -> None:
    add(cast, case, "cost", PEOPLE)
    submit(cast, case, "toma", "chen")
    client = sign_in(cast.mara)
    for path in ("versions/", "versions/2/", "versions/2/compare/", "release/"):
        client.get(f"{CASE}{path}")
        with CaptureQueriesContext(
            connection,
        ) as counted:
            client.get(f"{CASE}{path}")
        assert len(counted) <= 15, f"{path}: {len(counted)}"
