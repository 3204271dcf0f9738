"""Markdown that people write, as HTML of a page."""

import pytest

from common.markdown import plain_text, render_markdown


def test_it_renders_lists_emphasis_tables_and_line_breaks() -> None:
    html = render_markdown("One **bold** line\nand ~~another~~\n\n- a\n- b\n\n|x|y|\n|-|-|\n|1|2|")
    assert "<strong>bold</strong> line<br>\nand <s>another</s>" in html
    assert "<li>a</li>" in html
    assert "<td>2</td>" in html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](vbscript:x)",
        "[x](data:text/html,hello)",
        '<a href="https://example.org" onclick="x()">x</a>',
        "<svg/onload=alert(1)>",
        "<style>body{display:none}</style>",
    ],
)
def test_it_lets_no_html_and_no_other_scheme_through(text: str) -> None:
    html = render_markdown(text)
    for forbidden in ("<script", "<img", "<svg", "<style", "<a "):
        assert forbidden not in html


@pytest.mark.parametrize(
    "target", ["/projects/birch/", "//evil.example", "#top", "ftp://x.example/", "file:///etc/passwd"]
)
def test_it_takes_the_address_from_links_that_are_not_whole(target: str) -> None:
    assert "href" not in render_markdown(f"[x]({target})")


def test_it_keeps_web_and_mail_links_and_tells_search_engines_and_openers_off() -> None:
    html = render_markdown("[a](https://example.org/x) and [b](mailto:a@example.org)")
    assert '<a href="https://example.org/x" rel="nofollow noopener">a</a>' in html
    assert '<a href="mailto:a@example.org" rel="nofollow noopener">b</a>' in html


def test_it_never_loads_an_image() -> None:
    html = render_markdown("![diagram](https://example.org/a.png)")
    assert "<img" not in html
    assert "diagram" in html


def test_it_puts_headings_below_those_of_the_page() -> None:
    assert render_markdown("# Big\n\n## Smaller") == "<h3>Big</h3>\n<h4>Smaller</h4>\n"


def test_it_leaves_template_syntax_as_it_is() -> None:
    assert "{{ settings.SECRET_KEY }}" in render_markdown("{{ settings.SECRET_KEY }}")


def test_it_gives_nothing_for_nothing() -> None:
    assert render_markdown("") == ""


def test_it_strips_the_marks_for_an_excerpt() -> None:
    assert plain_text("Use **bold** & `code`\n\n- one\n- two") == "Use bold & code one two"


def test_a_marked_part_becomes_a_mark_whatever_signs_it_holds() -> None:
    text = "Ask @Ann_b_<i>*c* today"
    html = render_markdown(text, ((4, 14),))
    assert html == "<p>Ask <mark>@Ann_b_&lt;i&gt;</mark><em>c</em> today</p>\n"


def test_a_marked_part_stands_inside_emphasis_and_lists() -> None:
    assert render_markdown("- **@Tim**", ((4, 8),)) == "<ul>\n<li><strong><mark>@Tim</mark></strong></li>\n</ul>\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('`@Tim"`', "<code>@Tim&quot;</code>"),
        ('    @Tim"', "<pre><code>@Tim&quot;"),
        ("[x](https://a.example '@Tim\"')", 'title="@Tim&quot;"'),
    ],
)
def test_a_marked_part_inside_code_or_a_title_stays_text(text: str, shown: str) -> None:
    start = text.index("@")
    html = render_markdown(text, ((start, start + 5),))
    assert shown in html
    assert "<mark" not in html


def test_the_signs_of_marked_parts_cannot_be_typed() -> None:
    assert render_markdown("\ue0000\ue001 @Tim", ((4, 8),)) == "<p>0 <mark>@Tim</mark></p>\n"
    assert "<mark>" not in render_markdown("<mark>x</mark>")
