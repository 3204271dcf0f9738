"""Weighted progress and the curves of a phase: by example and by property."""

from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from phases.domain.figures import FigureRow, Tally
from phases.domain.progress import due_over_time, finished_over_time, weighted_progress


def tally(applicable: int, done: int = 0, verified: int = 0) -> Tally:
    return Tally(total=applicable, done=done, verified=verified)


def test_a_package_weighs_what_it_weighed_in_the_baseline():
    packages = {"CH": tally(2, done=1), "RE": tally(4, verified=4)}
    told = weighted_progress(packages, {"CH": 6, "RE": 2})
    assert told is not None
    assert (told.verified, told.finished) == (Fraction(2, 8), Fraction(5, 8))


def test_a_package_that_the_baseline_lacks_weighs_what_it_has_now():
    told = weighted_progress({"CH": tally(3, done=3), "own": tally(1)}, {"CH": 3})
    assert told is not None
    assert told.finished == Fraction(3, 4)


def test_nothing_applicable_has_no_progress():
    assert weighted_progress({"CH": Tally(total=3, not_applicable=3)}, {"CH": 3}) is None


@given(
    st.dictionaries(st.sampled_from("ABCDEF"), st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))),
    st.dictionaries(st.sampled_from("ABCDEF"), st.integers(0, 30)),
)
def test_shares_lie_between_nothing_and_all(counts, weights):
    packages = {code: tally(a + b + c, done=b, verified=c) for code, (a, b, c) in counts.items()}
    told = weighted_progress(packages, weights)
    if told is None:
        assert not any(one.applicable for one in packages.values())
    else:
        assert 0 <= told.verified <= told.finished <= 1
        done = all(one.finished == one.applicable for one in packages.values())
        assert (told.finished == 1) == done


@given(st.dictionaries(st.sampled_from("ABCDEF"), st.tuples(st.integers(1, 9), st.integers(0, 9))))
def test_with_the_weights_of_today_it_is_the_plain_share(counts):
    packages = {code: tally(a + b, done=b) for code, (a, b) in counts.items()}
    told = weighted_progress(packages, {code: one.applicable for code, one in packages.items()})
    if counts:
        assert told is not None
        total = sum(one.applicable for one in packages.values())
        assert told.finished == Fraction(sum(one.done for one in packages.values()), total)


def done(day: int, status: str = "done") -> FigureRow:
    return FigureRow(2, "CH", status, None, None, done_on=date(2026, 9, day))


def test_what_is_finished_is_counted_up_by_day():
    rows = [done(3), done(1), done(3, "verified"), done(2, "not applicable"), FigureRow(2, "CH", "blocked", None, None)]
    assert finished_over_time(rows) == [(date(2026, 9, 1), 1), (date(2026, 9, 3), 3)]


def test_what_is_due_is_counted_up_by_day():
    days = [date(2026, 9, 4), date(2026, 9, 1), date(2026, 9, 4)]
    assert due_over_time(days) == [(date(2026, 9, 1), 1), (date(2026, 9, 4), 3)]
