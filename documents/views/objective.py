"""One objective: its months, its words, and how it ends."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audittrail.selectors import history_of
from audittrail.sentences import sentence
from common import clock
from common.charts.trend import trend_chart
from common.exceptions import RuleBroken, StaleWrite
from common.query import read_query, single_values, whole_number
from documents.choices import ObjectiveState
from documents.domain.months import months_to
from documents.forms.objectives import MonthsForm, ObjectiveForm, plain, values_of
from documents.models import Objective
from documents.registers_library import model_objectives
from documents.selectors.objectives import ObjectiveRow, may_measure, objective_row, policies_for, policy_of
from documents.services.objectives import change_objective, set_objective, settle_objective, write_values
from documents.views.objectives import may_set
from projects.access import ProjectRequest, project_view
from projects.answers import conflict
from projects.models import Project
from projects.services.guards import parse_version

SHOWN = 12
LATEST = 10
FARTHEST = 240


@project_view("documents.view")
def objective(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """Where it stands, how it went, and its months to write. `back` pages the form by years into the past."""
    values, _lists = read_query(request.GET, single=("back",))
    row = _found(project, key)
    return _page(request, project, row, _months_form(project, row, _back(values["back"])), back=_back(values["back"]))


@project_view(post="documents.measure")
def value(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """Write the months of the form, all or none."""
    row = _found(project, key)
    data = single_values(request.POST)
    back = _back(data.get("back", ""))
    form = _months_form(project, row, back, data)
    problem, status = "", 422
    if form.is_valid():
        try:
            count = write_values(acting_user=request.user, objective=row.objective, months=form.said())
        except RuleBroken as error:
            problem = str(error)
        except StaleWrite as error:
            # The versions that the page carries now are the new ones: who saves again has seen what stands there.
            problem, status = str(error), 409
            row = _found(project, key)
            form = _months_form(project, row, back, data)
            form.is_valid()
        else:
            said = ngettext("%(n)d value is written.", "%(n)d values are written.", count) % {"n": count}
            messages.success(request, said if count else _("Nothing was changed."))
            there = reverse("objective", args=[project.slug, key])
            return redirect(f"{there}?back={back}" if back else there)
    return _page(request, project, row, form, back=back, status=status, problem=problem)


def _back(raw: str) -> int:
    back = whole_number("back", raw) or 0
    if back > FARTHEST // SHOWN:
        raise BadRequest("back has no such value")
    return back


def _months_form(project: Project, row: ObjectiveRow, back: int, data: Any = None) -> MonthsForm:
    newest = clock.today(project.time_zone)
    months = months_to(newest, SHOWN * (back + 1))[:SHOWN]
    there = {each.month: each for each in row.values}
    return MonthsForm(data, months=months, there=there, unit=row.objective.unit)


def _page(
    request: ProjectRequest,
    project: Project,
    row: ObjectiveRow,
    months: MonthsForm,
    *,
    back: int = 0,
    status: int = 200,
    problem: str = "",
    settle_problem: str = "",
    why: str = "",
) -> HttpResponse:
    said = row.objective
    may_see = bool(request.access.can("trail.view"))
    title = said.measure
    context = {
        "project": project,
        "row": row,
        "objective": said,
        "policy": policy_of(project, request.access, said),
        "target": plain(said.target),
        "baseline": plain(said.baseline),
        "last": plain(row.last.value) if row.last is not None else "",
        "chart": trend_chart(row.trend(title)) if row.values else None,
        "typical": next((each for each in model_objectives() if each.title == said.title), None),
        "months": months,
        "month_rows": months.rows(),
        "is_conflict": status == 409,
        "back": back,
        "earlier": back + 1 if back < FARTHEST // SHOWN else None,
        "may_set": may_set(request),
        "may_measure": may_measure(said, request.access),
        "may_see_history": may_see,
        "changes": [sentence(event) for event in history_of(project.uuid, "objective", [said.key])[:LATEST]]
        if may_see
        else [],
        "problem": problem,
        "settle_problem": settle_problem,
        "why": why,
    }
    return render(request, "documents/objective.html", context, status=status)


@project_view("documents.publish", post="documents.publish")
def new(request: ProjectRequest, project: Project) -> HttpResponse:
    """Set an objective of one's own."""
    if request.method != "POST":
        read_query(request.GET)
        return _form_page(request, project, _form(request, project))
    form = _form(request, project, data=single_values(request.POST))
    if form.is_valid():
        try:
            made = set_objective(acting_user=request.user, project=project, facts=form.facts())
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("%(key)s is set. Its first value makes the start.") % {"key": made.key})
            return redirect("objective", project.slug, made.key)
    return _form_page(request, project, form, status=422)


@project_view("documents.publish", post="documents.publish")
def change(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """Change its words, target or owner; the values stay."""
    said = _found(project, key).objective
    if request.method != "POST":
        read_query(request.GET)
        form = _form(request, project, said)
        return _form_page(request, project, form, objective=said, version=said.version)
    form = _form(request, project, said, single_values(request.POST))
    version = parse_version(request.POST.get("version"))
    if form.is_valid():
        try:
            change_objective(acting_user=request.user, objective=said, version=version, facts=form.facts())
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        except StaleWrite as error:
            hidden = [(name, request.POST.get(name, "")) for name in form.fields]
            now = _found(project, key).objective.version
            return conflict(request, error, action=request.path, hidden=[*hidden, ("version", now)], back=request.path)
        else:
            messages.success(request, _("Saved."))
            return redirect("objective", project.slug, key)
    return _form_page(request, project, form, objective=said, version=version, status=422)


def _form(request: ProjectRequest, project: Project, said: Objective | None = None, data: Any = None) -> ObjectiveForm:
    policies = policies_for(project, request.access, said.policy if said is not None else "")
    return ObjectiveForm(
        data, initial=values_of(said) if said is not None else None, project=project, policies=policies
    )


def _form_page(
    request: ProjectRequest,
    project: Project,
    form: ObjectiveForm,
    *,
    objective: Objective | None = None,
    version: int = 0,
    status: int = 200,
) -> HttpResponse:
    context = {"project": project, "form": form, "objective": objective, "version": version}
    return render(request, "documents/objective_form.html", context, status=status)


@project_view(post="documents.publish")
def settle(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """Say that it is met, drop it, or pursue it again."""
    row = _found(project, key)
    why = request.POST.get("why", "")[:400]
    problem, status = "", 422
    try:
        settled = settle_objective(
            acting_user=request.user,
            objective=row.objective,
            version=parse_version(request.POST.get("version")),
            state=request.POST.get("state", ""),
            why=why,
        )
    except RuleBroken as error:
        problem = str(error)
    except StaleWrite:
        problem, status = _("Somebody changed this objective meanwhile. Read it again, then decide."), 409
        row = _found(project, key)
    else:
        words = {
            ObjectiveState.MET: _("Met. It stays readable among the settled ones."),
            ObjectiveState.DROPPED: _("Dropped. It stays readable among the settled ones."),
            ObjectiveState.ACTIVE: _("It is pursued again."),
        }
        messages.success(request, words[ObjectiveState(settled.state)])
        return redirect("objective", project.slug, key)
    form = _months_form(project, row, 0)
    return _page(request, project, row, form, status=status, settle_problem=problem, why=why)


def _found(project: Project, key: str) -> ObjectiveRow:
    row = objective_row(project, key)
    if row is None:
        raise Http404
    return row
