"""The dashboard of a project, and the export of its plan."""

from datetime import date
from typing import Any
from uuid import uuid4

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from audittrail.recent import recent_acts
from common import clock
from common.charts import percent
from common.charts.standalone import chart_svg, heat_svg
from common.query import choice, day, form_nonce, read_query, whole_number
from common.workbook_out import FORMATS, table_response
from jobs.services.request import request_job
from phases import panels
from phases.choices import PhaseState
from phases.domain.figures import Tally
from phases.panels_health import health_line
from phases.panels_standing import burn_up_panel, records_panel
from phases.panels_supplement import supplement_panel
from phases.selectors.as_of import first_day
from phases.selectors.catalogue import texts_for
from phases.selectors.dashboard import Dashboard, dashboard_of, read_phases
from phases.selectors.layout import arrangement_of
from phases.services.layout import reset_layout, save_layout
from projects.access import ProjectRequest, project_view
from projects.models import Project
from projects.registries import prepare_panels

CHANGES = 12


# What everybody sees, in this order, left and right in turn.
PANELS = {
    "attention": _lazy("Needs attention"),
    "progress": _lazy("Progress per phase"),
    "components": _lazy("Progress by component and phase"),
    "burn-up": _lazy("Burn-up and forecast"),
    "records": _lazy("Records over time"),
    "workload": _lazy("Workload by responsible party"),
    "changes": _lazy("Recent changes"),
}


@project_view("project.view")
def dashboard(request: ProjectRequest, project: Project) -> HttpResponse:
    """Where the project stands, or stood at the end of `as_of`: whom to call, and what changed."""
    values, _many = read_query(request.GET, single=("as_of", "format"))
    form = choice("format", values["format"], FORMATS)
    asked, problem = day_of(project, values["as_of"])
    board = dashboard_of(project, asked, read_phases(project))
    if form:
        return _figures_file(project, board, form)
    context = _context(request, project, board)
    context |= {"as_of": values["as_of"], "as_of_problem": problem, "first_day": first_day(project)}
    return render(request, "phases/dashboard.html", context, status=400 if problem else 200)


def day_of(project: Project, text: str) -> tuple[date | None, str]:
    """The day that is asked for; None for today, with a sentence where it cannot be shown."""
    if not text:
        return None, ""
    try:
        wanted = day("as_of", text)
    except BadRequest:
        return None, _("There is no such day. Write it as year, month and day: 2026-02-28. This is today.")
    today, first = clock.today(project.time_zone), first_day(project)
    if wanted is None or wanted == today:
        return None, ""
    if wanted > today:
        return None, _("That day has not come yet. This is today.")
    if wanted < first:
        return None, _("The project began on %(first)s. This is today.") % {"first": dateformat.format(first, "j M Y")}
    return wanted, ""


def _context(request: ProjectRequest, project: Project, board: Dashboard) -> dict[str, Any]:
    tally = board.current.tally
    before = clock.end_of(board.today, project.time_zone) if board.is_past else None
    changes = None
    if request.access.can("trail.view"):
        changes = recent_acts(project.uuid, CHANGES, before=before)
    extra = {panel["key"]: panel for panel in prepare_panels("dashboard", project, request.access)}
    titles = {**PANELS, **dict.fromkeys(extra, "")}
    arrangement = arrangement_of(request.user, [key for key in titles if key != "changes" or changes is not None])
    columns: tuple[list[Any], list[Any]] = ([], [])
    for place, key in enumerate(key for key in arrangement.shown if key in PANELS):
        columns[place % 2].append(f"phases/dashboard/_{key.replace('-', '_')}.html")
    return {
        "project": project,
        "board": board,
        "current": board.current,
        "tally": tally,
        "share": panels.share_of(tally),
        "plan_share": percent(tally.planned_by_today, tally.applicable),
        "shape": panels.state_shape(board.current.state),
        "state_word": str(PhaseState(board.current.state).label).lower(),
        "strip": panels.strip(project, board),
        "strip_svg": panels.strip_svg(board.phases, board.today),
        "links": panels.progress_links(project, board),
        "tiles": panels.tiles(project, board),
        "health": health_line(board.found.standing.health),
        "standing": board.found.standing,
        "concerns": [panels.concern_line(project, one, board.current.number) for one in board.attention.concerns],
        "progress": panels.progress_chart(project, board),
        "weighted": panels.weighted_shares(board),
        "supplement": supplement_panel(project, board),
        "heat": panels.component_map(project, board, texts_for(project)),
        "workload": panels.workload_chart(project, board),
        "burn": burn_up_panel(board),
        "records": records_panel(board),
        "changes": changes,
        "may_assign": bool(request.access.can("phases.assign")),
        "may_change": bool(request.access.can("project.change")),
        "may_close": bool(request.access.can("phases.close")),
        "may_tailor": bool(request.access.can("phases.tailor")),
        "may_export": bool(request.access.can("phases.export")),
        "nonce": uuid4(),
        "columns": columns,
        "extra_panels": [extra[key] for key in arrangement.shown if key in extra],
        "arrange": [
            {"key": key, "title": PANELS[key], "hidden": key in arrangement.hidden, "place": place}
            for place, key in enumerate((key for key in arrangement.order if key in PANELS), start=1)
        ],
        "is_arranged": arrangement.is_own,
        "chart_files": [(name, PANELS[name]) for name in CHARTS],
    }


def _figures_file(project: Project, board: Dashboard, form: str) -> HttpResponse:
    """The figures that the dashboard shows, by phase and component."""
    header = ("day", "phase", "component", *Tally().as_contract())
    day_text = board.today.isoformat()
    rows: list[tuple[Any, ...]] = [
        (day_text, line.number, "", *line.tally.as_contract().values()) for line in board.phases
    ]
    for code, by_phase in board.figures.components.items():
        rows += [(day_text, number, code, *tally.as_contract().values()) for number, tally in sorted(by_phase.items())]
    return table_response(form, f"{project.slug}-figures-{day_text}", header, rows)


CHARTS = ("progress", "burn-up", "workload", "components")


@project_view("project.view")
def chart(request: ProjectRequest, project: Project, name: str) -> HttpResponse:
    """A chart of the dashboard as an SVG file, today's or that of a past day."""
    values, _many = read_query(request.GET, single=("as_of",))
    asked, problem = day_of(project, values["as_of"])
    if problem:
        raise BadRequest(problem)
    if name not in CHARTS:
        raise Http404
    board = dashboard_of(project, asked)
    made: str | None = None
    if name == "components":
        heat = panels.component_map(project, board, texts_for(project))
        made = heat_svg(heat) if heat is not None else None
    else:
        burn = burn_up_panel(board) if name == "burn-up" else None
        found = {
            "progress": panels.progress_chart(project, board),
            "workload": panels.workload_chart(project, board),
            "burn-up": burn.chart if burn is not None else None,
        }[name]
        made = chart_svg(found) if found is not None else None
    if made is None:
        raise Http404
    answer = HttpResponse(made, content_type="image/svg+xml")
    answer["Content-Disposition"] = f'attachment; filename="{project.slug}-{name}-{board.today.isoformat()}.svg"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@project_view("project.view")
def report(request: ProjectRequest, project: Project) -> HttpResponse:
    """The status of the project on one printed page, today's or that of a past day."""
    values, _many = read_query(request.GET, single=("as_of",))
    asked, problem = day_of(project, values["as_of"])
    if problem:
        raise BadRequest(problem)
    board = dashboard_of(project, asked)
    context = _context(request, project, board)
    context |= {"as_of": values["as_of"], "printed_at": clock.now()}
    return render(request, "phases/report.html", context)


@project_view(post="project.view")
def arrange(request: ProjectRequest, project: Project) -> HttpResponse:
    """Keep the order of the panels, and which are shown, for this person on every dashboard."""
    if request.POST.get("do") == "reset":
        reset_layout(acting_user=request.user)
        return redirect("dashboard", project.slug)
    places = {}
    for key in PANELS:
        place = whole_number(key, request.POST.get(f"place-{key}", ""))
        places[key] = place if place is not None else len(PANELS) + 1
    order = sorted(PANELS, key=lambda key: places[key])
    shown = set(request.POST.getlist("show"))
    save_layout(acting_user=request.user, panels=order, hidden=[key for key in order if key not in shown])
    return redirect("dashboard", project.slug)


@project_view(post="phases.export")
def export_plan(request: ProjectRequest, project: Project) -> HttpResponse:
    """Ask for the plan as a file; the same form sent twice makes one job."""
    values, _lists = read_query(request.POST, single=("csrfmiddlewaretoken", "nonce"))
    nonce = form_nonce(values["nonce"])
    job = request_job(
        acting_user=request.user,
        project=project,
        kind="phases.export_plan",
        parameters={},
        # Bound to person and project: a nonce of somebody else's form leads to no job of theirs.
        idempotency_key=f"plan {project.pk} {request.user.pk} {nonce}",
    )
    return redirect("job", job.pk)
