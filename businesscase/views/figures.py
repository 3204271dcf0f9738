"""Each figure of the case: its formula, the lines behind it, its months. And what each service costs."""

from django.http import Http404, HttpResponse
from django.shortcuts import render

from businesscase import guide, panels_figures
from businesscase.charts import standing_flow_chart, unit_for
from businesscase.domain.content import Scenario
from businesscase.domain.money import total
from businesscase.domain.parts import by_service, cost_sums
from businesscase.selectors.standing import Reading, Standing, standing_of
from businesscase.templatetags.case_ui import scenario_word
from common.query import choice, read_query
from projects.access import ProjectRequest, project_view
from projects.models import Project


def _standing(project: Project) -> Standing:
    found = standing_of(project, Reading.LINES)
    if found is None:
        raise Http404
    return found


@project_view("case.view")
def figure(request: ProjectRequest, project: Project, name: str) -> HttpResponse:
    """How one figure comes about under one scenario."""
    values, _lists = read_query(request.GET, single=("scenario",))
    scenario = Scenario(choice("scenario", values["scenario"], tuple(Scenario)) or Scenario.LIKELY)
    if name not in panels_figures.KINDS:
        raise Http404
    found = _standing(project)
    figures = found.figures[scenario]
    unit = unit_for(found.now, found.content.currency)
    kind = panels_figures.KINDS[name]
    context = {
        "project": project,
        "standing": found,
        "content": found.content,
        "name": name,
        "title": str(kind.title),
        "unit": unit,
        "value": kind.value(found.content, figures, unit),
        "is_money": name in ("npv", "cost", "benefit", "cash-flow"),
        "is_discounted": name in ("npv", "irr", "discounted-payback"),
        "scenario": scenario,
        "scenario_word": scenario_word(scenario),
        "scenarios": [(each, scenario_word(each)) for each in Scenario],
        "courses": panels_figures.courses(found, name, unit, scenario),
        "guide": panels_figures.explained(name),
        "worked": panels_figures.worked(name, found, scenario),
        "tables": panels_figures.line_tables(found, scenario),
        "years": panels_figures.year_rows(found.content, figures),
        "months": panels_figures.month_rows(found.content, figures),
        "links": panels_figures.figure_links(project, name),
        "flow": standing_flow_chart(found) if name in ("cash-flow", "payback") else None,
    }
    return render(request, "businesscase/figure.html", context)


@project_view("case.view")
def services(request: ProjectRequest, project: Project) -> HttpResponse:
    """What each service of the scope costs: its own lines, and its even share of the rest."""
    read_query(request.GET)
    found = _standing(project)
    content = found.content
    rows = by_service(content)
    lines = [each for each in cost_sums(content) if each.amount]
    context = {
        "project": project,
        "content": content,
        "rows": rows,
        "own": total(each.own for each in rows),
        "share": total(each.share for each in rows),
        "whole": total(each.cost for each in rows),
        "longest": max((each.cost for each in rows), default=None),
        "lines": lines,
        "guide": guide.figures().get("cost per service"),
    }
    return render(request, "businesscase/services.html", context)
