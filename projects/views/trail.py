"""The trail of a project: who did what, when and why."""

from functools import partial
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from common import clock
from common.workbook_out import CSV, FORMATS, table_response
from projects.access import ProjectRequest, project_view
from projects.exports import TRAIL_HEADER, trail_rows
from projects.forms.trail import FILTERS, read_trail_query
from projects.models import Project
from projects.registries import undo_address
from projects.selectors.trail import chain_of, choices_of, trail_events, trail_page


def _filters(request: HttpRequest) -> str:
    """The filters of the address, without the place in the list."""
    return urlencode([(name, request.GET[name]) for name in FILTERS if request.GET.get(name)])


@project_view("trail.view")
def trail(request: ProjectRequest, project: Project) -> HttpResponse:
    """The events of the project, newest first, 50 a page."""
    choices = choices_of(project)
    query = read_trail_query(request.GET, choices)
    return render(
        request,
        "projects/trail.html",
        {
            "query": query,
            "choices": choices,
            "project": project,
            "page": trail_page(
                project, query, request.user, choices.names, partial(undo_address, project, request.access)
            ),
            "chain": chain_of(project),
            "filters": _filters(request),
            "time_zone": project.time_zone,
        },
    )


@project_view("trail.view")
def export(request: ProjectRequest, project: Project) -> HttpResponse:
    """All events that the filters of the page leave, as CSV or XLSX."""
    choices = choices_of(project)
    asked = request.GET.copy()
    forms = asked.pop("format", [CSV])
    if len(forms) != 1 or forms[0] not in FORMATS:
        raise BadRequest("no such format")
    query = read_trail_query(asked, choices)
    events = trail_events(project, query, request.user)
    name = f"trail-{project.slug}-{clock.today(project.time_zone).isoformat()}"
    rows = trail_rows(events.iterator(chunk_size=2000), choices.names)
    return table_response(str(forms[0]), name, TRAIL_HEADER, rows)
