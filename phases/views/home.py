"""The start page: what waits for the person, and all their projects."""

from itertools import groupby

from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _

from common.spreadsheet import to_csv
from phases.choices import PhaseState
from phases.selectors.my_work import my_work
from phases.selectors.portfolio import (
    SORTS,
    PortfolioQuery,
    PortfolioRow,
    arrange,
    portfolio_lines,
    portfolio_rows,
    standing_of,
)
from projects.access import SignedInRequest, signed_in_view

PER_PAGE = 25
FIRST_WORK_ROWS = 8


def _parse(query: QueryDict) -> tuple[PortfolioQuery, int, str]:
    """What the address asks for: portfolio, page, "csv" or "". Raises BadRequest for what it does not know."""
    for name in query:
        if name not in ("q", "sort", "page", "format") or len(query.getlist(name)) != 1:
            raise BadRequest(f"unknown or doubled parameter {name}")
    sort, page, form = query.get("sort", ""), query.get("page", "1"), query.get("format", "")
    key = sort.removeprefix("-")
    text = query.get("q", "").strip()
    if (sort and key not in SORTS) or form not in ("", "csv") or len(text) > 200 or "\x00" in text:
        raise BadRequest("no such value")
    if not (page.isascii() and page.isdecimal() and 0 < int(page[:10]) < 10_000):
        raise BadRequest("no such page")
    return PortfolioQuery(text, key or "organization", sort.startswith("-")), int(page), form


def _columns(query: PortfolioQuery, text: str) -> list[dict[str, object]]:
    names = (
        (_("Project"), "name", False),
        (_("Phase"), "phase", False),
        (_("Progress of the phase"), "", False),
        (_("Overdue"), "", True),
        (_("Blocked"), "", True),
        (_("Unassigned"), "", True),
        (_("Phase ends"), "end", True),
    )
    columns = []
    for label, key, numeric in names:
        is_sorted = bool(key) and query.sort == key
        address = QueryDict(mutable=True)
        if text:
            address["q"] = text
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
    query, page, form = _parse(request.GET)
    lines = portfolio_lines(request.user)
    shown = arrange(lines, query)
    if form == "csv":
        return _csv(portfolio_rows(request.user, shown))
    pages = Paginator(shown, PER_PAGE)
    page_obj = pages.get_page(page)
    rows = portfolio_rows(request.user, list(page_obj.object_list))
    grouped = query.sort == "organization"
    groups = [
        (name, list(found))
        for (_key, name), found in groupby(rows, key=lambda row: (row.line.organization_id, row.line.organization))
    ]
    work = my_work(request.user, (line.time_zone for line in lines))
    export = request.GET.copy()
    export.pop("page", None)
    export["format"] = "csv"
    search = QueryDict(mutable=True)
    if query.text:
        search["q"] = query.text
    return render(
        request,
        "phases/home.html",
        {
            "standing": standing_of(request.user),
            "has_projects": bool(lines),
            "total": len(lines),
            "query": query,
            "columns": _columns(query, query.text),
            "groups": groups if grouped else [("", rows)],
            "organizations": len({line.organization_id for line in lines}),
            "show_groups": grouped and len({line.organization_id for line in lines}) > 1,
            "grouped": grouped,
            "page_obj": page_obj,
            "work": work,
            "work_first": work.rows[:FIRST_WORK_ROWS],
            "work_rest": work.rows[FIRST_WORK_ROWS:],
            "export_url": f"?{export.urlencode()}",
            "grouped_url": f"?{search.urlencode()}",
        },
    )


def _csv(rows: list[PortfolioRow]) -> HttpResponse:
    states = dict(PhaseState.choices)
    text = to_csv(
        [
            "organization",
            "project",
            "phase",
            "state",
            "applicable",
            "done",
            "verified",
            "overdue",
            "blocked",
            "unassigned",
            "phase ends",
        ],
        (
            [
                row.line.organization,
                row.line.name,
                row.line.phase_name,
                str(states.get(row.line.state, row.line.state)),
                row.counts.applicable,
                row.counts.done,
                row.counts.verified,
                row.counts.overdue,
                row.counts.blocked,
                row.counts.unassigned,
                row.line.end.isoformat() if row.line.end else "",
            ]
            for row in rows
        ),
    )
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="portfolio.csv"'
    return response
