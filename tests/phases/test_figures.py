"""The arithmetic of all figures, on random rows."""

from collections import Counter
from datetime import date, timedelta

from hypothesis import given

from phases.domain.figures import SOON_DAYS, FigureRow, Tally, fold
from phases.selectors.board import BoardQuery, filter_rows
from phases.selectors.figures import contract_of
from tests.phases.board_rows import TODAY, board_rows, figure_rows


def tally(*rows: tuple[str, int | None, int | None]) -> Tally:
    """The counts of rows given as (status, days from today to due, party)."""
    counts = Tally()
    for status, days, party in rows:
        due = None if days is None else TODAY + timedelta(days=days)
        counts.add(FigureRow(2, "CH", status, due, party), TODAY)
    return counts


def test_what_is_due_today_is_planned_by_today_and_not_late() -> None:
    counts = tally(("in progress", 0, 1))
    assert (counts.planned_by_today, counts.overdue, counts.due_soon) == (1, 0, 1)


def test_what_was_due_yesterday_is_late() -> None:
    counts = tally(("not started", -1, 1), ("blocked", -1, 1))
    assert (counts.overdue, counts.due_soon, counts.blocked) == (2, 0, 1)


def test_what_is_done_is_never_late() -> None:
    counts = tally(("done", -30, 1), ("verified", -30, 1))
    assert (counts.overdue, counts.done, counts.verified, counts.finished) == (0, 1, 1, 2)


def test_soon_ends_after_fourteen_days() -> None:
    assert tally(("not started", SOON_DAYS, 1), ("not started", SOON_DAYS + 1, 1)).due_soon == 1


def test_what_is_not_applicable_counts_nowhere_else() -> None:
    counts = tally(("not applicable", -5, None))
    assert (counts.total, counts.applicable, counts.overdue, counts.unassigned, counts.planned_by_today) == (
        1,
        0,
        0,
        0,
        0,
    )
    assert counts.percent is None


def test_only_open_work_can_be_unassigned() -> None:
    assert tally(("not started", None, None), ("done", None, None), ("verified", None, None)).unassigned == 1


def test_done_and_verified_are_two_figures() -> None:
    contract = tally(("done", 1, 1), ("verified", 1, 1), ("verified", 1, 1)).as_contract()
    assert contract == {"applicable": 3, "done": 1, "verified": 2, "blocked": 0, "overdue": 0, "unassigned": 0}


@given(figure_rows)
def test_every_figure_of_a_phase_is_what_the_boards_views_show(rows: list[FigureRow]) -> None:
    figures = fold(rows, TODAY)
    shown = [row for row in board_rows(rows) if not row.is_supplement]
    assert set(figures.phases) == {row.phase for row in shown}
    for number, counts in figures.phases.items():
        here = [row for row in shown if row.phase == number]

        def count(rows=here, **asked) -> int:
            return len(filter_rows(rows, BoardQuery(**asked)))

        assert counts.total == count()
        assert counts.overdue == count(view="overdue")
        assert counts.due_soon == count(view="soon")
        assert counts.done == count(view="verify") == count(statuses=("done",))
        assert counts.blocked == count(view="blocked") == count(statuses=("blocked",))
        assert counts.unassigned == count(view="unassigned")
        assert counts.verified == count(statuses=("verified",))
        assert counts.not_applicable == count(statuses=("not applicable",))
        assert counts.not_started == count(statuses=("not started",))
        assert counts.in_progress == count(statuses=("in progress",))


@given(figure_rows)
def test_components_and_parties_add_up_to_their_phase(rows: list[FigureRow]) -> None:
    figures = fold(rows, TODAY)
    for number, counts in figures.phases.items():
        for parts in (
            [by_phase[number] for by_phase in figures.components.values() if number in by_phase],
            list(figures.parties[number].values()),
        ):
            for name in Tally.__slots__:
                assert sum(getattr(part, name) for part in parts) == getattr(counts, name)


@given(figure_rows)
def test_every_applicable_row_is_finished_on_time_soon_or_late(rows: list[FigureRow]) -> None:
    for counts in fold(rows, TODAY).phases.values():
        assert counts.on_time >= 0
        assert counts.finished + counts.on_time + counts.due_soon + counts.overdue == counts.applicable
        assert (
            counts.not_started + counts.in_progress + counts.blocked + counts.done + counts.verified
            == counts.applicable
        )


@given(figure_rows)
def test_the_supplement_is_in_no_other_figure(rows: list[FigureRow]) -> None:
    figures = fold(rows, TODAY)
    main = Counter(row.phase for row in rows if not row.supplement)
    extra = Counter(row.phase for row in rows if row.supplement)
    assert {number: counts.total for number, counts in figures.phases.items()} == main
    if extra:
        assert figures.supplement is not None
        assert {number: counts.total for number, counts in figures.supplement.phases.items()} == extra
    else:
        assert figures.supplement is None


@given(figure_rows)
def test_the_contract_holds_phases_one_to_three_and_the_supplement_apart(rows: list[FigureRow]) -> None:
    contract = contract_of(fold(rows, TODAY))
    main = [row for row in rows if not row.supplement and 1 <= row.phase <= 3]
    assert set(contract["phases"]) == {str(row.phase) for row in main}
    assert {code: set(phases) for code, phases in contract["components"].items()} == {
        code: {str(row.phase) for row in main if row.component == code} for code in {row.component for row in main}
    }
    assert ("supplement" in contract) == any(row.supplement for row in rows)


def test_the_order_of_rows_changes_nothing() -> None:
    rows = [FigureRow(2, "CH", "done", date(2026, 11, 1), 1), FigureRow(1, "IN", "blocked", None, None)]
    assert contract_of(fold(rows, TODAY)) == contract_of(fold(reversed(rows), TODAY))
