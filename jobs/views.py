"""One's own jobs, and what came of them."""

from uuid import UUID

from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from common.query import read_query, whole_number
from jobs.models import Job, JobState
from jobs.registry import job_kinds
from jobs.selectors import job_view, jobs_of
from jobs.services import result_path
from projects.access import SignedInRequest, signed_in_view
from projects.permissions import can

PER_PAGE = 25


@signed_in_view("GET")
def jobs(request: SignedInRequest) -> HttpResponse:
    """The jobs that the person asked for, newest first."""
    values, _lists = read_query(request.GET, single=("page",))
    paginator = Paginator(jobs_of(request.user), PER_PAGE)
    number = whole_number("page", values["page"])
    if number is not None and not 1 <= number <= paginator.num_pages:
        raise BadRequest("page has no such value")
    page = paginator.page(number or 1)
    rows = [job_view(job) for job in page.object_list]
    context = {
        "jobs": rows,
        "page_obj": page,
        "is_waiting": any(row.job.state in (JobState.QUEUED, JobState.RUNNING) for row in rows),
        "crumbs": [{"label": _("Portfolio"), "url": reverse("home")}, {"label": _("Jobs"), "url": ""}],
    }
    return render(request, "jobs/jobs.html", context)


@signed_in_view("GET")
def result(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    """The file that a job made, as an attachment. Rights are checked again: they may have ended since."""
    read_query(request.GET)
    job = Job.objects.visible_to(request.user).select_related("project").filter(pk=pk).first()
    if job is None or job.state != JobState.SUCCEEDED or job.kind not in job_kinds:
        raise Http404
    kind = job_kinds[job.kind]
    decision = can(request.user, kind.capability, job.project)
    if not decision:
        raise PermissionDenied(decision.reason)
    try:
        handle = result_path(job).open("rb")
    except OSError as error:
        raise Http404 from error
    return FileResponse(
        handle,
        as_attachment=True,
        filename=job.result_name,
        content_type=kind.content_type,
        headers={"X-Content-Type-Options": "nosniff"},
    )
