"""The assessments of a project: the list, and starting another one."""

from django.http import HttpResponse
from django.shortcuts import render

from common.query import read_query
from gapanalysis.selectors import assessments_of
from gapanalysis.selectors.progress import Progress, progress_by_assessment
from projects.access import ProjectRequest, project_view
from projects.models import Project


@project_view("gap.view")
def assessments(request: ProjectRequest, project: Project) -> HttpResponse:
    """All assessments, the newest first, each with how far it is."""
    read_query(request.GET)
    found = list(assessments_of(project))
    progress = progress_by_assessment(found)
    lines = [(each, progress.get(each.pk, Progress())) for each in reversed(found)]
    return render(request, "gapanalysis/assessments.html", {"project": project, "lines": lines})
