"""The master list as a PDF."""

from django.http import HttpResponse
from django.shortcuts import redirect

from common.query import form_nonce, read_query
from documents.master_list import MASTER_LIST
from jobs.services.request import request_job
from projects.access import ProjectRequest, project_view
from projects.models import Project


@project_view(post="documents.view")
def make(request: ProjectRequest, project: Project) -> HttpResponse:
    """Ask for it; the same form sent twice makes one job."""
    values, _lists = read_query(request.POST, single=("csrfmiddlewaretoken", "nonce"))
    job = request_job(
        acting_user=request.user,
        project=project,
        kind=MASTER_LIST,
        parameters={},
        idempotency_key=f"master list {project.pk} {request.user.pk} {form_nonce(values['nonce'])}",
    )
    return redirect("job", job.pk)
