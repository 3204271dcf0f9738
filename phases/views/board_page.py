"""Puts a board on the page: whole, or the parts of it that an inline change touches."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import dateformat
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from phases.choices import Nature, PhaseState, Status
from phases.forms.board import (
    filter_names,
    parse_board_query,
    query_pairs,
    query_string,
    range_problem,
    without_filters,
)
from phases.models import Phase
from phases.registries import ways_from
from phases.selectors.board import GROUPINGS, SORTS, SUPPLEMENT, BoardQuery, BoardRow
from phases.selectors.board_page import Board, PartyChoice, board_of, parties_of
from phases.selectors.catalogue import texts_for
from phases.selectors.row import glance_at
from phases.services.rows import Refusal
from projects.access import ProjectRequest
from projects.models import Project
from projects.registries import prepare_panels

VIEW_LABELS: dict[str, str | Promise] = {
    "all": gettext_lazy("All"),
    "overdue": gettext_lazy("Overdue"),
    "soon": gettext_lazy("Due in 14 days"),
    "verify": gettext_lazy("To verify"),
    "blocked": gettext_lazy("Blocked"),
    "unassigned": gettext_lazy("Unassigned"),
    "mine": gettext_lazy("Mine"),
    SUPPLEMENT: gettext_lazy("Supplement"),
}
GROUP_LABELS: dict[str, str | Promise] = {
    "component": gettext_lazy("Component"),
    "party": gettext_lazy("Responsible party"),
    "status": gettext_lazy("Status"),
    "none": gettext_lazy("Nothing"),
}
SORT_LABELS: dict[str, str | Promise] = {
    "catalogue": gettext_lazy("Ref"),
    "title": gettext_lazy("Activity"),
    "status": gettext_lazy("Status"),
    "party": gettext_lazy("Responsible party"),
    "due": gettext_lazy("Due"),
}
COLUMN_CLASSES = {"catalogue": "c-ref", "title": "w-title", "status": "c-status", "party": "c-who", "due": "c-due"}


@dataclass(frozen=True, slots=True)
class BulkState:
    """What was ticked and typed for many rows at once, when it has to be shown again."""

    selected: frozenset[int] = frozenset()
    open: str = ""
    values: dict[str, str] = field(default_factory=dict)
    problem: str = ""
    refusals: Sequence[Refusal] = ()


def board_url(project: Project, number: int) -> str:
    """The address of a board, without a question."""
    return reverse("board", args=[project.slug, number])


def read_query(project: Project, data: QueryDict, parties: Sequence[PartyChoice] | None) -> BoardQuery:
    """The question that an address asks of a board. Raises BadRequest."""
    known = None if parties is None else [party.pk for party in parties]
    return parse_board_query(data, components=texts_for(project).components, parties=known)


def query_of_address(project: Project, number: int, address: str) -> BoardQuery:
    """The question in `address` (a whole one, or a path), or the plain one where it is none of this board."""
    split = urlsplit(address)
    if split.path != board_url(project, number):
        return BoardQuery()
    try:
        return read_query(project, QueryDict(split.query), None)
    except BadRequest:
        return BoardQuery()


def row_values(request: ProjectRequest, board: Board) -> dict[str, Any]:
    """What every row of the board needs: its addresses, and what the person may do."""
    base = board_url(board.project, board.phase.number)
    question = query_string(board.query)
    changeable = not board.is_closed
    can = request.access.can
    return {
        "project_slug": board.project.slug,
        "row_base": reverse("row", args=[board.project.slug, 0])[:-2],
        "open_base": f"{base}{question}{'&' if question else '?'}open=",
        "next_part": f"&next={quote(base + question)}" if question else "",
        "may_report": changeable and bool(can("phases.report") or can("phases.verify")),
        "may_assign": changeable and bool(can("phases.assign")),
        "may_schedule": changeable and bool(can("phases.schedule")),
    }


def figures(board: Board) -> dict[str, Any]:
    """The parts above the table that count: tabs and head line."""
    base = board_url(board.project, board.phase.number)
    return {
        "tabs": [
            {
                "label": label,
                "url": base + query_string(board.query, view=view),
                "count": board.views[view],
                "current": view == board.query.view,
            }
            for view, label in VIEW_LABELS.items()
            if view != SUPPLEMENT or board.supplement is not None or board.query.view == SUPPLEMENT
        ],
        "tally": board.tally,
        "listed": _listed(board),
    }


def component_panels(request: ProjectRequest, board: Board) -> list[dict[str, Any]]:
    """What higher apps show beside the heading of each component; nothing where rows are grouped otherwise."""
    if board.query.group != GROUPINGS[0]:
        return []
    return prepare_panels("board component", board.project, request.access, phase=board.phase.number)


def _listed(board: Board) -> dict[str, int]:
    """How many rows are shown, of how many; `apart` is how many of the supplement stand below them."""
    if board.query.view == SUPPLEMENT:
        return {"shown": board.supplement_shown, "total": board.supplement.total if board.supplement else 0, "apart": 0}
    return {"shown": board.main_shown, "total": board.main_rows, "apart": board.supplement_shown}


def _pill(phase: Phase) -> dict[str, Any]:
    def day(value: Any) -> str:
        return dateformat.format(value, "j M Y")

    state = PhaseState(phase.state)
    word = str(state.label)
    if state == PhaseState.PLANNED and phase.start:
        word = _("Planned from %(day)s") % {"day": day(phase.start)}
    elif state == PhaseState.ACTIVE and phase.end:
        word = _("Active until %(day)s") % {"day": day(phase.end)}
    elif state == PhaseState.CLOSED and phase.closed_on:
        word = _("Closed %(day)s") % {"day": day(phase.closed_on)}
    return {"shape": f"ps-{phase.state.replace(' ', '-')}", "word": word, "active": state == PhaseState.ACTIVE}


def _state_control(request: ProjectRequest, board: Board) -> dict[str, Any] | None:
    if not request.access.can("phases.close") or board.is_closed:
        return None
    number = board.phase.number
    starts = board.phase.state == PhaseState.PLANNED
    return {
        "url": reverse("phase_state", args=[board.project.slug, number]),
        "end_url": reverse("phase_end", args=[board.project.slug, number]),
        "action": "start" if starts else "close",
        "version": board.phase.version,
        "number": number,
        "open_rows": board.tally.applicable - board.tally.finished,
        "unverified": board.tally.done,
        "supplement": board.supplement.applicable - board.supplement.finished if board.supplement else 0,
        "why_not": _("Close phase %(number)d first.") % {"number": number - 1}
        if starts and board.blocked_by is not None
        else "",
    }


def _columns(board: Board) -> list[dict[str, Any]]:
    base = board_url(board.project, board.phase.number)
    columns = []
    for key, label in SORT_LABELS.items():
        current = board.query.sort == key
        columns.append(
            {
                "label": label,
                "css": COLUMN_CLASSES[key],
                "url": base + query_string(board.query, sort=key, descending=current and not board.query.descending),
                "sorted": ("descending" if board.query.descending else "ascending") if current else "",
            }
        )
    return columns


def _filters(board: Board, parties: Sequence[PartyChoice]) -> dict[str, Any]:
    query = board.query
    base = board_url(board.project, board.phase.number)
    here = {row.component for row in board.rows}
    used = {row.party_id for row in board.rows}
    components = texts_for(board.project).components
    kept = [(name, value) for name, value in query_pairs(query) if name in ("view", "sort", "group")]
    return {
        "action": base,
        "kept": kept,
        "text": query.text,
        "components": [
            {"value": code, "label": item.title, "checked": code in query.components}
            for code, item in components.items()
            if code in here or code in query.components
        ],
        "statuses": [{"value": value, "checked": value in query.statuses} for value in Status.values],
        "parties": [
            {
                "value": party.pk,
                "name": party.name,
                "kind": party.kind,
                "initials": party.initials,
                "checked": party.pk in query.parties,
            }
            for party in parties
            if party.is_active or party.pk in used
        ],
        "nobody": 0 in query.parties,
        "natures": [
            {"value": value, "label": label, "checked": value in query.natures} for value, label in Nature.choices
        ],
        "key_only": query.key_only,
        "due_from": query.due_from.isoformat() if query.due_from else "",
        "due_until": query.due_until.isoformat() if query.due_until else "",
        "problem": range_problem(query),
        "set": filter_names(query),
        "clear_url": base + query_string(without_filters(query)),
        "groupings": [
            {"label": GROUP_LABELS[name], "url": base + query_string(query, group=name), "current": name == query.group}
            for name in GROUPINGS
        ],
        "sorts": [
            {
                "label": SORT_LABELS[name],
                "url": base + query_string(query, sort=name, descending=False),
                "current": name == query.sort,
            }
            for name in SORTS
        ],
        "grouping": GROUP_LABELS[query.group],
    }


def in_order(board: Board) -> list[BoardRow]:
    """The rows shown, in the order in which the page has them."""
    return [row for group in board.groups for row in group.rows]


def drawer_values(request: ProjectRequest, board: Board, row: BoardRow) -> dict[str, Any]:
    """What the drawer shows of `row`, and the ways to the rows beside it."""
    rows = in_order(board)
    at = next((place for place, other in enumerate(rows) if other.pk == row.pk), None)
    values = row_values(request, board)

    def way(place: int) -> dict[str, str] | None:
        if at is None or not 0 <= place < len(rows):
            return None
        return {
            "url": values["open_base"] + quote(rows[place].ref),
            "hx": f"{values['row_base']}{rows[place].pk}/",
            "ref": rows[place].ref,
        }

    slug = board.project.slug
    glance = glance_at(board.project, row)
    return {
        **values,
        "row": row,
        "glance": glance,
        "where": "drawer",
        "position": at + 1 if at is not None else None,
        "shown_count": len(rows),
        "previous": way(at - 1) if at is not None else None,
        "following": way(at + 1) if at is not None else None,
        "close_url": board_url(board.project, board.phase.number) + query_string(board.query),
        "activity_url": reverse("activity", args=[slug, row.ref]),
        "rungs": [
            {"rung": rung, "url": reverse("board", args=[slug, rung.phase]) + f"?open={quote(row.ref)}"}
            for rung in glance.rungs
        ],
    }


def render_board(
    request: ProjectRequest,
    project: Project,
    number: int,
    *,
    data: QueryDict,
    status: int = 200,
    bulk: BulkState | None = None,
    problem: str = "",
) -> HttpResponse:
    """The whole page, for the question in `data`. Raises BadRequest for a question it does not know, Http404."""
    parties = parties_of(project, request.user)
    query = read_query(project, data, parties)
    try:
        board = board_of(project, number, query, request.user)
    except Phase.DoesNotExist as error:
        raise Http404 from error
    opened = None
    if ref := data.get("open", ""):
        opened = next((row for row in board.rows if row.ref == ref), None)
        if opened is None:
            raise BadRequest("no such activity in this phase")
    base = board_url(project, number)
    question = query_string(query)
    filters = _filters(board, parties)
    context = {
        **row_values(request, board),
        **figures(board),
        "board": board,
        "component_panels": component_panels(request, board),
        "ways": ways_from(project, request.access, number),
        "phase": board.phase,
        "pill": _pill(board.phase),
        "state": _state_control(request, board),
        "columns": _columns(board),
        "filters": filters,
        "problem": problem,
        "bulk": bulk or BulkState(),
        "bulk_url": reverse("board_bulk", args=[project.slug, number]),
        "statuses": Status.values,
        "export_url": f"{reverse('board_export', args=[project.slug, number])}{question}",
        "may_export": bool(request.access.can("phases.export")),
        "address": base + question,
        "close_url": base + question,
        "parties": [party for party in parties if party.is_active],
        "opened": opened.pk if opened else None,
        "drawer": drawer_values(request, board, opened) if opened else None,
    }
    return render(request, "phases/board.html", context, status=400 if filters["problem"] else status)
