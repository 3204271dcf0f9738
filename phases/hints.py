"""A quiet line on the overview of a project whose catalogue has a newer version."""

from collections.abc import Mapping
from typing import Any

from phases.selectors.links import order_panel
from phases.selectors.moving import versions_of
from phases.selectors.tailoring_one import tailoring_panel
from projects.models import Project
from projects.permissions import Access
from projects.registries import Panel, register_panel


def newer_versions(project: Project, _access: Access) -> Mapping[str, Any] | None:
    """The steps to newer versions, or None where the plan stands on the newest of both. One query."""
    steps = [step for step in versions_of(project) if step.is_newer]
    return {"steps": steps, "slug": project.slug} if steps else None


def register() -> None:
    """Put the line on the overview, and tailoring on the page of an activity."""
    register_panel("activity", "order", Panel("phases/_order_panel.html", order_panel, "phases.view"), order=5)
    register_panel(
        "activity", "tailoring", Panel("phases/_tailoring_panel.html", tailoring_panel, "phases.view"), order=10
    )
    register_panel(
        "dashboard",
        "newer catalogue",
        Panel("phases/dashboard/_newer.html", newer_versions, "project.view"),
        order=95,
    )
