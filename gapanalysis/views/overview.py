"""One assessment: where it stands, who answers what, and its next step."""

from django.http import Http404, HttpResponse
from django.shortcuts import render

from common.query import read_query
from gapanalysis.models import Assessment
from gapanalysis.selectors import assessment_of
from gapanalysis.selectors.progress import Progress, progress_by_section
from projects.access import ProjectRequest, project_view
from projects.models import Project


def found_assessment(project: Project, key: str) -> Assessment:
    """The assessment of `project` that `key` names; raises Http404 where there is none."""
    assessment = assessment_of(project, key)
    if assessment is None:
        raise Http404
    return assessment


@project_view("gap.view")
def overview(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """Its sections with what is answered."""
    read_query(request.GET)
    assessment = found_assessment(project, key)
    sections = progress_by_section(assessment)
    whole = sum((line.progress for line in sections), Progress())
    context = {"project": project, "assessment": assessment, "sections": sections, "whole": whole}
    return render(request, "gapanalysis/assessment.html", context)
