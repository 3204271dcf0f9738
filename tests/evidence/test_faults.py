"""What goes wrong beside the person: a full disk, a crash, two at once, a session that ends, too much at once."""

import errno
import threading
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from evidence import files
from evidence.exceptions import NoRoom
from evidence.models import EvidenceItem, IncomingFile, Revision, StorageUse
from evidence.verification import check_files, check_orphans
from tests.cast import Cast
from tests.evidence.conftest import PDF, add, leftovers, stored_of
from tests.evidence.test_uploads_page import CONTENT, begin, send

NEW = "/projects/alder/evidence/new/"
FORM = {"classification": "internal"}


def sent(content: bytes = PDF, name: str = "report.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.mark.django_db
@pytest.mark.parametrize("step", ["fsync", "link"])
def test_a_full_disk_is_said_and_leaves_neither_row_nor_file(
    cast: Cast, sign_in, media: Path, monkeypatch, step: str
) -> None:
    """Whether the room ends while the file comes in or when it gets its place."""

    def full(*_args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files.os, step, full)
    client = sign_in(cast.tim)
    client.raise_request_exception = False
    answer = client.post(NEW, {**FORM, "file": sent()})
    monkeypatch.undo()
    assert answer.status_code == 507
    assert "disk" in answer.content.decode().lower()
    assert leftovers(media) == []
    assert not EvidenceItem.objects.exists()
    assert not StorageUse.objects.filter(used__gt=0).exists()


@pytest.mark.django_db
def test_a_piece_that_finds_the_disk_full_is_sent_again_once_there_is_room(cast: Cast, sign_in, monkeypatch) -> None:
    client = sign_in(cast.tim)
    url = begin(client).json()["url"]
    send(client, url, CONTENT[:1000], 0)
    opened: Any = Path.open

    def full(path: Path, mode: str = "r", *args: Any, **more: Any) -> Any:
        if mode == "r+b":
            raise OSError(errno.ENOSPC, "No space left on device")
        return opened(path, mode, *args, **more)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", full)
        answer = send(client, url, CONTENT[1000:2000], 1000)
    assert answer.status_code == 507
    assert "kept for two days" in answer.json()["error"]
    assert send(client, url, CONTENT[1000:2000], 1000).json()["received"] == 2000


@pytest.mark.django_db
def test_a_crash_between_file_and_commit_leaves_an_orphan_and_nothing_is_missing(
    cast: Cast, media: Path, monkeypatch
) -> None:
    add(cast)

    def die(*_args: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        # The process ends: the transaction is gone, and nobody takes the file away.
        patched.setattr("evidence.services.items.tell_of", die)
        patched.setattr(files, "destroy", lambda _stored: None)
        with pytest.raises(SystemExit):
            add(cast, PDF + b"%2")
    (orphan,) = set(leftovers(media)) - {EvidenceItem.objects.get().revision.stored}
    assert list(check_files(False)) == []
    assert list(check_orphans(False)) == [f"evidence/{orphan} is an orphan: no evidence stands for it"]
    assert StorageUse.objects.get().used == len(PDF)


@pytest.mark.db
@pytest.mark.django_db(transaction=True)
def test_two_files_that_come_at_once_do_not_both_take_the_last_room(cast: Cast, settings, media: Path) -> None:
    if connection.vendor == "sqlite":
        pytest.skip("SQLite lets one writer in at a time; its tests run in memory, where no second one can wait")
    settings.EVIDENCE_QUOTA_MB = 1
    ready = threading.Barrier(3)
    said: list[str] = []

    def take(letter: bytes) -> None:
        try:
            ready.wait(timeout=10)
            add(cast, letter * 600_000, f"{letter.decode()}.txt")
            said.append("kept")
        except NoRoom:
            said.append("no room")
        finally:
            connection.close()

    takers = [threading.Thread(target=take, args=[letter]) for letter in (b"a", b"b", b"c")]
    for taker in takers:
        taker.start()
    for taker in takers:
        taker.join(timeout=30)
    assert sorted(said) == ["kept", "no room", "no room"]
    assert StorageUse.objects.get().used == 600_000
    assert leftovers(media) == [Revision.objects.get().stored]


@pytest.mark.django_db
def test_who_signs_in_again_goes_on_where_the_file_ended(cast: Cast, sign_in) -> None:
    client = sign_in(cast.tim)
    url = begin(client).json()["url"]
    send(client, url, CONTENT[:5_000_000], 0)
    client.logout()
    refused = send(client, url, CONTENT[5_000_000:], 5_000_000)
    assert (refused.status_code, refused["Location"].split("?")[0]) == (302, "/accounts/login/")
    again = sign_in(cast.tim)
    ended = again.get(url).json()["received"]
    assert send(again, url, CONTENT[ended:], ended).json()["received"] == len(CONTENT)
    assert again.post(f"{url}done/", FORM).status_code in (201, 202)
    assert stored_of(EvidenceItem.objects.get()).read_bytes() == CONTENT


@pytest.mark.slow
@pytest.mark.django_db
def test_two_hundred_files_at_once_are_taken_and_more_are_told_how_many(cast: Cast, sign_in) -> None:
    client: Client = sign_in(cast.tim)
    many = [sent(PDF + b"%%%d" % number, f"{number}.pdf") for number in range(201)]
    answer = client.post(NEW, {**FORM, "title": "Typed words", "file": many})
    assert answer.status_code == 422
    assert "At most 200 files at once." in answer.content.decode()
    assert "Typed words" in answer.content.decode()
    assert not IncomingFile.objects.exists()
    for each in many:
        each.seek(0)
    assert client.post(NEW, {**FORM, "file": many[:200]}).status_code == 302
    assert EvidenceItem.objects.count() == 200
    assert EvidenceItem.objects.earliest("pk").title == "0.pdf"
