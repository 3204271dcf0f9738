"""The figures of a case: present value, rates, return, payback.

Money in cents, rates as fractions, months counted from 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import lru_cache
from itertools import accumulate, repeat
from operator import mul

from businesscase.domain.content import CaseContent, Scenario
from businesscase.domain.flow import MonthFlow, cash_flow, cumulative
from businesscase.domain.irr import Rates, internal_rates
from businesscase.domain.money import ZERO, cents, exact, total

SHARE = Decimal("0.00000001")
PROFILE = tuple(Decimal(percent) / 100 for percent in (0, 2, 4, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50))


@dataclass(frozen=True)
class Figures:
    """What one scenario comes to.

    `roi` is None without costs; `payback_month` and `discounted_payback_month` are None where the flow never stays at
    or above zero; `lowest` is the deepest point of the cumulative flow and `lowest_month` when (1-based).
    """

    scenario: str
    flow: tuple[MonthFlow, ...]
    cost: Decimal
    benefit: Decimal
    npv: Decimal
    rates: Rates
    roi: Decimal | None
    payback_month: int | None
    discounted_payback_month: int | None
    lowest: Decimal
    lowest_month: int

    @property
    def net(self) -> Decimal:
        """Benefits less costs, undiscounted."""
        return self.benefit - self.cost

    @property
    def cumulative(self) -> tuple[Decimal, ...]:
        """What has come in less what has gone out, at the end of each month."""
        return cumulative(self.flow)


@lru_cache(maxsize=256)
def discount_factors(rate: Decimal, months: int) -> tuple[Decimal, ...]:
    """What one unit of each month is worth in the first: 1, then divided by (1 + rate) ** (1/12) month by month.

    Raises ValueError for a rate of -1 or less.
    """
    if rate <= -1:
        raise ValueError("a discount rate lies above -1")
    with localcontext(exact()):
        month = (1 + rate) ** (Decimal(-1) / 12)
        return tuple(accumulate(repeat(month, max(months - 1, 0)), mul, initial=Decimal(1)))[:months]


def present_value(net: Sequence[Decimal], rate: Decimal) -> Decimal:
    """The net present value of a monthly flow at `rate` a year; its first month is not discounted."""
    with localcontext(exact()):
        pairs = zip(net, discount_factors(rate, len(net)), strict=True)
        return cents(sum((amount * factor for amount, factor in pairs), ZERO))


def return_on_investment(cost: Decimal, benefit: Decimal) -> Decimal | None:
    """Undiscounted net benefit over cost, as a fraction with eight places; None without costs."""
    if not cost:
        return None
    with localcontext(exact()):
        return ((benefit - cost) / cost).quantize(SHARE)


def payback(running: Sequence[Decimal]) -> int | None:
    """The first month (1-based) from which a cumulative flow stays at or above zero; None where it never does."""
    below = [number for number, amount in enumerate(running, start=1) if amount < 0]
    first = below[-1] + 1 if below else 1
    return first if first <= len(running) else None


def discounted(net: Sequence[Decimal], rate: Decimal) -> tuple[Decimal, ...]:
    """The cumulative flow in money of the first month, not rounded."""
    with localcontext(exact()):
        pairs = zip(net, discount_factors(rate, len(net)), strict=True)
        return tuple(accumulate(amount * factor for amount, factor in pairs))


def figures_of(flow: tuple[MonthFlow, ...], rate: Decimal, scenario: str = Scenario.LIKELY) -> Figures:
    """The figures of a flow that has at least one month."""
    net = [each.net for each in flow]
    running = cumulative(flow)
    cost, benefit = total(each.cost for each in flow), total(each.benefit for each in flow)
    lowest = min(running)
    return Figures(
        scenario=str(scenario),
        flow=flow,
        cost=cost,
        benefit=benefit,
        npv=present_value(net, rate),
        rates=internal_rates(net),
        roi=return_on_investment(cost, benefit),
        payback_month=payback(running),
        discounted_payback_month=payback(discounted(net, rate)),
        lowest=lowest,
        lowest_month=running.index(lowest) + 1,
    )


def figures_by_scenario(content: CaseContent) -> dict[Scenario, Figures]:
    """The figures of a case under its three scenarios."""
    return {each: figures_of(cash_flow(content, each), content.discount_rate, each) for each in Scenario}


def value_at_rates(flow: tuple[MonthFlow, ...], rates: Sequence[Decimal] = PROFILE) -> list[tuple[Decimal, Decimal]]:
    """The net present value at each of several discount rates a year."""
    net = [each.net for each in flow]
    return [(rate, present_value(net, rate)) for rate in rates]
