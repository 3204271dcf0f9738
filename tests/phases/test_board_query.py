"""The address of a board: read strictly, written back as it was."""

from datetime import date

import pytest
from django.core.exceptions import BadRequest
from django.http import QueryDict

from phases.forms.board import filter_names, parse_board_query, query_string, range_problem, without_filters
from phases.selectors.board import BoardQuery

COMPONENTS = ("CH", "CF")
PARTIES = (7, 12)


def parse(address: str) -> BoardQuery:
    return parse_board_query(QueryDict(address), components=COMPONENTS, parties=PARTIES)


def test_an_empty_address_and_an_empty_form_ask_for_everything() -> None:
    assert parse("") == parse("q=&due_from=&due_until=&party=&key=") == BoardQuery()


def test_it_reads_every_parameter() -> None:
    query = parse(
        "view=overdue&q=back++out&component=CH&component=CF&status=done&party=nobody&party=12&nature=operate"
        "&due_from=2026-03-01&due_until=2026-04-01&key=1&sort=-due&group=party&open=CH.i"
    )
    assert query == BoardQuery(
        view="overdue",
        text="back out",
        components=("CH", "CF"),
        statuses=("done",),
        parties=(0, 12),
        natures=("operate",),
        due_from=date(2026, 3, 1),
        due_until=date(2026, 4, 1),
        key_only=True,
        sort="due",
        descending=True,
        group="party",
    )


@pytest.mark.parametrize(
    "address",
    [
        "colour=red",
        "view=later",
        "view=all&view=overdue",
        "component=XX",
        "status=finished",
        "party=99",
        "party=somebody",
        "nature=rest",
        "key=yes",
        "due_from=2026-02-30",
        "due_from=20260301",
        "due_until=tomorrow",
        "sort=colour",
        "sort=--due",
        "group=colour",
        "q=a%00b",
    ],
)
def test_it_refuses_what_no_page_of_ours_writes(address: str) -> None:
    with pytest.raises(BadRequest):
        parse(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "?view=overdue&component=CH&party=nobody&party=7",
        "?q=back+out&key=1&due_from=2026-03-01&sort=-due&group=none",
    ],
)
def test_what_it_reads_it_writes_back(address: str) -> None:
    assert query_string(parse(address.removeprefix("?"))) == address


def test_a_link_can_change_one_thing_and_keep_the_rest() -> None:
    query = parse("view=overdue&component=CH&sort=due")
    assert query_string(query, view="blocked") == "?view=blocked&component=CH&sort=due"
    assert query_string(query, extra=[("open", "CH.i")]) == "?view=overdue&component=CH&sort=due&open=CH.i"
    assert query_string(without_filters(query)) == "?view=overdue&sort=due"


def test_it_names_the_filters_that_are_set() -> None:
    assert filter_names(parse("view=overdue&component=CH&component=CF&key=1&nature=define")) == {
        "component": 2,
        "more": 2,
    }


def test_a_range_that_ends_before_it_begins_is_a_problem_in_words() -> None:
    assert range_problem(parse("due_from=2026-03-02&due_until=2026-03-01")).startswith("The range ends")
    assert range_problem(parse("due_from=2026-03-01&due_until=2026-03-01")) == ""
