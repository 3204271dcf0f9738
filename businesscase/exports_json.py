"""A case in figures as JSON, for other programs."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from businesscase.domain.months import month_label
from businesscase.exports_shown import Shown

TEXTS = ("cost", "benefit", "lowest")
WHOLE = ("payback_month", "discounted_payback_month", "lowest_month")


def case_json(shown: Shown) -> str:
    """The case as JSON: what was exported, the likely figures at the top, and those of each scenario.

    Amounts of months and sums are decimal strings with two places; `npv` and rates are numbers, rates as fractions a
    year. `irr_per_year` is null where there is not exactly one rate: then `irr_reason` says why, and `irr_roots` are
    all that there are. Months of payback count from 1 and are null where there is none.
    """
    content, figures = shown.content, shown.figures
    plain = {
        "project": shown.slug,
        "case": content.kind,
        "version": shown.number,
        "state": shown.state,
        "sha256": shown.sha256,
        "currency": content.currency,
        "first_month": month_label(content.first_month),
        "months": content.months,
        "discount_rate_per_year": _number(figures["discount_rate_per_year"]),
        **_figures(figures),
        "scenarios": {name: _figures(each) for name, each in figures["scenarios"].items()},
    }
    return json.dumps(plain, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def _figures(figures: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "cash_flow": figures["cash_flow"],
        **{name: figures[name] for name in TEXTS},
        "npv": _number(figures["npv"]),
        "irr_per_year": _number(figures["irr_per_year"]),
        "irr_reason": figures["irr_reason"] or None,
        "irr_roots": [_number(each) for each in figures["irr_roots"]],
        "roi": _number(figures["roi"]),
        **{name: figures[name] for name in WHOLE},
    }


def _number(text: str | None) -> float | None:
    """A decimal string as JSON has numbers; text keeps cents that a number of this size may lose."""
    return None if text is None else float(Decimal(text))
