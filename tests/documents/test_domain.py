"""Filling, numbering and comparing, without a database."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.markdown import render_markdown
from documents.domain.fill import MarkKind, example_count, fill, literal, mark_of, marks_in, table, without_notes
from documents.domain.numbers import PREFIXES, VersionNumber, approved_number, first_review, month_after, next_number
from documents.domain.sections import compare, sections_of
from documents.domain.sheet import with_gaps
from documents.library import template_of


@pytest.mark.parametrize(
    ("inside", "kind", "key"),
    [
        ("organization", MarkKind.FIELD, "organization"),
        ("owner_of: IN", MarkKind.FIELD, "owner_of: IN"),
        ("table: interfaces IN", MarkKind.BLOCK, "table: interfaces IN"),
        ("choice: a | b", MarkKind.CHOICE, "a | b"),
        ("choice: a", MarkKind.UNKNOWN, "choice: a"),
        ("ask: How many? | 3", MarkKind.ASK, "How many?"),
        ("ask: ", MarkKind.UNKNOWN, "ask: "),
        ("__class__", MarkKind.UNKNOWN, "__class__"),
        ("organization: x", MarkKind.UNKNOWN, "organization: x"),
    ],
)
def test_only_names_of_the_list_are_places(inside: str, kind: MarkKind, key: str) -> None:
    mark = mark_of(inside)
    assert (mark.kind, mark.key) == (kind, key)


def test_what_is_known_goes_in_and_the_rest_is_named_once_in_order() -> None:
    filled = fill(
        "[[organization]] asks [[ask: Who? | Ann]] on [[choice: Monday | Friday]]. [[ask: Who? | Ann]] [[scope]]",
        values={"organization": "Alder"},
        answers={"Monday | Friday": "Friday"},
    )
    assert filled.text == "Alder asks «Who?» on Friday\\. «Who?» «scope»".replace("\\.", ".")
    assert [mark.key for mark in filled.missing] == ["Who?", "scope"]


def test_an_answer_that_is_no_option_any_more_counts_as_missing() -> None:
    filled = fill("[[choice: a | b]]", values={}, answers={"a | b": "c"})
    assert [mark.key for mark in filled.missing] == ["a | b"]


def test_what_people_wrote_is_never_read_as_a_place_or_as_code() -> None:
    filled = fill("[[organization]]", values={"organization": "[[scope]] {{ x }} {% y %} <b>"})
    assert filled.missing == ()
    assert render_markdown(filled.text) == "<p>[[scope]] {{ x }} {% y %} &lt;b&gt;</p>\n"


def test_a_block_without_anything_is_missing() -> None:
    filled = fill("[[table: roles]]\n\n[[table: risks]]", values={}, blocks={"table: roles": "| a |"})
    assert filled.text.startswith("| a |\n")
    assert [mark.key for mark in filled.missing] == ["table: risks"]


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=40))
def test_any_value_shows_as_itself(value: str) -> None:
    shown = render_markdown(f"x{literal(value)}")
    plain = shown.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    assert plain == f"<p>x{value}</p>\n"


@given(st.text(max_size=60))
def test_filling_twice_changes_nothing_more(value: str) -> None:
    once = fill("a [[organization]] b", values={"organization": value or "x"}).text
    assert [each.kind for each in marks_in(once)] == []


def test_notes_go_and_examples_are_counted() -> None:
    text = "a\n\n> Note: for you\n> alone\n\n> Example: b\n"
    assert without_notes(text) == "a\n\n\n> Example: b\n"
    assert example_count(text) == 1


def test_a_table_keeps_its_bars() -> None:
    assert table(["a"], [["x|y"], [""]]) == "| a |\n| --- |\n| x\\|y |\n| – |"
    assert table(["a"], []) == ""


def test_numbers_go_on_from_the_highest_of_their_kind() -> None:
    assert next_number("policy", ["POL-01", "POL-09", "PRC-30", "POL-x"]) == "POL-10"
    assert next_number("record", []) == "REC-01"


@given(st.sampled_from(sorted(PREFIXES)), st.integers(0, 30))
def test_no_number_is_given_twice(kind: str, count: int) -> None:
    given_out: list[str] = []
    for _each in range(count):
        given_out.append(next_number(kind, given_out))
    assert len(set(given_out)) == count


def test_versions_count_as_people_expect() -> None:
    assert str(approved_number(None, is_major=False)) == "1.0"
    assert str(approved_number(VersionNumber(1, 2), is_major=False)) == "1.3"
    assert str(approved_number(VersionNumber(1, 2), is_major=True)) == "2.0"


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.integers(0, 60))
def test_a_month_after_is_in_the_month_that_is_meant(day: date, months: int) -> None:
    after = month_after(day, months)
    assert (after.year * 12 + after.month) - (day.year * 12 + day.month) == months
    assert after.day <= day.day


def test_the_last_day_of_a_short_month_is_taken() -> None:
    assert month_after(date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert month_after(date(2027, 8, 31), 6) == date(2028, 2, 29)


def test_sections_have_anchors_of_their_own_and_code_is_no_heading() -> None:
    found = sections_of("before\n\n## Steps\n\na\n\n```\n## none\n```\n\n### Steps\n\nb")
    assert [(each.anchor, each.title, each.level) for each in found] == [
        ("top", "", 2),
        ("steps", "Steps", 2),
        ("steps-2", "Steps", 3),
    ]
    assert "## none" in found[1].text


def test_words_that_changed_are_marked_within_their_paragraph() -> None:
    changes = compare("one\n\nWe answer in an hour.\n\nlast", "one\n\nWe answer in a day.\n\nlast\n\nmore")
    assert [each.kind for each in changes] == ["same", "changed", "same", "new"]
    assert "".join(each.text for each in changes[1].pieces if each.kind != "new") == "We answer in an hour."
    assert "".join(each.text for each in changes[1].pieces if each.kind != "gone") == "We answer in a day."


@given(
    st.lists(st.sampled_from(["a b", "c d e", "f"]), max_size=6),
    st.lists(st.sampled_from(["a b", "x", "f"]), max_size=6),
)
def test_a_comparison_holds_both_texts(before: list[str], after: list[str]) -> None:
    changes = compare("\n\n".join(before), "\n\n".join(after))
    sides = {side: [] for side in ("gone", "new")}
    for change in changes:
        for side, found in sides.items():
            text = "".join(piece.text for piece in change.pieces if piece.kind in ("same", side))
            if change.kind in ("same", "changed", side):
                found.append(text)
    assert sides == {"gone": before, "new": after}


def test_a_template_keeps_its_headings_apart_from_what_stands_below() -> None:
    template = template_of("change-request-procedure")
    headings = [line for line in template.body.splitlines() if line.startswith("#")]
    assert headings
    assert max(len(line) for line in headings) < 80


def test_what_is_far_too_long_to_compare_word_by_word_is_compared_at_its_ends() -> None:
    before, after = " ".join(["a"] * 3000), " ".join(["b"] * 3000)
    change = compare(f"same {before} same", f"same {after} same")[0]
    assert [piece.kind for piece in change.pieces] == ["same", "gone", "new", "same"]


def test_gaps_are_marked_in_text_alone() -> None:
    html = '<p>«Who?» <a href="https://a.example" title="«Who?»">«Who?»</a></p><p>«A &amp; B»</p>'
    assert with_gaps(html, {"Who?": "/fill/", "A & B": ""}) == (
        '<p><a class="doc-gap" href="/fill/">«Who?»</a> <a href="https://a.example" title="«Who?»">'
        '<span class="doc-gap">«Who?»</span></a></p><p><span class="doc-gap">«A &amp; B»</span></p>'
    )


@pytest.mark.parametrize(
    ("promised", "counted"),
    [
        ("", date(2027, 3, 10)),
        ("2027-02-20", date(2027, 2, 20)),
        ("2027-03-10", date(2027, 3, 10)),
        ("2026-03-10", date(2027, 3, 10)),
        ("2029-01-01", date(2027, 3, 10)),
    ],
)
def test_the_first_review_is_on_the_day_that_the_words_name_where_it_lies_ahead(promised: str, counted: date) -> None:
    assert first_review(date(2026, 3, 10), 12, promised) == counted
