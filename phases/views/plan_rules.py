"""The rules by which a plan is dated, and the links between its activities."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from common.exceptions import RuleBroken
from common.query import choice, read_query, single_values, whole_number
from phases.forms.schedule import LinkForm, PlanRulesForm, initial_rules
from phases.models import ActivityLink, PlanRules, ProjectActivity
from phases.selectors.catalogue import texts_for
from phases.selectors.links import links_of
from phases.services.links import add_link, remove_link
from phases.services.plan_rules import set_plan_rules
from projects.access import ProjectRequest, project_view
from projects.models import Project
from projects.services.guards import parse_version

PAGE_SIZE = 50


@project_view("phases.view", post="phases.schedule")
def rules(request: ProjectRequest, project: Project) -> HttpResponse:
    """Shares of the phase, load a week, order of components."""
    standing = PlanRules.objects.get(project=project)
    if request.method == "POST":
        data = single_values(request.POST)
        form = PlanRulesForm(data)
        if form.is_valid():
            try:
                set_plan_rules(
                    acting_user=request.user,
                    project=project,
                    version=parse_version(data.get("version")),
                    figures=form.figures(),
                )
            except RuleBroken as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            else:
                messages.success(request, _("Rules saved. No date has moved yet: look at what they would move."))
                return redirect("plan_recompute", project.slug)
        return _rules_page(request, project, standing, form, status=422)
    read_query(request.GET)
    form = PlanRulesForm(initial=initial_rules(standing.shares, standing.per_week, standing.component_order))
    return _rules_page(request, project, standing, form)


def _rules_page(
    request: ProjectRequest, project: Project, standing: PlanRules, form: PlanRulesForm, *, status: int = 200
) -> HttpResponse:
    components = texts_for(project).components
    context = {
        "project": project,
        "form": form,
        "version": standing.version,
        "order": [
            {"before": components[before], "after": components[after]}
            for before, after in standing.component_order
            if before in components and after in components
        ],
        "components": list(components.values()),
        "may_save": bool(request.access.can("phases.schedule")),
        "why_not": request.access.can("phases.schedule").reason,
    }
    return render(request, "phases/plan_rules.html", context, status=status)


@project_view("phases.view", post="phases.schedule")
def links(request: ProjectRequest, project: Project) -> HttpResponse:
    """Which activity waits for which; a POST adds a link or takes one away."""
    if request.method != "POST":
        return _links_page(request, project)
    data = single_values(request.POST)
    act = data.get("do", "")
    if act == "remove":
        number = whole_number("link", data.get("link", "")) or 0
        link = ActivityLink.objects.filter(project=project, pk=number).select_related("before", "after").first()
        if link is None:
            raise Http404
        remove_link(acting_user=request.user, project=project, link=link)
        messages.success(request, _("Link removed. No date moved by that."))
        return redirect("plan_links", project.slug)
    if act != "add":
        raise BadRequest("no such act")
    form = _link_form(project, data)
    if form.is_valid():
        try:
            link = add_link(acting_user=request.user, project=project, **form.cleaned_data)
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("%(after)s now waits for %(before)s.") % _refs(link))
            return redirect("plan_links", project.slug)
    return _links_page(request, project, form=form, status=422)


def _refs(link: ActivityLink) -> dict[str, str]:
    return {"after": link.after.ref, "before": link.before.ref}


def _link_form(project: Project, data: Any = None) -> LinkForm:
    activities = {activity.ref: activity for activity in ProjectActivity.objects.filter(project=project)}
    return LinkForm(data, activities=activities)


def _links_page(
    request: ProjectRequest, project: Project, *, form: LinkForm | None = None, status: int = 200
) -> HttpResponse:
    single, _multiple = read_query(request.GET, single=("show", "q", "page"))
    show = choice("show", single["show"], ("broken", "own"))
    found = links_of(project, show=show, text=single["q"])
    page = Paginator(found.lines, PAGE_SIZE).get_page(whole_number("page", single["page"]) or 1)
    context = {
        "project": project,
        "form": form or _link_form(project),
        "found": found,
        "page": page,
        "show": show,
        "text": single["q"],
        "may_save": bool(request.access.can("phases.schedule")),
    }
    return render(request, "phases/plan_links.html", context, status=status)
