"""The points of a case: the index with what each lacks, and beginning a case."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from businesscase import guide
from businesscase.choices import CaseKind
from businesscase.selectors.point_data import benefits_of, costs_of
from businesscase.services.cases import start_case
from businesscase.views.case_pages import case_page, case_url, points_of, title_of
from common.query import read_query
from projects.access import ProjectRequest, project_view
from projects.models import Project


@project_view("case.view")
def points(request: ProjectRequest, project: Project, kind: str) -> HttpResponse:
    """The points of the draft, each with whether it is complete and what is missing."""
    read_query(request.GET)
    page = case_page(request, project, kind)
    if page is None:
        context = {
            "project": project,
            "title": title_of(kind),
            "small": kind == CaseKind.GAP,
            "why": guide.small_case().why,
            "points": points_of(kind).values(),
            "start_url": case_url(project, kind, "start"),
            "may_edit": bool(request.access.can("case.edit")),
        }
        return render(request, "businesscase/begin.html", context)
    figures = None if page.is_small else benefits_of(page.case, page.outline)[1]
    costs = costs_of(page.case, page.outline) if page.is_small else None
    context = {"project": project, "page": page, "figures": figures, "costs": costs}
    return render(request, "businesscase/points.html", context)


@project_view(post="case.edit")
def start(request: ProjectRequest, project: Project, kind: str) -> HttpResponse:
    """Begin a case; one that was begun stays as it is."""
    start_case(acting_user=request.user, project=project, kind=kind)
    messages.success(request, _("The case is begun. It is a draft until you submit it."))
    return redirect(case_url(project, kind, "points"))
