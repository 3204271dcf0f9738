"""A wider scope is a new project that begins at phase 1 again, faster."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from phases.selectors.reuse import verified_until
from phases.selectors.ties import relations_of
from phases.services.wizard import draft_wider_scope
from projects.access import ProjectRequest, project_view
from projects.models import Project, WizardDraft
from projects.permissions import can_start_project


@project_view("project.view", post="project.view")
def widen(request: ProjectRequest, project: Project) -> HttpResponse:
    """Say what a wider scope means and what comes over; a POST begins the wizard with it."""
    if request.method == "POST":
        draft_wider_scope(acting_user=request.user, source=project)
        return redirect("wizard_step", "organization")
    decision = can_start_project(request.user, project.organization)
    draft = WizardDraft.objects.filter(user=request.user).first()
    return render(
        request,
        "phases/widen.html",
        {
            "project": project,
            "may_start": bool(decision),
            "why_not": decision.reason,
            "has_draft": draft is not None and bool(draft.answers.get("steps")),
            "verified": len(verified_until(project)),
            "ties": relations_of(project, request.user),
        },
    )
