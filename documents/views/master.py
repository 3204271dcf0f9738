"""The master list as a PDF."""

from uuid import UUID, uuid4

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect

from common.query import read_query
from documents.master_list import MASTER_LIST
from jobs.services.request import request_job
from projects.access import ProjectRequest, project_view
from projects.models import Project


@project_view(post="documents.view")
def make(request: ProjectRequest, project: Project) -> HttpResponse:
    """Ask for it; the same form sent twice makes one job."""
    values, _lists = read_query(request.POST, single=("csrfmiddlewaretoken", "nonce"))
    try:
        nonce = UUID(values["nonce"]) if values["nonce"] else uuid4()
    except ValueError as error:
        raise BadRequest("nonce is not a UUID") from error
    job = request_job(
        acting_user=request.user,
        project=project,
        kind=MASTER_LIST,
        parameters={},
        idempotency_key=f"master list {project.pk} {request.user.pk} {nonce}",
    )
    return redirect("job", job.pk)
