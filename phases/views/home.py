"""The start page: what waits for the person, and all their projects."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from common.query import choice, read_query, whole_number
from common.workbook_out import FORMATS, table_response
from phases.choices import PHASE_NAMES, HealthLevel, PhaseState
from phases.domain.health import ORDER, Health
from phases.panels_health import HealthLine, health_line
from phases.registries import PortfolioCell, PortfolioSaid, portfolio_parts, portfolio_sorts
from phases.selectors.my_work import my_work
from phases.selectors.portfolio import (
    SORTS,
    PortfolioLine,
    PortfolioQuery,
    chosen_projects,
    lines_of,
    overview_of,
    reach_of,
    standing_of,
)
from phases.services.stored_figures import refresh_for
from projects.access import SignedInRequest, signed_in_view
from projects.models import Project

PER_PAGE = 25


def _parse(query: QueryDict, organizations: set[str]) -> tuple[PortfolioQuery, int, str]:
    """What the address asks for: portfolio, page, "csv" or "". Raises BadRequest for what it does not know."""
    one, many = read_query(
        query, single=("q", "sort", "page", "format", "phase", "organization", "part"), multiple=("health",)
    )
    sort = one["sort"]
    key = choice("sort", sort.removeprefix("-"), {*SORTS, *portfolio_sorts()})
    form = choice("format", one["format"], FORMATS)
    choice("part", one["part"], ("work",))
    page = whole_number("page", one["page"] or "1")
    phase = whole_number("phase", one["phase"])
    organization = choice("organization", one["organization"], organizations)
    health = tuple(choice("health", level, HealthLevel.values) for level in many["health"])
    if not page or page >= 10_000 or (phase is not None and phase not in PHASE_NAMES) or sort == "-":
        raise BadRequest("no such value")
    asked = PortfolioQuery(one["q"], key or "organization", sort.startswith("-"), health, phase, organization)
    return asked, page, form


def _columns(query: PortfolioQuery, asked: QueryDict) -> list[dict[str, object]]:
    names = (
        (_("Project"), "name", False),
        (_("Health"), "health", False),
        (_("Phase"), "phase", False),
        (_("Progress of the phase"), "", False),
        (_("Overdue"), "overdue", True),
        (_("Blocked"), "", True),
        (_("Unassigned"), "", True),
        (_("Phase ends"), "end", True),
        (_("Slip"), "slip", True),
        (_("Last update"), "update", True),
    )
    others = [(column.label, column.sort, column.is_number) for part in portfolio_parts for column in part.columns]
    # What other apps add stands before the last one.
    columns: list[dict[str, object]] = []
    for label, key, numeric in (*names[:-1], *others, names[-1]):
        is_sorted = bool(key) and query.sort == key
        address = asked.copy()
        address.pop("page", None)
        address["sort"] = f"-{key}" if is_sorted and not query.descending else key
        columns.append(
            {
                "label": label,
                "url": f"?{address.urlencode()}" if key else "",
                "numeric": numeric,
                "sorted": "" if not is_sorted else "descending" if query.descending else "ascending",
            }
        )
    return columns


@signed_in_view("GET")
def home(request: SignedInRequest) -> HttpResponse:
    """My work and the portfolio; `format=csv` gives the portfolio as filtered and sorted, all pages."""
    reach = reach_of(request.user)
    query, page, form = _parse(request.GET, set(reach.organizations))
    refresh_for(request.user, reach.zones)
    if request.GET.get("part"):
        return _work_part(request, reach.zones)
    chosen = chosen_projects(request.user, query)
    if form:
        projects = list(chosen)
        return _file(request.user, projects, lines_of(projects), form)
    page_obj = Paginator(chosen, PER_PAGE).get_page(page)
    grouped = query.sort == "organization"
    columns = _columns(query, request.GET)
    shown = list(page_obj.object_list)
    more = _more(request.user, shown)
    rows = [
        _Row(
            line, health_line(Health(line.health, line.rules)), [cell for said in more[line.pk] for cell in said.cells]
        )
        for line in lines_of(shown)
    ]
    groups = [
        (name, list(found))
        for (_key, name), found in groupby(rows, key=lambda row: (row.line.organization_id, row.line.organization))
    ]
    overview = overview_of(request.user)
    # Who sees many projects gets the list first; their work, counted over all of them, follows by itself.
    work = my_work(request.user, reach.zones) if reach.total <= PER_PAGE else None
    export = request.GET.copy()
    export.pop("page", None)
    ungrouped = request.GET.copy()
    for name in ("page", "sort"):
        ungrouped.pop(name, None)
    context = {
        "standing": standing_of(request.user),
        "has_projects": bool(reach.total),
        "total": reach.total,
        "query": query,
        "is_filtered": bool(query.text or query.health or query.phase is not None or query.organization),
        "columns": columns,
        "more_columns": [column for part in portfolio_parts for column in part.columns],
        "groups": groups if grouped else [("", rows)],
        "organizations": len(reach.organizations),
        "organization_choices": list(reach.organizations.items()),
        "show_groups": grouped and len(reach.organizations) > 1,
        "grouped": grouped,
        "page_obj": page_obj,
        "health_tiles": _health_tiles(overview.by_health, query),
        "phase_choices": [(number, f"{number} {name}") for number, name in PHASE_NAMES.items()],
        "late_people": overview.late_people,
        "work": work,
        "export_url": f"?{export.urlencode()}&" if export else "?",
        "grouped_url": f"?{ungrouped.urlencode()}",
    }
    return render(request, "phases/home.html", context)


def _work_part(request: SignedInRequest, zones: Iterable[str]) -> HttpResponse:
    """The first of My work by itself, which the start page asks for afterwards; without script the whole page."""
    if not request.htmx:  # type: ignore[attr-defined]  # set by django_htmx's middleware
        return HttpResponseRedirect(reverse("my_work"))
    return render(request, "phases/_home_work_panel.html", {"work": my_work(request.user, zones)})


@dataclass(frozen=True, slots=True)
class _Row:
    line: PortfolioLine
    health: HealthLine
    more: Sequence[PortfolioCell]


def _more(user: User, projects: Sequence[Project]) -> Mapping[int, list[PortfolioSaid]]:
    """What other apps say of each project, part by part; empty where the person may not know it."""
    found: dict[int, list[PortfolioSaid]] = {project.pk: [] for project in projects}
    for part in portfolio_parts:
        nothing = PortfolioSaid((PortfolioCell(),) * len(part.columns), ("",) * len(part.names))
        read = part.read(user, projects)
        for project in projects:
            found[project.pk].append(read.get(project.pk, nothing))
    return found


def _health_tiles(by_health: Mapping[str, int], query: PortfolioQuery) -> list[dict[str, Any]]:
    """How many projects are late, at risk and so on, each a filter."""
    tiles = []
    for level in ORDER:
        line = health_line(Health(level))
        tiles.append(
            {
                "label": line.word,
                "shape": line.shape,
                "tone": line.tone,
                "count": by_health.get(level, 0),
                "current": query.health == (level,),
                "url": f"{reverse('home')}?{urlencode({'health': level})}",
            }
        )
    return tiles


def _file(user: User, projects: Sequence[Project], lines: list[PortfolioLine], form: str) -> HttpResponse:
    states = dict(PhaseState.choices)
    more = _more(user, projects)
    return table_response(
        form,
        "portfolio",
        [
            "organization",
            "project",
            "health",
            "why",
            "phase",
            "state",
            "applicable",
            "done",
            "verified",
            "overdue",
            "blocked",
            "unassigned",
            "phase ends",
            "forecast",
            "slip in working days",
            "last update",
            *(name for part in portfolio_parts for name in part.names),
        ],
        (
            [
                line.organization,
                line.name,
                line.health_word,
                health_line(Health(line.health, line.rules)).why,
                line.phase_name,
                str(states.get(line.state, line.state)),
                line.counts.applicable,
                line.counts.done,
                line.counts.verified,
                line.counts.overdue,
                line.counts.blocked,
                line.counts.unassigned,
                line.end.isoformat() if line.end else "",
                line.forecast.isoformat() if line.forecast else "",
                "" if line.slip is None else line.slip,
                line.last_update.isoformat(timespec="minutes") if line.last_update else "",
                *(value for said in more[line.pk] for value in said.values),
            ]
            for line in lines
        ),
    )
