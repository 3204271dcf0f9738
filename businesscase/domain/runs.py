"""What ten thousand runs draw from: what is open of each line, and what no longer varies.

The net flow of a run is `fixed` plus, for each line, its drawn estimate times its `unit` flow. With every line at its
likely estimate that is the expected flow, to the cent.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Any

from businesscase.domain.content import CaseContent, Estimate, Scenario, to_plain
from businesscase.domain.figures import discount_factors
from businesscase.domain.flow import Flow, benefit_flow, benefits_by_line, cost_flow
from businesscase.domain.money import cents, exact
from businesscase.domain.outlook import Actuals
from businesscase.domain.tornado import Ahead

# Unit flows are taken from a large amount, so that rounding to cents does not show in them.
LARGE = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class RunLine:
    """A line that varies: its estimate, and what one unit of it does to the net flow of each month."""

    ref: str
    estimate: Estimate
    unit: tuple[Decimal, ...]


@dataclass(frozen=True)
class RunInput:
    """A case as it is simulated. `factors` discount each month."""

    fixed: tuple[Decimal, ...]
    factors: tuple[Decimal, ...]
    lines: tuple[RunLine, ...]

    def mean(self) -> Decimal:
        """The exact mean of the net present value: that of a triangular estimate is the mean of its three points."""
        with localcontext(exact()):
            net = list(self.fixed)
            for line in self.lines:
                middle = (line.estimate.low + line.estimate.likely + line.estimate.high) / 3
                net = [amount + middle * unit for amount, unit in zip(net, line.unit, strict=True)]
            return cents(sum((amount * factor for amount, factor in zip(net, self.factors, strict=True)), Decimal(0)))


def run_input(content: CaseContent, ahead: Ahead) -> RunInput:
    """What is simulated of `content`: the lines as far as they are open, and vary."""
    lines = tuple(line for line in _lines(content, ahead) if line.estimate.low != line.estimate.high and any(line.unit))
    with localcontext(exact()):
        fixed = [each.net for each in ahead.flow]
        for line in lines:
            fixed = [amount - line.estimate.likely * unit for amount, unit in zip(fixed, line.unit, strict=True)]
    return RunInput(tuple(fixed), discount_factors(content.discount_rate, content.months), lines)


def _lines(content: CaseContent, ahead: Ahead) -> Iterator[RunLine]:
    for item in content.costs:
        flow = ahead.of_cost(item, cost_flow(item, LARGE, content.last_month))
        yield RunLine(item.ref, item.estimate, _unit(content, flow, -LARGE))
    for benefit, _flow in benefits_by_line(content, Scenario.LIKELY):
        if benefit.estimate is not None:
            flow = ahead.of_benefit(benefit_flow(benefit, LARGE, content.last_month))
            yield RunLine(benefit.ref, benefit.estimate, _unit(content, flow, LARGE))


def _unit(content: CaseContent, flow: Flow, divisor: Decimal) -> tuple[Decimal, ...]:
    with localcontext(exact()):
        return tuple(
            flow.get(month, Decimal(0)) / divisor for month in range(content.first_month, content.last_month + 1)
        )


def estimates_plain(
    content: CaseContent, actuals: Actuals, remaining: Mapping[int, Decimal], closed: frozenset[int]
) -> dict[str, Any]:
    """All that a simulation depends on, as plain data: other texts, names or risks do not make it out of date."""
    return {
        "first_month": content.first_month,
        "months": content.months,
        "discount_rate": str(content.discount_rate.normalize()),
        "costs": [
            to_plain(
                [each.ref, each.phase, each.rhythm, each.first_month, each.last_month, each.estimate, each.day_rate]
            )
            for each in content.costs
        ],
        "benefits": [
            to_plain([each.ref, each.estimate, each.from_month, each.ramp_months, each.until_month, each.confidence])
            for each in content.benefits
            if each.form == "figures"
        ],
        "until": actuals.until,
        "spent": sorted([phase, month, str(amount)] for (phase, month), amount in actuals.costs.items()),
        "confirmed": sorted([ref, month, str(amount)] for (ref, month), amount in actuals.benefits.items()),
        "remaining": {str(phase): str(amount) for phase, amount in sorted(remaining.items())},
        "closed": sorted(closed),
    }
