"""The plan over time: packages, gates, what waits for what."""

from django.http import HttpResponse
from django.shortcuts import render

from phases.views.plan_tabs import TIMELINE, plan_tabs
from projects.access import ProjectRequest, project_view
from projects.models import Project


@project_view("phases.view")
def plan(request: ProjectRequest, project: Project) -> HttpResponse:
    """The timeline of the packages."""
    return render(request, "phases/plan/timeline.html", {"project": project, "tabs": plan_tabs(project, TIMELINE)})
