"""The arithmetic of a case, by example, by property, and against another library."""

import re
from decimal import Decimal

import numpy_financial
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from businesscase.domain.changes import changes_between
from businesscase.domain.content import (
    BenefitItem,
    CaseContent,
    CostItem,
    Estimate,
    Scenario,
    content_from_plain,
    content_to_plain,
)
from businesscase.domain.export import case_plain
from businesscase.domain.figures import (
    discounted,
    figures_by_scenario,
    figures_of,
    payback,
    present_value,
    return_on_investment,
    value_at_rates,
)
from businesscase.domain.flow import MonthFlow, benefit_flow, cash_flow, cost_flow, ramp, spread
from businesscase.domain.irr import internal_rates
from businesscase.domain.months import first_day, month_label, month_of, parse_month
from businesscase.domain.outlook import Actuals, Bounds, PhaseOutlook, expected_flow, phase_outlooks
from businesscase.domain.parts import benefit_sums, by_category, by_phase, by_service, cost_sums
from businesscase.domain.risks import Level, level_of
from businesscase.domain.tornado import RATE, tornado

D = Decimal
START = parse_month("2026-01")
MONEY = st.decimals(min_value=0, max_value=10**9, places=2)
NETS = st.lists(st.integers(-5000, 5000).map(lambda each: D(each) * 100), min_size=1, max_size=60)


def three(low, likely=None, high=None) -> Estimate:
    return Estimate(D(low), D(likely or low), D(high or likely or low))


def cost(ref="C-01", **values) -> CostItem:
    return CostItem(
        **{
            "ref": ref,
            "title": "Tool",
            "category": "technology",
            "phase": 1,
            "rhythm": "once",
            "first_month": START,
            "last_month": None,
            "estimate": three(1000),
            **values,
        }
    )


def benefit(ref="B-01", **values) -> BenefitItem:
    return BenefitItem(
        **{
            "ref": ref,
            "kind": "8",
            "form": "figures",
            "title": "Fewer calls",
            "phase": 1,
            "estimate": three(100),
            "from_month": START,
            **values,
        }
    )


def case(costs=(), benefits=(), **values) -> CaseContent:
    return CaseContent(
        **{
            "kind": "implementation",
            "currency": "EUR",
            "first_month": START,
            "months": 24,
            "discount_rate": D("0.06"),
            "costs": tuple(costs),
            "benefits": tuple(benefits),
            **values,
        }
    )


def flow_of(*net) -> tuple[MonthFlow, ...]:
    return tuple(
        MonthFlow(START + place, -D(each) if each < 0 else D(0), D(each) if each > 0 else D(0))
        for place, each in enumerate(net)
    )


# --- months ---------------------------------------------------------------------------------------------------


@given(st.integers(2000, 2099), st.integers(1, 12))
def test_a_month_survives_its_label(year: int, number: int) -> None:
    month = parse_month(f"{year}-{number:02d}")
    assert month_label(month) == f"{year}-{number:02d}"
    assert month_of(first_day(month)) == month


@pytest.mark.parametrize("text", ["2026-13", "2026-0", "26-01", "2026/01", "1999-01", " ", "2026-1a", "20\u06626-01"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=re.escape(text)):
        parse_month(text)


# --- flow -----------------------------------------------------------------------------------------------------


def test_a_day_rate_turns_days_into_money() -> None:
    item = cost(estimate=three(10, 12, 20), day_rate=D("512.50"))
    assert cost_flow(item, D(12), START) == {START: D("6150.00")}


def test_a_one_off_cost_is_spread_to_the_cent() -> None:
    item = cost(estimate=three(100), last_month=START + 2)
    assert list(cost_flow(item, D(100), START + 23).values()) == [D("33.33"), D("33.34"), D("33.33")]


@pytest.mark.parametrize(("rhythm", "times"), [("monthly", 24), ("quarterly", 8), ("yearly", 2)])
def test_a_recurring_cost_falls_due_until_the_horizon_ends(rhythm: str, times: int) -> None:
    assert len(cost_flow(cost(rhythm=rhythm), D(1000), START + 23)) == times


@given(MONEY, st.integers(1, 120))
def test_parts_add_up_to_the_whole_and_differ_by_a_cent_at_most(amount: Decimal, months: int) -> None:
    parts = spread(amount, months)
    assert sum(parts) == amount
    assert max(parts) - min(parts) <= D("0.01")


def test_a_benefit_grows_over_its_ramp_and_is_counted_by_its_confidence() -> None:
    item = benefit(estimate=three(100), ramp_months=4, confidence=D("0.8"), from_month=START + 1)
    flow = benefit_flow(item, D(100), START + 6)
    assert list(flow) == list(range(START + 1, START + 7))
    assert list(flow.values()) == [D(20), D(40), D(60), D(80), D(80), D(80)]


def test_a_benefit_ends_after_its_last_month() -> None:
    assert max(benefit_flow(benefit(until_month=START + 3), D(100), START + 23)) == START + 3


@given(st.integers(0, 60), st.integers(0, 80))
def test_a_ramp_never_falls_and_never_exceeds_one(length: int, month: int) -> None:
    assert 0 < ramp(month, length) <= ramp(month + 1, length) <= 1


def test_every_month_of_the_horizon_is_there_and_what_lies_outside_is_not() -> None:
    found = cash_flow(case([cost(first_month=START + 23, last_month=START + 24)]))
    assert [each.month for each in found] == list(range(START, START + 24))
    assert sum(each.cost for each in found) == 500


def test_the_cautious_scenario_counts_high_costs_and_low_benefits() -> None:
    content = case([cost(estimate=three(800, 1000, 1500))], [benefit(estimate=three(10, 100, 150))], months=1)
    found = figures_by_scenario(content)
    assert {str(key): (each.cost, each.benefit) for key, each in found.items()} == {
        "low": (1500, 10),
        "likely": (1000, 100),
        "high": (800, 150),
    }


@given(
    st.lists(st.tuples(MONEY, MONEY, MONEY).map(sorted), max_size=4),
    st.lists(st.tuples(MONEY, MONEY, MONEY).map(sorted), max_size=4),
)
@settings(max_examples=40, deadline=None)
def test_scenarios_never_change_places(costs: list, benefits: list) -> None:
    content = case(
        [cost(f"C-{place}", estimate=Estimate(*each)) for place, each in enumerate(costs)],
        [benefit(f"B-{place}", estimate=Estimate(*each)) for place, each in enumerate(benefits)],
    )
    found = figures_by_scenario(content)
    assert found[Scenario.LOW].npv <= found[Scenario.LIKELY].npv <= found[Scenario.HIGH].npv


# --- present value, return, payback ---------------------------------------------------------------------------


def test_the_first_month_is_not_discounted() -> None:
    assert present_value([D(-1000)], D("0.06")) == D("-1000.00")


def test_a_year_later_money_is_worth_less_by_the_rate() -> None:
    assert present_value([D(0)] * 12 + [D(1060)], D("0.06")) == D("1000.00")


@given(NETS, st.decimals(0, 1, places=4))
@settings(max_examples=60, deadline=None)
def test_the_present_value_is_that_of_another_library(net: list[Decimal], rate: Decimal) -> None:
    monthly = (1 + float(rate)) ** (1 / 12) - 1
    expected = float(numpy_financial.npv(monthly, [float(each) for each in net]))
    assert float(present_value(net, rate)) == pytest.approx(expected, abs=0.02)


@given(NETS)
@settings(max_examples=40, deadline=None)
def test_without_discount_the_present_value_is_the_sum(net: list[Decimal]) -> None:
    assert present_value(net, D(0)) == sum(net)


def test_a_rate_of_minus_one_is_refused() -> None:
    with pytest.raises(ValueError, match="above -1"):
        present_value([D(1)], D(-1))


def test_the_return_is_net_benefit_over_cost() -> None:
    assert return_on_investment(D(1000), D(1330)) == D("0.33")
    assert return_on_investment(D(0), D(10)) is None


@pytest.mark.parametrize(
    ("running", "month"),
    [
        ([-1, 0, 1], 2),
        ([-1, 1, -1, 0], 4),
        ([-1, -1], None),
        ([5, 4, 3], 1),
        ([5, -1, 2], 3),
        ([0, 0], 1),
        ([-2, 1, -1], None),
    ],
)
def test_payback_is_the_first_month_from_which_it_stays_at_or_above_zero(running: list, month: int | None) -> None:
    assert payback([D(each) for each in running]) == month


@given(NETS)
def test_from_the_payback_month_on_nothing_lies_below_zero(net: list[Decimal]) -> None:
    running = [sum(net[: place + 1]) for place in range(len(net))]
    month = payback(running)
    if month is None:
        assert running[-1] < 0
    else:
        assert min(running[month - 1 :]) >= 0
        assert month == 1 or running[month - 2] < 0


def test_discounted_payback_comes_later() -> None:
    found = figures_of(flow_of(-1000, *[100] * 23), D("0.30"))
    assert (found.payback_month, found.discounted_payback_month) == (11, 13)
    assert discounted([D(-1000), D(100)], D(0))[-1] == -900


def test_costs_only_have_no_payback_and_no_rate() -> None:
    found = figures_of(flow_of(-10, -10), D("0.06"))
    assert (found.payback_month, found.rates.rate, found.rates.reason, found.roi) == (None, None, "only costs", -1)
    assert (found.lowest, found.lowest_month) == (-20, 2)


# --- rates of return ------------------------------------------------------------------------------------------


def test_one_change_of_sign_has_one_rate() -> None:
    found = internal_rates([D(-1000), *[D(0)] * 11, D(1200)])
    assert found.rate == D("0.2")
    assert (found.reason, found.roots) == ("", (D("0.2"),))


def test_two_rates_are_both_named_and_neither_is_the_rate() -> None:
    # Worth nothing at 10 % and at 30 % a year: (x - 1.1)(x - 1.3) with a year between the flows.
    net = [D(0)] * 25
    net[0], net[12], net[24] = D(-1000), D(2400), D(-1430)
    found = internal_rates(net)
    assert (found.rate, found.reason, found.roots) == (None, "several", (D("0.1"), D("0.3")))


def test_a_rate_that_the_flow_only_touches_is_found() -> None:
    net = [D(0)] * 25
    net[0], net[12], net[24] = D(100), D(-220), D(121)
    assert internal_rates(net).roots == (D("0.1"),)


@pytest.mark.parametrize(
    ("net", "reason"),
    [
        ([0, 0], "no flow"),
        ([5, 3], "only benefits"),
        ([-5], "only costs"),
        ([100, *[0] * 11, -210, *[0] * 11, 121], "none"),
    ],
)
def test_without_a_rate_the_reason_is_said(net: list[int], reason: str) -> None:
    found = internal_rates([D(each) for each in net])
    assert (found.rate, found.reason, found.roots) == (None, reason, ())


@given(st.integers(1, 5000), st.lists(st.integers(1, 500), min_size=12, max_size=60))
@settings(max_examples=40, deadline=None)
def test_a_single_rate_is_that_of_another_library(outlay: int, income: list[int]) -> None:
    net = [-outlay, *income]
    monthly = float(numpy_financial.irr(net))
    expected = (1 + monthly) ** 12 - 1
    found = internal_rates([D(each) for each in net])
    if -0.99 < expected < 999:
        assert float(found.rate) == pytest.approx(expected, rel=1e-5, abs=1e-6)


@given(NETS)
@settings(max_examples=60, deadline=None)
def test_at_each_rate_that_was_found_the_present_value_is_nothing(net: list[Decimal]) -> None:
    found = internal_rates(net)
    for root in found.roots:
        assert abs(present_value(net, root)) <= sum(abs(each) for each in net) * D("0.0001") + D("0.02")


def test_a_flow_that_changes_its_sign_each_month_for_ten_years_may_still_have_one_rate() -> None:
    # (1001 - 1000 x) times a sum of even powers: only x = 1.001 makes it nothing.
    found = internal_rates([D(-1000 if place % 2 else 1001) for place in range(120)])
    assert found.roots == ((D("1.001") ** -12 - 1).quantize(D("1e-8")),)


# --- parts, tornado, changes ----------------------------------------------------------------------------------

LINES = case(
    [
        cost("C-01", estimate=three(800, 1000, 1500), phase=1),
        cost("C-02", estimate=three(10), rhythm="monthly", phase=2, category="travel", service="Desk"),
    ],
    [benefit("B-01", phase=2, ramp_months=3, confidence=D("0.5")), benefit("B-02", form="words", estimate=None)],
    services=("Desk", "Hosting", "Network"),
)


def test_phases_and_categories_add_up_to_the_whole() -> None:
    figures = figures_by_scenario(LINES)[Scenario.LIKELY]
    assert [each.cost for each in by_phase(LINES)] == [0, 1000, 240, 0, 0]
    assert sum(each.benefit for each in by_phase(LINES)) == figures.benefit
    assert by_category(LINES) == {"technology": D(1000), "travel": D(240)}
    assert [each.amount for each in cost_sums(LINES)] == [1000, 240]
    assert [(each.amount, each.a_year) for each in benefit_sums(LINES)] == [(D("1150.00"), D(600))]


def test_services_share_what_is_common_to_the_cent() -> None:
    found = {each.service: (each.own, each.share) for each in by_service(LINES)}
    assert found == {
        "Desk": (D(240), D("333.33")),
        "Hosting": (D(0), D("333.34")),
        "Network": (D(0), D("333.33")),
    }


def test_the_tornado_puts_the_widest_first_and_leaves_out_what_moves_nothing() -> None:
    swings = tornado(LINES)
    assert [each.ref for each in swings] == ["C-01", RATE]
    npv = figures_by_scenario(LINES)[Scenario.LIKELY].npv
    assert (swings[0].worse, swings[0].better) == (npv - 500, npv + 200)


@given(st.tuples(MONEY, MONEY, MONEY).map(sorted))
@settings(max_examples=30, deadline=None)
def test_a_swing_is_what_the_whole_case_would_come_to(points: list[Decimal]) -> None:
    item = cost("C-09", estimate=Estimate(*points), last_month=START + 6)
    whole = case([item], [benefit()])
    found = {each.ref: each for each in tornado(whole)}
    if "C-09" in found:
        at_worst = case([cost("C-09", estimate=three(points[2]), last_month=START + 6)], [benefit()])
        figures = figures_by_scenario(at_worst)[Scenario.LIKELY]
        assert abs(found["C-09"].worse - figures.npv) <= D("0.02")


def test_value_at_several_rates_falls_for_an_investment() -> None:
    values = [value for _rate, value in value_at_rates(flow_of(-1000, *[100] * 23))]
    assert values == sorted(values, reverse=True)


def test_what_is_stored_comes_back_as_it_was() -> None:
    assert content_from_plain(content_to_plain(LINES)) == LINES
    with pytest.raises(ValueError, match="schema"):
        content_from_plain({**content_to_plain(LINES), "schema": 2})


def test_changes_name_what_came_went_and_changed() -> None:
    after = case(
        [cost("C-01", estimate=three(800, 1100, 1500), phase=1), cost("C-03", title="Audit")],
        LINES.benefits,
        services=LINES.services,
        discount_rate=D("0.05"),
        sections={"a": "Why"},
    )
    found = [
        (each.area, each.ref, each.what, [part.name for part in each.fields]) for each in changes_between(LINES, after)
    ]
    assert found == [
        ("settings", "", "changed", ["discount_rate"]),
        ("sections", "a", "added", ["text"]),
        ("costs", "C-01", "changed", ["likely"]),
        ("costs", "C-02", "removed", []),
        ("costs", "C-03", "added", []),
    ]
    assert changes_between(LINES, LINES) == []


def test_the_export_says_every_month_and_all_scenarios() -> None:
    found = case_plain(LINES)
    assert found["cash_flow"][0] == {"month": "2026-01", "cost": "1010.00", "benefit": "16.67"}
    assert len(found["cash_flow"]) == 24
    assert set(found["scenarios"]) == {"low", "likely", "high"}
    assert found["scenarios"]["likely"]["npv"] == found["npv"]


# --- outlook --------------------------------------------------------------------------------------------------


def outlook(**values) -> PhaseOutlook:
    return PhaseOutlook(
        **{"phase": 1, "plan": D(100), "actual": D(0), "remaining": D(0), "tolerance": D("0.1"), **values}
    )


@pytest.mark.parametrize(
    ("forecast", "bounds"),
    [(90, Bounds.WITHIN), (107, Bounds.WITHIN), (108, Bounds.NEAR), (110, Bounds.NEAR), (111, Bounds.BEYOND)],
)
def test_a_phase_keeps_to_its_tolerance_or_does_not(forecast: int, bounds: Bounds) -> None:
    assert outlook(actual=D(forecast)).bounds == bounds


def test_money_without_a_plan_is_beyond_every_tolerance() -> None:
    found = outlook(plan=D(0), actual=D(1))
    assert (found.bounds, found.share) == (Bounds.BEYOND, None)
    assert outlook(plan=D(0)).bounds == Bounds.WITHIN


def test_what_is_to_come_is_in_the_lines_unless_somebody_said_otherwise() -> None:
    content = case([cost(rhythm="monthly", phase=1), cost("C-02", rhythm="monthly", phase=2)], months=10)
    actuals = Actuals(START + 3, {(1, START): D(5000)}, {})
    found = phase_outlooks(content, content, actuals, tolerances={}, remaining={2: D(7000)})
    assert [(each.plan, each.actual, each.remaining) for each in found[1:3]] == [
        (10000, 5000, 6000),
        (10000, 0, 7000),
    ]


def test_of_a_closed_phase_only_what_recurs_is_to_come() -> None:
    once = cost(last_month=START + 9, estimate=three(10000))
    licence = cost("C-02", rhythm="monthly", estimate=three(30))
    content = case([once, licence], months=10)
    actuals = Actuals(START + 3, {(1, START): D(5000)}, {})
    found = phase_outlooks(content, content, actuals, tolerances={}, remaining={1: D(9)}, closed=frozenset({1}))
    assert (found[1].plan, found[1].actual, found[1].remaining) == (10300, 5000, 180)
    flow = expected_flow(content, actuals, remaining={1: D(9)}, closed=frozenset({1}))
    assert [each.cost for each in flow] == [5000, 0, 0, 0, *[30] * 6]


def test_the_expected_flow_is_what_happened_and_then_what_is_to_come() -> None:
    content = case([cost(rhythm="monthly", phase=1)], [benefit()], months=6)
    actuals = Actuals(START + 1, {(1, START): D(900), (1, START + 1): D(1200)}, {("B-01", START + 1): D(70)})
    found = expected_flow(content, actuals, remaining={1: D(2000)})
    assert [each.cost for each in found] == [900, 1200, 500, 500, 500, 500]
    assert [each.benefit for each in found] == [0, 70, 100, 100, 100, 100]


def test_the_other_scenarios_begin_where_the_actuals_end() -> None:
    content = case(
        [cost(rhythm="monthly", estimate=three(800, 1000, 1500))], [benefit(estimate=three(50, 100, 120))], months=4
    )
    actuals = Actuals(START + 1, {(1, START): D(900)}, {("B-01", START): D(70)})
    cautious = expected_flow(content, actuals, remaining={}, scenario=Scenario.LOW)
    assert [(each.cost, each.benefit) for each in cautious] == [(900, 70), (0, 0), (1500, 50), (1500, 50)]
    said = expected_flow(content, actuals, remaining={1: D(3000)}, scenario=Scenario.LOW)
    assert [each.cost for each in said] == [900, 0, 2250, 2250]


def test_without_actuals_the_expected_flow_is_the_plan() -> None:
    assert expected_flow(LINES, Actuals(), remaining={}, scenario=Scenario.LOW) == cash_flow(LINES, Scenario.LOW)
    assert expected_flow(LINES, Actuals(), remaining={}) == cash_flow(LINES)


@pytest.mark.parametrize(
    ("probability", "impact", "level"),
    [(1, 3, "low"), (2, 2, "low"), (4, 1, "medium"), (3, 3, "medium"), (3, 4, "high"), (4, 4, "high")],
)
def test_probability_and_impact_make_a_level(probability: int, impact: int, level: str) -> None:
    assert level_of(probability, impact) == Level(level)
