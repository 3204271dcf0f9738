"""Counting in the days on which an organization works."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from phases.domain.working_days import WorkingDays, calendar_from

FRIDAY = date(2026, 4, 3)
EASTER = frozenset({date(2026, 4, 3), date(2026, 4, 6)})
days = st.dates(min_value=date(2020, 1, 1), max_value=date(2035, 12, 31))
calendars = st.builds(
    WorkingDays,
    st.frozensets(st.integers(0, 6), min_size=1),
    st.frozensets(st.dates(min_value=date(2026, 1, 1), max_value=date(2026, 12, 31)), max_size=30),
)


def test_easter_is_no_working_time() -> None:
    calendar = WorkingDays(holidays=EASTER)
    assert calendar.between(date(2026, 4, 2), date(2026, 4, 7)) == 1
    assert calendar.after(date(2026, 4, 2)) == date(2026, 4, 7)
    assert calendar.on_or_before(date(2026, 4, 6)) == date(2026, 4, 2)
    assert calendar.days(FRIDAY, date(2026, 4, 8)) == [date(2026, 4, 7), date(2026, 4, 8)]


def test_a_week_without_a_working_day_counts_as_monday_to_friday() -> None:
    assert calendar_from([]) == WorkingDays()


def test_where_there_is_no_working_day_for_a_year_the_day_itself_is_given() -> None:
    closed = frozenset(FRIDAY + timedelta(days=n) for n in range(-500, 500))
    assert WorkingDays(holidays=closed).on_or_after(FRIDAY) == FRIDAY


@given(calendars, days, days)
def test_counting_is_the_same_as_listing(calendar: WorkingDays, first: date, second: date) -> None:
    first, second = sorted((first, second))
    second = min(second, first + timedelta(days=800))
    assert calendar.between(first, second) == len(calendar.days(first + timedelta(days=1), second))
    assert calendar.between(second, first) == -calendar.between(first, second)


@given(calendars, days)
def test_a_working_day_is_its_own_nearest(calendar: WorkingDays, day: date) -> None:
    before, after = calendar.on_or_before(day), calendar.on_or_after(day)
    assert before <= day <= after
    if calendar.is_working(day):
        assert before == after == day
