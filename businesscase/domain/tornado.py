"""What moves the result most: each estimate alone at its ends, all others as expected."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, localcontext

from businesscase.domain.content import CaseContent, CostItem, Estimate
from businesscase.domain.figures import discount_factors, present_value
from businesscase.domain.flow import Flow, MonthFlow, benefit_flow, cash_flow, cost_flow
from businesscase.domain.money import ZERO, cents, exact
from businesscase.domain.months import Month

RATE = "rate"
RATE_STEP = Decimal("0.02")


@dataclass(frozen=True, slots=True)
class Swing:
    """One estimate: the net present value with it at its worse and its better end, the others as expected.

    `ref` is that of a line, or `rate`; `worse_at` and `better_at` are the ends: money, days or a rate.
    """

    ref: str
    title: str
    worse: Decimal
    better: Decimal
    worse_at: Decimal
    better_at: Decimal

    @property
    def width(self) -> Decimal:
        """How far it moves the result."""
        return abs(self.better - self.worse)


@dataclass(frozen=True)
class Ahead:
    """What of a case is still open: the months after `after`, but for one-off costs of `closed` phases.

    `flow` is the expected flow with what happened in it; `weights` say how many times the lines of a phase are expected
    to cost, where somebody said what is to come (1 where nobody did).
    """

    flow: tuple[MonthFlow, ...]
    after: Month
    closed: frozenset[int] = frozenset()
    weights: Mapping[int, Decimal] = field(default_factory=dict)

    def of_cost(self, item: CostItem, flow: Flow) -> Flow:
        """The part of a cost line's flow that is open."""
        if item.phase in self.closed and item.rhythm == "once":
            return {}
        weight = self.weights.get(item.phase, Decimal(1))
        with localcontext(exact()):
            return {month: amount * weight for month, amount in self.of_benefit(flow).items()}

    def of_benefit(self, flow: Flow) -> Flow:
        """The part of a benefit's flow that is open."""
        return {month: amount for month, amount in flow.items() if month > self.after}


def tornado(content: CaseContent, ahead: Ahead | None = None) -> list[Swing]:
    """All estimates that move the net present value, the widest first, and the discount rate two points either way.

    The present value is a sum over lines, so each end is worked out from its line alone. Without `ahead`, all of the
    case is open.
    """
    still = ahead or Ahead(cash_flow(content), content.first_month - 1)
    factors = dict(
        zip(
            range(content.first_month, content.last_month + 1),
            discount_factors(content.discount_rate, content.months),
            strict=True,
        )
    )
    net = [each.net for each in still.flow]
    expected = present_value(net, content.discount_rate)
    end = content.last_month
    swings = []
    for item in content.costs:
        low, likely, high = (
            _worth(still.of_cost(item, cost_flow(item, each, end)), factors) for each in _points(item.estimate)
        )
        swings.append(
            Swing(
                item.ref,
                item.title,
                expected - (high - likely),
                expected + (likely - low),
                item.estimate.high,
                item.estimate.low,
            )
        )
    for benefit in content.benefits:
        if benefit.estimate is None or benefit.form != "figures":
            continue
        low, likely, high = (
            _worth(still.of_benefit(benefit_flow(benefit, each, end)), factors) for each in _points(benefit.estimate)
        )
        swings.append(
            Swing(
                benefit.ref,
                benefit.title,
                expected + (low - likely),
                expected + (high - likely),
                benefit.estimate.low,
                benefit.estimate.high,
            )
        )
    swings.append(_rate_swing(net, content.discount_rate))
    return sorted((each for each in swings if each.width), key=lambda each: (-each.width, each.ref))


def _points(estimate: Estimate) -> tuple[Decimal, Decimal, Decimal]:
    return estimate.low, estimate.likely, estimate.high


def _worth(flow: Flow, factors: Mapping[Month, Decimal]) -> Decimal:
    with localcontext(exact()):
        return cents(sum((amount * factors.get(month, ZERO) for month, amount in flow.items()), ZERO))


def _rate_swing(net: list[Decimal], rate: Decimal) -> Swing:
    ends = (max(ZERO, rate - RATE_STEP), rate + RATE_STEP)
    values = [present_value(net, each) for each in ends]
    worse, better = (0, 1) if values[0] <= values[1] else (1, 0)
    return Swing(RATE, "", values[worse], values[better], ends[worse], ends[better])
