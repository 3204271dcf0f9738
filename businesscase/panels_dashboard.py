"""The case on the overview of its project: whether it still pays, and where phases leave their money."""

from collections.abc import Mapping
from typing import Any

from businesscase.charts import unit_for
from businesscase.panels_overview import phase_table, tiles
from businesscase.selectors.standing import Reading, standing_of
from businesscase.standing_words import health_words
from projects.models import Project
from projects.permissions import Access
from projects.registries import Panel, register_panel


def standing(project: Project, _access: Access) -> Mapping[str, Any] | None:
    """How the case stands; None where it was not begun or counts nothing yet. Two queries."""
    found = standing_of(project, Reading.AMOUNTS)
    if found is None or not (found.now.cost or found.now.benefit):
        return None
    unit = unit_for(found.now, found.content.currency)
    return {
        "project": project,
        "standing": found,
        "health": health_words(found),
        "tiles": tiles(found),
        "unit": unit,
        "phases": phase_table(found, unit),
    }


def register() -> None:
    """Put the panel where it belongs."""
    register_panel(
        "dashboard", "business-case", Panel("businesscase/_dashboard_panel.html", standing, "case.view"), order=54
    )
