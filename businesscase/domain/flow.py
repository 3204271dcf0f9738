"""From lines to months: what falls due when, under one of the three estimates.

Every share of a month is rounded to cents from its running total, so that the months of a line add up to its amount
to the cent, and a spreadsheet finds the same figures.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from itertools import accumulate, pairwise

from businesscase.domain.content import BenefitItem, CaseContent, CostItem, Estimate, Scenario
from businesscase.domain.money import ZERO, cents, exact, total
from businesscase.domain.months import Month

STEPS = {"monthly": 1, "quarterly": 3, "yearly": 12}
Flow = dict[Month, Decimal]


@dataclass(frozen=True, slots=True)
class MonthFlow:
    """One month: what it costs and brings, both zero or more."""

    month: Month
    cost: Decimal
    benefit: Decimal

    @property
    def net(self) -> Decimal:
        """Benefit less cost."""
        return self.benefit - self.cost


def cost_point(estimate: Estimate, scenario: Scenario) -> Decimal:
    """The estimate of a cost that a scenario counts: the cautious one counts the largest."""
    return {Scenario.LOW: estimate.high, Scenario.LIKELY: estimate.likely, Scenario.HIGH: estimate.low}[scenario]


def benefit_point(estimate: Estimate, scenario: Scenario) -> Decimal:
    """The estimate of a benefit that a scenario counts: the cautious one counts the smallest."""
    return {Scenario.LOW: estimate.low, Scenario.LIKELY: estimate.likely, Scenario.HIGH: estimate.high}[scenario]


def cost_amount(item: CostItem, point: Decimal) -> Decimal:
    """`point` of a cost line in money, for one time that it falls due."""
    with localcontext(exact()):
        return cents(point * item.day_rate) if item.day_rate is not None else cents(point)


def cost_months(item: CostItem, horizon_end: Month) -> list[Month]:
    """The months in which a cost line falls due, within the horizon."""
    if item.rhythm == "once":
        return list(range(item.first_month, (item.last_month or item.first_month) + 1))
    return list(range(item.first_month, min(item.last_month or horizon_end, horizon_end) + 1, STEPS[item.rhythm]))


def spread(amount: Decimal, months: int) -> list[Decimal]:
    """`amount` in `months` even parts, in cents, that add up to it."""
    if months == 1:
        return [cents(amount)]
    # In whole numbers, halves away from zero: many times as fast as in decimals.
    sign, whole = (-1 if amount < 0 else 1), abs(int(cents(amount).scaleb(2, exact())))
    running = [(2 * whole * number + months) // (2 * months) for number in range(months + 1)]
    return [Decimal(sign * (after - before)).scaleb(-2) for before, after in pairwise(running)]


def cost_flow(item: CostItem, point: Decimal, horizon_end: Month) -> Flow:
    """What a cost line takes, by month."""
    months = cost_months(item, horizon_end)
    amount = cost_amount(item, point)
    if item.rhythm == "once":
        return dict(zip(months, spread(amount, len(months)), strict=True))
    return dict.fromkeys(months, amount)


def ramp(months_since: int, ramp_months: int) -> Decimal:
    """The share of a benefit that is reached in its month number `months_since` (0 is the first): 0 to 1."""
    if ramp_months <= 1 or months_since + 1 >= ramp_months:
        return Decimal(1)
    with localcontext(exact()):
        return Decimal(months_since + 1) / ramp_months


def benefit_flow(item: BenefitItem, point: Decimal, horizon_end: Month) -> Flow:
    """What a benefit in figures brings, by month."""
    if item.from_month is None:
        return {}
    last = min(item.until_month or horizon_end, horizon_end)
    with localcontext(exact()):
        whole = point * item.confidence
        # Divided last, as a spreadsheet does it: a third of it may end in exactly half a cent.
        grows = {number: cents(whole * number / item.ramp_months) for number in range(1, item.ramp_months)}
        full = cents(whole)
        months = range(item.from_month, last + 1)
        return {month: grows.get(number, full) for number, month in enumerate(months, start=1)}


def costs_by_line(content: CaseContent, scenario: Scenario) -> Iterator[tuple[CostItem, Flow]]:
    """Each cost line with what it takes by month."""
    for item in content.costs:
        yield item, cost_flow(item, cost_point(item.estimate, scenario), content.last_month)


def benefits_by_line(content: CaseContent, scenario: Scenario) -> Iterator[tuple[BenefitItem, Flow]]:
    """Each benefit in figures with what it brings by month."""
    for item in content.benefits:
        if item.estimate is not None and item.form == "figures":
            yield item, benefit_flow(item, benefit_point(item.estimate, scenario), content.last_month)


def cash_flow(content: CaseContent, scenario: Scenario = Scenario.LIKELY) -> tuple[MonthFlow, ...]:
    """Every month of the horizon, in order. What lies outside of it is left out."""
    costs: Flow = defaultdict(lambda: ZERO)
    benefits: Flow = defaultdict(lambda: ZERO)
    with localcontext(exact()):
        for _item, flow in costs_by_line(content, scenario):
            for month, amount in flow.items():
                costs[month] += amount
        for _benefit, flow in benefits_by_line(content, scenario):
            for month, amount in flow.items():
                benefits[month] += amount
    return tuple(
        MonthFlow(month, costs.get(month, ZERO), benefits.get(month, ZERO))
        for month in range(content.first_month, content.last_month + 1)
    )


def cumulative(flow: tuple[MonthFlow, ...]) -> tuple[Decimal, ...]:
    """What has come in less what has gone out, at the end of each month."""
    with localcontext(exact()):
        return tuple(accumulate(each.net for each in flow))


def sum_within(flow: Mapping[Month, Decimal], content: CaseContent) -> Decimal:
    """The sum of a line's flow over the horizon."""
    return total(amount for month, amount in flow.items() if content.first_month <= month <= content.last_month)
