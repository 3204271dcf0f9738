"""The page on which a running project chooses another approach: first what would move, then the change."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.exceptions import RuleBroken
from phases.choices import Approach, PhaseState
from phases.forms.approach import ApproachForm, initial_of
from phases.models import Phase, PlanRules
from phases.selectors.approach import ApproachChange, approach_change, rules_of
from phases.selectors.catalogue import texts_for
from phases.services.approach import PlanMoved, change_approach, way_of
from projects.access import ProjectRequest, project_view
from projects.models import Project
from projects.services.guards import parse_version


def _page(
    request: ProjectRequest,
    project: Project,
    rules: PlanRules,
    form: ApproachForm,
    *,
    preview: ApproachChange | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    decision = request.access.can("phases.tailor")
    return render(
        request,
        "phases/approach.html",
        {
            "project": project,
            "rules": rules,
            "current": str(Approach(rules.approach).label),
            "is_levels": rules.approach == Approach.LEVELS,
            "form": form,
            "version": request.POST.get("version", rules.version) if problem else rules.version,
            "preview": preview,
            "problem": problem,
            "may_change": bool(decision),
            "why_not": decision.reason,
        },
        status=status,
    )


@project_view("phases.view", post="phases.tailor")
def approach(request: ProjectRequest, project: Project) -> HttpResponse:
    """Show how the project goes; show what another approach would move; or let it go that way."""
    rules = rules_of(project)
    texts = texts_for(project)
    closed = Phase.objects.filter(project=project, state=PhaseState.CLOSED).values_list("number", flat=True)
    if request.method != "POST":
        return _page(
            request, project, rules, ApproachForm(initial=initial_of(way_of(rules)), texts=texts, closed=closed)
        )
    form = ApproachForm(request.POST, texts=texts, closed=closed)
    if not form.is_valid():
        return _page(request, project, rules, form, status=422)
    if request.POST.get("do") != "save":
        return _page(request, project, rules, form, preview=_preview(project, rules, form))
    version = parse_version(request.POST.get("version"))
    try:
        change = change_approach(
            acting_user=request.user,
            project=project,
            way=form.way,
            version=version,
            seen=request.POST.get("seen", ""),
        )
    except PlanMoved as error:
        rules = rules_of(project)
        return _page(
            request,
            project,
            rules,
            form,
            preview=_preview(project, rules, form),
            problem=str(error),
            status=409,
        )
    except RuleBroken as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return _page(request, project, rules, form, status=422)
    messages.success(request, _said(change))
    return redirect("plan_approach", project.slug)


def _preview(project: Project, rules: PlanRules, form: ApproachForm) -> ApproachChange:
    way = form.way
    return approach_change(project, way.approach, way.component_phases, rules.component_order)


def _said(change: ApproachChange) -> str:
    if not change.changes:
        return _("Saved. No row had to move.")
    count = change.changes
    return ngettext("Saved. %(count)d row changed.", "Saved. %(count)d rows changed.", count) % {"count": count}
