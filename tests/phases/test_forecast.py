"""The forecast of a phase: by example and by property."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from phases.domain.forecast import (
    FINISHED,
    STANDSTILL,
    TOO_EARLY,
    TOO_FEW,
    forecast,
    pace_of,
)

START = date(2026, 1, 5)
TODAY = START + timedelta(days=55)  # eight weeks, today being the last day of the eighth


def days_ago(*days: int) -> list[date]:
    return [TODAY - timedelta(days=n) for n in days]


def test_two_a_week_and_ten_left_take_five_weeks():
    finished = days_ago(*(n for week in range(6) for n in (week * 7, week * 7 + 3)))
    told = forecast(finished, remaining=10, started=START, today=TODAY)
    assert (told.best, told.likely, told.worst) == (TODAY + timedelta(weeks=5),) * 3


def test_uneven_weeks_open_a_band_around_the_mean():
    finished = days_ago(1, 2, 3, 8, 9, 10, 15, 16, 17, 22, 29, 36)  # 3, 3, 3, 1, 1, 1 a week
    told = forecast(finished, remaining=12, started=START, today=TODAY)
    assert told.pace is not None
    assert told.pace.weeks == (1, 1, 1, 3, 3, 3)
    assert told.likely == TODAY + timedelta(weeks=6)
    assert told.best == TODAY + timedelta(weeks=4)
    assert told.worst == TODAY + timedelta(weeks=12)


def test_it_keeps_silent_in_the_first_four_weeks():
    early = START + timedelta(days=27)
    assert forecast([START] * 20, remaining=5, started=START, today=early).silent == TOO_EARLY


def test_it_keeps_silent_while_fewer_than_five_are_finished():
    assert forecast(days_ago(1, 2, 3, 4), remaining=5, started=START, today=TODAY).silent == TOO_FEW


def test_it_says_when_nothing_moved_for_six_weeks():
    assert forecast([START] * 9, remaining=5, started=START, today=TODAY).silent == STANDSTILL


def test_it_has_no_worst_day_when_the_worse_weeks_finish_nothing():
    told = forecast(days_ago(0, 1, 2, 3, 4, 5), remaining=5, started=START, today=TODAY)
    assert (told.likely is not None, told.worst) == (True, None)


def test_it_has_nothing_to_say_of_a_finished_phase():
    assert forecast(days_ago(1), remaining=0, started=START, today=TODAY).silent == FINISHED


@given(
    st.lists(st.integers(0, 200), max_size=80), st.integers(1, 300), st.integers(28, 200), st.dates(date(2001, 1, 1))
)
def test_the_band_holds_the_likely_day_and_never_lies_in_the_past(ago, remaining, age, today):
    if today.year > 2090:
        return
    finished = [today - timedelta(days=n) for n in ago]
    told = forecast(finished, remaining=remaining, started=today - timedelta(days=age), today=today)
    if told.likely is None:
        assert told.silent
        return
    assert told.best is not None
    assert today < told.best <= told.likely
    assert told.worst is None or told.likely <= told.worst


@given(st.lists(st.integers(0, 60), max_size=60), st.integers(7, 100))
def test_the_pace_counts_each_activity_of_its_weeks_once(ago, age):
    pace = pace_of(days_ago(*ago), TODAY - timedelta(days=age), TODAY)
    assert sum(pace.weeks) == sum(n < 7 * len(pace.weeks) for n in ago)
    assert pace.worst <= pace.likely <= pace.best
