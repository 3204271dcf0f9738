"""One's own jobs: how they stand, what came of them, and stopping or repeating one."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from common.query import read_query, whole_number
from jobs.choices import JobState
from jobs.models import Job
from jobs.selectors import job_seen_by, job_view, jobs_of, kind_of, result_path
from jobs.services.control import cancel_job, retry_job
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
        "is_waiting": any(row.job.is_active for row in rows),
        "crumbs": [{"label": _("Portfolio"), "url": reverse("home")}, {"label": _("Jobs and exports"), "url": ""}],
    }
    return render(request, "jobs/jobs.html", context)


@signed_in_view("GET")
def job(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One job: how far it is, then its result. The page looks again by itself until the job has ended."""
    read_query(request.GET)
    found = _seen(request, pk)
    view = job_view(found)
    context = {
        "row": view,
        "crumbs": [
            {"label": _("Portfolio"), "url": reverse("home")},
            {"label": _("Jobs and exports"), "url": reverse("jobs" if found.project else "installation_jobs")},
            {"label": view.title, "url": ""},
        ],
    }
    return render(request, "jobs/job.html", context)


@signed_in_view("GET")
def job_state(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """How one job stands, for the page (`as` card) or the list (`as` row) that looks again."""
    values, _lists = read_query(request.GET, single=("as",))
    if values["as"] not in ("row", "card"):
        raise BadRequest("as has no such value")
    return render(request, f"jobs/_job_{values['as']}.html", {"row": job_view(_seen(request, pk))})


@signed_in_view("POST")
def cancel(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Stop a job."""
    _seen(request, pk)
    stopped = cancel_job(acting_user=request.user, job_id=pk)
    if stopped.state == JobState.CANCELLED:
        messages.success(request, _("The job is cancelled. Nothing of it was kept."))
    return redirect("job", pk)


@signed_in_view("POST")
def retry(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Let a job that did not succeed run again."""
    _seen(request, pk)
    retry_job(acting_user=request.user, job_id=pk)
    return redirect("job", pk)


@signed_in_view("GET")
def result(request: SignedInRequest, pk: UUID) -> HttpResponseBase:
    """The file that a job made, as an attachment. Rights are checked again: they may have ended since."""
    read_query(request.GET)
    found = _seen(request, pk)
    kind = kind_of(found)
    if kind is None or not job_view(found).has_result:
        raise Http404
    if found.project is not None:
        decision = can(request.user, kind.capability, found.project)
        if not decision:
            raise PermissionDenied(decision.reason)
    try:
        handle = result_path(found).open("rb")
    except OSError as error:
        raise Http404 from error
    return FileResponse(
        handle,
        as_attachment=True,
        filename=found.result_name,
        content_type=kind.content_type or "application/octet-stream",
        headers={"X-Content-Type-Options": "nosniff"},
    )


def _seen(request: SignedInRequest, pk: UUID) -> Job:
    found = job_seen_by(request.user, pk)
    if found is None:
        raise Http404
    return found
