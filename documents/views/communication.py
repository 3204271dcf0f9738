"""The communication and training plan: what is due first, then the whole, and as a file."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.query import choice, read_query, whole_number
from common.workbook_out import FORMATS, table_response
from documents.choices import LineKind, LineState
from documents.exports_registers import COMMUNICATION_COLUMNS, communication_lines
from documents.selectors.communication import LineQuery, plan_of
from documents.services.communication import take_lines
from documents.views.register import tabs_of
from phases.choices import PHASE_NAMES
from projects.access import ProjectRequest, project_view
from projects.models import Project

PER_PAGE = 50
FIRST = 8


def _query(data: QueryDict) -> tuple[LineQuery, dict[str, str]]:
    values, _lists = read_query(data, single=("q", "kind", "state", "phase", "page", "format"))
    phase = whole_number("phase", values["phase"])
    if phase is not None and phase not in PHASE_NAMES:
        raise BadRequest("phase has no such value")
    query = LineQuery(
        text=values["q"],
        kind=choice("kind", values["kind"], LineKind.values),
        state=choice("state", values["state"], LineState.values),
        phase=phase,
    )
    return query, dict(values)


@project_view("documents.view")
def communication(request: ProjectRequest, project: Project) -> HttpResponse:
    """The plan."""
    query, values = _query(request.GET)
    plan = plan_of(project)
    paginator = Paginator(plan.asked(query), PER_PAGE)
    number = whole_number("page", values["page"]) or 1
    if not 1 <= number <= paginator.num_pages:
        raise BadRequest("page has no such value")
    page = paginator.page(number)
    context = {
        "project": project,
        "plan": plan,
        "document_tabs": tabs_of(project, "communication"),
        "due": plan.due[:FIRST],
        "due_total": len(plan.due),
        "late_total": len(plan.late),
        "to_check": plan.to_check[:FIRST],
        "check_total": len(plan.to_check),
        "not_arrived": len(plan.not_arrived),
        "total": len(plan.counted),
        "dropped": len(plan.lines) - len(plan.counted),
        "query": query,
        "is_filtered": query != LineQuery(),
        "page_obj": page,
        "rows": page.object_list,
        "kinds": LineKind.choices,
        "states": LineState.choices,
        "phases": PHASE_NAMES.items(),
        "may_write": bool(request.access.can("documents.write")),
        "may_take": bool(request.access.can("documents.publish")),
    }
    return render(request, "documents/communication.html", context)


@project_view("documents.view")
def export(request: ProjectRequest, project: Project) -> HttpResponse:
    """The plan as seen, as a file."""
    query, values = _query(request.GET)
    form = choice("format", values["format"], FORMATS) or FORMATS[0]
    rows = communication_lines(line.row for line in plan_of(project).asked(query))
    return table_response(form, f"{project.slug}-communication", COMMUNICATION_COLUMNS, rows)


@project_view(post="documents.publish")
def take(request: ProjectRequest, project: Project) -> HttpResponse:
    """Take our list over; what is there stays."""
    taken = take_lines(acting_user=request.user, project=project)
    words = ngettext(
        "%(n)d line of our list is in the plan. Give it its day.",
        "%(n)d lines of our list are in the plan. Give each its day, and strike what does not fit.",
        taken,
    )
    messages.success(request, words % {"n": taken} if taken else _("The plan has all lines of our list already."))
    return redirect("communication", project.slug)
