"""The pages around a version: sending it, deciding about it, taking it back, publishing it."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from documents.choices import VersionState
from documents.models import Approval, Reading
from documents.selectors import open_version, version_in_force
from documents.services.begin import begin_version
from documents.services.drafts import save_draft
from phases.models import PlanRules, RoleAssignment
from projects.services.team import end_role
from tests.cast import CANARY, Cast
from tests.documents.conftest import approve, begin, draft_of, publish, send, soon

pytestmark = pytest.mark.django_db
D = "/projects/alder/documents/how-we-answer/"
MISSING = "[[ask: How fast? | 15 minutes]]\n\n> Example: We answer within an hour.\n\n[[choice: daily | weekly]]"


def text(response) -> str:
    """The words of a page on one line."""
    return " ".join(response.content.decode().split())


def form(cast: Cast, document, **more) -> dict:
    """A form of sending as it is filled in."""
    return {
        "version": draft_of(document).version,
        "approvers": [cast.toma.pk],
        "decide_by": soon().isoformat(),
        "weight": "major",
        "change_note": "First words.",
        "although_incomplete": "on",
        **more,
    }


def word(version, verdict: str = "approve", **more) -> dict:
    """A decision as it is sent."""
    return {"seen": version.sha256, "verdict": verdict, "reason": "", **more}


# Sending


def test_what_is_missing_and_who_cannot_approve_is_said_before_it_is_sent(cast: Cast, sign_in) -> None:
    document = begin(cast, MISSING, who="petra", approver_role="Top management")
    client = sign_in(cast.petra)
    page = text(client.get(f"{D}submit/"))
    assert all(each in page for each in ("How fast?", "daily / weekly", "1 example to adapt or delete"))
    assert re.search(r'Petra Pohl</span>\s*</span> <span class="t2">wrote a part of it', page)
    assert re.search(rf'value="{cast.toma.pk}"[^>]* checked', page)
    assert "Toma Tate, Top management, suggested" in page
    assert f'value="{cast.petra.pk}"' not in page
    sent = form(cast, document)
    del sent["although_incomplete"]
    refused = client.post(f"{D}submit/", sent)
    assert refused.status_code == 422
    assert "First words." in text(refused)
    answer = client.post(f"{D}submit/", form(cast, document))
    assert answer["Location"] == f"{D}decide/1.0/"
    sent_page = text(client.get(answer["Location"]))
    assert "Version 1.0 lies with Toma Tate" in sent_page
    # The approver sees what the sender knew to be missing.
    assert "2 places are empty, marked in the text: How fast?; A choice: daily / weekly." in sent_page
    assert "1 example is not adapted." in sent_page
    assert '<span class="doc-gap">' in sent_page


def test_the_role_map_says_who_is_suggested(cast: Cast, sign_in) -> None:
    RoleAssignment.objects.create(project=cast.project, role="Service owner", component="", party=cast.parties["cora"])
    begin(cast, approver_role="Service owner")
    page = text(sign_in(cast.petra).get(f"{D}submit/"))
    assert "Cora Cole, Committee member, suggested" in page


def test_a_second_click_sends_once_and_a_stale_tab_hears_of_the_change(cast: Cast, sign_in) -> None:
    document = begin(cast)
    client, sent = sign_in(cast.petra), form(cast, document)
    save_draft(acting_user=cast.mara, project=cast.project, key=document.key, version=1, body="## Other")
    stale = client.post(f"{D}submit/", sent)
    assert stale.status_code == 409
    assert "changed meanwhile" in text(stale)
    assert "First words." in text(stale)
    again = form(cast, document)
    assert client.post(f"{D}submit/", again).status_code == 302
    assert client.post(f"{D}submit/", again)["Location"] == f"{D}decide/1.0/"
    assert Approval.objects.count() == 1
    late = sign_in(cast.mara).post(f"{D}submit/", again)
    assert late.status_code == 409
    assert "lies with its approvers already" in text(late)
    assert client.post(f"{D}submit/", {**again, "version": ""}).status_code == 428


def test_who_wrote_it_cannot_be_named_and_who_may_not_write_it_cannot_send_it(cast: Cast, sign_in) -> None:
    document = begin(cast)
    refused = sign_in(cast.petra).post(f"{D}submit/", form(cast, document, approvers=[cast.petra.pk]))
    assert refused.status_code == 422
    assert "cannot approve this version" in text(refused)
    assert sign_in(cast.tim).get(f"{D}submit/").status_code == 403
    assert draft_of(document).state == VersionState.DRAFT


def test_a_successor_says_what_changed_and_how_much(cast: Cast, sign_in) -> None:
    document = publish(cast, begin(cast)).document
    begin_version(acting_user=cast.petra, project=cast.project, key=document.key)
    client = sign_in(cast.petra)
    assert "It becomes version <b>2.0</b>" in text(client.get(f"{D}submit/"))
    refused = client.post(f"{D}submit/", form(cast, document, change_note=""))
    assert "Say what changed since version 1.0." in text(refused)
    answer = client.post(f"{D}submit/", form(cast, document, weight="minor"))
    assert answer["Location"] == f"{D}decide/1.1/"


# Deciding


def test_an_approver_reads_what_changed_and_decides(cast: Cast, sign_in) -> None:
    document = publish(cast, begin(cast)).document
    draft = begin_version(acting_user=cast.petra, project=cast.project, key=document.key)
    body = draft.body.replace("We answer.", "We answer within the hour.")
    save_draft(acting_user=cast.petra, project=cast.project, key=document.key, version=draft.version, body=body)
    version = send(cast, document, to=("toma", "chen"))
    client = sign_in(cast.toma)
    page = text(client.get(f"{D}decide/2.0/"))
    assert "What changed since version 1.0" in page
    assert re.search(r"<ins>[^<]*within the hour\.?[^<]*</ins>", page)
    assert version.sha256 in page
    assert "0 of 2 decided" in page
    assert "Your decision" not in text(sign_in(cast.petra).get(f"{D}decide/2.0/"))
    client.post(f"{D}decide/2.0/", word(version))
    assert client.post(f"{D}decide/2.0/", word(version)).status_code == 302
    assert Approval.objects.filter(document_version=version, verdict="approve").count() == 1
    sign_in(cast.chen).post(f"{D}decide/2.0/", word(version))
    version.refresh_from_db()
    assert version.state == VersionState.APPROVED
    assert f'href="{D}publish/"' in text(sign_in(cast.mara).get(f"{D}decide/2.0/"))


def test_who_sends_back_says_why_and_the_sender_reads_it(cast: Cast, sign_in) -> None:
    document = begin(cast)
    version = send(cast, document)
    client = sign_in(cast.toma)
    refused = client.post(f"{D}decide/1.0/", word(version, "return"))
    assert (refused.status_code, "Say why, so that it can be mended." in text(refused)) == (422, True)
    assert client.post(f"{D}decide/1.0/", word(version, "return", reason="No figure.")).status_code == 302
    page = text(sign_in(cast.petra).get(f"{D}submit/"))
    assert "Sent back before" in page
    assert "No figure." in page


def test_a_version_taken_back_while_somebody_decides_is_refused_in_words(cast: Cast, sign_in) -> None:
    document = begin(cast)
    version = send(cast, document)
    assert sign_in(cast.petra).post(f"{D}decide/1.0/withdraw/", {"why": "A slip"}).status_code == 302
    late = sign_in(cast.toma).post(f"{D}decide/1.0/", word(version, reason="Well done."))
    assert late.status_code == 409
    assert "Version 1.0 no longer waits: it is draft." in text(late)
    assert "Well done." in text(late)
    again = sign_in(cast.petra).post(f"{D}decide/1.0/withdraw/", {"why": "Once more"})
    assert again.status_code == 409
    draft = draft_of(document)
    save_draft(acting_user=cast.petra, project=cast.project, key=document.key, version=draft.version, body="## New")
    send(cast, document)
    other = sign_in(cast.toma).post(f"{D}decide/1.0/", word(version))
    assert (other.status_code, "not the version that you saw" in text(other)) == (409, True)


def test_own_work_is_refused_with_409_and_allowed_in_a_very_small_entity(cast: Cast, sign_in) -> None:
    document = begin(cast)
    version = send(cast, document)
    Approval.objects.create(project=cast.project, document_version=version, approver=cast.petra, round=1)
    client = sign_in(cast.petra)
    assert "Your decision" not in text(client.get(f"{D}decide/1.0/"))
    refused = client.post(f"{D}decide/1.0/", word(version))
    assert (refused.status_code, "Nobody approves what they wrote." in text(refused)) == (409, True)
    PlanRules.objects.update_or_create(project=cast.project, defaults={"very_small": True})
    assert "own work" in text(client.get(f"{D}decide/1.0/"))
    assert client.post(f"{D}decide/1.0/", word(version)).status_code == 302
    assert Approval.objects.get(approver=cast.petra).own_work is True


def test_an_approver_who_lost_the_role_is_refused_shown_and_replaced(cast: Cast, sign_in) -> None:
    version = send(cast, begin(cast))
    end_role(
        acting_user=cast.mara,
        project=cast.project,
        membership_id=cast.toma.project_memberships.get(project=cast.project).pk,
    )
    assert sign_in(cast.toma).post(f"{D}decide/1.0/", word(version)).status_code == 404
    client = sign_in(cast.petra)
    page = text(client.get(f"{D}decide/1.0/"))
    assert "Can no longer approve in this project." in page
    assert "Mara Moss</option>" in page
    assert "Petra Pohl</option>" not in page
    sent = {"gone": cast.toma.pk, "instead": cast.chen.pk}
    assert client.post(f"{D}decide/1.0/replace/", sent).status_code == 302
    late = client.post(f"{D}decide/1.0/replace/", {**sent, "instead": cast.cora.pk})
    assert (late.status_code, "Somebody replaced them meanwhile" in text(late)) == (409, True)
    assert approve(cast, version, who="chen").state == VersionState.APPROVED


# Publishing


def test_a_manager_publishes_and_asks_people_to_read(cast: Cast, sign_in) -> None:
    document = begin(cast, refs=["CH.i"])
    version = approve(cast, send(cast, document))
    client = sign_in(cast.mara)
    page = text(client.get(f"{D}publish/"))
    assert "Its record becomes evidence of CH.i." in page
    assert "Team member: Tim Tully" in page
    sent = {
        "version": version.version,
        "effective_on": soon(0).isoformat(),
        "readers": ["role team member", "role process owner"],
        "due": "",
    }
    for day, words in (
        (soon(10), "12 Mar 2027, where it is in force from 12 Mar 2026"),
        (date.max, "2 Mar 2027, where"),
    ):
        refused = client.post(f"{D}publish/", {**sent, "effective_on": day.isoformat()})
        assert (refused.status_code, "Say by when they are to have read it." in text(refused)) == (422, True)
        said = re.sub("<[^>]+>", "", text(refused))
        assert f"counted from that day, 12 months on: {words}" in said
    answer = client.post(f"{D}publish/", {**sent, "due": soon().isoformat()})
    assert answer["Location"] == D
    there = version_in_force(document)
    assert (there.effective_on, there.record is not None) == (soon(0), True)
    asked = Reading.objects.values_list("reader__name", "role")
    assert set(asked) == {("Tim Tully", "Team member"), ("Petra Pohl", "Process owner")}


def test_of_two_who_publish_at_once_the_second_gets_409_and_a_second_click_nothing(cast: Cast, sign_in) -> None:
    version = approve(cast, send(cast, begin(cast)))
    sent = {"version": version.version, "effective_on": soon(0).isoformat()}
    mara, olga = sign_in(cast.mara), sign_in(cast.olga)
    assert mara.post(f"{D}publish/", sent).status_code == 302
    assert mara.post(f"{D}publish/", sent).status_code == 302
    late = olga.post(f"{D}publish/", sent)
    assert (late.status_code, "Mara Moss has published version 1.0 meanwhile." in text(late)) == (409, True)


def test_what_is_not_approved_is_not_published(cast: Cast, sign_in) -> None:
    document = begin(cast)
    client = sign_in(cast.mara)
    assert client.get(f"{D}publish/")["Location"] == D
    sent = {"version": 1, "effective_on": soon(0).isoformat()}
    assert client.post(f"{D}publish/", sent).status_code == 409
    version = approve(cast, send(cast, document))
    withdraw = sign_in(cast.petra).post(f"{D}decide/1.0/withdraw/", {})
    assert (withdraw.status_code, "it is approved" in text(withdraw)) == (409, True)
    past = client.post(f"{D}publish/", {**sent, "version": version.version, "effective_on": "2020-01-01"})
    assert (past.status_code, "This day has gone by." in text(past)) == (422, True)


# Who sees what


def test_a_confidential_document_and_another_clients_are_absent(cast: Cast, sign_in) -> None:
    version = send(cast, begin(cast, classification="confidential"), to=("cora",))
    tim = sign_in(cast.tim)
    assert tim.get(f"{D}decide/1.0/").status_code == 404
    assert tim.get(f"{D}submit/").status_code == 404
    assert "How we answer" in text(sign_in(cast.cora).get(f"{D}decide/1.0/"))
    for who in (cast.bruno, cast.nina):
        assert sign_in(who).post(f"{D}decide/1.0/", word(version)).status_code == 404
    other = "/projects/birch/documents/how-we-answer/decide/1.0/"
    assert CANARY not in text(sign_in(cast.mara).get(other))
    assert sign_in(cast.mara).get(f"{D}decide/7.0/").status_code == 404


def test_each_page_asks_the_database_a_fixed_number_of_times(cast: Cast, sign_in) -> None:
    document = publish(cast, begin(cast)).document
    begin_version(acting_user=cast.petra, project=cast.project, key=document.key)
    client = sign_in(cast.mara)
    counts = {}
    for path in ("submit/",):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(f"{D}{path}")
        counts[path] = len(queries)
    send(cast, document)
    with CaptureQueriesContext(connection) as queries:
        client.get(f"{D}decide/2.0/")
    counts["decide/"] = len(queries)
    approve(cast, open_version(document), seen_sha256=open_version(document).sha256)
    with CaptureQueriesContext(connection) as queries:
        client.get(f"{D}publish/")
    counts["publish/"] = len(queries)
    assert all(count <= 30 for count in counts.values()), counts
