"""What other pages show of evidence: the page of an activity, a row of My work, the overview of a project."""

from collections.abc import Mapping
from typing import Any

from evidence.selectors.panels import proof_of, wrong_in
from evidence.selectors.records import strip_of_activity
from evidence.selectors.search import EVIDENCE
from phases.models import PhaseActivity, ProjectActivity
from phases.registries import register_search_part
from projects.models import Project
from projects.permissions import Access
from projects.registries import Panel, register_panel


def activity_proof(project: Project, access: Access, *, activity: ProjectActivity) -> Mapping[str, Any]:
    """What proves an activity, and the way to add to it. One query."""
    return {
        "project": project,
        "ref": activity.ref,
        "proof": proof_of(project, access, activity),
        "may_add": bool(access.can("evidence.add")),
    }


def row_proof(project: Project, access: Access, *, row: PhaseActivity) -> Mapping[str, Any]:
    """The same for a row of My work. One query."""
    return activity_proof(project, access, activity=row.activity)


def activity_records(project: Project, access: Access, *, activity: ProjectActivity) -> Mapping[str, Any] | None:
    """The months of an activity that operates; None for another. Two queries at most, none for what cannot operate."""
    strip = strip_of_activity(project, access, activity)
    if strip is None:
        return None
    return {"project": project, "ref": activity.ref, "strip": strip, "may_add": bool(access.can("evidence.add"))}


def standing(project: Project, access: Access) -> Mapping[str, Any] | None:
    """What is wrong with the proof of a project; None before there is any. Two queries."""
    wrong = wrong_in(project, access)
    if not wrong.current:
        return None
    return {"project": project, "wrong": wrong}


def register() -> None:
    """Put the panels where they belong, and evidence into the search."""
    register_search_part("evidence", EVIDENCE, order=20)
    register_panel(
        "activity", "evidence", Panel("evidence/_proof_panel.html", activity_proof, "evidence.view"), order=10
    )
    register_panel(
        "activity", "records", Panel("evidence/_records_panel.html", activity_records, "evidence.view"), order=11
    )
    register_panel("my work", "evidence", Panel("evidence/_proof_panel.html", row_proof, "evidence.view"), order=10)
    register_panel("work card", "evidence", Panel("evidence/_card_attach.html", lambda *_: {}, "evidence.add"))
    register_panel(
        "dashboard", "evidence", Panel("evidence/_dashboard_panel.html", standing, "evidence.view"), order=65
    )
