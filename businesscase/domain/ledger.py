"""What a figure is made of: everything that was spent, is to come, was confirmed or is expected, one flow each.

The flows add up to `outlook.expected_flow`, month by month, to the cent.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import StrEnum

from businesscase.domain.content import BenefitItem, CaseContent, CostItem, Scenario
from businesscase.domain.figures import discount_factors
from businesscase.domain.flow import Flow, benefits_by_line, costs_by_line
from businesscase.domain.money import ZERO, add_to, cents, exact, total
from businesscase.domain.months import Month
from businesscase.domain.outlook import PHASES, Actuals, cost_ahead, costs_by_phase


class Source(StrEnum):
    """Where an entry comes from: a line of the case, what was booked or confirmed, or what somebody said is to come."""

    LINE = "line"
    HAPPENED = "happened"
    SAID = "said"


@dataclass(frozen=True)
class Entry:
    """One part of the expected flow. `item` is its line; None for what was booked or said of a whole phase.

    Costs and benefits are both zero or more.
    """

    source: Source
    is_cost: bool
    phase: int
    item: CostItem | BenefitItem | None
    flow: Flow

    @property
    def amount(self) -> Decimal:
        """What it comes to within the horizon."""
        return total(self.flow.values())


def entries(
    content: CaseContent,
    actuals: Actuals,
    *,
    remaining: Mapping[int, Decimal],
    closed: frozenset[int] = frozenset(),
    scenario: Scenario = Scenario.LIKELY,
) -> list[Entry]:
    """Every part of the expected flow that is not empty: costs first, in the order of phases and of the content."""
    if actuals.until is None:
        found = [
            *(Entry(Source.LINE, True, item.phase, item, flow) for item, flow in costs_by_line(content, scenario)),
            *(Entry(Source.LINE, False, item.phase, item, flow) for item, flow in benefits_by_line(content, scenario)),
        ]
        return _kept(_within(content, found))
    until = min(actuals.until, content.last_month)
    return _kept(
        [
            *_booked(content, actuals),
            *_ahead(content, until, remaining, closed, scenario),
            *_benefits(content, actuals, until, scenario),
        ]
    )


def _within(content: CaseContent, found: list[Entry]) -> Iterator[Entry]:
    for each in found:
        flow = {at: amount for at, amount in each.flow.items() if content.first_month <= at <= content.last_month}
        yield Entry(each.source, each.is_cost, each.phase, each.item, flow)


def _kept(found: Iterator[Entry] | list[Entry]) -> list[Entry]:
    return [each for each in found if any(each.flow.values())]


def _booked(content: CaseContent, actuals: Actuals) -> Iterator[Entry]:
    for phase in PHASES:
        flow: Flow = {}
        for (of, month), amount in actuals.costs.items():
            if of == phase:
                add_to(flow, {min(max(month, content.first_month), content.last_month): amount})
        yield Entry(Source.HAPPENED, True, phase, None, flow)


def _ahead(
    content: CaseContent, until: Month, remaining: Mapping[int, Decimal], closed: frozenset[int], scenario: Scenario
) -> Iterator[Entry]:
    likely = costs_by_phase(content)
    by_phase = costs_by_phase(content, scenario, closed=closed)
    for phase in PHASES:
        if phase in remaining and phase not in closed:
            flow = cost_ahead(content, by_phase, likely, phase=phase, until=until, said=remaining[phase])
            yield Entry(Source.SAID, True, phase, None, flow)
            continue
        for item, whole in costs_by_line(content, scenario):
            if item.phase == phase and not (phase in closed and item.rhythm == "once"):
                flow = {month: amount for month, amount in whole.items() if until < month <= content.last_month}
                yield Entry(Source.LINE, True, phase, item, flow)


def _benefits(content: CaseContent, actuals: Actuals, until: Month, scenario: Scenario) -> Iterator[Entry]:
    items = {item.ref: item for item in content.benefits}
    by_ref: dict[str, Flow] = {}
    for (ref, month), amount in actuals.benefits.items():
        if content.first_month <= month <= until:
            add_to(by_ref.setdefault(ref, {}), {month: amount})
    for ref, flow in by_ref.items():
        item = items.get(ref)
        yield Entry(Source.HAPPENED, False, item.phase if item is not None else 0, item, flow)
    for item, whole in benefits_by_line(content, scenario):
        flow = {month: amount for month, amount in whole.items() if until < month <= content.last_month}
        yield Entry(Source.LINE, False, item.phase, item, flow)


def present_values(content: CaseContent, found: list[Entry]) -> list[Decimal]:
    """What each entry is worth in money of the first month, costs below zero, in cents."""
    factors = dict(
        zip(
            range(content.first_month, content.last_month + 1),
            discount_factors(content.discount_rate, content.months),
            strict=True,
        )
    )
    with localcontext(exact()):
        worth = [sum((amount * factors[month] for month, amount in each.flow.items()), ZERO) for each in found]
    return [cents(-value if each.is_cost else value) for each, value in zip(found, worth, strict=True)]
