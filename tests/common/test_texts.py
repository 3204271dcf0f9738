"""Text that people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.texts import clean_line, clean_text, same_name


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  plain  ", "plain"),
        ("two\r\nlines", "two\nlines"),
        ("a\x00b\x07c", "abc"),
        ("\u202eevil", "evil"),
        ("\u200b\u200b", ""),
        (" \u2060 \ufeff", ""),
        ("Łukasz — 東京", "Łukasz — 東京"),
    ],
)
def test_it_keeps_what_shows_and_drops_what_turns_or_hides(typed: str, stored: str) -> None:
    assert clean_text(typed) == stored


def test_a_line_has_no_line_breaks() -> None:
    assert clean_line("Q\r\nBcc: x@y.example") == "Q Bcc: x@y.example"


def test_names_that_look_alike_are_the_same() -> None:
    assert same_name("Jana  Kovar") == same_name("jana kovar") == same_name("\uff2aana Kovar")
    assert same_name("Jana Kovar") != same_name("Jan Kovar")


@given(st.text())
def test_cleaning_again_changes_nothing(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)
    assert "\n" not in clean_line(text)
