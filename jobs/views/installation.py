"""What the installation does by itself, for its administrators."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from common.query import read_query
from jobs.models import Job
from jobs.registry import recurring
from jobs.selectors import installation_jobs, job_view
from jobs.services.control import run_now
from projects.access import SignedInRequest, signed_in_view

SHOWN = 40


@signed_in_view("GET")
def installation(request: SignedInRequest) -> HttpResponse:
    """What recurs, when it last ran and how that ended, and whether beat and workers keep up."""
    read_query(request.GET)
    _require_administrator(request)
    latest = Job.objects.of_installation().select_related("project").order_by("-created_at", "-pk")[:SHOWN]
    context = {
        "work": installation_jobs(),
        "jobs": [job_view(job) for job in latest],
        "crumbs": [{"label": _("Portfolio"), "url": reverse("home")}, {"label": _("Installation"), "url": ""}],
    }
    return render(request, "jobs/installation.html", context)


@signed_in_view("POST")
def run(request: SignedInRequest) -> HttpResponse:
    """Ask for recurring work at once."""
    _require_administrator(request)
    kind = request.POST.get("kind", "")
    if kind not in recurring:
        raise Http404
    job = run_now(acting_user=request.user, kind=kind)
    return redirect("job", job.pk)


def _require_administrator(request: SignedInRequest) -> None:
    # Before anything else is looked at: what recurs here is nobody else's to find out.
    if not request.user.is_superuser:
        raise PermissionDenied(_("Only an administrator of the installation can see this."))
