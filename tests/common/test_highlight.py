"""Marking what was searched for."""

from common.highlight import contains_all, excerpt, marked, search_words


def test_it_splits_a_query_into_words_each_once() -> None:
    assert search_words("  Way BACK way ") == ["way", "back"]


def test_it_finds_words_whatever_their_case() -> None:
    assert contains_all("Änderung der Regeln", search_words("änderung REGELN"))
    assert not contains_all("Änderung", ["regeln"])


def test_it_marks_words_and_escapes_the_rest() -> None:
    assert marked("<b>Plan</b> the plan", ["plan"]) == "&lt;b&gt;<mark>Plan</mark>&lt;/b&gt; the <mark>plan</mark>"


def test_it_takes_words_literally() -> None:
    assert marked("a.b axb", ["a.b"]) == "<mark>a.b</mark> axb"


def test_it_marks_nothing_without_words() -> None:
    assert marked("a & b", []) == "a &amp; b"


def test_it_cuts_a_long_text_around_the_phrase() -> None:
    text = "back " + "and forth " * 40 + "with a way back at last " + "and so on " * 40
    cut = excerpt(text, ["way", "back"])
    assert "<mark>way</mark> <mark>back</mark> at last" in cut
    assert cut.startswith("… ")
    assert cut.endswith(" …")
    assert len(cut) < 260


def test_it_leaves_a_short_text_whole() -> None:
    assert excerpt("one\n two", ["two"]) == "one <mark>two</mark>"
