"""Query strings are read strictly."""

from datetime import date

import pytest
from django.core.exceptions import BadRequest
from django.http import QueryDict

from common.query import choice, choices, day, read_query, single_values, whole_number


def test_it_gives_single_values_and_lists_without_blanks() -> None:
    values, lists = read_query(QueryDict("q=+a+&s=x&s=&s=y"), single=("q", "r"), multiple=("s", "t"))
    assert values == {"q": "a", "r": ""}
    assert lists == {"s": ["x", "y"], "t": []}


@pytest.mark.parametrize(
    "query", ["other=1", "q=1&q=1", "q=" + "x" * 201, "q=%00", "&".join(["s=1"] * 201), "q__contains=a"]
)
def test_it_refuses_what_no_page_writes(query: str) -> None:
    with pytest.raises(BadRequest):
        read_query(QueryDict(query), single=("q",), multiple=("s",))


@pytest.mark.parametrize("value", ["-1", "1.5", "x", "\u0661", "1e9", "9" * 16])
def test_it_refuses_what_is_no_whole_number(value: str) -> None:
    with pytest.raises(BadRequest):
        whole_number("n", value)


@pytest.mark.parametrize("value", ["2026-02-31", "2026-13-01", "20260101", "2026-W01-1", "tomorrow"])
def test_it_refuses_what_is_no_day(value: str) -> None:
    with pytest.raises(BadRequest):
        day("d", value)


def test_it_reads_numbers_days_and_choices() -> None:
    assert (whole_number("n", "12"), whole_number("n", "")) == (12, None)
    assert (day("d", "2026-02-28"), day("d", "")) == (date(2026, 2, 28), None)
    assert (choice("c", "a", {"a"}), choice("c", "", {"a"})) == ("a", "")
    with pytest.raises(BadRequest):
        choice("c", "b", {"a"})


def test_it_takes_each_chosen_value_once_and_only_known_ones() -> None:
    assert choices("c", ["b", "a", "b", ""], {"a", "b"}) == ("b", "a")
    with pytest.raises(BadRequest):
        choices("c", ["a", "z"], {"a", "b"})


def test_a_page_says_how_long_a_text_may_be() -> None:
    assert read_query(QueryDict("q=" + "x" * 300), single=("q",), longest=300)[0]["q"] == "x" * 300
    with pytest.raises(BadRequest):
        read_query(QueryDict("q=" + "x" * 301), single=("q",), longest=300)


def test_a_form_gives_a_value_twice_only_where_it_may() -> None:
    data = QueryDict("a=1&b=1&b=2")
    assert single_values(data, multiple=("b",)) is data
    with pytest.raises(BadRequest):
        single_values(data)
