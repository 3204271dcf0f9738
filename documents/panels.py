"""What other pages show of documents."""

from collections.abc import Mapping
from typing import Any

from documents.selectors.register import standing_of
from documents.selectors.search import DOCUMENTS
from phases.registries import register_search_part
from projects.models import Project
from projects.permissions import Access
from projects.registries import Panel, register_panel


def standing(project: Project, access: Access) -> Mapping[str, Any] | None:
    """How the documents stand; None before the first is begun. Two queries."""
    counts = standing_of(project, access)
    return {"project": project, "counts": counts} if counts is not None else None


def register() -> None:
    """Put the panel where it belongs."""
    register_panel(
        "dashboard", "documents", Panel("documents/_dashboard_panel.html", standing, "documents.view"), order=66
    )
    register_search_part("documents", DOCUMENTS, order=25)
