"""Requests for evidence, as people meet them."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from evidence.models import EvidenceItem, EvidenceRequest, RequestEvidence
from evidence.services.requests import give_evidence, settle_request
from phases.services.rows import assign_party, set_due
from tests.cast import Cast
from tests.evidence.conftest import PDF, add, ask_for, png

pytestmark = pytest.mark.django_db
REQUESTS = "/projects/alder/evidence/requests/"
NEW = "/projects/alder/evidence/new/"


def state() -> tuple[str, int]:
    """Where the one request stands, and how much was given for it."""
    return EvidenceRequest.objects.get().state, RequestEvidence.objects.count()


def test_a_manager_asks_from_an_activity_and_a_double_click_asks_once(cast: Cast, sign_in) -> None:
    client: Client = sign_in(cast.mara)
    assert "requests/new/?ref=CH.i" in client.get("/projects/alder/activities/CH.i/").content.decode()
    form = client.get(f"{REQUESTS}new/?ref=CH.i").context["form"]
    assert (form["ref"].value(), form["asked_of"].value()) == ("CH.i", None)
    values = {"text": "Ten records", "asked_of": cast.parties["petra"].pk, "due": "2026-03-20", "ref": "CH.i"}
    for _click in range(2):
        assert client.post(f"{REQUESTS}new/", values)["Location"] == f"{REQUESTS}Q-0001/"
    assert EvidenceRequest.objects.get().activity.ref == "CH.i"
    assert "Petra Pohl, until" in client.get("/projects/alder/activities/CH.i/").content.decode()


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"due": "2026-03-01"}, "Give a day from today on."),
        ({"due": "soon"}, "Enter a valid date."),
        ({"text": " "}, "Say what is to be shown."),
        ({"asked_of": "999999"}, "This person is no longer with the project."),
        ({"asked_of": ""}, "Say who is to give it."),
        ({"ref": "XX.z"}, "The plan has no activity XX.z."),
    ],
)
def test_what_cannot_be_asked_is_said_and_what_was_typed_stays(cast: Cast, sign_in, values: dict, words: str) -> None:
    sent = {"text": "Typed words", "asked_of": cast.parties["petra"].pk, "due": "2026-03-20", "ref": "CH.i", **values}
    answer = sign_in(cast.mara).post(f"{REQUESTS}new/", sent)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert words in page
    assert all(str(value) in page for value in (sent["text"], sent["ref"]) if value.strip())
    assert EvidenceRequest.objects.count() == 0


def test_from_my_work_a_file_is_added_and_given_in_one_go(cast: Cast, sign_in) -> None:
    ask_for(cast, activity=cast.row().activity)
    client: Client = sign_in(cast.petra)
    work = client.get("/work/").content.decode()
    assert f"{NEW}?request=Q-0001" in work
    form = client.get(f"{NEW}?request=Q-0001")
    assert "Keep and give it" in form.content.decode()
    assert form.context["form"]["refs"].value() == "CH.i"
    files = [SimpleUploadedFile("one.pdf", PDF), SimpleUploadedFile("two.png", png())]
    sent = {"classification": "internal", "request": "Q-0001", "refs": "CH.i", "file": files}
    answer = client.post(NEW, sent, follow=True)
    assert answer.redirect_chain[-1][0] == f"{REQUESTS}Q-0001/"
    assert "Given. Mara Moss looks at it now." in answer.content.decode()
    assert state() == ("given", 2)
    assert "It waits for your word." in sign_in(cast.mara).get("/work/").content.decode()


def test_a_file_in_pieces_is_given_too(cast: Cast, sign_in) -> None:
    ask_for(cast)
    client: Client = sign_in(cast.petra)
    begun = client.post("/projects/alder/evidence/uploads/", {"name": "big.pdf", "size": len(PDF)}).json()
    client.generic("POST", begun["url"], PDF, content_type="application/octet-stream", HTTP_UPLOAD_OFFSET="0")
    done = client.post(f"{begun['url']}done/", {"classification": "internal", "request": "Q-0001"})
    assert done.status_code == 201
    assert state() == ("given", 1)


def test_what_was_added_stays_where_the_request_is_gone_meanwhile(cast: Cast, sign_in) -> None:
    settle_request(acting_user=cast.mara, request=ask_for(cast), version=1, state="cancelled")
    sent = {"classification": "internal", "request": "Q-0001", "file": SimpleUploadedFile("one.pdf", PDF)}
    client: Client = sign_in(cast.petra)
    assert "given for no request" in client.get(f"{NEW}?request=Q-0001").content.decode()
    page = client.post(NEW, sent, follow=True).content.decode()
    assert "What you added is kept, but not given for Q-0001" in page
    assert EvidenceItem.objects.count() == 1
    assert state() == ("cancelled", 0)


def test_what_is_here_already_is_given_and_what_one_may_not_see_is_not_there(cast: Cast, sign_in) -> None:
    ask_for(cast)
    add(cast, who="petra", title="Ten records")
    add(cast, PDF + b"%2", who="tim", classification="confidential", title="Warning letter")
    client: Client = sign_in(cast.petra)
    page = client.get(f"{REQUESTS}Q-0001/").content.decode()
    assert "Ten records" in page
    assert "Warning letter" not in page
    assert 'name="keys" value=""' in page
    refused = client.post(f"{REQUESTS}Q-0001/give/", {"version": 1, "item": "E-0001", "keys": "E-0002"})
    assert refused.status_code == 422
    assert "There is no item E-0002." in refused.content.decode()
    assert 'value="E-0001" checked' in refused.content.decode()
    assert 'value="E-0002"' in refused.content.decode()
    for _click in range(2):
        assert client.post(f"{REQUESTS}Q-0001/give/", {"version": 1, "keys": "e-0001"}).status_code == 302
    assert state() == ("given", 1)


def test_it_is_sent_back_with_words_and_accepted(cast: Cast, sign_in) -> None:
    add(cast, who="petra")
    give_evidence(acting_user=cast.petra, request=ask_for(cast), item_keys=["E-0001"])
    client: Client = sign_in(cast.mara)
    settle = f"{REQUESTS}Q-0001/settle/"
    assert client.post(settle, {"version": 2, "state": "sent back"}).status_code == 422
    for _click in range(2):
        assert client.post(settle, {"version": 2, "state": "sent back", "words": "Only nine"}).status_code == 302
    assert "Only nine" in sign_in(cast.petra).get("/work/").content.decode()
    assert "Only nine" in client.get(f"{REQUESTS}Q-0001/").content.decode()
    stale = client.post(settle, {"version": 2, "state": "accepted", "words": "My words"})
    assert stale.status_code == 409
    assert "moved on meanwhile" in stale.content.decode()
    assert client.post(settle, {"version": 3, "state": "done"}).status_code == 422
    assert client.post(settle, {"state": "accepted"}).status_code == 428


def test_a_stale_tab_keeps_the_words(cast: Cast, sign_in) -> None:
    add(cast, who="petra")
    request = give_evidence(acting_user=cast.petra, request=ask_for(cast), item_keys=["E-0001"])
    add(cast, PDF + b"%2", who="petra")
    give_evidence(acting_user=cast.petra, request=request, item_keys=["E-0002"])
    sent = {"version": 2, "state": "sent back", "words": "Long words"}
    answer = sign_in(cast.mara).post(f"{REQUESTS}Q-0001/settle/", sent)
    assert answer.status_code == 409
    assert ">Long words</textarea>" in answer.content.decode()
    assert "E-0002" in answer.content.decode()


def test_lists_show_what_is_open_mine_late_and_all(cast: Cast, sign_in) -> None:
    ask_for(cast, text="Of Petra")
    ask_for(cast, "tim", text="Of Tim")
    settle_request(acting_user=cast.mara, request=ask_for(cast, text="Taken back"), version=1, state="cancelled")
    EvidenceRequest.objects.filter(text="Of Tim").update(due="2026-03-01")
    client: Client = sign_in(cast.tim)
    found = {show: client.get(f"{REQUESTS}?show={show}").content.decode() for show in ("open", "mine", "late", "all")}
    texts = ("Of Petra", "Of Tim", "Taken back")
    assert {show: [text for text in texts if text in page] for show, page in found.items()} == {
        "open": ["Of Petra", "Of Tim"],
        "mine": ["Of Tim"],
        "late": ["Of Tim"],
        "all": list(texts),
    }
    for query in ("show=secret", "page=9", "foo=1", "show=open&show=all"):
        assert client.get(f"{REQUESTS}?{query}").status_code == 400, query


def test_the_list_takes_the_same_queries_whatever_its_length(
    cast: Cast, sign_in, django_assert_max_num_queries
) -> None:
    add(cast, who="petra")
    for number in range(5):
        give_evidence(acting_user=cast.petra, request=ask_for(cast, text=f"No {number}"), item_keys=["E-0001"])
    client: Client = sign_in(cast.petra)
    client.get(REQUESTS)
    with django_assert_max_num_queries(15):
        client.get(REQUESTS)


def test_an_item_says_what_it_was_given_for_and_leads_to_asking_for_a_newer_one(cast: Cast, sign_in) -> None:
    add(cast, who="petra", title="Policy", owner=cast.parties["petra"])
    give_evidence(acting_user=cast.petra, request=ask_for(cast), item_keys=["E-0001"])
    client: Client = sign_in(cast.mara)
    assert "Ten change records" in client.get("/projects/alder/evidence/E-0001/").content.decode()
    form = client.get(f"{REQUESTS}new/?item=E-0001").context["form"]
    assert (form["text"].value(), form["asked_of"].value()) == (
        "A newer revision of E-0001, Policy.",
        cast.parties["petra"].pk,
    )
    assert "Ask for a newer one" not in sign_in(cast.petra).get("/projects/alder/evidence/E-0001/").content.decode()


def test_a_row_of_my_work_leads_to_adding_evidence_for_it(cast: Cast, sign_in) -> None:
    assign_party(acting_user=cast.mara, project=cast.project, targets=[cast.target()], party=cast.parties["petra"])
    set_due(acting_user=cast.mara, project=cast.project, targets=[cast.target()], due=date(2026, 3, 3))
    assert f'href="{NEW}?ref=CH.i"' in sign_in(cast.petra).get("/work/").content.decode()


def test_another_clients_request_is_not_there(cast: Cast, sign_in) -> None:
    ask_for(cast)
    assert sign_in(cast.people["bruno"]).get(f"{REQUESTS}Q-0001/").status_code == 404
    assert sign_in(cast.people["bruno"]).get("/projects/birch/evidence/requests/Q-0001/").status_code == 404
