"""The page of the supplement: what it is, and whether it is part of the plan."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.exceptions import RuleBroken
from common.query import read_query
from phases.forms.supplement import DeclineForm
from phases.selectors.supplement import supplement_view
from phases.services.supplement import add_supplement, decline_supplement
from projects.access import ProjectRequest, project_view
from projects.models import Project
from projects.services.guards import parse_version


@project_view("project.view", post="phases.tailor")
def supplement(request: ProjectRequest, project: Project) -> HttpResponse:
    """Show the supplement; a POST adds it to the plan or leaves it out, with a reason."""
    if request.method != "POST":
        read_query(request.GET)
        return _page(request, project, DeclineForm(initial={"supplement_reason": project.supplement_declined}))
    version = parse_version(request.POST.get("version"))
    act = request.POST.get("do", "")
    if act not in ("add", "decline"):
        raise BadRequest("no such act")
    form = DeclineForm(request.POST)
    try:
        if act == "add":
            rows = add_supplement(acting_user=request.user, project=project, version=version)
            said = ngettext(
                "The supplement is part of the plan, with %d row in its phases.",
                "The supplement is part of the plan, with %d rows in its phases.",
                len(rows),
            ) % len(rows)
        elif form.is_valid():
            reason = form.cleaned_data["supplement_reason"]
            decline_supplement(acting_user=request.user, project=project, reason=reason, version=version)
            said = _("The supplement is left out. Your reason stands here and in the trail.")
        else:
            return _page(request, project, form, status=422)
    except RuleBroken as refused:
        if refused.field in form.fields and form.is_valid():
            form.add_error(refused.field, str(refused))
            return _page(request, project, form, status=422)
        return _page(request, project, form, status=422, problem=str(refused))
    messages.success(request, said)
    return redirect("supplement", project.slug)


def _page(
    request: ProjectRequest, project: Project, form: DeclineForm, *, status: int = 200, problem: str = ""
) -> HttpResponse:
    decision = request.access.can("phases.tailor")
    context = {
        "project": project,
        "view": supplement_view(project),
        "form": form,
        "problem": problem,
        "may_decide": bool(decision),
        "why_not": decision.reason,
    }
    return render(request, "phases/supplement.html", context, status=status)
