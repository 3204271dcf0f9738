"""The rows of a phase as they stand when it closes, kept for good."""

from typing import Any

from phases.domain.replay import as_record
from phases.exports_plan import COLUMNS, PHASE, plan_rows
from phases.selectors.as_of import live_rows
from projects.models import Project


def frozen_content(project: Project, number: int) -> dict[str, Any]:
    """What phase `number` is: its rows as figures need them, and as an export shows them. Two queries."""
    return {
        "columns": list(COLUMNS),
        "export": [list(row) for row in plan_rows(project, with_initiation=True, current=True) if row[PHASE] == number],
        "rows": [as_record(row) for row in live_rows([project.pk]).get(project.pk, ()) if row.phase == number],
    }
