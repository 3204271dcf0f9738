"""The board paper: as a page to read and print, and asked for as a PDF."""

from uuid import uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from businesscase.board_paper import template_of
from businesscase.choices import CaseKind
from businesscase.models import CaseVersion
from businesscase.paper import paper_of
from businesscase.paper_context import paper_context
from businesscase.paper_job import BOARD_PAPER
from businesscase.selectors import version_of
from common.query import form_nonce, read_query, whole_number
from jobs.services.request import request_job
from projects.access import ProjectRequest, project_view
from projects.models import Project


@project_view("case.view")
def printed(request: ProjectRequest, project: Project, kind: str) -> HttpResponse:
    """The draft, or the version that `version` names, as the PDF will show it."""
    values, _lists = read_query(request.GET, single=("version",))
    version = _version(project, kind, values["version"])
    paper = paper_of(project, kind, version)
    small = kind == CaseKind.GAP
    points = "small_case" if small else "case_points"
    if paper is None:
        return redirect(points, project.slug)
    back = reverse("small_case" if small else "case", args=[project.slug])
    if version is not None:
        back = reverse("small_version" if small else "case_version", args=[project.slug, version.number])
    context = {
        **paper_context(paper),
        "on_screen": True,
        "back": back,
        "pdf_url": reverse("small_pdf" if small else "case_pdf", args=[project.slug]),
        "nonce": uuid4(),
    }
    return render(request, template_of(paper), context)


@project_view(post="case.view")
def make_pdf(request: ProjectRequest, project: Project, kind: str) -> HttpResponse:
    """Ask for the PDF of the draft or of a version; the same form sent twice makes one job."""
    values, _lists = read_query(request.POST, single=("csrfmiddlewaretoken", "nonce", "version"))
    nonce = form_nonce(values["nonce"])
    version = _version(project, kind, values["version"])
    job = request_job(
        acting_user=request.user,
        project=project,
        kind=BOARD_PAPER,
        parameters={"case": str(kind), "version": version.number if version is not None else None},
        idempotency_key=f"board paper {project.pk} {request.user.pk} {nonce}",
    )
    return redirect("job", job.pk)


def _version(project: Project, kind: str, number: str) -> CaseVersion | None:
    """The version that is asked for; None for the draft. Raises Http404 where there is none."""
    wanted = whole_number("version", number)
    if wanted is None:
        return None
    found = version_of(project, kind, wanted)
    if found is None:
        raise Http404("no such version")
    return found
