"""The end of a phase as one guided page: review, what is missing, what goes on, close, start the next."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from common.exceptions import RuleBroken
from common.query import read_query
from phases.models import Phase
from phases.registries import ways_from
from phases.selectors.phase_end import phase_end
from phases.services.lifecycle import close_phase, resume_phase, review_phase, start_phase
from phases.views.board_page import board_url
from projects.access import ProjectRequest, project_view
from projects.models import Project
from projects.services.guards import parse_version


@project_view("phases.view", post="phases.close")
def end(request: ProjectRequest, project: Project, number: int) -> HttpResponse:
    """Show the end of phase `number`, or take a step of it."""
    if request.method == "POST":
        return _step(request, project, number)
    read_query(request.GET)
    return _page(request, project, number)


def _page(
    request: ProjectRequest, project: Project, number: int, *, problem: str = "", reason: str = "", status: int = 200
) -> HttpResponse:
    try:
        found = phase_end(project, number)
    except Phase.DoesNotExist as error:
        raise Http404 from error
    context = {
        "project": project,
        "end": found,
        "phase": found.phase,
        "shape": f"ps-{found.phase.state.replace(' ', '-')}",
        "may_close": bool(request.access.can("phases.close")),
        "board_url": board_url(project, number),
        "ways": ways_from(project, request.access, number),
        "problem": problem,
        "reason": reason,
        "open_rows": sum(not each.row.is_supplement for each in found.going_on),
    }
    return render(request, "phases/phase_end.html", context, status=status)


def _step(request: ProjectRequest, project: Project, number: int) -> HttpResponse:
    action, reason = request.POST.get("action", ""), request.POST.get("reason", "")
    version = parse_version(request.POST.get("version"))
    act: dict[str, Any] = {"acting_user": request.user, "project": project, "version": version}
    try:
        if action == "review":
            review_phase(**act, number=number)
            said = _("Phase %(number)d is in review. Its work goes on.")
        elif action == "resume":
            resume_phase(**act, number=number, reason=reason)
            said = _("Phase %(number)d is back at work.")
        elif action == "close":
            close_phase(**act, number=number, reason=reason)
            said = _("Phase %(number)d is closed. Its figures are frozen.")
        elif action == "start":
            start_phase(**act, number=number)
            messages.success(request, _("Phase %(number)d has started.") % {"number": number})
            return redirect(board_url(project, number))
        else:
            raise BadRequest("no such step")
    except Phase.DoesNotExist as error:
        raise Http404 from error
    except RuleBroken as refused:
        return _page(request, project, number, problem=str(refused), reason=reason, status=422)
    messages.success(request, said % {"number": number})
    return redirect("phase_end", project.slug, number)
