"""Phase 4: an activity was seen to this time, or comes round more or less often."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils import dateformat
from django.utils.translation import gettext as _

from common.exceptions import RuleBroken
from common.query import day
from phases.models import PhaseActivity
from phases.services.operation import OPERATION, finish_round, set_rhythm
from phases.services.rows import Target
from phases.views.board_page import board_url
from phases.views.rows import next_address
from projects.access import ProjectRequest, project_view
from projects.models import Project
from projects.services.guards import parse_version


def _back(request: ProjectRequest, project: Project) -> HttpResponseRedirect:
    back = next_address(project, request.POST.get("next", ""), board_url(project, OPERATION))
    return HttpResponseRedirect(back, status=303)


@project_view(post="phases.report")
def finish(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    """The activity was seen to; it is due again next time."""
    target = Target(pk, parse_version(request.POST.get("version")))
    try:
        done_on = day("done_on", request.POST.get("done_on", ""))
    except BadRequest as error:
        raise RuleBroken(
            _("There is no such day. Write it as year, month and day: 2027-02-28."), field="done_on"
        ) from error
    try:
        made = finish_round(
            acting_user=request.user,
            project=project,
            target=target,
            done_on=done_on,
            note=request.POST.get("note", ""),
        )
    except PhaseActivity.DoesNotExist as error:
        raise Http404 from error
    due = made.phase_activity.due
    messages.success(
        request,
        _("%(ref)s is seen to. It is due again on %(day)s.")
        % {
            "ref": made.phase_activity.activity.ref,
            "day": dateformat.format(due, "j M Y") if due is not None else "–",
        },
    )
    return _back(request, project)


@project_view(post="phases.schedule")
def rhythm(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    """How often the activity comes round."""
    target = Target(pk, parse_version(request.POST.get("version")))
    try:
        (row,) = set_rhythm(
            acting_user=request.user, project=project, targets=[target], rhythm=request.POST.get("rhythm", "")
        )
    except PhaseActivity.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("The rhythm of %(ref)s is saved.") % {"ref": row.activity.ref})
    return _back(request, project)
