"""Improvements and risks to the SMS as rows of a file."""

from collections.abc import Iterable, Iterator
from typing import Any

from audits.selectors.improvements import ImprovementLine
from audits.selectors.sms_risks import SmsRiskLine
from common import clock

IMPROVEMENT_COLUMNS = (
    "ref",
    "title",
    "state",
    "priority",
    "source",
    "from",
    "component",
    "benefit",
    "what_is_to_be_done",
    "owner",
    "due",
    "days_late",
    "measure",
    "unit",
    "before",
    "target",
    "after",
    "measured_on",
    "target_reached",
    "effect",
    "words",
)


def improvement_lines(lines: Iterable[ImprovementLine]) -> Iterator[list[Any]]:
    """One row for each of `lines` under IMPROVEMENT_COLUMNS."""
    for line in lines:
        row = line.row
        origin = row.finding or row.lesson or row.review
        reached = line.effect.reached
        yield [
            row.ref,
            row.title,
            row.state,
            row.get_priority_display(),
            row.source,
            origin.ref if origin is not None else "",
            row.component,
            row.benefit,
            row.description,
            row.owner.name if row.owner is not None else "",
            row.due,
            line.days_late,
            row.measure,
            row.unit,
            row.before,
            row.target,
            row.after,
            row.measured_on,
            "" if reached is None else "yes" if reached else "no",
            row.effect,
            row.state_reason,
        ]


SMS_RISK_COLUMNS = (
    "ref",
    "kind",
    "title",
    "clause",
    "service",
    "cause",
    "effect",
    "probability",
    "impact",
    "level",
    "trend",
    "treatment",
    "what_is_done",
    "residual_probability",
    "residual_impact",
    "residual_level",
    "accepted_by",
    "accepted_on",
    "owner",
    "next_look",
    "state",
    "outcome",
)


def sms_risk_lines(lines: Iterable[SmsRiskLine]) -> Iterator[list[Any]]:
    """One row for each of `lines` under SMS_RISK_COLUMNS."""
    for line in lines:
        row = line.row
        yield [
            row.ref,
            row.kind,
            row.title,
            row.clause,
            row.service,
            row.cause,
            row.effect,
            row.probability,
            row.impact,
            line.level.value,
            line.trend.value,
            row.treatment,
            row.treatment_words,
            row.residual_probability,
            row.residual_impact,
            line.left.value if line.left is not None else "",
            str(row.accepted_by or ""),
            clock.day_of(row.accepted_at, row.project.time_zone) if row.accepted_at is not None else None,
            row.owner.name if row.owner is not None else "",
            row.review_on,
            row.state,
            row.outcome,
        ]
