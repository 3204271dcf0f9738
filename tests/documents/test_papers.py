"""PDFs of documents: by job, by command, and the one that is kept."""

import re
import zipfile
from pathlib import Path

import pikepdf
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from common.exceptions import RuleBroken
from documents.choices import Origin
from documents.models import DocumentVersion
from documents.pdf import write_version
from documents.selectors import version_in_force
from documents.services.begin import FirstText, take_in_text
from evidence import files
from evidence.models import EvidenceItem
from evidence.services.items import FileIn, add_revision
from jobs.models import Job
from tests.cast import Cast
from tests.documents.conftest import begin, draft_of, publish
from tests.evidence.conftest import PDF, add, came

pytestmark = pytest.mark.django_db


def test_a_version_is_rendered_to_the_same_bytes_for_reading_and_for_the_archive(cast: Cast, tmp_path: Path) -> None:
    document = publish(cast, begin(cast)).document
    first, again, archive = (tmp_path / name for name in ("a.pdf", "b.pdf", "c.pdf"))
    call_command("render_document", cast.project.slug, document.key, "--output", str(first))
    call_command("render_document", cast.project.slug, document.key, "--output", str(again))
    call_command("render_document", cast.project.slug, document.key, "--output", str(archive), "--variant", "pdf/a-3b")
    assert first.read_bytes() == again.read_bytes()
    with pikepdf.open(archive) as pdf:
        assert pdf.open_metadata().pdfa_status == "3B"
        assert str(pdf.docinfo["/Title"]) == "How we answer, version 1.0"


@pytest.mark.parametrize(
    ("key", "extra", "said"),
    [
        ("none", [], "has no document none"),
        ("capacity-plan", [], "there is a template for it"),
        ("how-we-answer", ["--version", "9.9"], "no such version"),
        ("how-we-answer", ["--version", "x"], "is no version"),
        ("how-we-answer", ["--as", "tim"], "no document"),
    ],
)
def test_the_command_says_what_is_not_there(cast: Cast, tmp_path: Path, key: str, extra: list[str], said: str) -> None:
    begin(cast, classification="confidential")
    extra = [cast.tim.email if each == "tim" else each for each in extra]
    with pytest.raises(CommandError, match=said):
        call_command("render_document", cast.project.slug, key, "--output", str(tmp_path / "x.pdf"), *extra)
    assert list(tmp_path.glob("*.pdf")) == []


def test_what_is_published_gets_its_paper_kept_as_evidence_once(cast: Cast, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        version = publish(cast, begin(cast, refs=["IN.a"]))
    version.refresh_from_db()
    assert Job.objects.get(kind="document-kept-paper").state == "succeeded"
    stored = files.stored_path(version.paper.revision.stored)
    assert stored.read_bytes().startswith(b"%PDF-1.7")
    assert list(version.paper.activityevidence_links.values_list("activity__ref", flat=True)) == ["IN.a"]
    assert EvidenceItem.objects.count() == 2


def test_all_in_force_come_in_one_file_with_the_master_list(cast: Cast, tmp_path: Path) -> None:
    publish(cast, begin(cast, title="In force"))
    begin(cast, title="Only a draft")
    target, again = tmp_path / "all.zip", tmp_path / "again.zip"
    call_command("export_documents", cast.project.slug, "--format", "zip", "--output", str(target))
    call_command("export_documents", cast.project.slug, "--format", "zip", "--output", str(again))
    with zipfile.ZipFile(target) as bundle, zipfile.ZipFile(again) as other:
        assert bundle.namelist() == ["PRC-01-in-force-1.0.pdf", "master-list.xlsx"]
        assert bundle.read("PRC-01-in-force-1.0.pdf") == other.read("PRC-01-in-force-1.0.pdf")
    call_command("export_documents", cast.project.slug, "--output", str(tmp_path / "list.xlsx"))
    assert zipfile.is_zipfile(tmp_path / "list.xlsx")


def test_a_pdf_that_was_taken_in_is_given_out_as_it_is_or_not_at_all(cast: Cast, tmp_path: Path) -> None:
    document = begin(cast)
    item = add(cast, name="ours.pdf")
    take_in_text(
        acting_user=cast.petra,
        project=cast.project,
        key=document.key,
        version=draft_of(document).version,
        text=FirstText("", Origin.FILE, "ours.pdf", item),
    )
    version = publish(cast, document)
    stored = files.stored_path(item.revision.stored)
    stored.chmod(0o600)
    stored.write_bytes(b"%PDF-1.7 altered")
    with pytest.raises(RuleBroken, match="altered"):
        write_version(DocumentVersion.objects.select_related("file__revision").get(pk=version.pk), tmp_path / "x.pdf")
    assert not (tmp_path / "x.pdf").exists()


def test_a_version_stays_the_file_that_was_decided_about_whatever_revisions_come(cast: Cast, client: Client) -> None:
    document = begin(cast, classification="confidential")
    item = add(cast, name="ours.pdf", classification="confidential")
    take_in_text(
        acting_user=cast.petra,
        project=cast.project,
        key=document.key,
        version=draft_of(document).version,
        text=FirstText("", Origin.FILE, "ours.pdf", item),
    )
    version = publish(cast, document, to=("cora",), decider="cora")
    add_revision(
        acting_user=cast.mara,
        project=cast.project,
        key=item.key,
        version=item.version,
        content=FileIn(came(PDF + b"%newer"), "newer.pdf"),
        why="Signed anew.",
    )
    # Cora decided about it and may read it, though she may not see the item of evidence.
    client.force_login(cast.cora)
    place = reverse("document_file", args=[cast.project.slug, document.key, 1, 0])
    assert place in client.get(reverse("document", args=[cast.project.slug, document.key])).content.decode()
    answer = client.get(place)
    assert (b"".join(answer.streaming_content), answer["Content-Type"]) == (PDF, "application/pdf")
    assert client.get(reverse("evidence_item", args=[cast.project.slug, item.key])).status_code == 404
    client.force_login(cast.tim)
    assert client.get(place).status_code == 404
    assert version.facts["file"] == item.revision.sha256


def test_a_person_asks_for_a_pdf_and_one_who_may_not_see_it_gets_none(
    cast: Cast, client: Client, django_capture_on_commit_callbacks
) -> None:
    document = publish(cast, begin(cast, classification="confidential")).document
    place = f"/projects/{cast.project.slug}/documents/{document.key}/versions/1.0/pdf/"
    client.force_login(cast.tim)
    assert client.post(place).status_code == 404
    client.force_login(cast.audra)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(place, {"variant": "pdf/a-3b"})
    job = Job.objects.get(kind="document-pdf")
    assert (answer.status_code, job.state, job.result_name) == (302, "succeeded", "PRC-01-how-we-answer-1.0.pdf")
    assert client.post(place, {"variant": "pdf/x"}).status_code == 400
    assert version_in_force(document) is not None


def test_the_buttons_of_the_pages_ask_for_papers_once_however_often_they_are_pressed(
    cast: Cast, client: Client
) -> None:
    document = publish(cast, begin(cast)).document
    client.force_login(cast.audra)
    documents = f"/projects/{cast.project.slug}/documents/"
    for page in (documents, f"{documents}{document.key}/"):
        html = client.get(page).content.decode()
        forms = re.findall(r'action="([^"]+/(?:pdf|all|master-list)/)">(.*?)</form>', html, re.DOTALL)
        assert len(forms) == 2
        for action, inside in forms:
            sent = dict(re.findall(r'name="(nonce|variant)" value="([^"]+)"', inside))
            assert {client.post(action, sent).headers["Location"] for _press in range(2)} == {
                client.post(action, sent).headers["Location"]
            }
    assert Job.objects.filter(requester=cast.audra).count() == 4
