"""The competence matrix: gaps first, then who can do what; one competence; judging one person in it."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common import clock
from common.exceptions import RuleBroken, StaleWrite
from common.query import choice, read_query, single_values
from common.workbook_out import FORMATS, table_response
from documents.exports_registers import COMPETENCE_COLUMNS, competence_lines
from documents.forms.competence import CompetenceForm, JudgeForm, NeedForm, level_words
from documents.models import Competence
from documents.selectors import is_very_small
from documents.selectors.competence import CompetenceBoard, competence_board
from documents.services.competence import add_competence, judge, set_need, take_competences
from documents.views.register import tabs_of
from evidence.selectors import seen_by as evidence_seen_by
from phases.selectors.catalogue import texts_for
from projects.access import ProjectRequest, project_view
from projects.answers import conflict
from projects.choices import PartyKind
from projects.models import Party, Project
from projects.services.guards import parse_version

FIRST = 12


@project_view("documents.view")
def competence(request: ProjectRequest, project: Project) -> HttpResponse:
    """The board."""
    read_query(request.GET)
    board = competence_board(project)
    context = {
        "project": project,
        "board": board,
        "document_tabs": tabs_of(project, "competence"),
        "gaps": board.gaps,
        "unjudged": board.unjudged[:FIRST],
        "unjudged_total": len(board.unjudged),
        "on_one": board.on_one[:FIRST],
        "on_one_total": len(board.on_one),
        "rows": board.rows(),
        "people": [(party, board.roles_of(party), board.of_person(party)) for party in board.people],
        "may_judge": bool(request.access.can("documents.approve")),
        "may_set": bool(request.access.can("documents.publish")),
    }
    return render(request, "documents/competence.html", context)


@project_view("documents.view")
def export(request: ProjectRequest, project: Project) -> HttpResponse:
    """Each person with what they need and have, as a file."""
    values, _lists = read_query(request.GET, single=("format",))
    form = choice("format", values["format"], FORMATS) or FORMATS[0]
    board = competence_board(project)
    rows = competence_lines(board, _shown_evidence(request, project, board))
    return table_response(form, f"{project.slug}-competence", COMPETENCE_COLUMNS, rows)


@project_view(post="documents.publish")
def take(request: ProjectRequest, project: Project) -> HttpResponse:
    """Take our model over; what is there stays."""
    taken = take_competences(acting_user=request.user, project=project)
    words = ngettext(
        "%(n)d competence is here, with what roles need.", "%(n)d competences are here, with what roles need.", taken
    )
    messages.success(request, words % {"n": taken} if taken else _("All competences of our model are here already."))
    return redirect("competence", project.slug)


@project_view("documents.publish", post="documents.publish")
def new(request: ProjectRequest, project: Project) -> HttpResponse:
    """Add a competence of the project's own."""
    form = CompetenceForm(single_values(request.POST) if request.method == "POST" else None)
    if request.method != "POST":
        read_query(request.GET)
    elif form.is_valid():
        try:
            row = add_competence(acting_user=request.user, project=project, **form.cleaned_data)
        except RuleBroken as error:
            _refuse(form, error)
        else:
            messages.success(request, _("It is here. Say which roles need it."))
            return redirect("competence_one", project.slug, row.key)
    context = {"project": project, "form": form}
    status = 422 if request.method == "POST" else 200
    return render(request, "documents/competence_new.html", context, status=status)


@project_view("documents.view")
def one(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """One competence: what its levels look like, which roles need it, who has it."""
    read_query(request.GET)
    return _one_page(request, project, _found(project, key))


@project_view(post="documents.publish")
def need(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """Set the level that a role needs."""
    row = _found(project, key)
    form = NeedForm(single_values(request.POST))
    if form.is_valid():
        try:
            set_need(acting_user=request.user, project=project, key=key, **form.cleaned_data)
        except RuleBroken as error:
            _refuse(form, error)
        except StaleWrite as error:
            return _one_page(request, project, row, status=409, problem=str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("competence_one", project.slug, key)
    problem = " ".join(str(said) for errors in form.errors.values() for said in errors)
    return _one_page(request, project, row, status=422, problem=problem)


def _one_page(
    request: ProjectRequest, project: Project, row: Competence, *, status: int = 200, problem: str = ""
) -> HttpResponse:
    board = competence_board(project)
    needs = [each for each in board.role_needs if each.competence.pk == row.pk]
    cells = [cell for party in board.people if not (cell := board.cell(row, party)).is_empty]
    needed_by = {each.role for each in needs}
    context = {
        "project": project,
        "row": row,
        "levels": level_words(row),
        "needs": sorted(needs, key=lambda each: each.role),
        "other_roles": [name for each in texts_for(project).roles if (name := str(each["name"])) not in needed_by],
        "cells": cells,
        "people": Party.objects.filter(project=project, kind=PartyKind.PERSON, is_active=True).order_by("name"),
        "may_judge": bool(request.access.can("documents.approve")),
        "may_set": bool(request.access.can("documents.publish")),
        "shown": _shown_evidence(request, project, board),
        "problem": problem,
    }
    return render(request, "documents/competence_one.html", context, status=status)


@project_view("documents.approve", post="documents.approve")
def person(request: ProjectRequest, project: Project, key: str, uuid: UUID) -> HttpResponse:
    """Judge a person in a competence."""
    row = _found(project, key)
    party = Party.objects.filter(project=project, uuid=uuid, kind=PartyKind.PERSON).first()
    if party is None:
        raise Http404
    board = competence_board(project)
    cell = board.cell(row, party)
    seen = cell.held.version if cell.held is not None else 0
    own = party.user_id == request.user.pk
    if request.method != "POST":
        read_query(request.GET)
        return _judge_page(request, project, cell, _judge_form(project, cell), seen)
    form = JudgeForm(single_values(request.POST), competence=row)
    version = parse_version(request.POST.get("version"))
    if form.is_valid():
        try:
            judge(
                acting_user=request.user,
                project=project,
                key=key,
                party=party,
                judgement=form.judgement(),
                seen=version,
            )
        except RuleBroken as error:
            _refuse(form, error)
        except StaleWrite as error:
            hidden = [*((name, request.POST.get(name, "")) for name in form.fields), ("version", seen)]
            return conflict(request, error, action=request.path, hidden=hidden, back=request.path)
        else:
            messages.success(request, _("Noted: %(person)s, %(what)s.") % {"person": party, "what": row.name})
            return redirect(reverse("competence", args=[project.slug]))
    return _judge_page(request, project, cell, form, version, status=422, own=own)


def _judge_form(project: Project, cell: Any) -> JudgeForm:
    held = cell.held
    initial: dict[str, object] = {"judged_on": clock.today(project.time_zone)}
    if held is not None:
        initial |= {"level": held.level, "plan": held.plan}
    return JudgeForm(initial=initial, competence=cell.competence)


def _judge_page(
    request: ProjectRequest,
    project: Project,
    cell: Any,
    form: JudgeForm,
    version: int,
    *,
    status: int = 200,
    own: bool | None = None,
) -> HttpResponse:
    is_own = cell.party.user_id == request.user.pk if own is None else own
    context = {
        "project": project,
        "cell": cell,
        "row": cell.competence,
        "form": form,
        "version": version,
        "is_own": is_own,
        "may_own": is_own and is_very_small(project),
    }
    return render(request, "documents/competence_judge.html", context, status=status)


def _shown_evidence(request: ProjectRequest, project: Project, board: CompetenceBoard) -> set[int]:
    """Which of the linked items this person may see. One query, or none."""
    linked = [row.evidence_id for row in board.held.values() if row.evidence_id]
    if not linked:
        return set()
    return set(evidence_seen_by(project, request.access).filter(pk__in=linked).values_list("pk", flat=True))


def _found(project: Project, key: str) -> Competence:
    row = Competence.objects.filter(project=project, key=key).first()
    if row is None:
        raise Http404
    return row


def _refuse(form: forms.Form, error: RuleBroken) -> None:
    form.add_error(error.field if error.field in form.fields else None, str(error))
