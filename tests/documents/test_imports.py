"""Files that people have already: what becomes of them, and what is refused."""

from io import BytesIO

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from documents.choices import Origin
from documents.domain.from_html import html_to_markdown
from documents.domain.markdown_in import fitted
from documents.exceptions import DocumentRefused
from documents.models import Document
from documents.word.reading import MOST_ALL_XML, word_to_markdown
from evidence import files
from evidence.models import EvidenceItem
from tests.cast import Cast
from tests.documents.conftest import BODY, begin, draft_of
from tests.documents.word_files import WITH_MACROS, paragraph, run, table, word_file
from tests.evidence.conftest import add

POLICY = (
    paragraph("Service policy", "Title")
    + paragraph("Purpose", "Heading1")
    + paragraph(run("We answer ") + run("at once: ", bold=True) + run("{{ x }} [[organization]] *no* markup"))
    + paragraph("Scope", "Heading2")
    + paragraph(
        '<w:ins w:id="1" w:author="a"><w:r><w:t>Taken in.</w:t></w:r></w:ins>'
        '<w:del w:id="2" w:author="a"><w:r><w:delText>Left out.</w:delText></w:r></w:del>'
        '<w:r><w:drawing/></w:r><w:r><w:commentReference w:id="0"/></w:r>'
    )
    + table(("Who", "What"), ("Owner", "keeps | it"))
)


def pdf() -> bytes:
    """A PDF of one empty page."""
    out = BytesIO()
    made = pikepdf.new()
    made.add_blank_page()
    made.save(out)
    return out.getvalue()


def send(client: Client, document: Document, name: str, content: bytes, **more: object):
    return client.post(
        reverse("document_import", args=[document.project.slug, document.key]),
        {"version": draft_of(document).version, "file": SimpleUploadedFile(name, content), **more},
    )


def nothing_stays() -> bool:
    folder = files.root() / files.INCOMING
    return not EvidenceItem.objects.exists() and not (folder.exists() and list(folder.iterdir()))


@pytest.fixture
def petra(cast: Cast, client: Client) -> Client:
    client.force_login(cast.petra)
    return client


@pytest.mark.django_db
def test_a_word_file_is_shown_first_and_then_becomes_the_text(cast: Cast, petra: Client) -> None:
    document = begin(cast)
    shown = send(petra, document, "policy.docx", word_file(POLICY))
    assert shown.status_code == 200
    assert draft_of(document).body == f"{BODY}\n"
    body = shown.context["came"].text.body
    assert body == (
        "**Service policy**\n\n## Purpose\n\nWe answer **at once**: {{ x }} [[organization]] \\*no\\* markup\n\n"
        "### Scope\n\nTaken in.\n\n| Who | What |\n| --- | --- |\n| Owner | keeps \\| it |\n"
    )
    notes = " ".join(shown.context["notes"])
    for words in ("1 picture", "Insertions are taken (1), deletions are left out (1)", "1 comment is left out"):
        assert words in notes
    address = reverse("document_import", args=[cast.project.slug, document.key])
    sent = {"version": draft_of(document).version, "name": "policy.docx", "body": body}
    assert petra.post(address, sent)["Location"].endswith(f"/{document.key}/versions/0.1/")
    draft = draft_of(document)
    assert (draft.body, draft.origin, draft.origin_note) == (body, Origin.IMPORT, "policy.docx")
    assert petra.post(address, sent).status_code == 409
    assert nothing_stays()


@pytest.mark.django_db
def test_a_pdf_is_kept_as_it_is_once_its_text_may_give_way(cast: Cast, petra: Client) -> None:
    document, content = begin(cast, classification="confidential"), pdf()
    refused = send(petra, document, "policy.pdf", content)
    assert refused.status_code == 422
    assert "Tick that the PDF takes its place" in refused.content.decode()
    assert nothing_stays()
    assert send(petra, document, "policy.pdf", content, replace="on").status_code == 302
    draft = draft_of(document)
    assert (draft.origin, draft.body, draft.file.classification) == (Origin.FILE, "", "confidential")
    assert files.stored_path(draft.file.revision.stored).read_bytes() == content


@pytest.mark.django_db
def test_a_pdf_that_is_kept_already_is_offered_and_used_and_not_kept_twice(cast: Cast, petra: Client) -> None:
    content = pdf()
    kept = add(cast, content, name="frame.pdf")
    hidden = add(cast, content, name="hidden.pdf", classification="confidential")
    document = begin(cast)
    offered = send(petra, document, "policy.pdf", content, replace="on")
    assert [each.key for each in offered.context["twins"]] == [kept.key]
    html = offered.content.decode()
    assert ("Use E-0001" in html, "are gone then" in html) == (True, True)
    address = reverse("document_import", args=[cast.project.slug, document.key])
    sent = {"version": draft_of(document).version, "item": kept.key}
    assert petra.post(address, {**sent, "item": hidden.key}).status_code == 404
    assert petra.post(address, sent).status_code == 302
    draft = draft_of(document)
    assert (draft.file, draft.body, draft.origin_note) == (kept, "", "frame.pdf")
    assert EvidenceItem.objects.count() == 2
    assert "There is nothing to take in." in send(petra, document, "again.pdf", content).content.decode()
    other = add(cast, b"text", name="notes.txt")
    refused = petra.post(address, {"version": draft.version, "item": other.key})
    assert (refused.status_code, "E-0003 holds no PDF." in refused.content.decode()) == (422, True)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.docm", b"PK\x03\x04", "Files with macros are not taken"),
        ("a.docx", word_file(paragraph("x"), kind=WITH_MACROS), "holds macros"),
        ("a.docx", word_file(paragraph("x"), parts={"word/vbaProject.bin": "x"}), "holds macros"),
        ("a.docx", b"MZ\x90\x00" + b"\0" * 200, "its content is something else"),
        ("a.md", b"MZ\x90\x00" + b"\0" * 200, "its content is something else"),
        ("a.exe", b"MZ", "This one ends in .exe"),
        ("a.docx", b"\xd0\xcf\x11\xe0" + b"\0" * 200, "protected by a password"),
        ("a.docx", word_file(paragraph("x"))[:-60], "may be cut off"),
        ("a.docx", word_file("", before='<!DOCTYPE a [<!ENTITY b "c">]>'), "declares entities"),
        ("a.docx", word_file("<w:sdt>" * 200 + "</w:sdt>" * 200), "nested too deeply"),
        ("a.docx", word_file(""), "There is no text in this file"),
        ("a.docx", b"", "The file is empty"),
        ("a.txt", "Müller".encode("latin-1"), "Save it as UTF-8"),
        ("a.md", b"word " * 90_000, "has 449999 characters"),
        ("a.md", b"- " * 60 + b"deep", "lists or quotations"),
        ("a.pdf", pdf()[:200], "cut off, or a password"),
    ],
)
def test_what_cannot_become_a_document_is_answered_in_words(
    cast: Cast, petra: Client, name: str, content: bytes, words: str
) -> None:
    document = begin(cast)
    answer = send(petra, document, name, content)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert draft_of(document).body == f"{BODY}\n"
    assert nothing_stays()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content", ["\ufeff# Über\n\nx".encode(), "# Über\n\nx".encode("utf-16"), "# Über\n\nx".encode()]
)
def test_markdown_is_taken_in_each_unicode_form(cast: Cast, petra: Client, content: bytes) -> None:
    assert send(petra, begin(cast), "a.md", content).context["came"].text.body == "## Über\n\nx\n"


@pytest.mark.django_db
def test_a_document_of_ones_own_can_begin_with_a_file(cast: Cast, petra: Client) -> None:
    facts = {"title": "How we test", "kind": "procedure", "classification": "internal", "review_months": 12}
    answer = petra.post(reverse("document_new", args=[cast.project.slug]), {**facts, "start": "file"})
    assert answer["Location"].endswith("/documents/how-we-test/import/")


def test_headings_move_so_that_the_highest_is_of_the_second_level() -> None:
    assert (
        fitted("Title\n===\n\n## Sub\n\n```\n# code\n```\n##### deep")
        == "## Title\n\n\n### Sub\n\n```\n# code\n```\n#### deep"
    )


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n  - b\n- c\n"),
        ("<p>1. no list</p><p># none</p><p>snake_case _x_</p>", "1\\. no list\n\n\\# none\n\nsnake_case \\_x\\_\n"),
        ('<p><a href="javascript:x">a</a> <a href="https://b.c">d</a></p>', "a [d](<https://b.c>)\n"),
        (
            '<table><tr><td rowspan="2"><p>a</p><p>b</p></td><td>c</td></tr><tr><td>d</td></tr></table>',
            "| a · b | c |\n| --- | --- |\n|  | d |\n",
        ),
        ("<p>&lt;script&gt;</p>", "\\<script\\>\n"),
    ],
)
def test_html_becomes_markdown_that_says_the_same(html: str, markdown: str) -> None:
    assert html_to_markdown(html) == markdown


def test_a_list_of_sixty_depths_is_brought_up() -> None:
    made = html_to_markdown("<ul><li>x" * 60 + "</li></ul>" * 60)
    assert max(len(line) - len(line.lstrip()) for line in made.splitlines()) <= 12


def test_a_file_that_is_no_zip_is_refused_before_anything_reads_it() -> None:
    with pytest.raises(DocumentRefused, match="no Word file that can be read"):
        word_to_markdown(b"PK\x03\x04 but no more")


def test_what_unpacks_to_too_much_is_refused_before_it_is_unpacked() -> None:
    bomb = word_file(paragraph("x"), parts={"word/big.xml": f"<a>{' ' * MOST_ALL_XML}</a>"})
    assert len(bomb) < 100_000
    with pytest.raises(DocumentRefused, match="larger than we can read"):
        word_to_markdown(bomb)
