"""What a version came to when it was submitted, read back from the figures that are kept with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from businesscase.domain.content import Scenario


@dataclass(frozen=True, slots=True)
class Summary:
    """One scenario in figures. `irr` is None where there is no single rate, and `irr_reason` is the code that says why.

    Payback months count from 1 and are None where the money never stays back.
    """

    scenario: str
    cost: Decimal
    benefit: Decimal
    npv: Decimal
    irr: Decimal | None
    irr_reason: str
    roi: Decimal | None
    payback_month: int | None
    discounted_payback_month: int | None
    lowest: Decimal
    lowest_month: int


def summary_of(plain: Mapping[str, Any], scenario: Scenario = Scenario.LIKELY) -> Summary:
    """One scenario of what `export.case_plain` gave."""
    values = plain["scenarios"][scenario.value]
    return Summary(
        scenario=scenario.value,
        cost=Decimal(values["cost"]),
        benefit=Decimal(values["benefit"]),
        npv=Decimal(values["npv"]),
        irr=_fraction(values["irr_per_year"]),
        irr_reason=values["irr_reason"] or "",
        roi=_fraction(values["roi"]),
        payback_month=values["payback_month"],
        discounted_payback_month=values["discounted_payback_month"],
        lowest=Decimal(values["lowest"]),
        lowest_month=values["lowest_month"],
    )


def summaries_of(plain: Mapping[str, Any]) -> tuple[Summary, Summary, Summary]:
    """The three scenarios, the cautious one first."""
    return (
        summary_of(plain, Scenario.LOW),
        summary_of(plain, Scenario.LIKELY),
        summary_of(plain, Scenario.HIGH),
    )


def _fraction(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)
