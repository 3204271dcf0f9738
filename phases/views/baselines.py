"""Baselines of a plan: the list, taking one, and two of them side by side as a page and as a file."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from common.exceptions import RuleBroken
from common.query import read_query, single_values, whole_number
from common.workbook_out import CSV, FORMATS, table_response
from phases.domain.baselines import What
from phases.exports_baselines import DIFF_COLUMNS, diff_lines
from phases.forms.baselines import ASKED, BaselineForm, read_asked
from phases.models import Baseline
from phases.selectors.baseline_compare import PlanDiff, diff_of, page_of_changes
from phases.selectors.baselines import baselines_page, choices_of, find_baseline
from phases.selectors.catalogue import texts_for
from phases.services.baselines import take_baseline
from projects.access import ProjectRequest, project_view
from projects.models import Project


@project_view("phases.view", post="phases.schedule")
def baselines(request: ProjectRequest, project: Project) -> HttpResponse:
    """List the baselines, each against the plan of now; take one."""
    if request.method != "POST":
        values, _lists = read_query(request.GET, single=("page",))
        return _list(request, project, BaselineForm(), page=whole_number("page", values["page"]) or 1)
    form = BaselineForm(single_values(request.POST))
    if form.is_valid():
        try:
            baseline = take_baseline(acting_user=request.user, project=project, **form.cleaned_data)
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("The plan as it stands is kept as %(name)s.") % {"name": str(baseline)})
            return redirect("baselines", project.slug)
    return _list(request, project, form, status=422)


def _list(
    request: ProjectRequest, project: Project, form: BaselineForm, *, page: int = 1, status: int = 200
) -> HttpResponse:
    found, lines = baselines_page(project, page)
    may_take = request.access.can("phases.schedule")
    context = {
        "project": project,
        "page": found,
        "lines": lines,
        "form": form,
        "may_take": bool(may_take),
        "why_not": may_take.reason,
        "choices": choices_of(project) if found.paginator.count > 1 else [],
    }
    return render(request, "phases/baselines.html", context, status=status)


def _found(project: Project, number: int | None) -> Baseline | None:
    """The baseline with that number; raises Http404 for one that is not there."""
    if number is None:
        return None
    baseline = find_baseline(project, number)
    if baseline is None:
        raise Http404
    return baseline


def _diff(project: Project, values: Any) -> PlanDiff | None:
    """What the address asks for, None where the project has no baseline."""
    asked = read_asked(values, texts_for(project).components)
    newest = asked.first is None
    first = Baseline.objects.filter(project=project).order_by("-number").first() if newest else None
    first = first or _found(project, asked.first)
    second = _found(project, asked.second)
    return diff_of(project, first, second, asked.query) if first is not None else None


@project_view("phases.view")
def compare(request: ProjectRequest, project: Project) -> HttpResponse:
    """What one baseline (`a`, the newest by itself) and another (`b`), or the plan of now, have otherwise."""
    values, _lists = read_query(request.GET, single=(*ASKED, "page"))
    number = whole_number("page", values["page"]) or 1
    diff = _diff(project, values)
    if diff is None:
        return redirect("baselines", project.slug)
    sides: dict[str, Any] = {"a": diff.first.number}
    if diff.second.number is not None:
        sides["b"] = diff.second.number
    swapped = {"a": diff.second.number, "b": diff.first.number} if diff.second.number is not None else None
    narrowed = {name: values[name] for name in ("phase", "component", "what") if values[name]}
    page, phases = page_of_changes(diff, number)
    context = {
        "project": project,
        "diff": diff,
        "page": page,
        "phases": phases,
        "choices": choices_of(project),
        "sides": urlencode(sides),
        "asked": urlencode({**sides, **narrowed}),
        "swapped": urlencode(swapped) if swapped else "",
        "values": values,
        "kinds": list(What),
        "has_groups": any(phase.groups for phase in phases),
    }
    return render(request, "phases/baseline_compare.html", context)


@project_view("phases.export")
def export(request: ProjectRequest, project: Project) -> HttpResponse:
    """The comparison as CSV or XLSX: what the page shows for the same question."""
    values, _lists = read_query(request.GET, single=(*ASKED, "format"))
    form = values["format"] or CSV
    if form not in FORMATS:
        raise BadRequest("no such format")
    diff = _diff(project, values)
    if diff is None:
        return redirect("baselines", project.slug)
    second = f"b{diff.second.number}" if diff.second.number is not None else "now"
    return table_response(form, f"{project.slug}-b{diff.first.number}-{second}", DIFF_COLUMNS, diff_lines(diff))
