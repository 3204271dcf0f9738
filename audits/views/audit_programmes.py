"""The page of internal audits: the programme with its matrix, and all audits."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audits.choices import ProgrammeState
from audits.exports_internal import AUDIT_COLUMNS, audit_rows
from audits.forms.internal import ProgrammeForm, initial_programme, refuse
from audits.models import Programme
from audits.selectors.internal import audit_lines, overview
from audits.services.programmes import (
    agree_programme,
    begin_programme,
    change_programme,
    close_programme,
    may_agree,
    propose_audits,
)
from common import clock
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from common.query import choice, read_query, single_values
from common.workbook_out import FORMATS, table_response
from projects.access import ProjectRequest, project_view
from projects.models import Project
from projects.services.guards import parse_version

USUAL = 4


@project_view("audits.view")
def listing(request: ProjectRequest, project: Project) -> HttpResponse:
    """The programme at work, what it leaves out, and all audits."""
    read_query(request.GET)
    return _page(request, project)


@project_view("audits.view")
def export(request: ProjectRequest, project: Project) -> HttpResponse:
    """All audits as a file."""
    values, _lists = read_query(request.GET, single=("format",))
    form = choice("format", values["format"], FORMATS) or FORMATS[0]
    rows = audit_rows(audit_lines(project, request.access))
    return table_response(form, f"{project.slug}-audits", AUDIT_COLUMNS, rows)


@project_view("audits.manage", post="audits.manage")
def new(request: ProjectRequest, project: Project) -> HttpResponse:
    """Write down a programme."""
    if request.method != "POST":
        read_query(request.GET)
        today = clock.today(project.time_zone)
        initial = {
            "title": _("Internal audits %(year)d") % {"year": today.year},
            "edition": project.edition,
            "starts_on": today,
            "ends_on": today.replace(year=today.year + 1, day=min(today.day, 28)),
        }
        return _form_page(request, project, ProgrammeForm(initial=initial))
    form = ProgrammeForm(single_values(request.POST))
    if form.is_valid():
        try:
            begin_programme(acting_user=request.user, project=project, facts=form.facts())
        except RuleBroken as error:
            refuse(form, error)
        else:
            messages.success(request, _("The programme is a draft. Plan its audits now."))
            return redirect("audits", project.slug)
    return _form_page(request, project, form, status=422)


@project_view("audits.manage", post="audits.manage")
def change(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    """Change a programme."""
    programme = _found(project, pk)
    if request.method != "POST":
        read_query(request.GET)
        return _form_page(request, project, ProgrammeForm(initial=initial_programme(programme)), programme)
    data = single_values(request.POST)
    form, status = ProgrammeForm(data), 422
    if form.is_valid():
        try:
            change_programme(
                acting_user=request.user,
                project=project,
                programme=programme,
                version=parse_version(data.get("version")),
                facts=form.facts(),
            )
        except StaleWrite as error:
            form.add_error(None, str(error))
            status = 409
        except RuleBroken as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("audits", project.slug)
    return _form_page(request, project, form, programme, status=status)


@project_view(post="audits.manage")
def propose(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    """Plan audits over all clauses that are in none yet."""
    data = single_values(request.POST)
    programme = _found(project, pk)
    raw = data.get("count", "")
    try:
        made = propose_audits(
            acting_user=request.user,
            project=project,
            programme=programme,
            count=int(raw) if raw.isascii() and raw.isdecimal() and len(raw) < 4 else 0,
            version=parse_version(data.get("version")),
        )
    except StaleWrite as error:
        return _page(request, project, problem=str(error), count=raw, status=409)
    except RuleBroken as error:
        return _page(request, project, problem=str(error), count=raw, status=422)
    messages.success(
        request,
        ngettext(
            "%(n)d audit is planned. Name its auditors.", "%(n)d audits are planned. Name their auditors.", len(made)
        )
        % {"n": len(made)},
    )
    return redirect("audits", project.slug)


@project_view(post="audits.view")
def agree(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    """Agree to a programme."""
    programme = _found(project, pk)
    if not may_agree(request.access):
        raise NotPermitted(_("Top management or the project manager agrees to the programme."))
    version = parse_version(single_values(request.POST).get("version"))
    try:
        agree_programme(acting_user=request.user, project=project, programme=programme, version=version)
    except StaleWrite as error:
        return _page(request, project, problem=str(error), status=409)
    except RuleBroken as error:
        return _page(request, project, problem=str(error), status=422)
    messages.success(request, _("The programme is agreed."))
    return redirect("audits", project.slug)


@project_view(post="audits.manage")
def close(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    """End a programme."""
    programme = _found(project, pk)
    version = parse_version(single_values(request.POST).get("version"))
    try:
        close_programme(acting_user=request.user, project=project, programme=programme, version=version)
    except StaleWrite as error:
        return _page(request, project, problem=str(error), status=409)
    except RuleBroken as error:
        return _page(request, project, problem=str(error), status=422)
    messages.success(request, _("The programme is closed."))
    return redirect("audits", project.slug)


def _found(project: Project, pk: int) -> Programme:
    programme = Programme.objects.filter(project=project, pk=pk).first()
    if programme is None:
        raise Http404
    programme.project = project
    return programme


def _page(
    request: ProjectRequest, project: Project, *, problem: str = "", count: str = "", status: int = 200
) -> HttpResponse:
    found = overview(project, request.access)
    may_manage = bool(request.access.can("audits.manage"))
    programme = found.programme
    context: dict[str, Any] = {
        "project": project,
        "overview": found,
        "programme": programme,
        "may_manage": may_manage,
        "may_agree": programme is not None
        and programme.state == ProgrammeState.DRAFT
        and not found.left_out
        and may_agree(request.access),
        "is_draft": programme is not None and programme.state == ProgrammeState.DRAFT,
        "left": found.total - found.reported,
        "problem": problem,
        "count": count or USUAL,
        "late": sum(line.is_late for line in found.lines),
        "export": reverse("audits_export", args=[project.slug]),
    }
    return render(request, "audits/internal.html", context, status=status)


def _form_page(
    request: ProjectRequest,
    project: Project,
    form: ProgrammeForm,
    programme: Programme | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {"project": project, "form": form, "programme": programme}
    return render(request, "audits/programme_form.html", context, status=status)
