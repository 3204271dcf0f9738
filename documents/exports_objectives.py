"""Objectives as rows of a file: one for each month that was measured, one for an objective without any."""

from collections.abc import Iterable, Iterator
from typing import Any

from documents.selectors.objectives import ObjectiveRow

COLUMNS = (
    "key",
    "objective",
    "measure",
    "reached_with",
    "baseline",
    "target",
    "unit",
    "until",
    "owner",
    "policy",
    "clauses",
    "activities",
    "state",
    "why",
    "standing",
    "month",
    "value",
    "note",
)


def objective_lines(rows: Iterable[ObjectiveRow]) -> Iterator[list[Any]]:
    """The lines under COLUMNS, by key and month."""
    for row in sorted(rows, key=lambda each: each.objective.key):
        said = row.objective
        head = [
            said.key,
            said.title,
            said.measure,
            said.get_direction_display(),
            said.baseline,
            said.target,
            said.unit,
            said.target_on,
            str(said.owner or ""),
            said.policy,
            " ".join(said.clauses),
            " ".join(said.refs),
            said.state,
            said.state_reason,
            row.standing.value,
        ]
        for value in row.values:
            yield [*head, f"{value.month:%Y-%m}", value.value, value.note]
        if not row.values:
            yield [*head, "", "", ""]
