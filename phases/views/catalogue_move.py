"""What is new in a newer version of a project's catalogue or supplement, and moving to it."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from common.exceptions import RuleBroken, VersionMissing
from common.query import read_query
from phases.forms.catalogue_move import MoveForm, raw_choices, read_choices
from phases.selectors.moving import Move, Step, move_of, step_to, versions_of
from phases.services.versions import move_to_version
from projects.access import ProjectRequest, project_view, require_post_value
from projects.models import Project


@dataclass(frozen=True, slots=True)
class Part:
    """One pack of the project, with its move and the form where there is something to decide."""

    step: Step
    move: Move
    form: MoveForm
    problem: str = ""


@project_view("project.view", post="phases.tailor")
def move(request: ProjectRequest, project: Project) -> HttpResponse:
    """Show what is new, item by item; a POST moves one pack to the version that was shown."""
    if request.method != "POST":
        read_query(request.GET)
        return _page(request, project)
    pack, version = require_post_value(request, "pack"), require_post_value(request, "to")
    seen = request.POST.get("digest", "")
    if not seen:
        raise VersionMissing(_("The form does not say which list it was filled from. Reload the page."))
    step = step_to(project, pack, version)
    if step is None:
        raise RuleBroken(_("This version is not loaded here, or belongs to another catalogue."))
    wanted = move_of(project, step)
    # Where the list is another one by now, the service says so, with everything that was sent.
    is_same = seen == wanted.digest
    choices = read_choices(wanted, request.POST).choices if is_same else raw_choices(request.POST)
    try:
        move_to_version(acting_user=request.user, project=project, step=step, choices=choices, seen=seen)
    except RuleBroken as refused:
        errors = {refused.field: str(refused)} if refused.field else {}
        problem = _("Look at the marked reason.") if refused.field else str(refused)
        project.refresh_from_db()
        again = Part(step, wanted, read_choices(wanted, request.POST, errors), problem)
        return _page(request, project, again, status=422)
    messages.success(
        request,
        _("The plan stands on version %(version)s of the catalogue now.") % {"version": step.target.version},
    )
    return redirect("project_catalogue", project.slug)


def _page(request: ProjectRequest, project: Project, again: Part | None = None, *, status: int = 200) -> HttpResponse:
    parts = []
    for step in versions_of(project):
        if again is not None and again.step.pinned.pk == step.pinned.pk:
            parts.append(again)
            continue
        found = move_of(project, step)
        parts.append(Part(step, found, read_choices(found)))
    decision = request.access.can("phases.tailor")
    context = {
        "project": project,
        "parts": parts,
        "may_move": bool(decision),
        "why_not": decision.reason,
    }
    return render(request, "phases/catalogue_move.html", context, status=status)
