"""A document under control on pages: the same bytes each time, what stands on them, what the PDF says of itself."""

import re
from pathlib import Path

import pytest

from common.paper.pages import contents_of, paper_html, write_paper
from common.paper.paper import Heading
from common.paper.style import HouseStyle
from common.pdf.render import FOR_ARCHIVE, FOR_READING, render_pdf
from tests.common.paper.papers import paper
from tests.common.pdf.reading import (
    attachments,
    bookmarks,
    document,
    fonts,
    is_tagged,
    language,
    tags,
    texts,
    title,
    unpacked,
)


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("paper") / "a.pdf"
    write_paper(paper(title_page=True, mark="Draft"), target)
    return target


def test_it_says_title_language_people_words_and_the_day_of_the_version(reading: Path) -> None:
    content = unpacked(reading)
    assert (title(reading), language(reading), is_tagged(reading)) == (
        "Service management policy, version 2.0",
        "en",
        True,
    )
    assert b"Workplace Shared Services" in content
    assert b"policy, ISO/IEC 20000-1" in content
    assert b"2026-10-12T12:06:00Z" in content
    assert b"/DisplayDocTitle true" in content
    assert attachments(reading) == 0


def test_the_title_page_comes_first_then_control_and_contents_then_the_text(reading: Path) -> None:
    first, second, third = texts(reading)
    assert "Page" not in first
    assert re.search(r"Contents 1 Why we have it.* 3 2 What we measure.* 3 2\.1 How often.* 3", second)
    assert "SMS-POL-001, version 2.0" in third
    assert "Page 3 of 3" in third
    assert all("DRAFT" in page for page in (first, second, third))
    assert bookmarks(reading) == [
        (0, "About this document"),
        (0, "Contents"),
        (0, "1 Why we have it"),
        (0, "2 What we measure"),
        (1, "2.1 How often"),
    ]


def test_headings_lists_and_tables_are_marked_as_such(reading: Path) -> None:
    assert "H1" in tags(reading, 1)
    assert {"H2", "H3", "Table", "TH", "TD"} <= set(tags(reading, 3))


@pytest.mark.parametrize("variant", [FOR_READING, FOR_ARCHIVE])
def test_the_same_version_gives_the_same_bytes_in_another_process(tmp_path: Path, variant: str) -> None:
    for name in ("a.pdf", "b.pdf"):
        write_paper(paper(), tmp_path / name, variant=variant)
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_the_archive_holds_the_colours_and_says_which_standard_it_follows(tmp_path: Path) -> None:
    write_paper(paper(), tmp_path / "a.pdf", variant=FOR_ARCHIVE)
    content = unpacked(tmp_path / "a.pdf")
    assert re.search(rb'pdfaid:part(>|=")3', content)
    assert re.search(rb'pdfaid:conformance(>|=")B', content)
    assert b"/GTS_PDFA1" in content
    assert is_tagged(tmp_path / "a.pdf")


def test_letters_that_we_lack_become_a_sign_and_never_a_font_of_the_machine(tmp_path: Path) -> None:
    write_paper(paper("## Names\n\n日本 and Łukasz\n\nשלם\n"), tmp_path / "a.pdf")
    assert all(name.startswith("Doc-") for name in fonts(tmp_path / "a.pdf"))
    assert "\ufffd\ufffd and Łukasz" in texts(tmp_path / "a.pdf")[0]
    assert "Doc-Signs" in fonts(tmp_path / "a.pdf")


def test_an_unknown_variant_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="pdf/x-4"):
        render_pdf(document("x"), tmp_path / "a.pdf", variant="pdf/x-4")


def test_no_text_of_a_person_is_run() -> None:
    html = paper_html(paper("## {{ paper.title }}\n\n{% now 'Y' %}", title="<b>{{ 1 }}</b>", style=HouseStyle()))
    assert "{{ paper.title }}" in html
    assert "{% now 'Y' %}" in html
    assert "&lt;b&gt;{{ 1 }}&lt;/b&gt;" in html


def test_whoever_wrote_it_is_named_once() -> None:
    html = paper_html(paper(authors=("Workplace Shared Services", "Anna Lindqvist")))
    assert html.count('<meta name="author" content="Workplace Shared Services">') == 1
    assert html.count('<meta name="author" content="Anna Lindqvist">') == 1


def test_what_stands_below_no_section_is_listed_as_one() -> None:
    below, section = Heading(3, "Below", "below"), Heading(2, "Section", "section")
    assert [(entry.heading, entry.below) for entry in contents_of([below, section, below])] == [
        (below, ()),
        (section, (below,)),
    ]
