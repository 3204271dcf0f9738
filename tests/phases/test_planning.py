"""Due dates of a whole plan: order, calendar, packages, load, and that a plan which is right stays as it is."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from phases.domain.load import week_of
from phases.domain.planning import LINK, ORDER, OUTSIDE, OVERLOAD, Ground, Problem, Row, Rules, due_days, problems_of
from phases.domain.schedule import SHARES, Window, last_due_day, phase_windows, target_day
from phases.domain.working_days import WorkingDays

START = date(2026, 1, 12)
WINDOWS = phase_windows(START, {0: 10, 1: 18, 2: 24, 3: 30})
NATURES = tuple(SHARES)
CHRISTMAS = frozenset(date(2026, 12, 21) + timedelta(days=n) for n in range(14))


def _row(key: int, component: str = "CH", nature: str = "define", phase: int = 1, **more: object) -> Row:
    return Row(key, phase, nature, more.pop("bearer", component), component, **more)


def test_a_row_that_waits_is_due_on_a_later_working_day() -> None:
    rows = [_row(1, "MR", bearer="A"), _row(2, "MR", bearer="B")]
    due = due_days(rows, Ground(WINDOWS, links=[(2, 1)]))
    assert due[2] == target_day(WINDOWS[1], 30)
    assert due[1] == WorkingDays().after(due[2])


def test_a_component_that_comes_first_is_due_first() -> None:
    rows = [_row(key, code) for key, code in enumerate(["SR", "SR", "SL", "SL"])]
    due = due_days(rows, Ground(WINDOWS))
    assert max(due[2], due[3]) <= min(due[0], due[1])


def test_reporting_waits_for_service_levels_that_somebody_put_late() -> None:
    late = date(2026, 7, 1)
    rows = [_row(1, "SL", fixed=late), _row(2, "SR")]
    assert due_days(rows, Ground(WINDOWS))[2] == late


def test_nothing_is_due_on_a_holiday() -> None:
    rows = [_row(key, "RE", nature, 2) for key, nature in enumerate(NATURES * 6)]
    due = due_days(rows, Ground(WINDOWS, calendar=WorkingDays(holidays=CHRISTMAS)))
    assert not set(due.values()) & CHRISTMAS


def test_a_package_with_dates_of_its_own_dates_its_rows_in_them() -> None:
    window = Window(date(2026, 5, 4), date(2026, 5, 29), date(2026, 5, 29))
    rows = [_row(1, "MR", "review"), _row(2, "DR", "review")]
    due = due_days(rows, Ground(WINDOWS, packages={("MR", 1): window}))
    assert due[1] == date(2026, 5, 26)
    assert due[2] > window.end


def test_one_person_has_five_a_week_over_all_components() -> None:
    rows = [_row(key, code, bearer=7) for key, code in enumerate(["CH", "IN", "DR", "MR", "PL", "IS"] * 5)]
    due = due_days(rows, Ground(WINDOWS))
    assert max(Counter(week_of(day) for day in due.values()).values()) == 5


def test_what_is_over_is_dated_in_what_is_left() -> None:
    today = WINDOWS[1].start + timedelta(days=60)
    due = due_days([_row(1)], Ground(WINDOWS, today=today))
    assert today < due[1] <= last_due_day(WINDOWS[1])


def test_a_phase_that_is_over_dates_nothing() -> None:
    assert due_days([_row(1)], Ground(WINDOWS, today=WINDOWS[2].start)) == {}


def test_a_row_gives_way_only_to_one_that_moved() -> None:
    early, late = date(2026, 4, 1), date(2026, 5, 1)
    rows = [
        _row(1, bearer="A", fixed=late),
        _row(2, "IN", bearer="B", fixed=early, yields=True),
        _row(3, "DR", bearer="C", fixed=early, yields=True),
    ]
    ground = Ground(WINDOWS, links=[(1, 2), (2, 3)], rules=Rules(order=()))
    assert due_days(rows, ground) == {}
    assert due_days(rows, ground, moved={1}) == {2: date(2026, 5, 4), 3: date(2026, 5, 5)}


def test_what_cannot_be_kept_is_said() -> None:
    monday = date(2026, 5, 4)
    rows = [
        *(_row(key, "CH", fixed=monday, bearer=7) for key in range(6)),
        _row(10, "SL", fixed=monday + timedelta(days=1), bearer=8),
        _row(11, "SR", fixed=monday, bearer=9),
        _row(12, "IN", fixed=date(2026, 12, 1), bearer=9),
        _row(13, "CH", fixed=monday, bearer=7, settled=True),
    ]
    due = {row.key: row.fixed for row in rows}
    ground = Ground(WINDOWS, links=[(10, 11), (13, 10)])
    assert problems_of(rows, due, ground) == [
        Problem(OVERLOAD, bearer=7, week=(2026, 19), count=6),
        Problem(LINK, 11, 10),
        Problem(ORDER, 11, 10),
        Problem(OUTSIDE, 12),
    ]
    assert problems_of(rows, due, ground, among={12}) == [Problem(OUTSIDE, 12)]


components = st.sampled_from(["SL", "SR", "CF", "CH", "RE", "IN", "PR", "MR"])
plans = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(NATURES), st.integers(1, 4), components), min_size=1, max_size=60
).map(lambda found: [Row(key, *row) for key, row in enumerate(found)])
link_pairs = st.lists(st.tuples(st.integers(0, 59), st.integers(0, 59)), max_size=15)


def _forward(rows: list[Row], pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Links that close no circle: always from an earlier row to a later one of the same phase."""
    return [(a, b) for a, b in pairs if a < b < len(rows) and rows[a].phase == rows[b].phase]


@settings(max_examples=80, deadline=None)
@given(plans, link_pairs)
def test_links_hold_unless_the_window_ends_there(rows: list[Row], pairs: list[tuple[int, int]]) -> None:
    links = _forward(rows, pairs)
    ground = Ground(WINDOWS, links=links)
    due = due_days(rows, ground)
    by_key = {row.key: row for row in rows}
    for before, after in links:
        window = WINDOWS[by_key[after].phase]
        assert due[after] > due[before] or due[before] >= WorkingDays().on_or_before(last_due_day(window))


@settings(max_examples=80, deadline=None)
@given(plans, link_pairs)
def test_order_of_components_holds_unless_the_window_ends_there(rows: list[Row], pairs: list[tuple[int, int]]) -> None:
    ground = Ground(WINDOWS)
    due = due_days(rows, ground)
    assert [problem for problem in problems_of(rows, due, ground) if problem.kind in (ORDER, OUTSIDE)] == []


@settings(max_examples=80, deadline=None)
@given(plans, link_pairs)
def test_the_same_plan_gets_the_same_dates(rows: list[Row], pairs: list[tuple[int, int]]) -> None:
    ground = Ground(WINDOWS, links=_forward(rows, pairs))
    due = due_days(rows, ground)
    assert due_days(list(rows), ground) == due
    assert due_days([replace(row, fixed=due[row.key]) for row in rows], ground) == {}


@settings(max_examples=80, deadline=None)
@given(plans, st.sets(st.integers(0, 59)), st.integers(0, 500))
def test_what_is_dated_again_gets_the_dates_that_it_had(rows: list[Row], kept: set[int], passed: int) -> None:
    """Recomputing a plan in which nothing changed moves nothing, however far the work has come."""
    today = START + timedelta(days=passed)
    ground = Ground(WINDOWS)
    due = due_days(rows, ground)
    later = [replace(row, fixed=due[row.key]) if row.key in kept or due[row.key] < today else row for row in rows]
    moved = {key: (due[key], day) for key, day in due_days(later, replace(ground, today=today)).items()}
    assert {key: days for key, days in moved.items() if days[0] != days[1]} == {}


@settings(max_examples=80, deadline=None)
@given(plans, st.integers(0, 500), link_pairs)
def test_nothing_is_dated_before_today_or_after_its_phase(
    rows: list[Row], passed: int, pairs: list[tuple[int, int]]
) -> None:
    today = START + timedelta(days=passed)
    due = due_days(rows, Ground(WINDOWS, links=_forward(rows, pairs), today=today))
    for row in rows:
        assert (row.key in due) == (WINDOWS[row.phase].end >= today)
        if row.key in due:
            assert today <= due[row.key] <= WINDOWS[row.phase].end
