"""What needs attention: who comes first, and that nothing urgent is crowded out."""

from datetime import date, timedelta

from hypothesis import given

from phases.domain.figures import FigureRow
from phases.selectors.attention import attention_of, concern_of
from phases.selectors.board import BoardRow
from tests.phases.board_rows import TODAY, board_row, board_rows, figure_rows


def row(number: int, status: str, days: int | None = None, party: int | None = 1, *, key: bool = False) -> BoardRow:
    """A row due `days` from today."""
    due = None if days is None else TODAY + timedelta(days=days)
    return board_row(number, FigureRow(2, "CH", status, due, party, key))


def ago(**days: int) -> dict[int, date]:
    """From which day rows have their status: `_1=12` for row 1, twelve days ago."""
    return {int(number[1:]): TODAY - timedelta(days=count) for number, count in days.items()}


def kinds(rows: list[BoardRow], since: dict[int, date] | None = None, shown: int = 10) -> list[tuple[str, int, int]]:
    """What is shown, as (kind, days, number of the row)."""
    found = attention_of(rows, since or {}, TODAY, shown)
    return [(concern.kind, concern.days, concern.row.pk) for concern in found.concerns]


def test_the_latest_comes_first_then_blocks_then_what_nobody_has_then_what_waits() -> None:
    rows = [
        row(1, "done"),
        row(2, "not started", 6, None),
        row(3, "blocked", 20),
        row(4, "in progress", -3),
        row(5, "in progress", -23),
    ]
    assert kinds(rows, ago(_1=34, _3=12)) == [
        ("overdue", 23, 5),
        ("overdue", 3, 4),
        ("blocked", 12, 3),
        ("unassigned", 6, 2),
        ("verify", 34, 1),
    ]


def test_a_row_has_one_reason_the_most_urgent() -> None:
    late_and_blocked_and_nobodys = row(1, "blocked", -2, None)
    assert kinds([late_and_blocked_and_nobodys], ago(_1=9)) == [("overdue", 2, 1)]


def test_what_has_somebody_and_time_needs_no_attention() -> None:
    rows = [
        row(1, "in progress", 3),
        row(2, "not started", 40, None),
        row(3, "not started", None, None),
        row(4, "verified", -9),
        row(5, "not applicable", -9, None),
        row(6, "done", -9),
    ]
    assert kinds(rows, ago(_6=13)) == []


def test_what_is_done_waits_two_weeks_before_it_is_shown() -> None:
    assert kinds([row(1, "done")], ago(_1=14)) == [("verify", 14, 1)]


def test_much_late_work_does_not_hide_the_other_kinds() -> None:
    rows = [row(number, "in progress", -number) for number in range(1, 21)]
    rows += [row(30, "blocked", 20), row(31, "not started", 2, None), row(32, "done")]
    shown = kinds(rows, ago(_30=5, _32=20))
    assert [kind for kind, _days, _number in shown] == ["overdue"] * 7 + ["blocked", "unassigned", "verify"]
    assert [days for _kind, days, _number in shown[:7]] == [20, 19, 18, 17, 16, 15, 14]


def test_of_two_equally_late_the_key_one_comes_first() -> None:
    rows = [row(1, "in progress", -5), row(2, "in progress", -5, key=True)]
    assert [number for _kind, _days, number in kinds(rows)] == [2, 1]


@given(figure_rows)
def test_it_counts_all_and_shows_the_first_ten_without_a_row_twice(rows: list[FigureRow]) -> None:
    board = board_rows(rows)
    since = {one.pk: TODAY - timedelta(days=one.pk) for one in board}
    found = attention_of(board, since, TODAY)
    assert found.total == sum(concern_of(one, since, TODAY) is not None for one in board)
    assert len(found.concerns) == min(10, found.total)
    assert len({concern.row.pk for concern in found.concerns}) == len(found.concerns)
