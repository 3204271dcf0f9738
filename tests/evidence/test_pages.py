"""The pages of evidence, as people use them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from evidence.models import EvidenceItem, Revision
from evidence.views import register as register_views
from jobs.models import Job
from tests.cast import Cast
from tests.evidence.conftest import PDF, add, png, stored_of

pytestmark = pytest.mark.django_db
REGISTER = "/projects/alder/evidence/"
FORM = {"classification": "internal"}


def sent(content: bytes = PDF, name: str = "report.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_the_register_is_empty_and_says_how_to_begin(cast: Cast, sign_in) -> None:
    assert b"No evidence yet" in sign_in(cast.mara).get(REGISTER).content


def test_a_file_is_added_and_its_page_says_what_it_proves(cast: Cast, sign_in) -> None:
    client: Client = sign_in(cast.tim)
    answer = client.post(f"{REGISTER}new/", {**FORM, "file": sent(), "refs": "CH.i, MR.a", "shows": "Ten records"})
    assert answer["Location"] == f"{REGISTER}E-0001/"
    page = client.get(answer["Location"]).content.decode()
    assert "Ten records" in page
    assert "CH.i" in page
    assert Revision.objects.get().sha256 in page


def test_of_several_files_each_is_taken_or_refused_by_itself(cast: Cast, sign_in) -> None:
    files = [sent(), sent(b"MZ\x90\x00" * 9, "tool.exe"), sent(png(), "picture.png"), sent(b"", "empty.txt")]
    answer = sign_in(cast.tim).post(f"{REGISTER}new/", {**FORM, "file": files, "title": "Same for all"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "2 files were not taken" in page
    assert "tool.exe" in page
    assert "empty.txt" in page
    assert [item.title for item in EvidenceItem.objects.all()] == ["report.pdf", "picture.png"]


def test_two_files_of_one_name_are_two_items(cast: Cast, sign_in) -> None:
    files = [sent(), sent(PDF + b"%2", "REPORT.pdf")]
    assert sign_in(cast.tim).post(f"{REGISTER}new/", {**FORM, "file": files}).status_code == 302
    assert EvidenceItem.objects.count() == 2


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "Choose a file, or give a link."),
        ({"url": "https://a.example"}, "Say what you saw there"),
        ({"url": "javascript:alert(1)", "seen_note": "x"}, "Give a whole address"),
        ({"url": "https://a.example", "seen_note": "x", "refs": "XX.z"}, "The plan has no activity XX.z."),
        ({"url": "https://a.example", "seen_note": "x", "collected_on": "2030-01-01"}, "This day lies ahead."),
        ({"classification": "secret"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_added_is_said_and_what_was_typed_stays(cast: Cast, sign_in, values: dict, words: str) -> None:
    answer = sign_in(cast.tim).post(f"{REGISTER}new/", {**FORM, "shows": "Typed words", **values})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "Typed words" in answer.content.decode()


def test_a_file_is_only_ever_sent_to_be_saved(cast: Cast, sign_in) -> None:
    add(cast, b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "x.svg")
    answer = sign_in(cast.audra).get(f"{REGISTER}E-0001/file/1/")
    assert answer["Content-Disposition"] == 'attachment; filename="x.svg"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert b"".join(answer.streaming_content).startswith(b"<svg")


def test_a_file_that_was_altered_is_not_sent(cast: Cast, sign_in) -> None:
    path = stored_of(add(cast))
    path.chmod(0o640)
    path.write_bytes(b"other")
    answer = sign_in(cast.mara).get(f"{REGISTER}E-0001/file/1/")
    assert answer.status_code == 409
    assert "It is not sent" in answer.content.decode()
    path.unlink()
    assert "missing from the storage" in sign_in(cast.mara).get(f"{REGISTER}E-0001/file/1/").content.decode()


def test_confidential_items_are_absent_everywhere(cast: Cast, sign_in) -> None:
    add(cast, who="petra", classification="confidential", title="Warning letter")
    client = sign_in(cast.tim)
    for path in (REGISTER, f"{REGISTER}export/?format=csv", f"{REGISTER}?q=Warning"):
        assert b"Warning letter" not in client.get(path).content
    for path in ("E-0001/", "E-0001/file/1/", "E-0001/change/"):
        assert client.get(f"{REGISTER}{path}").status_code == 404
    assert b"Warning letter" in sign_in(cast.audra).get(REGISTER).content


def test_the_register_filters_sorts_and_refuses_what_it_does_not_know(cast: Cast, sign_in) -> None:
    add(cast, title="Policy", refs=("MR.a",))
    add(cast, png(), "shot.png", title="Screenshot")
    client = sign_in(cast.mara)
    queries = ("ref=MR.a", "unlinked=1", "clause=5.2.1", "clause=5.2", "clause=5.20")
    found = {query: client.get(f"{REGISTER}?{query}").content for query in queries}
    # MR.a serves 5.2.1, which lies below 5.2 and not below 5.20.
    assert [b">Policy<" in found[query] for query in queries[2:]] == [True, True, False]
    assert b"Policy" in found["ref=MR.a"]
    assert b"Screenshot" not in found["ref=MR.a"]
    assert b"Screenshot" in found["unlinked=1"]
    assert b">Policy<" not in found["unlinked=1"]
    for query in ("kind=thing", "sort=secret", "owner=x", "page=9", "foo=1", "kind=file&kind=link"):
        assert client.get(f"{REGISTER}?{query}").status_code == 400, query


def test_the_register_takes_the_same_queries_whatever_its_length(
    cast: Cast, sign_in, django_assert_max_num_queries
) -> None:
    client = sign_in(cast.mara)
    for number in range(4):
        add(cast, PDF + b"%%%d" % number, refs=("CH.i",))
    client.get(REGISTER)
    with django_assert_max_num_queries(15):
        client.get(REGISTER)


def test_several_items_are_linked_at_once(cast: Cast, sign_in) -> None:
    add(cast)
    add(cast, png(), "shot.png")
    client = sign_in(cast.tim)
    assert "Choose at least one" in client.post(f"{REGISTER}link/", {"refs": "CH.i"}).content.decode()
    bad = client.post(f"{REGISTER}link/", {"item": ["E-0001", "E-0002"], "refs": "XX.z"})
    assert bad.status_code == 422
    assert "no activity XX.z" in bad.content.decode()
    answer = client.post(f"{REGISTER}link/", {"item": ["E-0001", "E-0002"], "refs": "CH.i"}, follow=True)
    assert "2 links are new." in answer.content.decode()


def test_a_newer_revision_and_a_stale_one(cast: Cast, sign_in) -> None:
    add(cast)
    client = sign_in(cast.mara)
    newer = {"version": 1, "why": "Signed", "file": sent(PDF + b"%signed")}
    assert client.post(f"{REGISTER}E-0001/revise/", newer).status_code == 302
    stale = client.post(f"{REGISTER}E-0001/revise/", {**newer, "file": sent(PDF + b"%late")})
    assert stale.status_code == 409
    assert client.post(f"{REGISTER}E-0001/revise/", {"version": 2, "why": "No file"}).status_code == 422
    assert Revision.objects.count() == 2


def test_two_people_who_change_one_item_see_both_texts(cast: Cast, sign_in) -> None:
    add(cast)
    client = sign_in(cast.mara)
    form = {"version": 1, "title": "Policy", "classification": "internal", "collected_on": "2026-03-02"}
    assert client.post(f"{REGISTER}E-0001/change/", form).status_code == 302
    answer = client.post(f"{REGISTER}E-0001/change/", {**form, "title": "Mine"})
    assert answer.status_code == 409
    assert "Policy" in answer.content.decode()
    assert "Mine" in answer.content.decode()


def test_what_no_longer_counts_leaves_the_register_and_stays_readable(cast: Cast, sign_in) -> None:
    add(cast)
    client = sign_in(cast.mara)
    assert client.post(f"{REGISTER}E-0001/withdraw/", {"version": 1, "why": ""}).status_code == 422
    client.post(f"{REGISTER}E-0001/withdraw/", {"version": 1, "why": "Old"})
    assert b"E-0001" not in client.get(REGISTER).content.split(b"</header>")[-1]
    assert b"Old" in client.get(f"{REGISTER}E-0001/").content
    assert client.get(f"{REGISTER}E-0001/file/1/").status_code == 200


def test_another_clients_item_is_not_there(cast: Cast, sign_in) -> None:
    add(cast)
    assert sign_in(cast.people["bruno"]).get(f"{REGISTER}E-0001/").status_code == 404
    assert sign_in(cast.people["bruno"]).get("/projects/birch/evidence/E-0001/").status_code == 404


def test_a_long_register_becomes_a_file_by_a_job_as_the_page_shows_it(
    cast: Cast, sign_in, monkeypatch, django_capture_on_commit_callbacks
) -> None:
    for title in ("Warning one", "Warning two", "Other"):
        add(cast, title=title)
    client: Client = sign_in(cast.tim)
    monkeypatch.setattr(register_views, "MOST_AT_ONCE", 1)
    assert client.get(f"{REGISTER}export/?q=Warning&format=xlsx")["Location"] == f"{REGISTER}?q=Warning"
    page = client.get(f"{REGISTER}?q=Warning").content.decode()
    assert "The file of so many items is made in the background." in page
    assert f'action="{REGISTER}export/job/?q=Warning"' in page
    sent = {"nonce": "00000000-0000-4000-8000-000000000001", "format": "csv"}
    with django_capture_on_commit_callbacks(execute=True):
        there = client.post(f"{REGISTER}export/job/?q=Warning", sent)["Location"]
        assert client.post(f"{REGISTER}export/job/?q=Warning", sent)["Location"] == there
    job = Job.objects.get()
    assert (job.state, job.kind) == ("succeeded", "evidence.export_csv")
    lines = b"".join(client.get(f"{there}result/").streaming_content).decode().splitlines()
    assert [line.split(",")[2] for line in lines] == ["title", "Warning two", "Warning one"]
    assert client.post(f"{REGISTER}export/job/?shape=x", sent).status_code == 400
