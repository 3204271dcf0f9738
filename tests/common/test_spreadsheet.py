"""Text on its way into a spreadsheet, and back."""

import csv
from datetime import date
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.spreadsheet import RISKY, escape_cell, to_csv, unescape_cell


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1", "'=1", "''=1"])
def test_it_puts_an_apostrophe_before_what_would_run(text: str) -> None:
    assert escape_cell(text) == "'" + text


@pytest.mark.parametrize("value", ["a=1", "", "'quoted'", 5, -5, 1.5, None, date(2026, 3, 2), True])
def test_it_leaves_everything_else_as_it_is(value: object) -> None:
    assert escape_cell(value) == value
    assert unescape_cell(value) == value


@given(st.text())
def test_every_text_comes_back_as_it_was(text: str) -> None:
    assert unescape_cell(escape_cell(text)) == text


@given(st.text(alphabet="'=+-@\t\rab", max_size=8))
def test_nothing_that_would_run_comes_through(text: str) -> None:
    assert not escape_cell(text).startswith(RISKY)
    assert unescape_cell(escape_cell(text)) == text


@given(
    st.lists(
        st.lists(
            st.text(alphabet=st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00")),
            min_size=2,
            max_size=2,
        ),
        max_size=5,
    )
)
def test_a_csv_can_be_read_back(rows: list[list[str]]) -> None:
    text = to_csv(["a", "b"], rows)
    read = list(csv.reader(StringIO(text, newline="")))
    assert [[unescape_cell(cell) for cell in row] for row in read] == [["a", "b"], *rows]


def test_nothing_is_an_empty_cell() -> None:
    assert to_csv(["a", "b"], [[None, 1]]) == "a,b\r\n,1\r\n"
