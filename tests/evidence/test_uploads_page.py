"""Files in pieces, as the script of the page sends them."""

import pytest
from django.test import Client

from evidence.models import EvidenceItem, IncomingFile
from tests.cast import Cast
from tests.evidence.conftest import PDF, leftovers, stored_of

pytestmark = pytest.mark.django_db
UPLOADS = "/projects/alder/evidence/uploads/"
CONTENT = PDF + b"%" + b"x" * 6_000_000


def begin(client: Client, content: bytes = CONTENT, name: str = "big.pdf"):
    return client.post(UPLOADS, {"name": name, "size": len(content)})


def send(client: Client, url: str, piece: bytes, offset: int | str):
    return client.post(url, piece, content_type="application/octet-stream", headers={"Upload-Offset": str(offset)})


def test_a_file_comes_in_pieces_and_is_taken_in_whole(
    cast: Cast, sign_in, media, django_capture_on_commit_callbacks
) -> None:
    client = sign_in(cast.petra)
    begun = begin(client)
    assert (begun.status_code, begun.json()["received"]) == (201, 0)
    url = begun.json()["url"]
    assert send(client, url, CONTENT[:5_500_000], 0).json()["received"] == 5_500_000
    again = send(client, url, CONTENT[:5_500_000], 0)
    assert (again.status_code, again.json()["received"]) == (409, 5_500_000)
    assert client.get(url).json()["received"] == 5_500_000
    early = client.post(f"{url}done/", {"classification": "internal"})
    assert early.status_code == 422
    send(client, url, CONTENT[5_500_000:], 5_500_000)
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post(f"{url}done/", {"classification": "internal", "refs": "CH.i", "title": "Big"})
    assert (done.status_code, done.json()["key"]) == (201, "E-0001")
    assert stored_of(EvidenceItem.objects.get()).read_bytes() == CONTENT
    assert len(leftovers(media)) == 1
    assert client.post(f"{url}done/", {"classification": "internal"}).status_code == 409


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"name": "tool.exe", "size": 10}, 422),
        ({"name": "a.pdf", "size": 0}, 422),
        ({"name": "a.pdf", "size": 3 * 2**30}, 422),
        ({"name": "a.pdf", "size": "many"}, 400),
        ({"name": "a.pdf"}, 422),
    ],
)
def test_what_cannot_be_taken_is_said_before_a_byte_is_sent(cast: Cast, sign_in, values: dict, status: int) -> None:
    assert sign_in(cast.tim).post(UPLOADS, values).status_code == status
    assert not IncomingFile.objects.exists()


def test_a_file_beyond_the_quota_is_refused_with_507(cast: Cast, sign_in, settings) -> None:
    settings.EVIDENCE_QUOTA_MB = 1
    assert begin(sign_in(cast.tim)).status_code == 507


def test_a_piece_without_its_offset_or_beyond_the_end_is_refused(cast: Cast, sign_in) -> None:
    client = sign_in(cast.tim)
    url = begin(client, b"x" * 10, "a.txt").json()["url"]
    assert client.post(url, b"x", content_type="application/octet-stream").status_code == 428
    assert send(client, url, b"x" * 11, 0).status_code == 422
    assert send(client, url, b"", 0).status_code == 422
    assert send(client, url, b"x", "one").status_code == 400


def test_nobody_reaches_the_file_that_another_is_sending(cast: Cast, sign_in) -> None:
    url = begin(sign_in(cast.tim)).json()["url"]
    petra = sign_in(cast.petra)
    assert petra.get(url).status_code == 409
    assert send(petra, url, b"x", 0).status_code == 409
    assert petra.post(f"{url}done/", {"classification": "internal"}).status_code == 409
    assert sign_in(cast.people["bruno"]).get(url).status_code == 404


def test_a_session_that_ends_meanwhile_loses_nothing(cast: Cast, sign_in) -> None:
    client = sign_in(cast.tim)
    url = begin(client).json()["url"]
    send(client, url, CONTENT[:1000], 0)
    client.logout()
    assert send(client, url, CONTENT[1000:2000], 1000).status_code == 302
    assert sign_in(cast.tim).get(url).json()["received"] == 1000


def test_a_file_that_is_not_what_it_says_is_refused_at_its_end(cast: Cast, sign_in, media) -> None:
    client = sign_in(cast.tim)
    url = begin(client, b"MZ\x90\x00" + b"\0" * 96, "a.pdf").json()["url"]
    send(client, url, b"MZ\x90\x00" + b"\0" * 96, 0)
    answer = client.post(f"{url}done/", {"classification": "internal"})
    assert answer.status_code == 422
    assert "something else" in answer.json()["error"]
    assert leftovers(media) == []


def test_what_is_cancelled_is_gone(cast: Cast, sign_in, media, django_capture_on_commit_callbacks) -> None:
    client = sign_in(cast.tim)
    url = begin(client).json()["url"]
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"{url}cancel/").status_code == 204
    assert leftovers(media) == []
    assert client.get(url).status_code == 409


def test_a_slip_in_what_it_proves_does_not_cost_the_file(cast: Cast, sign_in) -> None:
    client = sign_in(cast.tim)
    url = begin(client, PDF, "a.pdf").json()["url"]
    send(client, url, PDF, 0)
    form = {"classification": "internal", "refs": "XX.z"}
    assert client.post(f"{url}done/", form).status_code == 422
    assert client.get(url).json()["received"] == len(PDF)
    assert client.post(f"{url}done/", {**form, "refs": "CH.i"}).status_code == 201
