"""The risk register as rows of a file."""

from collections.abc import Iterable, Iterator
from typing import Any

from businesscase.selectors.risks import Line

RISK_COLUMNS = (
    "ref",
    "title",
    "state",
    "level",
    "trend",
    "kind",
    "cause",
    "event",
    "effect",
    "probability",
    "impact",
    "response",
    "what_is_done",
    "what_it_costs",
    "in_costs",
    "probability_then",
    "impact_then",
    "level_then",
    "owner",
    "next_look",
    "days_overdue",
    "needs",
    "outcome",
    "challenge",
    "reported_on",
)


def risk_lines(lines: Iterable[Line]) -> Iterator[tuple[Any, ...]]:
    """One row for each of `lines` under RISK_COLUMNS: words where the pages have words, dates as YYYY-MM-DD."""
    for line in lines:
        risk = line.risk
        yield (
            risk.ref,
            risk.title,
            risk.state,
            str(line.level),
            str(line.trend) if line.is_open else "",
            risk.category,
            risk.cause,
            risk.event,
            risk.effect,
            risk.get_probability_display(),
            risk.get_impact_display(),
            risk.response,
            risk.response_text,
            risk.response_cost,
            "yes" if line.in_costs else "no",
            risk.get_residual_probability_display() if risk.residual_probability else "",
            risk.get_residual_impact_display() if risk.residual_impact else "",
            str(line.left or ""),
            risk.owner.name if risk.owner else "",
            risk.review_on.isoformat() if risk.review_on else "",
            line.days_late,
            ", ".join(line.whys),
            risk.outcome,
            risk.challenge,
            risk.reported_at.date().isoformat(),
        )
