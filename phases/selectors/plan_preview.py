"""What the trail still knows of a plan that went out as a file."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from common.marked_rows import RowChange
from phases.domain.plan_file import PLAN
from phases.exports_plan import plain
from phases.selectors.file_preview import values_in_trail
from projects.models import Project

_CHANGE_KEYS = {
    "status": "status",
    "responsible_party": "responsible party",
    "due": "due",
    "operating_since": "operating since",
    "note": "note",
}


def exported_values(project: Project, changes: list[RowChange]) -> dict[int, dict[str, str]]:
    """What the cells in conflict held when the file was written, as far as the trail still knows. One query."""
    return values_in_trail(
        project,
        PLAN,
        changes,
        kind="phase activity",
        key_of=lambda change: "{}@{}".format(*change.row.name),
        values_of=_values,
    )


def _values(content: Mapping[str, Any], column: str) -> list[str]:
    if column == "reason":
        return [plain(content.get("reason") or "")]
    pair = content.get("changes", {}).get(_CHANGE_KEYS[column])
    if not isinstance(pair, list):
        return []
    return [plain(str(value)) for value in pair if isinstance(value, str | date)]
