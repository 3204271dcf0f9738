"""The committee's one page, and the board pack made of it."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect, render

from common import clock
from common.query import form_nonce, read_query
from governance import board_rows, board_words
from governance.board_pack import request_board_pack
from governance.domain.board import Board
from governance.registries import steering_panels
from governance.selectors.decisions import asked_decisions
from governance.selectors.steering import board_of, days_of_meetings
from phases.selectors.as_of import first_day
from phases.selectors.dashboard import read_phases
from phases.views.dashboard import day_of
from projects.access import ProjectRequest, project_view
from projects.models import Project


@project_view("governance.view")
def page(request: ProjectRequest, project: Project) -> HttpResponse:
    """Show where the project stands, or stood at the end of `day`, and what the committee is asked for."""
    values, _lists = read_query(request.GET, single=("day",))
    asked, problem = day_of(project, values["day"])
    board = board_of(project, asked, read_phases(project))
    context = _context(request, project, board)
    context |= {
        "is_past": asked is not None,
        "cards": asked_decisions(project, request.access) if asked is None else [],
        "typed": values["day"],
        "problem": problem,
        "first_day": first_day(project),
        "today": clock.today(project.time_zone),
        "nonce": uuid4(),
        "meetings": days_of_meetings(project),
        "further": _further(request, board),
    }
    return render(request, "governance/steering.html", context, status=400 if problem else 200)


@project_view(post="governance.view")
def pack(request: ProjectRequest, project: Project) -> HttpResponse:
    """Ask for the board pack of today or of a past day; the same form sent twice makes one job."""
    values, _lists = read_query(request.POST, single=("csrfmiddlewaretoken", "nonce", "day"))
    asked, problem = day_of(project, values["day"])
    if problem:
        raise BadRequest(problem)
    key = f"board pack {project.pk} {request.user.pk} {form_nonce(values['nonce'])}"
    job = request_board_pack(acting_user=request.user, project=project, day=asked, key=key)
    return redirect("job", job.pk)


def _further(request: ProjectRequest, board: Board) -> list[tuple[str, Mapping[str, object]]]:
    """The panels of other apps that have something to show: their templates with their values."""
    found = []
    for panel in steering_panels:
        values = panel.gather(board) if request.access.can(panel.capability) else None
        if values is not None:
            found.append((panel.template, values))
    return found


def _context(request: ProjectRequest, project: Project, board: Board) -> dict[str, Any]:
    money = board.money if request.access.can("case.view") else None
    sees_risks = bool(request.access.can("risks.view"))
    gate_days, gate_word = board_words.next_gate_words(board)
    return {
        "project": project,
        "board": board,
        "current": board.current,
        "banner": board_words.banner_of(board),
        "past": board_words.past_words(board),
        "asked_heading": board_words.asked_heading(board),
        "gate_days": gate_days,
        "gate_word": gate_word,
        "gates": board_rows.gate_rows(board),
        "phases": board_rows.phase_rows(board),
        "phases_foot": board_rows.phases_foot(board),
        "money": board_rows.money_rows(board) if money else [],
        "money_total": board_rows.money_total(board) if money else None,
        "money_unit": board_words.unit_of_money(money).word if money else "",
        "money_say": board_words.money_sentence(money) if money else "",
        "benefits_say": board_words.benefits_sentence(money) if money else "",
        "sees_money": bool(request.access.can("case.view")),
        "sees_risks": sees_risks,
        "risks": board_rows.risk_rows(board) if sees_risks else [],
        "slips": board_rows.slip_rows(board),
        "slip_scale": board_rows.slip_scale(board),
        "gaps": board_rows.gap_rows(board),
        "gap_legend": board_rows.gap_legend(),
        "gap_say": board_words.gap_sentence(board),
        "actions": board_rows.action_rows(board),
        "conditions": len(board.conditions),
        "more_actions": max(0, len(board.actions) - board_rows.MOST_ACTIONS),
        "decided": [
            (each, board_words.outcome_word(each), board_words.decided_note(each)) for each in board.decided[:5]
        ],
        "may_ask": bool(request.access.can("governance.prepare")),
    }
