"""My work as a page: reporting, verifying, sending back, undoing, from a card."""

import gzip
import re
import time
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audittrail.models import Event
from common import clock
from notifications.models import Comment
from phases.models import Phase, PhaseActivity, Round
from phases.selectors.as_of import plan_at
from phases.services.work import UNDO_SECONDS
from tests.cast import CANARY, Cast

TODAY = date(2026, 3, 2)
HTMX = {"HX-Request": "true"}


def give(cast: Cast, who: str, ref: str = "MR.a", **values) -> PhaseActivity:
    PhaseActivity.objects.filter(pk=cast.row(ref).pk).update(accountable=cast.parties[who], **{"due": TODAY, **values})
    return cast.row(ref)


def press(client: Client, row: PhaseActivity, status: str, *, part: str = "status", htmx: bool = True, **data):
    values = {"version": row.version, "status": status, "nonce": str(uuid4()), **data}
    return client.post(f"/projects/alder/work/{row.pk}/{part}/", values, headers=HTMX if htmx else {})


def undo_token(answer) -> str:
    found = re.search(r'name="undo" value="([^"]+)"', answer.content.decode())
    assert found
    return found[1]


def statuses(cast: Cast) -> list[list[str]]:
    """The changes of status that the trail tells, oldest first."""
    found = Event.objects.filter(stream_id=cast.project.uuid).order_by("seq")
    return [event.content["changes"]["status"] for event in found if event.action == "change status"]


# --- the page ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["olga", "mara", "toma", "chen", "cora", "petra", "tim", "audra", "carl", "nina"])
def test_everybody_has_the_page_and_nobody_sees_another_client(cast: Cast, sign_in, who: str) -> None:
    give(cast, "petra", status="done", done_by=cast.petra, done_at=clock.now())
    PhaseActivity.objects.filter(project=cast.other).update(due=TODAY, status="done", note=CANARY)
    answer = sign_in(cast.people[who]).get("/work/")
    assert answer.status_code == 200
    assert CANARY not in answer.content.decode()
    assert (">MR.a<" in answer.content.decode()) is (who in {"olga", "mara", "toma", "chen", "petra"})


def test_strangers_are_sent_to_sign_in(client: Client, db) -> None:
    assert client.get("/work/")["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("query", ["project=birch", "project=none", "all=x", "a=1", "project=alder&project=alder"])
def test_it_refuses_an_address_it_does_not_understand(cast: Cast, sign_in, query: str) -> None:
    assert sign_in(cast.petra).get(f"/work/?{query}").status_code == 400


def test_nothing_waits_says_what_would_stand_here(cast: Cast, sign_in) -> None:
    assert "Nothing waits for you" in sign_in(cast.audra).get("/work/").content.decode()


def test_it_weighs_at_most_thirty_kilobytes_with_every_section_full(cast: Cast, sign_in) -> None:
    rows = list(PhaseActivity.objects.filter(project=cast.project, phase_number__gte=1).order_by("pk")[:200])
    for number, row in enumerate(rows):
        row.due = TODAY + timedelta(days=(-1, 0, 3, 30)[number % 4])
        row.accountable = cast.parties["petra"]
        row.note = f"Note {number}: two of three records are there, the third is with the desk."
        if number % 5 == 0:
            row.status, row.done_by, row.accountable = "done", cast.tim, cast.parties["tim"]
    PhaseActivity.objects.bulk_update(rows, ["due", "accountable", "note", "status", "done_by"])
    page = sign_in(cast.petra).get("/work/").content
    assert page.count(b"<article") == 65
    assert len(gzip.compress(page)) < 30_000


# --- report --------------------------------------------------------------------------------------------------------
def test_a_press_takes_the_status_and_the_note_and_gives_the_card_back(cast: Cast, sign_in) -> None:
    row = give(cast, "petra")
    answer = press(sign_in(cast.petra), row, "in progress", note="Two of three records are there.")
    assert answer.status_code == 200
    assert answer.content.decode().strip().startswith('<article class="mw-card is-saved"')
    row = cast.row("MR.a")
    assert (row.status, row.note) == ("in progress", "Two of three records are there.")


def test_done_from_not_started_is_one_press_and_two_steps_in_the_trail(cast: Cast, sign_in) -> None:
    row = give(cast, "petra")
    assert press(sign_in(cast.petra), row, "done").status_code == 200
    assert cast.row("MR.a").status == "done"
    assert cast.row("MR.a").done_by == cast.petra
    assert statuses(cast) == [["not started", "in progress"], ["in progress", "done"]]


def test_a_note_that_was_not_touched_is_not_written(cast: Cast, sign_in) -> None:
    row = give(cast, "petra", note="As it\nwas")
    press(sign_in(cast.petra), row, "in progress", note="As it\r\nwas")
    last = Event.objects.filter(stream_id=cast.project.uuid).order_by("-seq").first()
    assert last is not None
    assert last.action == "change status"


def test_the_note_can_be_saved_alone(cast: Cast, sign_in) -> None:
    row = give(cast, "petra", note="Old")
    answer = press(sign_in(cast.petra), row, "not started", note="New")
    assert "The note on MR.a is saved." in answer.content.decode()
    assert (cast.row("MR.a").status, cast.row("MR.a").note) == ("not started", "New")


def test_blocked_asks_for_the_reason_beside_the_card_and_keeps_what_was_typed(cast: Cast, sign_in) -> None:
    row = give(cast, "petra")
    answer = press(sign_in(cast.petra), row, "blocked", note="Half a thought", body="And half a comment")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Say in a line what is missing and from whom." in page
    assert 'aria-invalid="true"' in page
    assert "Half a thought</textarea>" in page
    assert "And half a comment</textarea>" in page
    assert (cast.row("MR.a").status, cast.row("MR.a").note) == ("not started", "")
    assert press(sign_in(cast.petra), row, "blocked", text="The desk owes three records.").status_code == 200
    assert (cast.row("MR.a").status, cast.row("MR.a").reason) == ("blocked", "The desk owes three records.")


def test_an_operating_row_may_say_since_when(cast: Cast, sign_in) -> None:
    row = give(cast, "petra", "MR.g")
    answer = press(sign_in(cast.petra), row, "done", operating_since="2026-04-01")
    assert answer.status_code == 422
    assert "a day that has not come yet" in answer.content.decode()
    assert 'value="2026-04-01"' in answer.content.decode()
    assert cast.row("MR.g").status == "not started"
    press(sign_in(cast.petra), row, "done", operating_since="2026-02-01")
    assert cast.row("MR.g").operating_since == date(2026, 2, 1)


def test_somebody_elses_row_is_refused_beside_the_card(cast: Cast, sign_in) -> None:
    row = give(cast, "petra")
    answer = press(sign_in(cast.tim), row, "in progress", body="kept")
    assert answer.status_code == 422
    assert "This activity is another&#x27;s." in answer.content.decode()
    assert "kept</textarea>" in answer.content.decode()


def test_a_row_of_a_closed_phase_is_refused(cast: Cast, sign_in) -> None:
    row = give(cast, "petra")
    Phase.objects.filter(project=cast.project, number=1).update(state="closed")
    answer = press(sign_in(cast.petra), row, "in progress")
    assert (answer.status_code, cast.row("MR.a").status) == (422, "not started")
    assert "Phase 1 is closed" in answer.content.decode()


# --- twice, and meanwhile ------------------------------------------------------------------------------------------
def test_the_same_press_twice_is_once(cast: Cast, sign_in) -> None:
    row, client = give(cast, "petra"), sign_in(cast.petra)
    press(client, row, "in progress", note="N")
    before = Event.objects.count()
    answer = press(client, row, "in progress", note="N")
    assert answer.status_code == 200
    assert "MR.a stands so already." in answer.content.decode()
    assert Event.objects.count() == before


def test_a_row_that_changed_meanwhile_is_shown_with_both_texts(cast: Cast, sign_in) -> None:
    row = give(cast, "petra")
    press(sign_in(cast.mara), row, "in progress", note="Theirs")
    answer = press(sign_in(cast.petra), row, "done", note="Mine")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert re.search(r"now:\s*<b>Theirs</b>", page)
    assert re.search(r"yours:\s*<b>Mine</b>", page)
    assert "Mine</textarea>" in page
    assert cast.row("MR.a").status == "in progress"
    fresh = re.search(r'name="version" value="(\d+)"', page)
    assert fresh
    again = press(sign_in(cast.petra), row, "done", note="Mine", version=fresh[1])
    assert (again.status_code, cast.row("MR.a").status, cast.row("MR.a").note) == (200, "done", "Mine")


@pytest.mark.parametrize(("data", "status"), [({"version": ""}, 428), ({"status": "purple"}, 422)])
def test_what_no_page_sends_is_refused(cast: Cast, sign_in, data: dict[str, str], status: int) -> None:
    row = give(cast, "petra")
    values = {"version": row.version, "status": "in progress", **data}
    assert sign_in(cast.petra).post(f"/projects/alder/work/{row.pk}/status/", values).status_code == status
    assert cast.row("MR.a").version == row.version


def test_a_row_of_another_project_is_not_found(cast: Cast, sign_in) -> None:
    theirs = cast.other.phase_activities.get(activity__ref="MR.a", phase_number=1)
    client = sign_in(cast.mara)
    assert press(client, theirs, "in progress").status_code == 404
    assert client.get(f"/projects/alder/work/{theirs.pk}/").status_code == 404
    theirs.refresh_from_db()
    assert theirs.status == "not started"


# --- verify --------------------------------------------------------------------------------------------------------
def test_a_chair_verifies_what_another_did(cast: Cast, sign_in) -> None:
    row = give(cast, "petra", status="done", done_by=cast.petra, done_at=clock.now())
    assert "I saw it, verify" in sign_in(cast.chen).get("/work/").content.decode()
    assert press(sign_in(cast.chen), row, "verified").status_code == 200
    assert (cast.row("MR.a").status, cast.row("MR.a").verified_by) == ("verified", cast.chen)


def test_nobody_verifies_their_own(cast: Cast, sign_in) -> None:
    row = give(cast, "petra", status="done", done_by=cast.petra, done_at=clock.now())
    answer = press(sign_in(cast.petra), row, "verified")
    assert answer.status_code == 422
    assert "somebody else verifies it" in answer.content.decode()


def test_who_may_verify_sends_back_with_words_and_the_owner_reads_them(cast: Cast, sign_in) -> None:
    row = give(cast, "petra", status="done", done_by=cast.petra, done_at=clock.now())
    refused = press(sign_in(cast.chen), row, "in progress")
    assert refused.status_code == 422
    assert "Say why it goes back." in refused.content.decode()
    assert press(sign_in(cast.chen), row, "in progress", text="The third record is missing.").status_code == 200
    assert cast.row("MR.a").done_by is None
    assert "The third record is missing." in sign_in(cast.petra).get("/work/").content.decode()


@pytest.mark.parametrize("who", ["cora", "tim"])
def test_who_may_not_verify_sends_nothing_back(cast: Cast, sign_in, who: str) -> None:
    row = give(cast, "petra", status="done", done_by=cast.petra, done_at=clock.now())
    assert press(sign_in(cast.people[who]), row, "in progress", text="No.").status_code == 422
    assert cast.row("MR.a").status == "done"


# --- undo ----------------------------------------------------------------------------------------------------------
def test_a_slip_is_undone_and_the_note_stays(cast: Cast, sign_in) -> None:
    row, client = give(cast, "petra"), sign_in(cast.petra)
    token = undo_token(press(client, row, "done", note="Kept"))
    answer = press(client, row, "", part="undo", undo=token)
    assert answer.status_code == 200
    assert "MR.a is not started again." in answer.content.decode()
    row = cast.row("MR.a")
    assert (row.status, row.done_by, row.done_at, row.note) == ("not started", None, None, "Kept")
    assert statuses(cast)[-1] == ["done", "not started"]


def test_undoing_a_verification_leaves_who_did_it_and_when_in_every_past_view(cast: Cast, sign_in) -> None:
    client = sign_in(cast.petra)
    press(client, give(cast, "petra"), "done")
    done_at = cast.row("MR.a").done_at
    with clock.moved_to(clock.now() + timedelta(days=3)):
        chair = sign_in(cast.chen)
        token = undo_token(press(chair, cast.row("MR.a"), "verified"))
        assert press(chair, cast.row("MR.a"), "", part="undo", undo=token).status_code == 200
    row = cast.row("MR.a")
    assert (row.status, row.done_by, row.done_at) == ("done", cast.petra, done_at)
    assert (row.verified_by, row.verified_at) == (None, None)
    with clock.moved_to(clock.now() + timedelta(days=5)):
        [past] = [
            found
            for found in plan_at(cast.project, TODAY + timedelta(days=4)).rows
            if (found.ref, found.phase) == ("MR.a", 1)
        ]
    assert (past.status, past.done_at) == ("done", done_at)


def test_undo_is_for_who_pressed_for_a_while_and_for_that_press_alone(cast: Cast, sign_in) -> None:
    row, client = give(cast, "petra"), sign_in(cast.petra)
    other = give(cast, "petra", "MR.c")
    token = undo_token(press(client, row, "in progress"))
    assert press(sign_in(cast.mara), row, "", part="undo", undo=token).status_code == 422
    assert press(client, other, "", part="undo", undo=token).status_code == 422
    assert press(client, row, "", part="undo", undo=token[:-2]).status_code == 422
    assert press(client, cast.row("MR.a"), "done").status_code == 200
    assert press(client, row, "", part="undo", undo=token).status_code == 409
    assert cast.row("MR.a").status == "done"


def test_undo_ends_after_ten_minutes(cast: Cast, sign_in, monkeypatch) -> None:
    row, client = give(cast, "petra"), sign_in(cast.petra)
    token = undo_token(press(client, row, "in progress"))
    later = time.time() + UNDO_SECONDS + 1
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    answer = press(client, row, "", part="undo", undo=token)
    assert answer.status_code == 422
    assert "too late to undo" in answer.content.decode()
    assert cast.row("MR.a").status == "in progress"


# --- without script ------------------------------------------------------------------------------------------------
def test_without_script_a_press_leads_back_to_the_list_which_offers_the_way_back_once(cast: Cast, sign_in) -> None:
    row, client = give(cast, "petra"), sign_in(cast.petra)
    answer = press(client, row, "in progress", htmx=False, next="/work/?project=alder")
    assert (answer.status_code, answer["Location"]) == (303, f"/work/?project=alder#w{row.pk}")
    page = client.get("/work/").content.decode()
    assert "MR.a: In progress. Saved." in page
    assert 'name="undo"' in page
    assert 'name="undo"' not in client.get("/work/").content.decode()


def test_without_script_a_refusal_is_the_card_by_itself(cast: Cast, sign_in) -> None:
    row = give(cast, "petra")
    answer = press(sign_in(cast.petra), row, "blocked", htmx=False, note="typed")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>MR.a" in page
    assert "typed</textarea>" in page


def test_it_leads_back_to_no_other_place(cast: Cast, sign_in) -> None:
    row = give(cast, "petra")
    answer = press(sign_in(cast.petra), row, "in progress", htmx=False, next="https://evil.example/work/")
    assert answer["Location"] == f"/work/#w{row.pk}"


def test_a_card_by_itself_says_what_to_do_and_what_would_prove_it(cast: Cast, sign_in) -> None:
    row = give(cast, "petra")
    page = sign_in(cast.audra).get(f"/projects/alder/work/{row.pk}/").content.decode()
    assert "What to do" in page
    assert "What would prove it" in page
    assert 'name="status"' not in page


# --- comment and rounds --------------------------------------------------------------------------------------------
def test_a_comment_from_the_card_sent_twice_stands_once(cast: Cast, sign_in) -> None:
    row, client = give(cast, "petra"), sign_in(cast.petra)
    nonce = str(uuid4())
    for _ in range(2):
        answer = press(client, row, "", part="comment", nonce=nonce, body="Who keeps them?", note="still typed")
        assert answer.status_code == 200
    assert Comment.objects.filter(project=cast.project, key="MR.a", body="Who keeps them?").count() == 1
    assert "1 comment" in answer.content.decode()
    assert "still typed</textarea>" in answer.content.decode()
    assert press(client, row, "", part="comment", body="  ").status_code == 422


def test_what_comes_round_is_seen_to_from_the_card_once(cast: Cast, sign_in) -> None:
    row = give(cast, "petra", "MR.g", status="in progress", rhythm="monthly")
    client = sign_in(cast.petra)
    page = client.get("/work/").content.decode()
    assert "Every month" in page
    assert "Seen to this time" in page
    assert press(client, row, "", part="round", text="All as it should be").status_code == 200
    assert press(client, row, "", part="round", text="All as it should be").status_code == 409
    [made] = Round.objects.filter(project=cast.project)
    assert (made.note, made.due, made.done_by) == ("All as it should be", TODAY, cast.petra)
    row.refresh_from_db()
    assert row.due == date(2026, 4, 2)


# --- budget --------------------------------------------------------------------------------------------------------
def test_a_press_takes_few_queries(cast: Cast, sign_in) -> None:
    row, client = give(cast, "petra"), sign_in(cast.petra)
    with CaptureQueriesContext(connection) as plain:
        press(client, row, "in progress")
    row = cast.row("MR.a")
    with CaptureQueriesContext(connection) as noted:
        press(client, row, "done", note="With a note")

    def count(captured: CaptureQueriesContext) -> int:
        # Neither savepoints nor the locks of PostgreSQL.
        return sum("SAVEPOINT" not in query["sql"] and "FOR UPDATE" not in query["sql"] for query in captured)

    # Done asks for a verification, which costs one query more.
    assert (count(plain), count(noted)) == (14, 21)
