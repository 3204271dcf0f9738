"""The forecast of a phase: by example and by property."""

from datetime import date, timedelta
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from phases.domain.forecast import FINISHED, NO_PLAN, STANDSTILL, TOO_EARLY, TOO_FEW, earned_day, forecast

START = date(2026, 1, 5)
TODAY = START + timedelta(days=60)


def on(*days: int) -> list[date]:
    return [START + timedelta(days=n) for n in days]


PLAN = on(*range(10, 110, 10))  # ten activities, one every ten days


def test_who_is_on_plan_ends_on_plan():
    told = forecast(PLAN, on(10, 20, 30, 40, 50, 60), remaining=4, started=START, today=TODAY)
    assert (told.earned, told.rate, told.likely) == (TODAY, Fraction(1), PLAN[-1])


def test_who_has_earned_half_the_days_needs_twice_as_long():
    plan = on(*range(5, 105, 5))  # twenty, one every five days
    told = forecast(plan, on(10, 20, 30, 40, 50, 60), remaining=14, started=START, today=TODAY)
    assert (told.earned, told.rate) == (START + timedelta(days=30), Fraction(1, 2))
    assert told.likely == START + timedelta(days=200)


def test_a_plan_that_puts_its_work_late_is_not_called_late_early_on():
    plan = on(10, 20, 30, 40, 50, *([100] * 20))
    told = forecast(plan, on(10, 20, 30, 40, 50), remaining=20, started=START, today=START + timedelta(days=50))
    assert told.likely == START + timedelta(days=100)


def test_the_band_holds_the_best_and_the_worst_of_the_last_six_weeks():
    told = forecast(PLAN, on(10, 20, 30, 30, 30, 60), remaining=4, started=START, today=TODAY)
    assert told.best is not None
    assert told.worst is not None
    assert told.best < told.likely <= told.worst  # five were finished on day 30, twenty days early


def test_it_keeps_silent_in_the_first_four_weeks():
    early = START + timedelta(days=27)
    assert forecast(PLAN, on(*range(20)), remaining=5, started=START, today=early).silent == TOO_EARLY


def test_it_keeps_silent_while_fewer_than_five_are_finished():
    assert forecast(PLAN, on(50, 51, 52, 53), remaining=5, started=START, today=TODAY).silent == TOO_FEW


def test_it_says_when_nothing_moved_for_six_weeks():
    assert forecast(PLAN, on(*[18] * 9), remaining=5, started=START, today=TODAY).silent == STANDSTILL


def test_it_has_nothing_to_say_of_a_finished_phase_or_one_without_dates():
    assert forecast(PLAN, on(50), remaining=0, started=START, today=TODAY).silent == FINISHED
    assert forecast([], on(*[50] * 6), remaining=2, started=START, today=TODAY).silent == NO_PLAN


def test_the_earned_day_is_the_one_by_which_the_plan_has_as_much():
    assert earned_day(PLAN, Fraction(3, 10), START) == PLAN[2]
    assert earned_day(PLAN, Fraction(0), START) == START
    assert earned_day(PLAN, Fraction(1), START) == PLAN[-1]


days = st.integers(0, 400).map(lambda n: START + timedelta(days=n))


@given(st.lists(days, max_size=60), st.lists(days, max_size=60), st.integers(1, 200), st.integers(0, 500))
def test_the_band_holds_the_likely_day_and_never_lies_in_the_past(dues, finished, remaining, age):
    today = START + timedelta(days=age)
    told = forecast(dues, [day for day in finished if day <= today], remaining, START, today)
    if told.likely is None:
        assert told.silent
        return
    assert told.best is not None
    assert today < told.best <= told.likely
    assert told.worst is None or told.likely <= told.worst


@given(st.lists(days, min_size=1, max_size=40), st.integers(5, 100), st.integers(28, 300))
def test_to_finish_one_more_never_makes_it_later(dues, done, age):
    today = START + timedelta(days=age)
    total = done + 10
    fewer = forecast(dues, [today] * done, total - done, START, today)
    more = forecast(dues, [today] * (done + 1), total - done - 1, START, today)
    if fewer.likely is not None and more.likely is not None:
        assert more.likely <= fewer.likely
