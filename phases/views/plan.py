"""The plan of a project: the timeline of its packages, their table, the same on paper and as a file."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _lazy

from common import clock
from common.query import choice
from common.workbook_out import CSV, FORMATS, table_response
from phases.exports_packages import PACKAGE_COLUMNS, package_rows
from phases.forms.package import ManyForm
from phases.forms.plan import WITHOUT, parse_plan_query, plan_query_string
from phases.panels_health import health_line
from phases.panels_plan import chart_of, headline, package_url
from phases.selectors.plan_packages import PackageLine, PlanOfPackages, plan_of_packages
from phases.selectors.plan_query import MONTH, NOBODY, QUARTER, PlanQuery, asked_packages
from projects.access import ProjectRequest, project_view
from projects.models import Project

STATES: dict[str, tuple[str, str | Promise, str]] = {
    "empty": ("st-not-applicable", _lazy("Nothing applies"), "faint"),
    "verified": ("st-verified", _lazy("Verified"), "ok"),
    "closed": ("ps-closed", _lazy("Phase closed"), ""),
    "finished": ("st-done", _lazy("Done"), "good"),
    "started": ("st-in-progress", _lazy("In progress"), "accent"),
    "waiting": ("st-not-started", _lazy("Not started"), ""),
}
COLUMNS: tuple[tuple[str, str | Promise, str], ...] = (
    ("component", _lazy("Package"), "p-name"),
    ("start", _lazy("Start"), "p-day"),
    ("end", _lazy("End"), "p-day"),
    ("owner", _lazy("Owner"), "p-owner"),
    ("done", _lazy("Done or verified"), "p-done"),
    ("due", _lazy("Last due"), "p-day"),
    ("late", _lazy("Overdue"), "n"),
    ("reserve", _lazy("To spare"), "n"),
)


def read_plan_query(plan: PlanOfPackages, data: QueryDict) -> PlanQuery:
    """The question that an address asks. Raises BadRequest."""
    return parse_plan_query(
        data,
        phases=[phase.number for phase in plan.phases],
        parties=[party.pk for party in plan.parties],
    )


@project_view("phases.view")
def plan(request: ProjectRequest, project: Project) -> HttpResponse:
    """The timeline and the packages, as the address asks for them."""
    found = plan_of_packages(project)
    query = read_plan_query(found, request.GET)
    return render(request, "phases/plan.html", page_context(request, found, query))


@project_view("phases.view")
def print_plan(request: ProjectRequest, project: Project) -> HttpResponse:
    """The timeline of the whole plan on one page of A3."""
    found = plan_of_packages(project)
    query = read_plan_query(found, request.GET)
    lines = asked_packages(found.lines, query)
    context = {
        "project": project,
        "plan": found,
        "drawn": chart_of(found, lines, query),
        "shares": _shares(lines, query.phase if query.phase is not None else found.found.standing.phase.number),
        "health": health_line(found.found.standing.health),
        "headline": headline(found),
        "critical": found.critical,
        "printed_at": clock.now(),
        "plan_url": reverse("plan", args=[project.slug]) + plan_query_string(query),
    }
    return render(request, "phases/plan_print.html", context)


@project_view("phases.export")
def export_packages(request: ProjectRequest, project: Project) -> HttpResponse:
    """The packages that the page shows for the same question, in the same order, as CSV or XLSX."""
    asked = request.GET.copy()
    forms = asked.pop("format", [CSV])
    form = choice("format", str(forms[0]) if len(forms) == 1 else "?", FORMATS) or CSV
    found = plan_of_packages(project)
    lines = asked_packages(found.lines, read_plan_query(found, asked))
    return table_response(form, f"{project.slug}-packages", PACKAGE_COLUMNS, package_rows(lines))


def page_context(
    request: ProjectRequest, found: PlanOfPackages, query: PlanQuery, *, many: dict[str, Any] | None = None
) -> dict[str, Any]:
    """All that the page of the plan needs; `many` is the form for several packages, where it is shown again."""
    project = found.project
    base = reverse("plan", args=[project.slug])
    lines = asked_packages(found.lines, query)
    may_schedule = bool(request.access.can("phases.schedule"))
    question = plan_query_string(query)
    export = reverse("plan_packages_export", args=[project.slug]) + question
    return {
        "project": project,
        "plan": found,
        "query": query,
        "health": health_line(found.found.standing.health),
        "headline": headline(found),
        "drawn": chart_of(found, lines, query),
        "current": found.found.standing.phase.number,
        "shares": _shares(lines, query.phase if query.phase is not None else found.found.standing.phase.number),
        "groups": [
            {"is_supplement": extra, "rows": rows}
            for extra in (False, True)
            if (rows := [_shown(found, line, may_schedule) for line in lines if line.is_supplement is extra])
        ],
        "count": len(lines),
        "main_count": sum(not line.is_supplement for line in found.lines if line.phase),
        "columns": [
            {
                "label": label,
                "css": css,
                "url": base
                + plan_query_string(query, sort=key, descending=query.sort == key and not query.descending)
                + "#packages",
                "sorted": ("descending" if query.descending else "ascending") if query.sort == key else "",
            }
            for key, label, css in COLUMNS
        ],
        "windows": [
            {
                "label": None,
                "url": base + plan_query_string(query, phase=None, zoom=""),
                "current": query.phase is None,
            },
            *(
                {
                    "label": phase.number,
                    "url": base + plan_query_string(query, phase=phase.number, zoom=""),
                    "current": query.phase == phase.number,
                }
                for phase in found.phases
                if phase.start and phase.end
            ),
        ],
        "zooms": [
            {"label": name, "url": base + plan_query_string(query, zoom=name), "current": query.scale == name}
            for name in (MONTH, QUARTER)
        ],
        "owners": [
            {"value": str(party.pk), "name": party.name, "selected": query.owner == party.pk}
            for party in found.parties
            if party.is_active or query.owner == party.pk
        ],
        "without": {"value": WITHOUT, "selected": query.owner == NOBODY},
        "clear_url": base,
        "export_url": export,
        "export_xlsx": f"{export}{'&' if question else '?'}format=xlsx",
        "print_url": reverse("plan_print", args=[project.slug]) + question,
        "may_schedule": may_schedule,
        "may_export": bool(request.access.can("phases.export")),
        "question": question,
        "many": many or {},
        "many_form": ((many or {}).get("form") or ManyForm(parties=found.parties)) if may_schedule else None,
        "many_url": reverse("plan_packages", args=[project.slug]),
    }


def _shares(lines: Sequence[PackageLine], phase: int) -> dict[str, int | None]:
    """By component: how much of its package of `phase` is done or verified, in percent."""
    return {line.component: line.percent for line in lines if line.phase == phase and line.tally.applicable}


def _shown(found: PlanOfPackages, line: PackageLine, may_schedule: bool) -> dict[str, Any]:
    shape, word, tone = STATES[line.state]
    return {
        "line": line,
        "url": package_url(found, line.key),
        "shape": shape,
        "word": word,
        "tone": tone,
        "may_pick": may_schedule and not line.is_closed,
    }
