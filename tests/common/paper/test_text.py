"""Markdown of anybody becomes the body of a document, or a sentence says why not."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.exceptions import RuleBroken
from common.paper.paper import Heading
from common.paper.text import MOST_CHARACTERS, MOST_NESTED, check_nesting, markdown_to_paper


def html(text: str, **more: Any) -> str:
    return str(markdown_to_paper(text, **more).html)


def test_headings_have_anchors_of_words_and_no_gap() -> None:
    made = markdown_to_paper("## What for\n\n#### Deep\n\n## What for\n\n### Łódź, 2027\n\n## 日本")
    assert made.headings == (
        Heading(2, "What for", "what-for"),
        Heading(3, "Deep", "deep"),
        Heading(2, "What for", "what-for-2"),
        Heading(3, "Łódź, 2027", "odz-2027"),
        Heading(2, "日本", "section-5"),
    )
    assert '<h3 id="deep">Deep</h3>' in made.html


def test_the_title_is_the_only_first_heading() -> None:
    made = markdown_to_paper("# One\n\n## Below\n\n### Further\n")
    assert [(each.level, each.text) for each in made.headings] == [(2, "One"), (3, "Below")]
    assert "<h4>Further</h4>" in made.html
    assert "<h1" not in made.html


def test_a_heading_inside_a_quotation_is_no_section() -> None:
    made = markdown_to_paper("> ## Inside\n>\n> words")
    assert made.headings == ()
    assert '<p class="head">Inside</p>' in made.html


def test_scripts_and_html_are_text_and_the_author_hears_of_it() -> None:
    made = markdown_to_paper("<script>alert(1)</script>\n\na <b onclick='x'>b</b>\n")
    assert "<script" not in made.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in made.html
    assert "<b" not in made.html
    assert made.warnings == ("HTML is printed as it stands: <script>", "HTML is printed as it stands: <b onclick='x'>")


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "JaVaScRiPt:x", "data:text/html,x", "//host/x", "/admin", "#no"]
)
def test_a_link_that_leads_astray_becomes_text(address: str) -> None:
    made = markdown_to_paper(f"[words]({address})")
    assert "href" not in made.html
    assert "words" in made.html
    assert made.warnings == (f"A link leads nowhere from a document and became text: {address}",)


def test_links_to_addresses_and_to_headings_stay() -> None:
    made = markdown_to_paper("## What for\n\n[a](https://example.org/x) [b](#what-for) <mailto:a@example.org>")
    assert 'href="https://example.org/x"' in made.html
    assert 'href="#what-for"' in made.html
    assert 'href="mailto:a@example.org"' in made.html
    assert made.warnings == ()


def test_only_pictures_that_came_along_are_shown() -> None:
    made = markdown_to_paper(
        "![Our plan](image:plan.png) ![x](image:other.png) ![y](http://h/z.png)", images=["plan.png"]
    )
    assert '<img src="image:plan.png" alt="Our plan">' in made.html
    assert made.html.count("<img") == 1
    assert "[Picture: x] [Picture: y]" in made.html
    assert len(made.warnings) == 2


def test_a_picture_without_words_is_named_to_the_author() -> None:
    assert "image:plan.png" in markdown_to_paper("![](image:plan.png)", images=["plan.png"]).warnings[0]


def test_template_syntax_is_text() -> None:
    text = "{{ settings.SECRET_KEY }} {% load x %} ${7*7} [[unknown]]"
    assert text in html(text)


def test_what_the_project_fills_in_is_text_and_never_markdown() -> None:
    made = html("We are [[ organization ]] and [[nobody]].", fill={"organization": "**A** <b>[[nobody]]"}.get)
    assert "We are **A** &lt;b&gt;[[nobody]] and [[nobody]]." in made


def test_a_block_of_ours_stands_where_its_name_is_a_paragraph_of_its_own() -> None:
    made = html(
        "Before\n\n[[table: services]]\n\nand [[table: services]] inside\n\n- [[table: services]]",
        blocks={"table: services": "<svg></svg>"},
    )
    assert made.count("<svg></svg>") == 1
    assert "<p>Before</p>\n<svg></svg>\n<p>and [[table: services]] inside</p>" in made


def test_nobody_can_name_a_block_by_its_place() -> None:
    assert "\ue000" not in html("\ue0000\ue001\n\n[[b]]", blocks={"b": "<p>ours</p>"})


@pytest.mark.parametrize("text", ["- " * 60 + "x", "\n".join("  " * n + "- x" for n in range(60)), "> " * 60 + "x"])
def test_sixty_lists_inside_each_other_are_refused_with_the_line(text: str) -> None:
    with pytest.raises(RuleBroken, match=rf"^Line \d+ is inside {MOST_NESTED + 1} lists or quotations"):
        markdown_to_paper(text)


def test_five_megabytes_are_refused_before_they_are_read() -> None:
    with pytest.raises(RuleBroken, match="5,000,000 characters; 500,000 are the most"):
        markdown_to_paper("word " * 1_000_000)
    assert MOST_CHARACTERS == 500_000


@pytest.mark.parametrize(
    ("text", "words"),
    [("- x\n" * 20_001, "20,001 lines; 20,000 are the most"), ("![" * 20_001, "20,001 opening brackets; 20,000 are")],
)
def test_what_would_take_a_minute_to_read_is_refused_before_it_is(text: str, words: str) -> None:
    with pytest.raises(RuleBroken, match=words):
        check_nesting(text)


def test_headings_of_the_same_words_have_numbers_that_nothing_else_has() -> None:
    made = markdown_to_paper("".join(f"## {words}\n\n" for words in ("A", "A", "A 2", "A", "A-2", "Contents")))
    assert [each.anchor for each in made.headings] == ["a", "a-2", "a-2-2", "a-3", "a-2-3", "contents-2"]


def test_two_thousand_rows_are_one_table() -> None:
    text = "| A | B |\n|---|--:|\n" + "".join(f"| row {n} | {n} |\n" for n in range(2000))
    made = markdown_to_paper(text)
    assert made.html.count("<tr>") == 2001
    assert made.html.count("<table") == 1
    assert '<td class="n">1999</td>' in made.html
    assert made.warnings == ()


@pytest.mark.parametrize(
    "text", ["**bold", "[a](", "`code", "```\nfence", "| a |\n|--", "![x](image:", "> - 1. *", "<div>\n"]
)
def test_unclosed_markup_harms_nothing(text: str) -> None:
    made = html(f"{text}\n\n\n## After\n\nwords")
    assert made.count("<table") == made.count("</table")
    assert "words" in made


def test_letters_that_cannot_be_shown_are_named() -> None:
    (warning,) = markdown_to_paper("Good day: 日本, 😀").warnings
    assert "日 (U+65E5), 本 (U+672C), 😀 (U+1F600)" in warning
    assert "CJK" in warning


@given(st.text(max_size=300))
def test_whatever_is_typed_becomes_clean_html(text: str) -> None:
    made = markdown_to_paper(text)
    assert "<script" not in made.html.lower()
    assert "<img" not in made.html
    assert len({each.anchor for each in made.headings}) == len(made.headings)
