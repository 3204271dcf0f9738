"""Search inside one project."""

from django.http import HttpResponse
from django.shortcuts import render

from common.query import read_query
from phases.selectors.search import MOST, SHORTEST, search_project
from projects.access import ProjectRequest, project_view
from projects.models import Project


@project_view("project.view")
def search(request: ProjectRequest, project: Project) -> HttpResponse:
    """Activities, notes, comments, people, groups, and what higher apps have, that hold the words asked for."""
    values, _lists = read_query(request.GET, single=("q",))
    text = values["q"]
    results = search_project(
        project,
        text,
        with_comments=bool(request.access.can("comments.view")),
        with_parties=bool(request.access.can("team.view")),
        access=request.access,
    )
    context = {
        "project": project,
        "text": text,
        "results": results,
        "is_short": bool(text) and len("".join(text.split())) < SHORTEST,
        "most": MOST,
        "time_zone": project.time_zone,
    }
    return render(request, "phases/search.html", context)
