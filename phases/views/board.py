"""The board of a phase: the page, the same rows as a file, and the beginning and end of the phase."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from common.exceptions import RuleBroken
from common.workbook_out import CSV, FORMATS, table_response
from phases.exports import BOARD_COLUMNS, board_lines
from phases.models import Phase
from phases.selectors.board_page import board_of, parties_of
from phases.services.lifecycle import close_phase, start_phase
from phases.views.board_page import board_url, read_query, render_board
from projects.access import ProjectRequest, project_view
from projects.models import Project
from projects.services.guards import parse_version

ACTIONS: dict[str, Callable[..., Phase]] = {"start": start_phase, "close": close_phase}


@project_view("phases.view")
def board(request: ProjectRequest, project: Project, number: int) -> HttpResponse:
    """The board of phase `number`, as the address asks for it."""
    return render_board(request, project, number, data=request.GET)


@project_view("phases.export")
def export(request: ProjectRequest, project: Project, number: int) -> HttpResponse:
    """The rows that the board shows for the same question, as CSV or XLSX, in the same order."""
    parties = parties_of(project, request.user)
    asked = request.GET.copy()
    forms = asked.pop("format", [CSV])
    if len(forms) != 1 or forms[0] not in FORMATS:
        raise BadRequest("no such format")
    query = read_query(project, asked, parties)
    if "open" in asked:
        raise BadRequest("an export opens no row")
    try:
        found = board_of(project, number, query, request.user)
    except Phase.DoesNotExist as error:
        raise Http404 from error
    return table_response(str(forms[0]), f"{project.slug}-phase-{number}", BOARD_COLUMNS, board_lines(found))


@project_view(post="phases.close")
def state(request: ProjectRequest, project: Project, number: int) -> HttpResponse:
    """Start or close the phase. A refusal is shown on the board, with what is missing."""
    action = request.POST.get("action", "")
    if action not in ACTIONS:
        raise BadRequest("no such action")
    version = parse_version(request.POST.get("version"))
    said_why = {"reason": request.POST.get("reason", "")} if action == "close" else {}
    try:
        ACTIONS[action](acting_user=request.user, project=project, number=number, version=version, **said_why)
    except Phase.DoesNotExist as error:
        raise Http404 from error
    except RuleBroken as refused:
        return render_board(request, project, number, data=QueryDict(), status=422, problem=str(refused))
    said = _("Phase %(number)d has started.") if action == "start" else _("Phase %(number)d is closed.")
    messages.success(request, said % {"number": number})
    return redirect(board_url(project, number))
