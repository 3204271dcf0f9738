"""One line of the communication and training plan: its words, that it was done, whether it arrived."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from audittrail.selectors import history_of
from audittrail.sentences import sentence
from common import clock
from common.exceptions import RuleBroken, StaleWrite
from common.query import read_query, single_values
from documents.choices import LineKind, LineState
from documents.forms.communication import CheckForm, DoneForm, LineForm
from documents.selectors.communication import PlanLine, line_of
from documents.services.communication import add_line, change_line, check_effect, do_line, settle_line
from projects.access import ProjectRequest, project_view
from projects.answers import conflict
from projects.models import Project
from projects.services.guards import parse_version

LATEST = 10


@project_view("documents.write", post="documents.write")
def new(request: ProjectRequest, project: Project) -> HttpResponse:
    """Add a line of the project's own."""
    if request.method != "POST":
        read_query(request.GET)
        return _new_page(
            request, project, LineForm(initial={"kind": LineKind.MESSAGE, "phase_number": 1}, project=project)
        )
    form = LineForm(single_values(request.POST), project=project)
    if form.is_valid():
        try:
            row = add_line(acting_user=request.user, project=project, facts=form.facts())
        except RuleBroken as error:
            _refuse(form, error)
        else:
            messages.success(request, _("%(key)s is in the plan.") % {"key": row.key})
            return redirect("communication_line", project.slug, row.key)
    return _new_page(request, project, form, status=422)


def _new_page(request: ProjectRequest, project: Project, form: LineForm, status: int = 200) -> HttpResponse:
    return render(request, "documents/communication_new.html", {"project": project, "form": form}, status=status)


@project_view("documents.view", post="documents.write")
def line(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """One line, and what is changed in it."""
    found = _found(project, ref)
    if request.method != "POST":
        read_query(request.GET)
        return _page(request, project, found)
    form = LineForm(single_values(request.POST), project=project)
    version = parse_version(request.POST.get("version"))
    if form.is_valid():
        try:
            change_line(acting_user=request.user, project=project, key=ref, version=version, facts=form.facts())
        except RuleBroken as error:
            _refuse(form, error)
        except StaleWrite as error:
            hidden = [(name, request.POST.get(name, "")) for name in form.fields]
            hidden.append(("version", str(_found(project, ref).row.version)))
            return conflict(request, error, action=request.path, hidden=hidden, back=request.path)
        else:
            messages.success(request, _("Saved."))
            return redirect("communication_line", project.slug, ref)
    return _page(request, project, found, status=422, form=form, version=version, is_changing=True)


@project_view(post="documents.write")
def done(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Note that it was done."""
    found = _found(project, ref)
    form = DoneForm(single_values(request.POST))
    if form.is_valid():
        try:
            row = do_line(
                acting_user=request.user,
                project=project,
                key=ref,
                version=parse_version(request.POST.get("version")),
                **{name: form.cleaned_data[name] for name in form.fields},
            )
        except RuleBroken as error:
            _refuse(form, error)
        except StaleWrite:
            return _changed(request, project, ref, done_form=form)
        else:
            said = _("Noted. On %(day)s somebody looks whether it arrived.") % {"day": row.check_on}
            messages.success(request, said)
            return redirect("communication_line", project.slug, ref)
    return _page(request, project, found, status=422, done_form=form)


@project_view(post="documents.write")
def check(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Note whether it arrived."""
    found = _found(project, ref)
    form = CheckForm(single_values(request.POST))
    if form.is_valid():
        try:
            check_effect(
                acting_user=request.user,
                project=project,
                key=ref,
                version=parse_version(request.POST.get("version")),
                **form.cleaned_data,
            )
        except RuleBroken as error:
            _refuse(form, error)
        except StaleWrite:
            return _changed(request, project, ref, check_form=form)
        else:
            messages.success(request, _("Noted."))
            return redirect("communication_line", project.slug, ref)
    return _page(request, project, found, status=422, check_form=form)


@project_view(post="documents.write")
def settle(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Drop it with a reason, or plan it again."""
    found = _found(project, ref)
    why = request.POST.get("why", "")[:400]
    try:
        row = settle_line(
            acting_user=request.user,
            project=project,
            key=ref,
            version=parse_version(request.POST.get("version")),
            state=request.POST.get("state", ""),
            why=why,
        )
    except RuleBroken as error:
        return _page(request, project, found, status=422, problem=str(error), why=why)
    except StaleWrite:
        return _changed(request, project, ref, why=why)
    dropped = row.state == LineState.DROPPED
    messages.success(request, _("Dropped. It stays readable among the dropped ones.") if dropped else _("Planned."))
    return redirect("communication_line", project.slug, ref)


def _found(project: Project, ref: str) -> PlanLine:
    found = line_of(project, ref)
    if found is None:
        raise Http404
    return found


def _changed(request: ProjectRequest, project: Project, ref: str, **typed: Any) -> HttpResponse:
    problem = _("Somebody changed this line meanwhile. Read it again, then send yours once more.")
    return _page(request, project, _found(project, ref), status=409, problem=problem, **typed)


def _refuse(form: forms.Form, error: RuleBroken) -> None:
    form.add_error(error.field if error.field in form.fields else None, str(error))


def _page(
    request: ProjectRequest, project: Project, found: PlanLine, *, status: int = 200, **typed: Any
) -> HttpResponse:
    row = found.row
    may_see = bool(request.access.can("trail.view"))
    context = {
        "project": project,
        "line": found,
        "row": row,
        "form": LineForm(initial={name: getattr(row, name) for name in LineForm.base_fields}, project=project),
        "version": row.version,
        "done_form": DoneForm(initial={"done_on": clock.today(project.time_zone)}),
        "check_form": CheckForm(),
        "may_write": bool(request.access.can("documents.write")),
        "changes": [sentence(event) for event in history_of(project.uuid, "communication line", [row.key])[:LATEST]]
        if may_see
        else [],
        **typed,
    }
    return render(request, "documents/communication_line.html", context, status=status)
