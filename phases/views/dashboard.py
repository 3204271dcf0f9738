"""The dashboard of a project, and the export of its plan."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from audittrail.recent import recent_acts
from common.charts import percent
from common.query import read_query
from jobs.models import JobState
from jobs.services import request_job
from phases import panels
from phases.choices import PhaseState
from phases.panels_supplement import supplement_panel
from phases.selectors.catalogue import texts_for
from phases.selectors.dashboard import dashboard_of
from projects.access import ProjectRequest, project_view
from projects.models import Project
from projects.registries import prepare_panels

CHANGES = 12


@project_view("project.view")
def dashboard(request: ProjectRequest, project: Project) -> HttpResponse:
    """Where the project stands, whom to call, and what changed."""
    read_query(request.GET)
    board = dashboard_of(project)
    tally = board.current.tally
    context = {
        "project": project,
        "board": board,
        "current": board.current,
        "tally": tally,
        "share": panels.share_of(tally),
        "plan_share": percent(tally.planned_by_today, tally.applicable),
        "shape": panels.state_shape(board.current.state),
        "state_word": str(PhaseState(board.current.state).label).lower(),
        "strip": panels.strip(project, board),
        "strip_svg": panels.strip_svg(board.phases, board.today),
        "links": panels.progress_links(project, board),
        "tiles": panels.tiles(project, board),
        "concerns": [panels.concern_line(project, one, board.current.number) for one in board.attention.concerns],
        "progress": panels.progress_chart(project, board),
        "supplement": supplement_panel(project, board),
        "heat": panels.component_map(project, board, texts_for(project)),
        "workload": panels.workload_chart(project, board),
        "changes": recent_acts(project.uuid, CHANGES) if request.access.can("trail.view") else None,
        "may_assign": bool(request.access.can("phases.assign")),
        "may_change": bool(request.access.can("project.change")),
        "may_close": bool(request.access.can("phases.close")),
        "may_tailor": bool(request.access.can("phases.tailor")),
        "may_export": bool(request.access.can("phases.export")),
        "nonce": uuid4(),
        "extra_panels": prepare_panels("dashboard", project, request.access),
    }
    return render(request, "phases/dashboard.html", context)


@project_view(post="phases.export")
def export_plan(request: ProjectRequest, project: Project) -> HttpResponse:
    """Ask for the plan as a file; the same form sent twice makes one job."""
    values, _lists = read_query(request.POST, single=("csrfmiddlewaretoken", "nonce"))
    try:
        nonce = UUID(values["nonce"]) if values["nonce"] else uuid4()
    except ValueError as error:
        raise BadRequest("nonce is not a UUID") from error
    job = request_job(
        acting_user=request.user,
        project=project,
        kind="phases.export_plan",
        parameters={},
        # Bound to person and project: a nonce of somebody else's form leads to no job of theirs.
        idempotency_key=f"plan {project.pk} {request.user.pk} {nonce}",
    )
    job.refresh_from_db()
    if job.state == JobState.SUCCEEDED:
        messages.success(request, _("The plan is ready to download."))
    else:
        messages.info(request, _("The plan is being written. It stands here when it is ready."))
    return HttpResponseRedirect(reverse("jobs"))
