"""Nobody audits their own work, and programmes leave no clause out: the arithmetic."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st

from audits.domain.impartial import Conflict, Tie, TieKind, conflicts_of
from audits.domain.programme import days_for, draw, missing, spread, units

NUMBERS = [f"{top}.{one}{rest}" for top in range(4, 9) for one in range(1, 4) for rest in ("", ".1", ".2", ".2.1")]
CLAUSES = st.lists(st.sampled_from(NUMBERS), min_size=1, unique=True)


def test_who_did_the_work_is_refused_for_its_clauses_alone() -> None:
    """The reason names kind, clauses and work; others' work and other clauses do not count."""
    ties = [
        Tie(1, TieKind.ACCOUNTABLE, "8.5.1", "CH.i"),
        Tie(1, TieKind.WROTE_DOCUMENT, "9.1", "POL-01"),
        Tie(2, TieKind.ACCOUNTABLE, "8.6.1", "IN.a"),
    ]
    assert conflicts_of(1, ["8.5.1", "8.6.1"], ties) == (Conflict(TieKind.ACCOUNTABLE, ("8.5.1",), ("CH.i",)),)
    assert conflicts_of(2, ["8.5.1"], ties) == ()


def test_a_tie_below_or_above_a_clause_counts_and_a_like_number_does_not() -> None:
    """8.5.1.3 and 8.5 touch 8.5.1; 8.51 does not."""
    for tied, expected in (("8.5.1.3", 1), ("8.5", 1), ("8.51", 0), ("8.5.10", 0)):
        assert len(conflicts_of(1, ["8.5.1"], [Tie(1, TieKind.CONTRIBUTES, tied, "X")])) == expected


@given(CLAUSES, st.integers(1, 9))
def test_what_is_spread_leaves_nothing_out_and_nothing_twice(clauses: list[str], count: int) -> None:
    """Every unit is in one audit; the lengths differ by one at most."""
    wanted = units(clauses)
    assume(wanted)
    runs = spread(wanted, count)
    assert [clause for run in runs for clause in run] == list(wanted)
    assert missing(wanted, runs) == ()
    assert max(map(len, runs)) - min(map(len, runs)) <= 1


def test_clauses_are_planned_no_deeper_than_three_numbers() -> None:
    """A clause that is divided is not a unit, and what lies deeper belongs to the one above."""
    assert units(["4", "4.1", "4.2", "8.5", "8.5.1", "8.5.1.1", "10.2"]) == ("4.1", "4.2", "8.5.1", "10.2")


@given(st.dates(date(2026, 1, 1), date(2030, 1, 1)), st.integers(30, 730), st.integers(1, 8))
def test_audits_of_a_programme_lie_within_it_one_after_another(start: date, length: int, count: int) -> None:
    """None begins before the one before it has ended, and none lies outside."""
    end = start + timedelta(days=length)
    days = days_for(start, end, count)
    assert len(days) == count
    assert all(start <= begins <= ends <= end for begins, ends in days)
    assert all(one[1] < other[0] for one, other in pairwise(days))


@given(st.sets(st.integers(1, 500), min_size=1), st.integers(0, 20), st.integers(0, 999_999))
def test_the_same_seed_draws_the_same_sample(population: set[int], count: int, seed: int) -> None:
    """From the same items, in whatever order they come, as many as were asked for."""
    drawn = draw(population, count, seed)
    assert drawn == draw(sorted(population, reverse=True), count, seed)
    assert len(drawn) == len(set(drawn)) == min(count, len(population))
    assert set(drawn) <= population
