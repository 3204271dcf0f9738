"""Phase dates and due dates."""

from collections import Counter, defaultdict
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phases.domain.planning import Ground, Row, Rules, due_days
from phases.domain.schedule import (
    DEFAULT_WEEKS,
    GATE_DAYS,
    PER_WEEK,
    SHARES,
    Window,
    last_due_day,
    phase_windows,
)
from phases.domain.schedule import target_day as day_of_share

MONDAY = date(2026, 1, 12)
NATURES = tuple(SHARES)


def _week(day: date) -> tuple[int, int]:
    return day.isocalendar()[:2]


def target_day(window: Window, nature: str) -> date:
    return day_of_share(window, SHARES[nature])


def spread(rows: list[Row], windows: dict[int, Window]) -> dict[int, date]:
    return due_days(rows, Ground(windows, rules=Rules(order=())))


def _rows(natures: list[str], *, phase: int = 1, role: str = "Change manager") -> list[Row]:
    return [Row(key, phase, nature, role) for key, nature in enumerate(natures)]


def test_phases_follow_each_other_without_a_gap() -> None:
    windows = phase_windows(MONDAY, DEFAULT_WEEKS)
    assert windows == {
        0: Window(date(2026, 1, 12), date(2026, 3, 22)),
        1: Window(date(2026, 3, 23), date(2026, 7, 26)),
        2: Window(date(2026, 7, 27), date(2027, 1, 10)),
        3: Window(date(2027, 1, 11), date(2027, 8, 8)),
    }


@pytest.mark.parametrize("weeks", [0, -1, 261, 1000])
def test_it_refuses_a_phase_shorter_than_a_week_or_longer_than_five_years(weeks: int) -> None:
    with pytest.raises(ValueError, match="give 1 to 260"):
        phase_windows(MONDAY, {**DEFAULT_WEEKS, 2: weeks})


def test_each_nature_is_due_at_its_share_of_the_phase() -> None:
    window = Window(date(2026, 1, 1), date(2026, 4, 11))  # 101 days: one day is one percent
    days = {nature: (target_day(window, nature) - window.start).days for nature in NATURES}
    # Two weeks at least stay free, so that the last two targets come before their share.
    assert days == {"define": 30, "establish": 55, "operate": 80, "review": 86}


def test_ten_percent_of_a_long_phase_stays_free_for_the_gate() -> None:
    window = phase_windows(MONDAY, {3: 30})[3]
    assert (window.end - last_due_day(window)).days == 21


def test_two_weeks_of_a_short_phase_stay_free_for_the_gate() -> None:
    window = phase_windows(MONDAY, {1: 6})[1]
    assert (window.end - last_due_day(window)).days == GATE_DAYS


def test_a_phase_of_one_week_still_takes_all_its_rows() -> None:
    windows = phase_windows(MONDAY, {1: 1})
    due = spread(_rows(["define", "establish", "operate", "review"]), windows)
    assert set(due.values()) == {MONDAY}


def test_the_last_row_of_a_nature_is_due_on_its_target_day_and_the_others_a_week_before_each() -> None:
    windows = {1: Window(MONDAY, MONDAY + timedelta(days=139))}
    due = spread(_rows(["define"] * 3), windows)
    assert target_day(windows[1], "define") == date(2026, 2, 23)
    assert [due[key] for key in range(3)] == [date(2026, 2, 13), date(2026, 2, 20), date(2026, 2, 23)]


def test_a_role_gets_five_a_week_and_earlier_weeks_when_one_is_full() -> None:
    windows = phase_windows(MONDAY, {1: 18})
    due = spread(_rows(["establish"] * 20), windows)
    weeks = Counter(_week(day) for day in due.values())
    assert max(weeks.values()) == PER_WEEK
    assert max(due.values()) <= target_day(windows[1], "establish")


def test_two_roles_do_not_wait_for_each_other() -> None:
    windows = phase_windows(MONDAY, {1: 18})
    rows = [Row(0, 1, "define", "Change manager"), Row(1, 1, "define", "Release manager")]
    due = spread(rows, windows)
    assert due[0] == due[1]


def test_more_work_than_room_is_spread_evenly_over_the_days() -> None:
    windows = phase_windows(MONDAY, {1: 4})  # two weeks before the gate: ten working days
    due = spread(_rows(["define"] * 25), windows)
    assert sorted(Counter(due.values()).values()) == [2] * 5 + [3] * 5


windows_of_weeks = st.integers(min_value=1, max_value=260)
rows_strategy = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(NATURES), st.sampled_from(["A", "B", "C"])), max_size=120
).map(lambda found: [Row(key, *row) for key, row in enumerate(found)])
weeks_strategy = st.fixed_dictionaries(dict.fromkeys(range(4), windows_of_weeks))
starts = st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1))


@settings(max_examples=60, deadline=None)
@given(start=starts, weeks=weeks_strategy, rows=rows_strategy)
def test_every_row_is_due_on_a_working_day_inside_its_phase_and_before_the_gate_time(start, weeks, rows) -> None:
    windows = phase_windows(start, weeks)
    due = spread(rows, windows)
    assert set(due) == {row.key for row in rows}
    for row in rows:
        window = windows[row.phase]
        assert window.start <= due[row.key] <= last_due_day(window)
        has_working_day = any(
            (window.start + timedelta(days=n)).weekday() < 5
            for n in range((last_due_day(window) - window.start).days + 1)
        )
        assert due[row.key].weekday() < 5 or not has_working_day


@settings(max_examples=60, deadline=None)
@given(start=starts, weeks=weeks_strategy, rows=rows_strategy)
def test_nobody_has_more_than_five_a_week_where_there_is_room(start, weeks, rows) -> None:
    windows = phase_windows(start, weeks)
    due = spread(rows, windows)
    by_role = defaultdict(list)
    for row in rows:
        by_role[row.phase, row.bearer].append(due[row.key])
    for (phase, _role), days in by_role.items():
        window = windows[phase]
        room = sum(
            (window.start + timedelta(days=n)).weekday() < 5
            for n in range((last_due_day(window) - window.start).days + 1)
        )
        if len(days) <= room:
            assert max(Counter(_week(day) for day in days).values()) <= PER_WEEK


@settings(max_examples=60, deadline=None)
@given(start=starts, weeks=weeks_strategy, rows=rows_strategy)
def test_earlier_rows_of_a_nature_come_first_and_the_result_is_always_the_same(start, weeks, rows) -> None:
    windows = phase_windows(start, weeks)
    due = spread(rows, windows)
    assert spread(list(rows), windows) == due
    groups = defaultdict(list)
    for row in rows:
        groups[row.phase, row.bearer, row.nature].append(due[row.key])
    for days in groups.values():
        assert days == sorted(days)


@settings(max_examples=60, deadline=None)
@given(start=starts, counts=st.lists(st.integers(0, 6), min_size=4, max_size=4), weeks=st.integers(20, 60))
def test_the_last_of_each_nature_comes_in_the_order_of_the_natures_where_there_is_room(start, counts, weeks) -> None:
    windows = phase_windows(start, {1: weeks})
    rows = _rows([nature for nature, count in zip(NATURES, counts, strict=True) for _n in range(count)])
    due = spread(rows, windows)
    last = [
        max(due[row.key] for row in rows if row.nature == nature)
        for nature in NATURES
        if any(row.nature == nature for row in rows)
    ]
    assert last == sorted(last)
