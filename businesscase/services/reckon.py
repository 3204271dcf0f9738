"""What a line would come to, before it is saved."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from businesscase.domain.content import Scenario
from businesscase.domain.flow import Flow, benefit_flow, benefit_point, cost_flow, cost_point
from businesscase.domain.money import ZERO, total
from businesscase.domain.months import month_of
from businesscase.models import BenefitLine, BusinessCase, CostLine
from businesscase.selectors.content import benefit_item, cost_item
from businesscase.services import checks


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What a line comes to within the horizon: by scenario, and the expected amount by calendar year."""

    sums: Mapping[str, Decimal]
    years: tuple[tuple[int, Decimal], ...]


def reckon_cost(*, case: BusinessCase, values: Mapping[str, Any]) -> Reckoned:
    """What a cost line with `values` would take. Nothing is written. Raises RuleBroken, as `add_row` would."""
    item = cost_item(CostLine(project=case.project, case=case, ref="", **checks.cost_line(case, values)))
    end = month_of(case.first_month) + case.months - 1
    return _reckoned({each: cost_flow(item, cost_point(item.estimate, each), end) for each in Scenario}, end)


def reckon_benefit(*, case: BusinessCase, values: Mapping[str, Any]) -> Reckoned:
    """What a benefit with `values` would bring; nothing where it is in words. Raises RuleBroken, as `add_row` would."""
    item = benefit_item(BenefitLine(project=case.project, case=case, ref="", **checks.benefit_line(case, values)))
    end = month_of(case.first_month) + case.months - 1
    if item.estimate is None:
        return Reckoned(dict.fromkeys((each.value for each in Scenario), ZERO), ())
    return _reckoned({each: benefit_flow(item, benefit_point(item.estimate, each), end) for each in Scenario}, end)


def _reckoned(flows: Mapping[Scenario, Flow], end: int) -> Reckoned:
    within = {each: {month: amount for month, amount in flow.items() if month <= end} for each, flow in flows.items()}
    likely = within[Scenario.LIKELY]
    return Reckoned(
        sums={each.value: total(flow.values()) for each, flow in within.items()},
        years=tuple(
            (year, total(amount for month, amount in likely.items() if month // 12 == year))
            for year in sorted({month // 12 for month in likely})
        ),
    )
