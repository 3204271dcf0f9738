"""Where an objective stands, and the picture of its months."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.charts.trend import Trend, small_trend, trend_chart
from documents.domain.objective_standing import Aim, Standing, expected, is_late, standing_of

BEGUN, UNTIL = date(2026, 1, 1), date(2026, 12, 31)
UP = Aim(Decimal(90), UNTIL, baseline=Decimal(68))
DOWN = Aim(Decimal(3), UNTIL, higher=False, baseline=Decimal(14))


@pytest.mark.parametrize(
    ("aim", "month", "value", "standing"),
    [
        (UP, 6, "90", Standing.REACHED),
        (UP, 6, "78", Standing.ON_THE_WAY),
        (UP, 6, "77.9", Standing.OFF),
        (DOWN, 6, "3", Standing.REACHED),
        (DOWN, 6, "9", Standing.ON_THE_WAY),
        (DOWN, 6, "9.1", Standing.OFF),
        (Aim(Decimal(90), UNTIL), 6, "89", Standing.OFF),
        (Aim(Decimal(90), UNTIL, baseline=Decimal(95)), 6, "89", Standing.OFF),
    ],
)
def test_the_newest_value_is_held_against_target_and_straight_way(
    aim: Aim, month: int, value: str, standing: Standing
) -> None:
    values = {date(2026, 1, 1): Decimal(99), date(2026, month, 1): Decimal(value)}
    assert standing_of(aim, BEGUN, values) == standing


def test_without_a_value_nothing_is_said() -> None:
    assert standing_of(UP, BEGUN, {}) == Standing.UNMEASURED


@given(st.integers(1, 60), st.decimals(-1000, 1000, places=2), st.decimals(-1000, 1000, places=2))
def test_the_straight_way_stays_between_baseline_and_target(months: int, low: Decimal, high: Decimal) -> None:
    aim = Aim(high, date(2028, 5, 1), higher=high >= low, baseline=low)
    month = date(2026 + (months - 1) // 12, (months - 1) % 12 + 1, 1)
    needed = expected(aim, BEGUN, month)
    if low == high:
        assert needed is None
    else:
        assert needed is not None
        assert min(low, high) <= needed <= max(low, high)
        if month >= aim.target_on:
            assert needed == high


@pytest.mark.parametrize(
    ("begun", "newest", "today", "late"),
    [
        (date(2026, 5, 20), None, date(2026, 5, 31), False),
        (date(2026, 5, 20), None, date(2026, 6, 10), False),
        (date(2026, 5, 20), None, date(2026, 6, 11), True),
        (BEGUN, date(2026, 5, 1), date(2026, 6, 30), False),
        (BEGUN, date(2026, 5, 1), date(2026, 7, 10), False),
        (BEGUN, date(2026, 5, 1), date(2026, 7, 11), True),
        (BEGUN, date(2026, 4, 1), date(2026, 7, 1), True),
    ],
)
def test_last_months_value_may_come_until_the_tenth(begun: date, newest: date | None, today: date, late: bool) -> None:
    assert is_late(begun, newest, today) is late


def test_pictures_stand_for_no_value_one_and_many_and_the_words_are_escaped() -> None:
    for count in (0, 1, 30):
        values = tuple((date(2024 + place // 12, place % 12 + 1, 1), float(place)) for place in range(count))
        trend = Trend("A <b>", values, 12.5, "%")
        chart = trend_chart(trend)
        assert chart.svg.count("<circle") == count
        assert len(chart.table.rows) == count
        assert "A &lt;b&gt;" in small_trend(trend)
        assert 'class="f-text"' in small_trend(trend)
