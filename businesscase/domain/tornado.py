"""What moves the result most: each estimate alone at its ends, all others as expected."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext

from businesscase.domain.content import CaseContent, Estimate
from businesscase.domain.figures import discount_factors, present_value
from businesscase.domain.flow import Flow, benefit_flow, cash_flow, cost_flow
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


def tornado(content: CaseContent) -> list[Swing]:
    """All estimates that move the net present value, the widest first, and the discount rate two points either way.

    The present value is a sum over lines, so each end is worked out from its line alone.
    """
    factors = dict(
        zip(
            range(content.first_month, content.last_month + 1),
            discount_factors(content.discount_rate, content.months),
            strict=True,
        )
    )
    net = [each.net for each in cash_flow(content)]
    expected = present_value(net, content.discount_rate)
    end = content.last_month
    swings = []
    for item in content.costs:
        low, likely, high = (_worth(cost_flow(item, each, end), factors) for each in _points(item.estimate))
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
        low, likely, high = (_worth(benefit_flow(benefit, each, end), factors) for each in _points(benefit.estimate))
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
