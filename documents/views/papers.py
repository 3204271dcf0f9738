"""Asking for PDFs: of one version, of all documents in force."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from common.query import choice, form_nonce, read_query
from documents.jobs import ALL_PAPERS, VERSION_PDF
from documents.pdf import VARIANTS
from documents.selectors import document_of, version_of
from jobs.services.request import request_job
from projects.access import ProjectRequest, project_view
from projects.models import Project


@project_view(post="documents.view")
def version_pdf(request: ProjectRequest, project: Project, key: str, major: int, minor: int) -> HttpResponse:
    """Ask for the PDF of a version; the same form sent twice makes one job."""
    values, _lists = read_query(request.POST, single=("csrfmiddlewaretoken", "nonce", "variant"))
    document = document_of(project, request.access, key)
    if document is None or version_of(document, major, minor) is None:
        raise Http404("no such version")
    job = request_job(
        acting_user=request.user,
        project=project,
        kind=VERSION_PDF,
        parameters={
            "key": key,
            "version": f"{major}.{minor}",
            "variant": choice("variant", values["variant"], VARIANTS) or VARIANTS[0],
        },
        idempotency_key=f"document pdf {project.pk} {request.user.pk} {form_nonce(values['nonce'])}",
    )
    return redirect("job", job.pk)


@project_view(post="documents.view")
def all_papers(request: ProjectRequest, project: Project) -> HttpResponse:
    """Ask for all documents in force."""
    values, _lists = read_query(request.POST, single=("csrfmiddlewaretoken", "nonce"))
    job = request_job(
        acting_user=request.user,
        project=project,
        kind=ALL_PAPERS,
        parameters={},
        idempotency_key=f"all documents {project.pk} {request.user.pk} {form_nonce(values['nonce'])}",
    )
    return redirect("job", job.pk)
