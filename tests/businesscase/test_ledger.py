"""What a figure is made of adds up to the figure."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from businesscase.domain.content import Scenario
from businesscase.domain.figures import present_value
from businesscase.domain.ledger import Source, entries, present_values
from businesscase.domain.money import total
from businesscase.domain.outlook import Actuals, expected_flow
from businesscase.domain.tornado import Ahead, tornado
from tests.businesscase.test_domain import START, benefit, case, cost, three

D = Decimal
CASE = case(
    [
        cost("C-01", last_month=START + 7, estimate=three(9000, 10000, 14000)),
        cost("C-02", rhythm="monthly", estimate=three(30, 40, 55), phase=2),
        cost("C-03", day_rate=D(600), phase=3, first_month=START + 12, estimate=three(10, 15, 25)),
    ],
    [benefit(estimate=three(500, 800, 900), from_month=START + 6, ramp_months=4, confidence=D("0.8"))],
)
ACTUALS = Actuals(
    START + 3, {(1, START): D(5200), (2, START + 1): D("61.37")}, {("B-01", START + 2): D(70), ("B-09", START): D(5)}
)
months = st.none() | st.integers(START, START + 23)


@given(
    months,
    st.dictionaries(st.integers(0, 4), st.decimals(0, 10**6, places=2), max_size=3),
    st.frozensets(st.integers(0, 4)),
    st.sampled_from(Scenario),
)
def test_the_entries_add_up_to_the_expected_flow_month_by_month(until, remaining, closed, scenario) -> None:
    actuals = Actuals(until, ACTUALS.costs, ACTUALS.benefits)
    flow = expected_flow(CASE, actuals, remaining=remaining, closed=closed, scenario=scenario)
    found = entries(CASE, actuals, remaining=remaining, closed=closed, scenario=scenario)
    for each in flow:
        assert total(part.flow.get(each.month, D(0)) for part in found if part.is_cost) == each.cost
        assert total(part.flow.get(each.month, D(0)) for part in found if not part.is_cost) == each.benefit


def test_each_entry_says_where_it_comes_from() -> None:
    found = entries(CASE, ACTUALS, remaining={3: D(7000)}, closed=frozenset({1}))
    assert [(each.source, each.is_cost, each.phase, each.item.ref if each.item else "") for each in found] == [
        (Source.HAPPENED, True, 1, ""),
        (Source.HAPPENED, True, 2, ""),
        (Source.LINE, True, 2, "C-02"),
        (Source.SAID, True, 3, ""),
        (Source.HAPPENED, False, 1, "B-01"),
        (Source.HAPPENED, False, 0, ""),
        (Source.LINE, False, 1, "B-01"),
    ]


def test_the_present_values_of_the_entries_add_up_to_the_net_present_value() -> None:
    found = entries(CASE, ACTUALS, remaining={}, closed=frozenset())
    flow = expected_flow(CASE, ACTUALS, remaining={})
    npv = present_value([each.net for each in flow], CASE.discount_rate)
    # Each entry is rounded by itself.
    assert abs(total(present_values(CASE, found)) - npv) <= D("0.01") * len(found)


def test_only_what_is_open_moves_the_result() -> None:
    flow = expected_flow(CASE, ACTUALS, remaining={3: D(18000)}, closed=frozenset({1}))
    # 15 days at 600 are 9,000, so 18,000 said to come weigh each of its days twice.
    swings = {
        each.ref: each for each in tornado(CASE, Ahead(flow, START + 3, closed=frozenset({1}), weights={3: D(2)}))
    }
    assert set(swings) == {"C-02", "C-03", "B-01", "rate"}
    npv = present_value([each.net for each in flow], CASE.discount_rate)
    factor = (1 + CASE.discount_rate) ** (D(-12) / 12)
    assert float(swings["C-03"].worse) == pytest.approx(float(npv - 10 * 600 * 2 * factor), abs=0.02)


def test_without_actuals_everything_is_open() -> None:
    assert tornado(CASE) == tornado(CASE, Ahead(expected_flow(CASE, Actuals(), remaining={}), START - 1))
