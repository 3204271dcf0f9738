"""Which part of a person's list a day belongs to."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phases.domain.work_days import DAY_SECTIONS, LATE, LATER, TODAY, WEEK, end_of_week, section_of

DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))


@pytest.mark.parametrize(
    ("due", "section"),
    [
        (date(2026, 3, 3), LATE),
        (date(2026, 3, 4), TODAY),
        (date(2026, 3, 5), WEEK),
        (date(2026, 3, 8), WEEK),  # the Sunday
        (date(2026, 3, 9), LATER),  # the Monday after
        (None, LATER),
    ],
)
def test_a_wednesday_looks_back_to_late_and_on_to_sunday(due: date | None, section: str) -> None:
    assert section_of(due, date(2026, 3, 4)) == section


def test_on_a_sunday_nothing_is_left_of_the_week() -> None:
    sunday = date(2026, 3, 8)
    assert end_of_week(sunday) == sunday
    assert section_of(sunday + timedelta(days=1), sunday) == LATER


@given(today=DAYS, due=DAYS)
def test_sections_follow_each_other_like_days(today: date, due: date) -> None:
    order = [DAY_SECTIONS.index(section_of(day, today)) for day in (due, due + timedelta(days=1))]
    assert order == sorted(order)


@given(today=DAYS)
def test_a_week_ends_on_the_sunday_within_seven_days(today: date) -> None:
    sunday = end_of_week(today)
    assert sunday.weekday() == 6
    assert 0 <= (sunday - today).days <= 6
