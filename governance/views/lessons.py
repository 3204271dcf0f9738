"""Lessons learnt."""

from django.http import HttpResponse
from django.shortcuts import render

from common.query import read_query
from governance.models import Lesson
from projects.access import ProjectRequest, project_view
from projects.models import Project


@project_view("lessons.view")
def listing(request: ProjectRequest, project: Project) -> HttpResponse:
    """List what was learnt."""
    read_query(request.GET)
    return render(
        request, "governance/lessons.html", {"project": project, "lessons": Lesson.objects.filter(project=project)}
    )
