"""A version that is published for a later day: what holds until then, on the day, and where it is called off."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.formats import date_format

from common import clock
from common.exceptions import RuleBroken, StaleWrite
from documents.choices import VersionState
from documents.domain.numbers import month_after
from documents.models import Document, DocumentEvidence, DocumentVersion, Reading
from documents.recurring import put_in_force
from documents.selectors import open_version, version_in_force, version_of, versions_of
from documents.selectors.page import document_page
from documents.selectors.register import Standing, counts_of, not_in_force, register_rows, standing_of
from documents.selectors.search import find_documents
from documents.services.begin import begin_version
from documents.services.in_force import call_off, is_anything_due, settle_all
from documents.services.publishing import archive_document, keep_paper, publish_version
from documents.services.reading import ask_to_read, confirm_reading
from documents.services.review import withdraw_version
from jobs.models import Job
from projects.permissions import access_to
from tests.cast import NOW, Cast
from tests.documents.conftest import approve, begin, publish, send, soon
from tests.documents.test_lifecycle import actions
from tests.evidence.conftest import came

pytestmark = pytest.mark.django_db
D = "/projects/alder/documents/how-we-answer/"


def on_the_day(days: int = 10):
    """Some hours into a day ahead."""
    return clock.moved_to(NOW + timedelta(days=days))


def later(cast: Cast, document: Document, days: int = 10) -> DocumentVersion:
    """Its draft, sent, approved and published for a day ahead."""
    version = approve(cast, send(cast, document))
    return publish_version(acting_user=cast.mara, version=version, lock=version.version, effective_on=soon(days))


@pytest.fixture
def coming(cast: Cast) -> DocumentVersion:
    """Version 2.0 of a document of which 1.0 holds, in force in ten days."""
    document = begin(cast, refs=["IN.a"], owner=cast.parties["petra"], obligation="required")
    publish(cast, document)
    begin_version(acting_user=cast.petra, project=cast.project, key=document.key)
    return later(cast, document)


def test_until_its_day_the_one_before_holds_and_nothing_of_it_is_evidence(cast: Cast, coming: DocumentVersion) -> None:
    document = coming.document
    first = version_in_force(document)
    assert (coming.state, str(first.number), first.record.state) == (VersionState.SCHEDULED, "1.0", "current")
    assert (coming.record, document.review_on) == (None, month_after(first.effective_on, 12))
    assert DocumentEvidence.objects.count() == 1
    assert open_version(document) == coming
    assert settle_all().count == 0
    assert actions(cast)[-1] == "schedule"


def test_on_its_day_reading_tells_the_truth_before_any_work_has_run(cast: Cast, coming: DocumentVersion) -> None:
    document, access = coming.document, access_to(cast.project, cast.tim)
    with on_the_day():
        assert (str(version_in_force(document).number), open_version(document)) == ("2.0", None)
        assert {str(each.number): each.state for each in versions_of(document)} == {
            "2.0": VersionState.PUBLISHED,
            "1.0": VersionState.OBSOLETE,
        }
        assert version_of(document, 1, 0).state == VersionState.OBSOLETE
        row = register_rows(cast.project, access)[0]
        assert (str(row.in_force.number), row.on_way, row.standing) == ("2.0", None, Standing.PUBLISHED)
        assert row.document.review_on == month_after(soon(0), 12)
        page = document_page(cast.project, access, document, row.in_force, may_write=False)
        assert (str(page.in_force.number), page.on_its_way) == ("2.0", None)
        assert "PRC-01" in [hit.ref for hit in find_documents(cast.project, access, ["answer"], 5)]
        coming.refresh_from_db()
        assert coming.state == VersionState.SCHEDULED


def test_the_work_of_the_night_puts_it_in_force_once(
    cast: Cast, coming: DocumentVersion, django_capture_on_commit_callbacks
) -> None:
    with on_the_day(8):
        assert is_anything_due() is False
    with on_the_day(), django_capture_on_commit_callbacks() as sent:
        put_in_force(None)
        assert settle_all().count == 0
    coming.refresh_from_db()
    first = DocumentVersion.objects.get(document=coming.document, major=1)
    assert (coming.state, coming.record.state) == (VersionState.PUBLISHED, "current")
    assert (first.state, first.record.state) == (VersionState.OBSOLETE, "withdrawn")
    assert Document.objects.get(pk=coming.document_id).review_on == month_after(coming.effective_on, 12)
    assert actions(cast)[-2:] == ["schedule", "in force"]
    assert Job.objects.filter(kind="document-kept-paper", parameters={"version": coming.pk}).count() == 1
    assert len(sent) == 1


def test_the_day_is_that_of_the_project(cast: Cast, coming: DocumentVersion) -> None:
    cast.project.time_zone = "Pacific/Honolulu"
    cast.project.save()
    with clock.moved_to(NOW.replace(hour=3) + timedelta(days=10)):
        assert (is_anything_due(), settle_all().count) == (True, 0)
    with clock.moved_to(NOW.replace(hour=11) + timedelta(days=10)):
        assert settle_all().count == 1


def test_who_acts_on_the_day_finds_it_in_force(cast: Cast, coming: DocumentVersion) -> None:
    with on_the_day():
        draft = begin_version(acting_user=cast.petra, project=cast.project, key=coming.document.key)
    assert str(draft.number) == "2.1"
    coming.refresh_from_db()
    assert coming.state == VersionState.PUBLISHED
    assert actions(cast)[-2:] == ["in force", "new version"]


def test_before_its_day_it_is_in_the_way_with_a_clear_answer(cast: Cast, coming: DocumentVersion) -> None:
    document = coming.document
    with pytest.raises(RuleBroken, match="comes into force on 12 March 2026 and does not change"):
        begin_version(acting_user=cast.petra, project=cast.project, key=document.key)
    with pytest.raises(StaleWrite, match="published already, and comes into force on 12 March 2026"):
        publish_version(acting_user=cast.mara, version=coming, lock=coming.version)
    with pytest.raises(RuleBroken, match="Call that off first"):
        archive_document(
            acting_user=cast.mara, project=cast.project, key=document.key, version=document.version, why="Merged"
        )


def test_it_is_called_off_with_a_reason_and_published_for_another_day_or_changed(
    cast: Cast, coming: DocumentVersion
) -> None:
    with pytest.raises(RuleBroken, match="Say why"):
        call_off(acting_user=cast.mara, version=coming, lock=coming.version, why=" ")
    approved = call_off(acting_user=cast.mara, version=coming, lock=coming.version, why="The service starts later.")
    assert (approved.state, approved.effective_on) == (VersionState.APPROVED, None)
    assert str(version_in_force(coming.document).number) == "1.0"
    with pytest.raises(StaleWrite, match="somebody called it off"):
        call_off(acting_user=cast.mara, version=coming, lock=coming.version, why="Twice")
    again = publish_version(acting_user=cast.mara, version=approved, lock=approved.version, effective_on=soon(20))
    with on_the_day():
        assert str(version_in_force(coming.document).number) == "1.0"
    again = call_off(acting_user=cast.mara, version=again, lock=again.version, why="An error was found.")
    assert withdraw_version(acting_user=cast.mara, version=again).is_draft
    assert actions(cast)[-4:] == ["call off", "schedule", "call off", "withdraw"]


def test_calling_off_on_the_day_is_too_late(cast: Cast, coming: DocumentVersion) -> None:
    with on_the_day(), pytest.raises(StaleWrite, match="in force by now"):
        call_off(acting_user=cast.mara, version=coming, lock=coming.version, why="Late")


def test_people_read_and_confirm_it_before_its_day(cast: Cast, coming: DocumentVersion, sign_in) -> None:
    ask_to_read(acting_user=cast.mara, version=coming, readers=[cast.parties["tim"]], due=soon(5))
    client: Client = sign_in(cast.tim)
    page = client.get(f"{D}read/").content.decode()
    assert "not yet" in page
    assert "What is new in 2.0" in page
    assert "How we answer" in client.get("/work/").content.decode()
    assert client.post(f"{D}read/", {"seen": coming.sha256}).status_code == 302
    assert Reading.objects.get().read_at is not None
    with on_the_day(20):
        settle_all()
    assert Reading.objects.get().document_version_id == coming.pk


def test_what_was_never_in_force_holds_nothing_up_and_satisfies_nothing(cast: Cast) -> None:
    document = begin(cast, obligation="required")
    later(cast, document)
    access = access_to(cast.project, cast.mara)
    row = register_rows(cast.project, access)[0]
    assert (row.standing, row.is_in_force) == (Standing.SCHEDULED, False)
    assert (counts_of([row]).in_force, counts_of([row]).drafted) == (0, 0)
    assert (standing_of(cast.project, access).in_force, standing_of(cast.project, access).drafted) == (0, 0)
    assert "How we answer" in not_in_force(cast.project, 1)
    with on_the_day():
        assert standing_of(cast.project, access).in_force == 1
        assert "How we answer" not in not_in_force(cast.project, 1)


def test_the_pages_say_from_when_and_what_holds_until_then(cast: Cast, sign_in) -> None:
    document = begin(cast)
    publish(cast, document)
    begin_version(acting_user=cast.petra, project=cast.project, key=document.key)
    version = approve(cast, send(cast, document))
    client: Client = sign_in(cast.mara)
    sent = {"version": version.version, "effective_on": soon(10).isoformat()}
    page = client.post(f"{D}publish/", sent, follow=True).content.decode()
    assert "Version 2.0 is in force from 12 March 2026; until then 1.0 holds." in page
    assert "Until then 1.0 holds." in page
    assert f"{D}call-off/" in page
    assert client.post(f"{D}publish/", sent).status_code == 302
    assert "2.0 in force from 12 Mar 2026" in client.get("/projects/alder/documents/").content.decode()
    assert "Until then 1.0 holds." in client.get(f"{D}decide/2.0/").content.decode()
    assert "in force from 12 Mar 2026; 0 of 0 have read it" in client.get(f"{D}readers/").content.decode()
    assert "Version 1.0 goes on holding." in client.get(f"{D}call-off/").content.decode()
    lock = version_of(document, 2, 0).version
    assert client.post(f"{D}call-off/", {"version": lock, "words": ""}).status_code == 422
    assert client.post(f"{D}call-off/", {"version": lock, "words": "Later"}).status_code == 302
    assert client.post(f"{D}call-off/", {"version": lock, "words": "Later"}).status_code == 409


def test_a_paper_that_is_made_when_its_version_is_obsolete_is_kept_and_does_not_count(cast: Cast) -> None:
    document = begin(cast)
    first = publish(cast, document)
    begin_version(acting_user=cast.petra, project=cast.project, key=document.key)
    publish(cast, document)
    paper = keep_paper(version=first, incoming=came(), name="PRC-01.pdf")
    paper.refresh_from_db()
    assert (paper.state, paper.state_reason) == ("withdrawn", "Version 1.0 of PRC-01 How we answer is obsolete.")
    assert "A newer one had come into force before it was kept." in paper.shows
    assert keep_paper(version=first, incoming=came(), name="PRC-01.pdf") == paper


def test_a_reading_of_what_was_called_off_is_not_confirmed(cast: Cast, coming: DocumentVersion) -> None:
    ask_to_read(acting_user=cast.mara, version=coming, readers=[cast.parties["tim"]], due=soon(5))
    call_off(acting_user=cast.mara, version=coming, lock=coming.version, why="Later")
    reading = Reading.objects.select_related("document_version__document__project").get()
    with pytest.raises(RuleBroken, match="no longer"):
        confirm_reading(acting_user=cast.tim, reading=reading)


def test_the_register_counts_by_the_day_that_the_words_name(cast: Cast, django_capture_on_commit_callbacks) -> None:
    document = begin(cast, obligation="required")
    DocumentVersion.objects.filter(document=document).update(body="Looked at again by [[next_review]].")
    coming = later(cast, document)
    said = month_after(soon(0), 12)
    assert date_format(said, "j F Y") in coming.text
    access = access_to(cast.project, cast.tim)
    with on_the_day(), django_capture_on_commit_callbacks():
        assert register_rows(cast.project, access)[0].document.review_on == said
        put_in_force(None)
    assert Document.objects.get(pk=document.pk).review_on == said
