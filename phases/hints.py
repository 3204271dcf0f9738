"""Quiet lines on the overview of a project: a newer version of its catalogue, projects that it is tied to."""

from collections.abc import Mapping
from typing import Any

from accounts.models import User
from phases.selectors.links import order_panel
from phases.selectors.moving import versions_of
from phases.selectors.tailoring_one import tailoring_panel
from phases.selectors.ties import relations_of
from projects.models import Project
from projects.permissions import Access
from projects.registries import Panel, register_panel


def newer_versions(project: Project, _access: Access) -> Mapping[str, Any] | None:
    """The steps to newer versions, or None where the plan stands on the newest of both. One query."""
    steps = [step for step in versions_of(project) if step.is_newer]
    return {"steps": steps, "slug": project.slug} if steps else None


def ties(project: Project, access: Access) -> Mapping[str, Any] | None:
    """The projects that this one was made from, or that were made from it; None without any. Two queries at most."""
    # What a person sees hangs on who they are alone, so that their key is enough.
    found = relations_of(project, User(pk=access.user_id)) if access.user_id is not None else []
    return {"ties": found} if found else None


def register() -> None:
    """Put the lines on the overview, and tailoring on the page of an activity."""
    register_panel("activity", "order", Panel("phases/_order_panel.html", order_panel, "phases.view"), order=5)
    register_panel(
        "activity", "tailoring", Panel("phases/_tailoring_panel.html", tailoring_panel, "phases.view"), order=10
    )
    register_panel("dashboard", "ties", Panel("phases/dashboard/_ties.html", ties, "project.view"), order=90)
    register_panel(
        "dashboard",
        "newer catalogue",
        Panel("phases/dashboard/_newer.html", newer_versions, "project.view"),
        order=95,
    )
