"""Improvements and risks to the SMS as rows of a file."""

from collections.abc import Iterable, Iterator
from typing import Any

from audits.selectors.improvements import ImprovementLine

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
