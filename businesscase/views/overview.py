"""The overview of the case for the implementation: whether it still pays, first."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from businesscase import guide, panels_overview
from businesscase.charts import standing_flow_chart, tornado_chart, unit_for
from businesscase.choices import CaseKind
from businesscase.domain.tornado import tornado
from businesscase.selectors.standing import Standing, approvals_of, standing_of
from businesscase.standing_words import health_words
from businesscase.views.case_pages import CasePage, case_url, points_of, title_of
from common.query import read_query
from projects.access import ProjectRequest, project_view
from projects.models import Project

MOST_SWINGS = 7


@project_view("case.view")
def overview(request: ProjectRequest, project: Project) -> HttpResponse:
    """What the case comes to, what was approved, what moves it, what of it is missing; or what a case is for."""
    read_query(request.GET)
    found = standing_of(project)
    if found is None:
        return render(request, "businesscase/begin.html", _beginning(request, project))
    page = CasePage(project, found.case, bool(request.access.can("case.edit")))
    page.outline, page.submitted = found.content, found.waiting
    return render(request, "businesscase/overview.html", _context(request, project, page, found))


def _beginning(request: ProjectRequest, project: Project) -> dict[str, Any]:
    kind = CaseKind.IMPLEMENTATION
    return {
        "project": project,
        "title": title_of(kind),
        "small": False,
        "why": guide.small_case().why,
        "points": points_of(kind).values(),
        "start_url": case_url(project, kind, "start"),
        "may_edit": bool(request.access.can("case.edit")),
    }


def _context(request: ProjectRequest, project: Project, page: CasePage, found: Standing) -> dict[str, Any]:
    content = found.content
    unit = unit_for(found.now, content.currency)
    swings = tornado(content, found.ahead)
    has_money = bool(found.now.cost or found.now.benefit)
    return {
        "project": project,
        "page": page,
        "standing": found,
        "unit": unit,
        "health": health_words(found),
        "tiles": panels_overview.tiles(found) if has_money else [],
        "has_money": has_money,
        "flow": standing_flow_chart(found),
        "scenarios": panels_overview.scenario_words(content, found, unit),
        "phases": panels_overview.phase_table(found, unit),
        "npv": unit.say(found.now.npv),
        "tornado": tornado_chart(content, swings[:MOST_SWINGS], found.now.npv),
        "tornado_words": panels_overview.tornado_words(swings, found.now.npv),
        "swings_left": max(0, len(swings) - MOST_SWINGS),
        "risks": panels_overview.risk_panel(content),
        "approvals": approvals_of(found.in_force or found.waiting),
        "changes": panels_overview.changes_since(found, unit),
        "links": {
            name: reverse(route, args=[project.slug])
            for name, route in (
                ("submit", "case_submit"),
                ("versions", "case_versions"),
                ("actuals", "case_actuals"),
                ("risks", "risks"),
                ("print", "case_print"),
                ("workbook", "case_workbook"),
                ("settings", "case_settings"),
                ("release", "case_release"),
            )
        },
        "may_edit": bool(request.access.can("case.edit")),
        "may_book": bool(request.access.can("case.actuals")),
    }
