"""A PDF is tagged, set in our fonts, whole or not there; a bomb ends at its limit and nothing else does."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from common.pdf.exceptions import PdfFailed, Why
from common.pdf.limits import Limits
from common.pdf.pages import page_as_png, page_count
from common.pdf.render import limits_of_settings, render_pdf
from scripts.source_files import ROOT
from tests.common.pdf.reading import bookmarks, document, fonts, is_tagged, language, tags, texts, title, unpacked

OURS = {
    *("Doc-Serif", "Doc-Serif-Italic", "Doc-Serif-Semi-Bold", "Doc-Sans", "Doc-Sans-Medium", "Doc-Sans-Semi-Bold"),
    *("Doc-Mono", "Doc-Sans-Oblique"),
}
LETTERS = "Łukasz Żółć Ĳssel őűșț €5 − ≥ → ☐ ✓ Ωμέγα Жук"
BODY = f"""
<p class="run-left">The head of pages</p><p class="run-foot">The foot</p>
<h1>{LETTERS}</h1>
<nav class="contents"><h2 class="plain">Contents</h2><ol><li><a href="#what-for">What for</a></li></ol></nav>
<div class="body newpage"><h2 id="what-for">What for</h2><p>{LETTERS} <em>{LETTERS}</em> <code>{LETTERS}</code></p>
<table class="data full"><caption>Costs</caption><thead>
<tr><th scope="col">What</th><th scope="col" class="n">Euro</th></tr></thead>
<tbody><tr><th scope="row">{LETTERS}</th><td class="n">1,200</td></tr></tbody></table></div>
"""


@pytest.fixture(scope="module")
def pdf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("pdf") / "a.pdf"
    facts = render_pdf(document(BODY, head=f"<title>{LETTERS}</title>", lang="en-GB"), target, limits=Limits())
    assert (facts.pages, facts.bytes) == (2, target.stat().st_size)
    return target


def test_it_is_tagged_and_says_title_language_and_standard(pdf: Path) -> None:
    content = unpacked(pdf)
    assert is_tagged(pdf)
    assert language(pdf) == "en-GB"
    assert title(pdf) == LETTERS
    assert b"/StructTreeRoot" in content
    assert re.search(rb'pdfuaid:part(>|=")1', content)


def test_headings_and_tables_are_marked_as_such(pdf: Path) -> None:
    assert {"H1", "H2", "TOC"} & set(tags(pdf, 1)) >= {"H1"}
    assert {"H2", "Table", "TH", "TD", "Caption"} <= set(tags(pdf, 2))


def test_every_letter_is_there_and_in_a_font_of_ours(pdf: Path) -> None:
    assert texts(pdf)[1].count(LETTERS) == 4
    assert fonts(pdf) <= OURS


def test_pages_have_head_foot_and_number_and_contents_lead_to_them(pdf: Path) -> None:
    first, second = texts(pdf)
    assert "Page 1 of 2" in first
    assert "The head of pages" in second
    assert second.count("The foot") == 1
    assert first.index("What for") < first.rindex("2")
    assert bookmarks(pdf) == [(0, "Contents"), (0, "1 What for")]


def test_a_page_becomes_a_picture_of_its_size(pdf: Path) -> None:
    png = page_as_png(pdf, 2, dpi=72)
    assert page_count(pdf) == 2
    assert png.startswith(b"\x89PNG")
    assert (int.from_bytes(png[16:20]), int.from_bytes(png[20:24])) == (596, 842)


@pytest.mark.parametrize(("page", "dpi", "why"), [(0, 72, Why.NO_PAGE), (3, 72, Why.NO_PAGE), (1, 5000, Why.MEMORY)])
def test_a_picture_that_cannot_be_is_refused(pdf: Path, page: int, dpi: int, why: Why) -> None:
    with pytest.raises(PdfFailed) as raised:
        page_as_png(pdf, page, dpi)
    assert raised.value.why is why


def test_what_is_no_pdf_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 and nothing")
    with pytest.raises(PdfFailed) as raised:
        page_count(tmp_path / "a.pdf")
    assert raised.value.why is Why.UNREADABLE


@pytest.mark.parametrize(
    ("body", "why"), [("<img alt='' src='file:///etc/passwd'>", Why.MISSING), ("<table><tr><td>" * 60, Why.NESTING)]
)
def test_what_fails_leaves_the_file_before_and_nothing_else(tmp_path: Path, body: str, why: Why) -> None:
    target = tmp_path / "a.pdf"
    target.write_bytes(b"the one before")
    with pytest.raises(PdfFailed) as raised:
        render_pdf(document(body), target, limits=Limits())
    assert raised.value.why is why
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("a.pdf", b"the one before")]


def test_the_words_name_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(PdfFailed, match=r"http://elsewhere\.example/logo\.png"):
        render_pdf(
            document('<img alt="" src="http://elsewhere.example/logo.png">'), tmp_path / "a.pdf", limits=Limits()
        )


@pytest.mark.parametrize("name", ["", "../a", "a b", "a/b", "ł", "a" * 101])
def test_the_name_of_an_image_is_plain(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="cannot name an image"):
        render_pdf(document("x"), tmp_path / "a.pdf", images={name: b""}, limits=Limits())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("limits", "why"),
    [
        (Limits(memory_mb=1024, cpu_seconds=4), Why.TIME),
        (Limits(memory_mb=256, cpu_seconds=60), Why.MEMORY),
        (Limits(memory_mb=1024, seconds=3), Why.TIME),
    ],
)
def test_a_bomb_ends_at_its_limit_and_the_next_document_is_made(tmp_path: Path, limits: Limits, why: Why) -> None:
    bomb = "<table>" + "<tr><td>a cell<td>another</tr>" * 60_000 + "</table>"
    with pytest.raises(PdfFailed) as raised:
        render_pdf(document(bomb), tmp_path / "bomb.pdf", limits=limits)
    assert raised.value.why is why
    assert render_pdf(document("<p>small</p>"), tmp_path / "small.pdf", limits=Limits()).pages == 1
    assert [path.name for path in tmp_path.iterdir()] == ["small.pdf"]


def test_the_installation_sets_the_limits(settings: Any) -> None:
    settings.PDF_MEMORY_MB, settings.PDF_FILE_MB, settings.PDF_CPU_SECONDS, settings.PDF_SECONDS = 600, 7, 8, 9
    assert limits_of_settings() == Limits(memory_mb=600, file_mb=7, cpu_seconds=8, seconds=9)


def test_a_web_process_never_loads_what_makes_pdfs() -> None:
    code = (
        "import django, sys; django.setup(); import smsplan.urls, common.pdf.render, common.pdf.pages; "
        "print([name for name in ('weasyprint', 'pypdfium2', 'fontTools') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def test_the_process_that_makes_pdfs_never_loads_django() -> None:
    code = "import common.pdf.draw_series, common.pdf.look, sys; print('django' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"
