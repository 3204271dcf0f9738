"""Dates of a plan: recompute all of it, move a phase, move one activity. Each shows first what would move."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.exceptions import RuleBroken, StaleWrite
from common.query import choice, read_query, single_values, whole_number
from phases.choices import PhaseState
from phases.forms.schedule import PhaseDatesForm, RowDateForm
from phases.models import Phase, PhaseActivity
from phases.selectors.plan_state import LAST_DATED_PHASE, plan_state
from phases.selectors.what_moves import WhatMoves, outcome_of
from phases.selectors.wishes import PhaseWish, RowWish, Wishes
from phases.services.phase_dates import set_phase_dates
from phases.services.rows import check_due
from phases.services.schedule import move_rows, recompute_plan
from projects.access import ProjectRequest, project_view
from projects.models import Project
from projects.services.guards import parse_version


def said_of(what: WhatMoves) -> str:
    """What was saved, in a sentence."""
    count = len(what.moves)
    if what.is_empty:
        return _("Saved. No date of an activity moved.")
    return ngettext("Saved. %(count)d activity moved.", "Saved. %(count)d activities moved.", count) % {"count": count}


@project_view("phases.view", post="phases.schedule")
def recompute(request: ProjectRequest, project: Project) -> HttpResponse:
    """What a recomputation would move; a POST with the digest of that does it."""
    if request.method == "POST":
        data = single_values(request.POST)
        late = choice("late", data.get("late", ""), ("1",)) == "1"
        try:
            what = recompute_plan(
                acting_user=request.user, project=project, seen=data.get("seen", "") or "none", late=late
            )
        except StaleWrite as error:
            return _recompute_page(request, project, late=late, problem=str(error), status=409)
        messages.success(request, said_of(what))
        return redirect("plan_recompute", project.slug)
    single, _multiple = read_query(request.GET, single=("late",))
    return _recompute_page(request, project, late=choice("late", single["late"], ("1",)) == "1")


def _recompute_page(
    request: ProjectRequest, project: Project, *, late: bool, problem: str = "", status: int = 200
) -> HttpResponse:
    state = plan_state(project)
    try:
        what = outcome_of(state, Wishes(everything=True, late=late)).what
    except RuleBroken as error:
        what, problem, status = WhatMoves(), str(error), 422
    late_rows = [row for row in state.rows if row.is_open and row.due is not None and row.due < state.today]
    context = {
        "project": project,
        "what": what,
        "late": late,
        "overdue": sum(not row.due_is_own for row in late_rows),
        "overdue_own": sum(row.due_is_own for row in late_rows),
        "per_week": state.rules.per_week,
        "problem": problem,
        "may_save": bool(request.access.can("phases.schedule")),
    }
    return render(request, "phases/plan_recompute.html", context, status=status)


@project_view("phases.view", post="phases.schedule")
def phase_dates(request: ProjectRequest, project: Project) -> HttpResponse:
    """The dates of all phases; `phase`, `start` and `end` in the address show what another date would move."""
    phases = [phase for phase in Phase.objects.filter(project=project) if phase.number <= LAST_DATED_PHASE]
    if request.method == "POST":
        data = single_values(request.POST)
        phase = _chosen(phases, data.get("phase", ""))
        form = PhaseDatesForm(data)
        if not form.is_valid():
            return _phases_page(request, project, phases, phase=phase, form=form, status=422)
        wish = _phase_wish(form, phase, parse_version(data.get("version")))
        try:
            what = set_phase_dates(
                acting_user=request.user,
                project=project,
                wish=wish,
                seen=data.get("seen", "") or "none",
                reason=data.get("reason", "")[:1000],
            )
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
            return _phases_page(request, project, phases, phase=phase, form=form, status=422)
        except StaleWrite as error:
            fresh = [each for each in Phase.objects.filter(project=project) if each.number <= LAST_DATED_PHASE]
            phase = _chosen(fresh, str(phase.number))
            return _phases_page(request, project, fresh, phase=phase, form=form, problem=str(error), status=409)
        messages.success(request, said_of(what))
        return redirect("plan_phases", project.slug)
    single, _multiple = read_query(request.GET, single=("phase", "start", "end", "shift"))
    if not single["phase"]:
        return _phases_page(request, project, phases)
    phase = _chosen(phases, single["phase"])
    if "start" not in request.GET:
        form = PhaseDatesForm(initial={"start": phase.start, "end": phase.end, "shift": True})
        return _phases_page(request, project, phases, phase=phase, form=form)
    form = PhaseDatesForm(request.GET)
    return _phases_page(request, project, phases, phase=phase, form=form, status=200 if form.is_valid() else 422)


def _chosen(phases: list[Phase], value: str) -> Phase:
    number = whole_number("phase", value)
    if number is None:
        raise BadRequest("no phase is named")
    found = next((phase for phase in phases if phase.number == number), None)
    if found is None:
        raise Http404
    return found


def _phase_wish(form: PhaseDatesForm, phase: Phase, version: int) -> PhaseWish:
    data = form.cleaned_data
    return PhaseWish(phase.number, version, data["start"], data["end"], data["shift"])


def _phases_page(
    request: ProjectRequest,
    project: Project,
    phases: list[Phase],
    *,
    phase: Phase | None = None,
    form: PhaseDatesForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    what = None
    if phase is not None and form is not None and form.is_bound and form.is_valid():
        try:
            what = outcome_of(plan_state(project), Wishes(phases=(_phase_wish(form, phase, phase.version),))).what
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
            status = 422
    context = {
        "project": project,
        "phases": [
            {"phase": each, "days": (each.end - each.start).days + 1 if each.start and each.end else None}
            for each in phases
        ],
        "chosen": phase,
        "begun": phase is not None and phase.state != PhaseState.PLANNED,
        "closed": phase is not None and phase.state == PhaseState.CLOSED,
        "form": form,
        "what": what,
        "problem": problem,
        "may_save": bool(request.access.can("phases.schedule")),
    }
    return render(request, "phases/plan_phases.html", context, status=status)


@project_view("phases.view", post="phases.schedule")
def move(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    """One activity in one phase: another due date, and what has to wait for it."""
    row = PhaseActivity.objects.filter(project=project, pk=pk).select_related("activity").first()
    if row is None:
        raise Http404
    back = reverse("activity", args=[project.slug, row.activity.ref])
    if request.method == "POST":
        data = single_values(request.POST)
        form = RowDateForm(data)
        if not form.is_valid():
            return _move_page(request, project, row, form, status=422)
        wish = RowWish(row.pk, parse_version(data.get("version")), form.cleaned_data["due"])
        try:
            what = move_rows(
                acting_user=request.user, project=project, wishes=[wish], seen=data.get("seen", "") or "none"
            )
        except RuleBroken as error:
            form.add_error("due", str(error))
            return _move_page(request, project, row, form, status=422)
        except StaleWrite as error:
            row.refresh_from_db()
            return _move_page(request, project, row, form, problem=str(error), status=409)
        messages.success(request, said_of(what))
        return redirect(back)
    single, _multiple = read_query(request.GET, single=("due",))
    if "due" in request.GET:
        form = RowDateForm({"due": single["due"]})
        return _move_page(request, project, row, form, status=200 if form.is_valid() else 422)
    return _move_page(request, project, row, RowDateForm(initial={"due": row.due}))


def _move_page(
    request: ProjectRequest,
    project: Project,
    row: PhaseActivity,
    form: RowDateForm,
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    what = None
    state = plan_state(project)
    standing = next((each for each in state.rows if each.pk == row.pk), None)
    if standing is not None and form.is_bound and form.is_valid():
        what = _row_outcome(state, row, form.cleaned_data["due"], form)
    context: dict[str, Any] = {
        "project": project,
        "row": row,
        "title": state.title_of(standing) if standing is not None else row.activity.ref,
        "is_open": standing is not None and standing.is_open,
        "form": form,
        "what": what,
        "problem": problem,
        "may_save": bool(request.access.can("phases.schedule")),
    }
    return render(request, "phases/plan_move.html", context, status=status)


def _row_outcome(state: Any, row: PhaseActivity, due: date | None, form: RowDateForm) -> WhatMoves | None:
    try:
        check_due(state.project, due)
        return outcome_of(state, Wishes(rows=(RowWish(row.pk, row.version, due),))).what
    except RuleBroken as error:
        form.add_error("due", str(error))
        return None
