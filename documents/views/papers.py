"""Asking for PDFs: of one version, of all documents in force."""

from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from common.exceptions import RuleBroken
from common.query import choice, form_nonce, read_query
from documents.jobs import ALL_PAPERS, VERSION_PDF
from documents.pdf import VARIANTS, file_name, stored_file
from documents.selectors import document_of, version_of
from documents.views.lookup import document_or_404, version_or_404
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


@project_view("documents.view")
def version_file(request: ProjectRequest, project: Project, key: str, major: int, minor: int) -> HttpResponseBase:
    """The PDF that a version is, for all who may read the document, whether or not they may see evidence."""
    read_query(request.GET)
    version = version_or_404(document_or_404(request, project, key), major, minor)
    if version.file_id is None:
        raise RuleBroken(_("This version is a text and was no file. Ask for its PDF on the page of the document."))
    return FileResponse(
        stored_file(version).open("rb"),
        as_attachment=True,
        filename=file_name(version),
        content_type="application/pdf",
        headers={
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "no-store, private",
        },
    )


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
