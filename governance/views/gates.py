"""Gates: the page of one, and what a project asks for at it."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from common.exceptions import RuleBroken
from common.query import read_query, single_values
from governance.choices import GATES
from governance.forms.gates import PlanForm, plan_initial
from governance.models import CriterionRule
from governance.selectors.gate_page import gate_page, next_gate, title_of
from governance.selectors.gates import criteria_of, gate_row
from governance.services.gates import plan_gate
from governance.views.refused import refuse
from projects.access import ProjectRequest, project_view
from projects.models import Project
from projects.services.guards import parse_version


def gate_or_404(number: int) -> int:
    """`number` where there is such a gate. Raises Http404."""
    if number not in GATES:
        raise Http404
    return number


@project_view("governance.view")
def gates(request: ProjectRequest, project: Project) -> HttpResponse:
    """Go to the gate that comes next."""
    read_query(request.GET)
    return redirect("gate", project.slug, next_gate(project))


@project_view("governance.view")
def gate(request: ProjectRequest, project: Project, number: int) -> HttpResponse:
    """Gate `number`: would it pass today, and why not?"""
    read_query(request.GET)
    page = gate_page(project, gate_or_404(number))
    can = request.access.can
    context = {
        "project": project,
        "number": number,
        "page": page,
        "standing": page.standing,
        "title": title_of(number),
        "nonce": uuid4(),
        "may_attest": bool(can("governance.attest")) and not page.has_passed,
        "may_waive": bool(can("governance.decide")) and not page.has_passed,
        "may_prepare": bool(can("governance.prepare")),
    }
    return render(request, "governance/gate.html", context)


@project_view("governance.view", post="governance.prepare")
def gate_settings(request: ProjectRequest, project: Project, number: int) -> HttpResponse:
    """What the project asks for at a gate, what it left out and why; when the gate is planned."""
    row = gate_row(project, gate_or_404(number))
    version = 0 if row._state.adding else row.version
    if request.method != "POST":
        read_query(request.GET)
        return _settings(request, project, number, PlanForm(initial=plan_initial(row)), version)
    form = PlanForm(single_values(request.POST))
    version = parse_version(request.POST.get("version", ""))
    if form.is_valid():
        try:
            plan_gate(acting_user=request.user, project=project, number=number, version=version, **form.cleaned_data)
        except RuleBroken as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("gate", project.slug, number)
    return _settings(request, project, number, form, version, status=422)


def _settings(
    request: ProjectRequest, project: Project, number: int, form: PlanForm, version: int, status: int = 200
) -> HttpResponse:
    rules = {each.key: each for each in CriterionRule.objects.filter(project=project, gate__number=number)}
    lines: list[dict[str, Any]] = [
        {"key": key, "criterion": criterion, "title": title, "rule": rules.get(key)}
        for key, criterion, title in criteria_of(project, number)
    ]
    context = {
        "project": project,
        "number": number,
        "title": title_of(number),
        "lines": lines,
        "form": form,
        "version": version,
        "may_prepare": bool(request.access.can("governance.prepare")),
        "may_decide": bool(request.access.can("governance.decide")),
        "back": reverse("gate", args=[project.slug, number]),
    }
    return render(request, "governance/gate_settings.html", context, status=status)
