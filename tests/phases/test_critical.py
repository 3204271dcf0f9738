"""Which packages have no time to spare."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from phases.domain.critical import Span, critical, reserves, span_of
from phases.domain.working_days import WorkingDays

MONDAY = date(2026, 3, 2)
WEEK = WorkingDays(frozenset({0, 1, 2, 3, 4}), frozenset()).between
END = date(2026, 3, 31)  # a Tuesday


def span(first: date | None, last: date | None, end: date | None = END) -> Span:
    return Span(first, last, end)


class TestSpan:
    def test_open_due_dates_give_its_first_and_last_day(self) -> None:
        dues = [date(2026, 3, 20), date(2026, 3, 9)]
        assert span_of(None, dues, END) == Span(date(2026, 3, 9), date(2026, 3, 20), END)

    def test_own_dates_begin_it_and_the_later_end_counts(self) -> None:
        own = (date(2026, 3, 2), date(2026, 3, 13))
        assert span_of(own, [date(2026, 3, 20)], END) == Span(date(2026, 3, 2), date(2026, 3, 20), END)
        assert span_of(own, [date(2026, 3, 10)], END) == Span(date(2026, 3, 2), date(2026, 3, 13), END)

    def test_open_work_ends_today_at_the_earliest(self) -> None:
        assert span_of(None, [date(2026, 3, 9)], END, today=date(2026, 3, 25)).last == date(2026, 3, 25)

    def test_without_dates_nothing_is_known(self) -> None:
        assert span_of(None, [], END, today=MONDAY) == Span(None, None, END)


class TestReserves:
    def test_the_reserve_are_the_working_days_up_to_the_end_of_the_phase(self) -> None:
        found = reserves({("CH", 1): span(MONDAY, date(2026, 3, 20))}, [], WEEK)
        assert found == {("CH", 1): 7}
        assert critical(found) == frozenset()

    def test_a_package_that_ends_with_its_phase_is_critical(self) -> None:
        found = reserves({("CH", 1): span(MONDAY, END)}, [], WEEK)
        assert found == {("CH", 1): 0}
        assert critical(found) == {("CH", 1)}

    def test_a_weekend_before_the_end_spares_nothing(self) -> None:
        sunday = date(2026, 3, 15)
        assert critical(reserves({("CH", 1): span(MONDAY, date(2026, 3, 13), sunday)}, [], WEEK)) == {("CH", 1)}

    def test_a_package_that_ends_after_its_phase_lacks_days(self) -> None:
        assert reserves({("CH", 1): span(MONDAY, date(2026, 4, 2))}, [], WEEK) == {("CH", 1): -2}

    def test_what_a_critical_package_waits_for_is_critical_too(self) -> None:
        spans = {("CH", 1): span(MONDAY, date(2026, 3, 13)), ("RE", 1): span(date(2026, 3, 16), END)}
        found = reserves(spans, [(("CH", 1), ("RE", 1))], WEEK)
        assert found == {("CH", 1): 0, ("RE", 1): 0}

    def test_working_days_between_the_two_are_to_spare(self) -> None:
        spans = {("CH", 1): span(MONDAY, date(2026, 3, 10)), ("RE", 1): span(date(2026, 3, 16), END)}
        found = reserves(spans, [(("CH", 1), ("RE", 1))], WEEK)
        assert found == {("CH", 1): 3, ("RE", 1): 0}
        assert critical(found) == {("RE", 1)}

    def test_a_chain_passes_its_want_of_time_on(self) -> None:
        spans = {
            ("CF", 1): span(MONDAY, date(2026, 3, 6)),
            ("CH", 1): span(date(2026, 3, 9), date(2026, 3, 13)),
            ("RE", 1): span(date(2026, 3, 16), END),
        }
        waits = [(("CF", 1), ("CH", 1)), (("CH", 1), ("RE", 1))]
        assert critical(reserves(spans, waits, WEEK)) == set(spans)

    def test_what_waits_does_not_take_from_who_comes_after(self) -> None:
        spans = {("CH", 1): span(MONDAY, END), ("RE", 1): span(MONDAY, date(2026, 3, 20))}
        assert reserves(spans, [(("CH", 1), ("RE", 1))], WEEK) == {("CH", 1): 0, ("RE", 1): 7}

    def test_unknown_dates_and_packages_are_left_aside(self) -> None:
        spans = {("CH", 1): span(None, None), ("RE", 4): span(MONDAY, END, None), ("IN", 1): span(MONDAY, MONDAY)}
        found = reserves(spans, [(("IN", 1), ("CH", 1)), (("IN", 1), ("PR", 1))], WEEK)
        assert found == {("IN", 1): 21}

    def test_a_circle_does_no_harm(self) -> None:
        spans = {("CH", 1): span(MONDAY, date(2026, 3, 13)), ("RE", 1): span(MONDAY, END)}
        waits = [(("CH", 1), ("RE", 1)), (("RE", 1), ("CH", 1))]
        assert reserves(spans, waits, WEEK) == {("CH", 1): 0, ("RE", 1): 0}


days = st.integers(0, 60).map(lambda n: MONDAY + timedelta(days=n))


@given(st.lists(st.tuples(days, days), min_size=1, max_size=8), st.data())
def test_a_reserve_is_the_least_along_what_waits(pairs, data) -> None:
    spans = {("P", n): span(min(pair), max(pair)) for n, pair in enumerate(pairs)}
    edges = data.draw(st.lists(st.tuples(st.sampled_from(sorted(spans)), st.sampled_from(sorted(spans))), max_size=12))
    found = reserves(spans, edges, WEEK)
    alone = reserves(spans, [], WEEK)
    for key in spans:
        assert found[key] <= alone[key]
        waiting = [
            max(0, WEEK(spans[key].last, spans[b].first - timedelta(days=1))) + found[b] for a, b in edges if a == key
        ]
        assert found[key] == min([alone[key], *waiting])
