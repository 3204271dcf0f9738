"""The status report and the catalogue, asked for as PDFs."""

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from common.exceptions import RuleBroken
from common.query import form_nonce, read_query
from jobs.services.request import request_job
from phases.papers_job import CATALOGUE_PAPER, STATUS_REPORT
from phases.selectors.catalogue import project_that_uses
from phases.views.catalogue_frame import find_version
from phases.views.dashboard import day_of
from projects.access import ProjectRequest, SignedInRequest, project_view, signed_in_view
from projects.models import Project


@project_view(post="project.view")
def report_pdf(request: ProjectRequest, project: Project) -> HttpResponse:
    """Ask for the status of today or of a past day; the same form sent twice makes one job."""
    values, _lists = read_query(request.POST, single=("csrfmiddlewaretoken", "nonce", "as_of"))
    asked, problem = day_of(project, values["as_of"])
    if problem:
        raise BadRequest(problem)
    job = request_job(
        acting_user=request.user,
        project=project,
        kind=STATUS_REPORT,
        parameters={"day": asked.isoformat() if asked is not None else None},
        idempotency_key=f"status report {project.pk} {request.user.pk} {form_nonce(values['nonce'])}",
    )
    return redirect("job", job.pk)


@signed_in_view("POST")
def catalogue_pdf(request: SignedInRequest, pack: str, version: str) -> HttpResponse:
    """Ask for a catalogue version. Work belongs to a project: it is kept with one of the person's that uses it."""
    values, _lists = read_query(request.POST, single=("csrfmiddlewaretoken", "nonce"))
    catalogue, _texts = find_version(pack, version)
    project = project_that_uses(catalogue, request.user)
    if project is None:
        raise RuleBroken(_("None of your projects uses this catalogue. Print the page with your browser instead."))
    job = request_job(
        acting_user=request.user,
        project=project,
        kind=CATALOGUE_PAPER,
        parameters={"pack": catalogue.pack, "version": catalogue.version},
        idempotency_key=f"catalogue {catalogue.pk} {request.user.pk} {form_nonce(values['nonce'])}",
    )
    return redirect("job", job.pk)
