"""Taking in what came: large files by a job, and what is here already."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from audittrail.models import Event
from common import clock
from evidence.models import ActivityEvidence, EvidenceItem, IncomingFile
from evidence.services.uploads import drop_old_uploads
from evidence.verification import check_orphans
from jobs.models import Job
from tests.cast import NOW, Cast
from tests.evidence.conftest import PDF, add, leftovers, stored_of
from tests.evidence.test_uploads_page import begin, send

pytestmark = pytest.mark.django_db
REGISTER = "/projects/alder/evidence/"
FORM = {"classification": "internal", "refs": "CH.i", "title": "Big", "collected_on": "2026-03-01"}
HTMX = {"HX-Request": "true"}


def came_in(client: Client, name: str = "big.pdf") -> str:
    """Send a file in pieces, all but the word that it is done; its address."""
    url = begin(client, PDF, name).json()["url"]
    send(client, url, PDF, 0)
    return url


def add_by_form(client: Client, name: str = "copy.pdf", **values):
    return client.post(f"{REGISTER}new/", {**FORM, "file": SimpleUploadedFile(name, PDF), **values})


def test_a_large_file_is_checked_by_a_job_and_the_page_waits_for_it(
    cast: Cast, sign_in, settings, media, django_capture_on_commit_callbacks
) -> None:
    settings.EVIDENCE_INLINE_MB = 0
    client = sign_in(cast.tim)
    url = came_in(client)
    with django_capture_on_commit_callbacks() as waiting:
        done = client.post(f"{url}done/", FORM)
    assert (done.status_code, done.json()) == (202, {"state": "checking", "url": f"{url}check/"})
    assert not EvidenceItem.objects.exists()
    assert "Being checked" in client.get(f"{url}check/").content.decode()
    assert "every 1s" in client.get(f"{url}check/", headers=HTMX).content.decode()
    assert b"being checked" in client.get(REGISTER).content
    assert client.post(f"{url}check/", {"do": "again"}).status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        for callback in waiting:
            callback()
    item = EvidenceItem.objects.get()
    assert (item.title, item.collected_on.isoformat()) == ("Big", "2026-03-01")
    assert client.get(f"{url}check/", headers=HTMX)["HX-Redirect"] == f"{REGISTER}E-0001/"
    assert [link.activity.ref for link in ActivityEvidence.objects.all()] == ["CH.i"]
    assert leftovers(media) == [item.revision.stored]


def test_a_check_that_fails_leaves_the_file_to_be_tried_again(
    cast: Cast, sign_in, settings, monkeypatch, django_capture_on_commit_callbacks
) -> None:
    settings.EVIDENCE_INLINE_MB = 0
    client = sign_in(cast.tim)
    url = came_in(client)

    def torn(*_args: object) -> None:
        raise RuntimeError("the power went")

    with monkeypatch.context() as broken:
        # After the file has its place, before the row that stands for it is committed.
        broken.setattr("evidence.services.items.tell_of", torn)
        with django_capture_on_commit_callbacks(execute=True):
            client.post(f"{url}done/", FORM)
    assert Job.objects.get(kind="evidence-check").state == "failed"
    page = client.get(f"{url}check/").content.decode()
    assert "Nothing is lost" in page
    assert "Try again" in page
    assert list(check_orphans(False)) == []
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{url}check/", {"do": "again"})
    item = EvidenceItem.objects.get()
    assert stored_of(item).read_bytes() == PDF
    assert [path.name for path in stored_of(item).parents[1].rglob("*.part")] == []


def test_what_was_refused_for_what_it_is_says_so_and_is_gone(
    cast: Cast, sign_in, settings, media, django_capture_on_commit_callbacks
) -> None:
    settings.EVIDENCE_INLINE_MB = 0
    client = sign_in(cast.tim)
    url = came_in(client, "picture.png")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{url}done/", FORM)
    assert "its content is something else" in client.get(f"{url}check/").content.decode()
    assert leftovers(media) == []


def test_what_a_job_is_to_check_is_not_cleared_away_after_two_days(cast: Cast, sign_in, settings) -> None:
    settings.EVIDENCE_INLINE_MB = 0
    client = sign_in(cast.tim)
    client.post(f"{came_in(client)}done/", FORM)
    came_in(client)
    with clock.moved_to(NOW + timedelta(days=3)):
        assert drop_old_uploads() == 1
    with clock.moved_to(NOW + timedelta(days=15)):
        assert drop_old_uploads() == 1


def test_content_that_is_here_already_is_offered_as_a_link(
    cast: Cast, sign_in, media, django_capture_on_commit_callbacks
) -> None:
    add(cast, title="The policy")
    client = sign_in(cast.tim)
    held = add_by_form(client)["Location"]
    page = client.get(held).content.decode()
    assert "copy.pdf: we have this already as E-0001. Link it instead" in page
    assert "Link E-0001 to CH.i" in page
    assert EvidenceItem.objects.count() == 1
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(held, {"do": "link", "key": "E-0001"})
    assert answer["Location"] == f"{REGISTER}E-0001/"
    assert [link.activity.ref for link in ActivityEvidence.objects.all()] == ["CH.i"]
    assert len(leftovers(media)) == 1


def test_it_is_kept_a_second_time_for_a_reason_alone(cast: Cast, sign_in) -> None:
    add(cast)
    client = sign_in(cast.tim)
    held = add_by_form(client)["Location"]
    refused = client.post(held, {"do": "keep", "why": " "})
    assert refused.status_code == 422
    assert "Say why the same content is kept a second time" in refused.content.decode()
    client.post(held, {"do": "keep", "why": "Two sites sign the same form"})
    assert EvidenceItem.objects.get(key="E-0002").title == "Big"
    event = Event.objects.filter(action="add").order_by("-pk").first()
    assert event is not None
    assert "Two sites sign the same form" in event.payload
    assert client.get(held)["Location"] == f"{REGISTER}E-0002/"


def test_it_is_offered_after_pieces_too(cast: Cast, sign_in, media, django_capture_on_commit_callbacks) -> None:
    add(cast)
    client = sign_in(cast.tim)
    url = came_in(client)
    assert client.post(f"{url}done/", FORM).json() == {"state": "held", "url": f"{url}check/", "twins": ["E-0001"]}
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"{url}check/", {"do": "drop"}).status_code == 302
    assert len(leftovers(media)) == 1
    assert EvidenceItem.objects.count() == 1


def test_of_several_files_those_that_are_here_already_wait_in_the_register(cast: Cast, sign_in) -> None:
    add(cast)
    other = SimpleUploadedFile("new.pdf", PDF + b"%2")
    client = sign_in(cast.tim)
    files = [SimpleUploadedFile("copy.pdf", PDF), other]
    page = client.post(f"{REGISTER}new/", {**FORM, "file": files}, follow=True).content.decode()
    assert "copy.pdf" in page
    assert "here already: say what becomes of it" in page
    assert EvidenceItem.objects.count() == 2


def test_a_twin_that_one_may_not_see_is_never_mentioned(cast: Cast, sign_in) -> None:
    add(cast, who="petra", classification="confidential")
    assert add_by_form(sign_in(cast.tim))["Location"] == f"{REGISTER}E-0002/"


def test_a_link_to_what_is_no_twin_or_hidden_is_refused(cast: Cast, sign_in) -> None:
    add(cast)
    add(cast, PDF + b"%2", "other.pdf")
    add(cast, who="petra", classification="confidential")
    client = sign_in(cast.tim)
    held = add_by_form(client)["Location"]
    for key in ("E-0002", "E-0003", "E-9999"):
        assert client.post(held, {"do": "link", "key": key})["Location"] == held
    assert not ActivityEvidence.objects.exists()


def test_nobody_sees_what_another_is_sending(cast: Cast, sign_in) -> None:
    add(cast)
    held = add_by_form(sign_in(cast.tim))["Location"]
    mara = sign_in(cast.mara)
    assert mara.get(held)["Location"] == REGISTER
    assert mara.post(held, {"do": "keep", "why": "x"})["Location"] == REGISTER
    assert b"copy.pdf" not in mara.get(REGISTER).content
    assert sign_in(cast.people["bruno"]).get(held).status_code == 404
    assert IncomingFile.objects.get().state == "held"
