"""The committee's one page."""

from django.http import HttpResponse
from django.shortcuts import render

from common.query import read_query
from projects.access import ProjectRequest, project_view
from projects.models import Project


@project_view("governance.view")
def page(request: ProjectRequest, project: Project) -> HttpResponse:
    """Show where the project stands and what the committee is asked for."""
    read_query(request.GET)
    return render(request, "governance/steering.html", {"project": project})
