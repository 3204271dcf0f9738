"""Who was at the top when, and how long proof of commitment stays fresh."""

from datetime import UTC, date, datetime, timedelta

from governance.domain.commitment import Leaders, Strength, Term, months_before, strength_of
from governance.domain.next_gate import gate_day

JANUARY, MARCH = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)
LEADERS = Leaders({7: (Term("Top management", JANUARY, MARCH), Term("Committee chair", JANUARY))})


def test_the_higher_role_counts_while_it_was_held_and_the_other_afterwards() -> None:
    assert LEADERS.role_at(7, JANUARY) == "Top management"
    assert LEADERS.role_at(7, MARCH) == "Committee chair"


def test_nobody_counts_before_their_term_without_a_role_or_without_a_day() -> None:
    assert LEADERS.role_at(7, JANUARY - timedelta(seconds=1)) == ""
    assert LEADERS.role_at(8, MARCH) == ""
    assert LEADERS.role_at(None, MARCH) == ""
    assert LEADERS.role_at(7, None) == ""


def test_months_are_counted_back_to_the_same_day_or_the_last_of_the_month() -> None:
    assert months_before(date(2026, 5, 31), 3) == date(2026, 2, 28)
    assert months_before(date(2026, 1, 15), 1) == date(2025, 12, 15)
    assert months_before(date(2028, 3, 30), 1) == date(2028, 2, 29)


def test_so_many_months_before_lie_so_many_months_back() -> None:
    for count, day in enumerate(date(2027, 11, 27) + timedelta(days=each) for each in range(100)):
        before = months_before(day, count)
        assert (day.year * 12 + day.month) - (before.year * 12 + before.month) == count
        assert before.day <= day.day


def test_proof_is_fresh_to_the_last_day_then_old_and_nothing_that_lies_ahead_counts() -> None:
    today = date(2026, 6, 10)
    assert strength_of([date(2026, 3, 10)], today, 3) == Strength.FRESH
    assert strength_of([date(2026, 3, 9), None], today, 3) == Strength.OLD
    assert strength_of([date(2026, 6, 11), None], today, 3) == Strength.NONE


def test_a_gate_stands_where_it_was_set_else_at_the_end_of_its_phase_and_the_last_four_weeks_after() -> None:
    ends = {2: date(2026, 9, 30), 3: date(2026, 12, 31), 4: None}
    assert gate_day(2, date(2026, 10, 5), ends, 4) == date(2026, 10, 5)
    assert gate_day(2, None, ends, 4) == date(2026, 9, 30)
    assert gate_day(4, None, ends, 4) == date(2027, 1, 28)
    assert gate_day(4, None, {3: None}, 4) is None
    assert gate_day(1, None, ends, 4) is None
