"""The matrix of risks, and which way a risk moves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from businesscase.domain.risks import FRESH_DAYS, STEPS, Level, Trend, level_of, matrix_of, score, trend_of

step = st.sampled_from(STEPS)


def test_three_of_sixteen_cells_are_high_and_six_are_low() -> None:
    # The picture of the mock-up, from likely down and from slight to severe.
    assert [[cell.level.value[0] for cell in row] for row in matrix_of([])] == [
        ["m", "m", "h", "h"],
        ["l", "m", "m", "h"],
        ["l", "l", "m", "m"],
        ["l", "l", "l", "m"],
    ]


@given(st.lists(st.tuples(step, step), max_size=40))
def test_every_risk_stands_in_one_cell(places: list[tuple[int, int]]) -> None:
    matrix = matrix_of((f"R-{number:02d}", *place) for number, place in enumerate(places))
    cells = [cell for row in matrix for cell in row]
    assert len(cells) == 16
    assert sorted(ref for cell in cells for ref in cell.refs) == [f"R-{number:02d}" for number in range(len(places))]
    assert all(places[int(ref[2:])] == (cell.probability, cell.impact) for cell in cells for ref in cell.refs)


@given(step, step, step, step)
def test_what_is_no_less_likely_and_hurts_no_less_is_no_less_serious(a: int, b: int, c: int, d: int) -> None:
    order = list(Level)
    lower, upper = (min(a, c), min(b, d)), (max(a, c), max(b, d))
    assert order.index(level_of(*lower)) <= order.index(level_of(*upper))


@pytest.mark.parametrize(
    ("was", "days", "trend"),
    [
        (None, 0, Trend.STEADY),
        ((3, 3), 0, Trend.RISING),
        ((3, 3), FRESH_DAYS, Trend.RISING),
        ((3, 3), FRESH_DAYS + 1, Trend.STEADY),
        ((4, 4), 3, Trend.FALLING),
        ((3, 4), 3, Trend.STEADY),
    ],
)
def test_a_risk_rises_for_a_while_after_it_was_assessed_higher(was, days: int, trend: Trend) -> None:
    assert score(4, 3) == 12
    assert trend_of((4, 3), was, days) is trend
