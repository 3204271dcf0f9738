"""The end of a phase as one guided path."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.exceptions import RuleBroken
from common.query import read_query
from governance.selectors.end import LAST, capture_url, carry_groups, phase_path
from governance.selectors.lessons import component_choices
from governance.selectors.outcomes import PHASES
from governance.services.end import let_go_on, set_aside
from phases.choices import PHASE_NAMES
from phases.models import Phase, PhaseActivity
from phases.services.rows import Target
from projects.access import ProjectRequest, project_view
from projects.models import Project
from projects.services.guards import parse_version


@project_view("lessons.view", post="phases.close")
def path(request: ProjectRequest, project: Project, number: int) -> HttpResponse:
    """Show how far the end of phase `number` is, and decide on its unfinished work."""
    if number > LAST:
        raise Http404
    if request.method == "POST":
        return _decide(request, project, number)
    values, _lists = read_query(request.GET, single=("aside", "part"))
    return _page(request, project, number, aside=values["aside"], part=values["part"])


def _decide(request: ProjectRequest, project: Project, number: int) -> HttpResponse:
    act, why = request.POST.get("do", ""), request.POST.get("why", "")
    refs = request.POST.getlist("ref")
    try:
        if act == "go on":
            count = let_go_on(acting_user=request.user, project=project, phase=number, refs=refs)
            said = ngettext("%(n)d activity goes on.", "%(n)d activities go on.", count) % {"n": count}
            messages.success(request, said if count else _("This was decided so already."))
        elif act == "aside" and len(refs) == 1:
            set_aside(acting_user=request.user, project=project, target=_target(project, number, request), why=why)
            messages.success(request, _("%(ref)s is set aside; it does not go on.") % {"ref": refs[0]})
        else:
            raise BadRequest("no such act")
    except (Phase.DoesNotExist, PhaseActivity.DoesNotExist) as error:
        raise Http404 from error
    except RuleBroken as refused:
        return _page(
            request,
            project,
            number,
            problem=str(refused),
            aside=refs[0] if act == "aside" else "",
            why=why,
            status=422,
        )
    # The part in which the person was at work stays open.
    part = f"?{urlencode({'part': refs[0].partition('.')[0]})}" if len(refs) == 1 else ""
    return HttpResponseRedirect(f"{reverse('phase_path', args=[project.slug, number])}{part}#carry")


def _target(project: Project, number: int, request: ProjectRequest) -> Target:
    row = PhaseActivity.objects.get(project=project, phase_number=number, activity__ref=request.POST.get("ref", ""))
    return Target(row.pk, parse_version(request.POST.get("version")))


def _page(
    request: ProjectRequest,
    project: Project,
    number: int,
    *,
    problem: str = "",
    aside: str = "",
    part: str = "",
    why: str = "",
    status: int = 200,
) -> HttpResponse:
    try:
        found = phase_path(project, number, sees_gate=bool(request.access.can("governance.view")))
    except Phase.DoesNotExist as error:
        raise Http404 from error
    titles = dict(component_choices(project))
    context: dict[str, Any] = {
        "project": project,
        "path": found,
        "phase": found.end.phase,
        "number": number,
        "name": PHASE_NAMES[number],
        "shape": f"ps-{found.end.phase.state.replace(' ', '-')}",
        "may_close": bool(request.access.can("phases.close")) and not found.end.is_closed,
        "may_settle": bool(request.access.can("lessons.manage")),
        "may_capture": bool(request.access.can("lessons.capture")),
        "groups": carry_groups(found.carry, titles),
        "open_refs": [line.going.row.ref for line in found.open_carry],
        "has_outcomes": number in PHASES,
        "here": reverse("phase_path", args=[project.slug, number]),
        "lessons_url": f"{reverse('lessons', args=[project.slug])}?phase={number}",
        "lesson_url": capture_url(project, number),
        "phases": [
            {"number": each, "url": reverse("phase_path", args=[project.slug, each])} for each in range(LAST + 1)
        ],
        "problem": problem,
        "aside": aside,
        "open_part": part
        or next((each.going.row.component for each in found.carry if each.going.row.ref == aside), ""),
        "why": why,
    }
    return render(request, "governance/phase_path.html", context, status=status)
