"""What a board finds, in which order, under which headings."""

from dataclasses import replace
from datetime import date

import pytest

from notifications.services.comments import add_comment
from phases.models import Phase, PhaseActivity
from phases.selectors.board import BoardQuery, BoardRow, filter_rows, group_rows, rows_of, sort_rows
from phases.selectors.board_page import board_of, parties_of
from projects.models import GroupMember, Party
from tests.cast import Cast


@pytest.fixture
def rows(cast: Cast) -> list[BoardRow]:
    """Phase 1 of Alder with some life in it."""
    PhaseActivity.objects.filter(pk=cast.row("CH.b").pk).update(status="done", accountable=cast.parties["tim"])
    PhaseActivity.objects.filter(pk=cast.row("CH.d").pk).update(
        status="blocked", reason="No licence", due=date(2026, 2, 27), accountable=cast.parties["petra"]
    )
    PhaseActivity.objects.filter(pk=cast.row("CH.e").pk).update(due=date(2026, 3, 16))
    PhaseActivity.objects.filter(pk=cast.row("CH.h").pk).update(due=None)
    return rows_of(cast.project, 1)


def refs(rows: list[BoardRow]) -> list[str]:
    return [row.ref for row in rows]


def test_a_row_says_how_late_or_how_near_it_is(rows: list[BoardRow]) -> None:
    by_ref = {row.ref: row for row in rows}
    assert (by_ref["CH.d"].days_late, by_ref["CH.d"].days_left) == (3, None)
    assert (by_ref["CH.e"].days_late, by_ref["CH.e"].days_left) == (None, 14)
    assert (by_ref["CH.h"].days_late, by_ref["CH.h"].days_left) == (None, None)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ({"view": "overdue"}, ["CH.d"]),
        ({"view": "soon"}, ["CH.e"]),
        ({"view": "verify"}, ["CH.b"]),
        ({"view": "blocked"}, ["CH.d"]),
        ({"view": "unassigned"}, ["CH.e", "CH.h", "CH.i"]),
        ({"text": "licence"}, ["CH.d"]),
        ({"text": "ch.B"}, ["CH.b"]),
        ({"text": "tim tully"}, ["CH.b"]),
        ({"statuses": ("done", "blocked")}, ["CH.b", "CH.d"]),
        ({"parties": (0,)}, ["CH.e", "CH.h", "CH.i"]),
        ({"natures": ("operate",), "key_only": True}, ["CH.i"]),
        ({"due_from": date(2026, 2, 27), "due_until": date(2026, 3, 16)}, ["CH.d", "CH.e"]),
        ({"statuses": ("verified",)}, []),
    ],
)
def test_each_filter_keeps_what_it_names(rows: list[BoardRow], question: dict, expected: list[str]) -> None:
    assert refs(filter_rows(rows, BoardQuery(components=("CH",), **question))) == expected


def test_mine_are_the_rows_of_the_person_and_of_their_groups(cast: Cast, rows: list[BoardRow]) -> None:
    desk = Party.objects.create(project=cast.project, name="Desk", kind="group")
    GroupMember.objects.create(project=cast.project, group=desk, person=cast.parties["tim"])
    PhaseActivity.objects.filter(pk=cast.row("CH.i").pk).update(accountable=desk)
    board = board_of(cast.project, 1, BoardQuery(view="mine"), cast.tim)
    assert refs(list(board.shown)) == ["CH.b", "CH.i"]
    assert board.views["mine"] == 2
    assert [party.name for party in parties_of(cast.project, cast.tim) if party.is_mine] == ["Desk", "Tim Tully"]


def test_rows_without_a_date_or_a_party_come_last_either_way(rows: list[BoardRow]) -> None:
    change = [row for row in rows if row.component == "CH"]
    assert refs(sort_rows(change, "due"))[0] == "CH.d"
    assert refs(sort_rows(change, "due"))[-1] == "CH.h"
    assert refs(sort_rows(change, "due", descending=True))[-1] == "CH.h"
    assert refs(sort_rows(change, "party")) == ["CH.d", "CH.b", "CH.e", "CH.h", "CH.i"]
    assert refs(sort_rows(change, "party", descending=True)) == ["CH.b", "CH.d", "CH.e", "CH.h", "CH.i"]
    assert refs(sort_rows(change, "status"))[0] == "CH.d"
    assert refs(sort_rows(change, "catalogue", descending=True))[0] == "CH.i"


def test_groups_keep_the_order_of_the_catalogue_whatever_the_order_of_rows(cast: Cast, rows: list[BoardRow]) -> None:
    plain = [group.key for group in group_rows(cast.project, rows, "component")]
    by_due = [group.key for group in group_rows(cast.project, sort_rows(rows, "due", descending=True), "component")]
    assert plain == by_due
    assert plain[0] == "MR"


def test_groups_by_party_end_with_nobody_and_by_status_begin_with_blocked(cast: Cast, rows: list[BoardRow]) -> None:
    assert [group.title for group in group_rows(cast.project, rows, "party")] == ["Petra Pohl", "Tim Tully", ""]
    assert [group.key for group in group_rows(cast.project, rows, "status")] == ["blocked", "not started", "done"]
    assert [group.key for group in group_rows(cast.project, rows, "none")] == [""]


def test_a_filtered_group_still_counts_the_whole_of_it(cast: Cast, rows: list[BoardRow]) -> None:
    board = board_of(cast.project, 1, BoardQuery(view="blocked"), cast.mara)
    (group,) = board.groups
    assert (group.key, refs(group.rows)) == ("CH", ["CH.d"])
    assert (group.tally.applicable, group.tally.finished, group.tally.blocked) == (5, 1, 1)


def test_the_counts_of_the_views_obey_the_filters(cast: Cast, rows: list[BoardRow]) -> None:
    whole = board_of(cast.project, 1, BoardQuery(), cast.mara)
    assert (whole.views["all"], whole.views["verify"], whole.views["blocked"]) == (76, 1, 1)
    filtered = board_of(cast.project, 1, BoardQuery(components=("CF",)), cast.mara)
    assert (filtered.views["all"], filtered.views["verify"], filtered.views["blocked"]) == (7, 0, 0)
    assert filtered.tally == whole.tally


def test_it_counts_the_comments_of_this_project_alone(cast: Cast, rows: list[BoardRow]) -> None:
    for user, project in ((cast.mara, cast.project), (cast.bruno, cast.other)):
        add_comment(acting_user=user, project=project, kind="activity", key="CH.b", body="Good")
    found = {row.ref: row.comments for row in rows_of(cast.project, 1, with_comments=True)}
    assert (found["CH.b"], found["CH.d"]) == (1, 0)


def test_a_board_takes_two_queries_however_many_rows(cast: Cast, django_assert_num_queries) -> None:
    board_of(cast.project, 1, BoardQuery(), cast.mara)
    for number in (0, 1, 3):
        with django_assert_num_queries(2):
            board_of(cast.project, number, BoardQuery(), cast.mara)


def test_a_phase_waits_for_the_one_before(cast: Cast) -> None:
    assert board_of(cast.project, 0, BoardQuery(), cast.mara).blocked_by is None
    assert board_of(cast.project, 1, BoardQuery(), cast.mara).blocked_by == Phase.objects.get(
        project=cast.project, number=0
    )
    with pytest.raises(Phase.DoesNotExist):
        board_of(cast.project, 9, BoardQuery(), cast.mara)


def test_a_row_of_another_year_shows_its_year(cast: Cast, rows: list[BoardRow]) -> None:
    PhaseActivity.objects.filter(pk=cast.row("CH.e").pk).update(due=date(2027, 3, 16))
    by_ref = {row.ref: row for row in rows_of(cast.project, 1)}
    assert (by_ref["CH.d"].due_this_year, by_ref["CH.e"].due_this_year) == (True, False)
    assert replace(by_ref["CH.e"], due=None).key == "CH.e@1"
