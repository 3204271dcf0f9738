"""A case in figures, as plain data: what is kept with a version, and what the export gives."""

from typing import Any

from businesscase.domain.content import CaseContent, Scenario
from businesscase.domain.figures import Figures, figures_by_scenario
from businesscase.domain.months import month_label


def figures_plain(figures: Figures) -> dict[str, Any]:
    """One scenario, with money and fractions as decimal strings."""
    return {
        "cash_flow": [
            {"month": month_label(each.month), "cost": f"{each.cost:.2f}", "benefit": f"{each.benefit:.2f}"}
            for each in figures.flow
        ],
        "cost": f"{figures.cost:.2f}",
        "benefit": f"{figures.benefit:.2f}",
        "npv": f"{figures.npv:.2f}",
        "irr_per_year": None if figures.rates.rate is None else str(figures.rates.rate),
        "irr_reason": figures.rates.reason,
        "irr_roots": [str(each) for each in figures.rates.roots],
        "roi": None if figures.roi is None else str(figures.roi),
        "payback_month": figures.payback_month,
        "discounted_payback_month": figures.discounted_payback_month,
        "lowest": f"{figures.lowest:.2f}",
        "lowest_month": figures.lowest_month,
    }


def case_plain(content: CaseContent) -> dict[str, Any]:
    """All scenarios of a case; the likely one stands at the top."""
    found = figures_by_scenario(content)
    return {
        "currency": content.currency,
        "discount_rate_per_year": str(content.discount_rate),
        **figures_plain(found[Scenario.LIKELY]),
        "scenarios": {str(scenario): figures_plain(each) for scenario, each in found.items()},
    }
