"""What a case costs and brings, taken apart: by phase, by category, by kind of benefit, by service, by line."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal, localcontext

from businesscase.domain.content import BenefitItem, CaseContent, CostItem, Scenario
from businesscase.domain.flow import benefits_by_line, costs_by_line, ramp, sum_within
from businesscase.domain.money import ZERO, cents, exact, total


@dataclass(frozen=True, slots=True)
class LineSum:
    """One line, what it comes to within the horizon, and (a benefit) what it brings in a full year."""

    item: CostItem | BenefitItem
    amount: Decimal
    a_year: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class PhaseSum:
    """Cost and benefit of a phase within the horizon. `a_year` is what its benefits bring in a full year."""

    phase: int
    cost: Decimal
    benefit: Decimal
    a_year: Decimal


@dataclass(frozen=True, slots=True)
class ServiceCost:
    """What a service costs: its own lines, and its even share of what is common to all of them."""

    service: str
    own: Decimal
    share: Decimal

    @property
    def cost(self) -> Decimal:
        """Both together."""
        return self.own + self.share


def cost_sums(content: CaseContent, scenario: Scenario = Scenario.LIKELY) -> list[LineSum]:
    """Each cost line with what it comes to within the horizon, in the order of the content."""
    return [LineSum(item, sum_within(flow, content)) for item, flow in costs_by_line(content, scenario)]


def benefit_sums(content: CaseContent, scenario: Scenario = Scenario.LIKELY) -> list[LineSum]:
    """Each benefit in figures with what it brings within the horizon, and in a year once it is whole."""
    return [
        LineSum(item, sum_within(flow, content), _full_year(item)) for item, flow in benefits_by_line(content, scenario)
    ]


def _full_year(item: BenefitItem) -> Decimal:
    if item.estimate is None:
        return ZERO
    with localcontext(exact()):
        return 12 * cents(item.estimate.likely * item.confidence * ramp(item.ramp_months, item.ramp_months))


def by_phase(content: CaseContent, scenario: Scenario = Scenario.LIKELY) -> list[PhaseSum]:
    """Phases 0 to 4, those without money too."""
    costs, benefits = cost_sums(content, scenario), benefit_sums(content, scenario)
    return [
        PhaseSum(
            phase,
            total(each.amount for each in costs if each.item.phase == phase),
            total(each.amount for each in benefits if each.item.phase == phase),
            total(each.a_year for each in benefits if each.item.phase == phase),
        )
        for phase in range(5)
    ]


def by_category(content: CaseContent, scenario: Scenario = Scenario.LIKELY) -> dict[str, Decimal]:
    """What each category costs, largest first."""
    return _grouped(cost_sums(content, scenario), lambda line: getattr(line.item, "category", ""))


def by_kind(content: CaseContent, scenario: Scenario = Scenario.LIKELY) -> dict[str, Decimal]:
    """What each kind of benefit brings, largest first."""
    return _grouped(benefit_sums(content, scenario), lambda line: getattr(line.item, "kind", ""))


def _grouped(lines: Iterable[LineSum], key: Callable[[LineSum], str]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for line in lines:
        sums[key(line)] = sums.get(key(line), ZERO) + line.amount
    return dict(sorted(sums.items(), key=lambda pair: (-pair[1], pair[0])))


def by_service(content: CaseContent, scenario: Scenario = Scenario.LIKELY) -> list[ServiceCost]:
    """What each service of the scope costs within the horizon. Lines that name none are shared evenly, to the cent."""
    names = list(content.services)
    lines = cost_sums(content, scenario)
    names += sorted({line.item.service for line in lines if line.item.service} - set(names))
    if not names:
        return []
    common = total(line.amount for line in lines if not line.item.service)
    with localcontext(exact()):
        running = [cents(common * number / len(names)) for number in range(len(names) + 1)]
    return [
        ServiceCost(
            name,
            total(line.amount for line in lines if line.item.service == name),
            running[place + 1] - running[place],
        )
        for place, name in enumerate(names)
    ]
