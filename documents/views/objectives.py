"""The objectives of a project: the list, typical ones to take over, a file."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from common.charts.trend import small_trend
from common.exceptions import RuleBroken
from common.query import choice, read_query
from common.workbook_out import FORMATS, table_response
from documents.domain.objective_standing import Standing
from documents.exports_objectives import COLUMNS, objective_lines
from documents.forms.objectives import plain
from documents.selectors.objectives import ObjectiveRow, objectives_of, typical_left
from documents.services.objectives import take_objective
from documents.views.register import tabs_of
from projects.access import ProjectRequest, project_view
from projects.models import Project


@project_view("documents.view", post="documents.publish")
def objectives(request: ProjectRequest, project: Project) -> HttpResponse:
    """The list; posted to, it takes a typical objective over."""
    if request.method != "POST":
        read_query(request.GET)
        return _page(request, project)
    try:
        taken = take_objective(acting_user=request.user, project=project, key=request.POST.get("key", ""))
    except RuleBroken as error:
        return _page(request, project, problem=str(error), status=422)
    said = _("%(title)s is set, to be reached by %(day)s. Give it an owner, and a target that fits you.")
    messages.success(request, said % {"title": taken.title, "day": f"{taken.target_on:%d %b %Y}"})
    return redirect("objectives", project.slug)


def _page(request: ProjectRequest, project: Project, *, problem: str = "", status: int = 200) -> HttpResponse:
    rows = objectives_of(project)
    counts = {each: sum(row.standing == each for row in rows) for each in Standing}
    context = {
        "project": project,
        "rows": [
            (row, plain(row.objective.target), _last(row), small_trend(row.trend(_trend_words(row)))) for row in rows
        ],
        "settled": [(row, plain(row.objective.target), _last(row)) for row in objectives_of(project, settled=True)],
        "typical": [(each, plain(each.target)) for each in typical_left(project)] if may_set(request) else [],
        "off_count": counts[Standing.OFF],
        "way_count": counts[Standing.ON_THE_WAY],
        "reached_count": counts[Standing.REACHED],
        "unmeasured_count": counts[Standing.UNMEASURED],
        "late_count": sum(row.is_late for row in rows),
        "ownerless_count": sum(row.objective.owner_id is None for row in rows),
        "may_set": may_set(request),
        "export_url": reverse("objectives_export", args=[project.slug]),
        "problem": problem,
        "tabs": tabs_of(project, "objectives"),
    }
    return render(request, "documents/objectives.html", context, status=status)


def may_set(request: ProjectRequest) -> bool:
    """Whether the person sets and settles objectives."""
    return bool(request.access.can("documents.publish"))


def _last(row: ObjectiveRow) -> str:
    return plain(row.last.value) if row.last is not None else ""


def _trend_words(row: ObjectiveRow) -> str:
    if row.last is None:
        return _("No value yet")
    said = _("%(n)d months, last %(value)s, target %(target)s")
    return said % {"n": len(row.values), "value": plain(row.last.value), "target": plain(row.objective.target)}


@project_view("documents.view")
def export(request: ProjectRequest, project: Project) -> HttpResponse:
    """All objectives with their values, a line for each month."""
    values, _lists = read_query(request.GET, single=("format",))
    form = choice("format", values["format"], FORMATS) or FORMATS[0]
    rows = [*objectives_of(project), *objectives_of(project, settled=True)]
    return table_response(form, f"{project.slug}-objectives", COLUMNS, objective_lines(rows))
