"""New and changed services: the register, one with its steps, and what becomes of it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audits.certification_guide import steps
from audits.choices import ServiceChangeState
from audits.exports_certification import CHANGE_COLUMNS, change_rows
from audits.forms.certification import ServiceChangeForm
from audits.models import ServiceChange, ServiceChangeStep
from audits.selectors.service_changes import ALL, VIEWS, ChangeLine, change_counts, change_lines, change_of, steps_of
from audits.services.service_changes import (
    begin_service_change,
    change_service_change,
    lacking_steps,
    note_step,
    settle_service_change,
    show_as_case,
)
from audittrail.selectors import history_of
from audittrail.sentences import sentence
from common import clock
from common.exceptions import RuleBroken, StaleWrite
from common.query import choice, day, read_query, single_values
from common.workbook_out import FORMATS, table_response
from projects.access import ProjectRequest, project_view
from projects.models import Party, Project
from projects.services.guards import parse_version

LATEST = 12
VIEW_WORDS = (
    (ALL, gettext_lazy("All")),
    (ServiceChangeState.OPEN, gettext_lazy("Under way")),
    (ServiceChangeState.LIVE, gettext_lazy("Live")),
    (ServiceChangeState.STOPPED, gettext_lazy("Stopped")),
)


@project_view("certification.view")
def register(request: ProjectRequest, project: Project) -> HttpResponse:
    """The register: the case that is shown to auditors first."""
    view, _form = _wanted(request)
    counts = change_counts(project)
    here = reverse("service_changes", args=[project.slug])
    context = {
        "project": project,
        "lines": change_lines(project, view),
        "counts": counts,
        "has_case": ServiceChange.objects.filter(project=project, is_case=True).exists(),
        "clause": "8.5.2" if project.edition == "2018" else "5",
        "tabs": [
            {"label": word, "url": f"{here}?view={key}", "count": counts[key], "current": key == view}
            for key, word in VIEW_WORDS
        ],
        "may_keep": bool(request.access.can("services.change")),
    }
    return render(request, "audits/service_changes.html", context)


@project_view("certification.view")
def export(request: ProjectRequest, project: Project) -> HttpResponse:
    """The register, as a file."""
    view, form = _wanted(request)
    rows = change_rows(change_lines(project, view))
    return table_response(form or FORMATS[0], f"{project.slug}-services", CHANGE_COLUMNS, rows)


@project_view("services.change", post="services.change")
def new(request: ProjectRequest, project: Project) -> HttpResponse:
    """Begin with a new or changed service."""
    if request.method != "POST":
        read_query(request.GET)
        return _form(request, project, ServiceChangeForm(owners=_owners(project)))
    form = ServiceChangeForm(single_values(request.POST), owners=_owners(project))
    if form.is_valid():
        try:
            made = begin_service_change(acting_user=request.user, project=project, facts=form.facts())
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("%(ref)s has begun.") % {"ref": made.ref})
            return redirect("service_change", project.slug, made.ref)
    return _form(request, project, form, status=422)


@project_view("certification.view")
def page(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """One, with its steps."""
    read_query(request.GET)
    return _page(request, _found(project, ref))


@project_view("services.change", post="services.change")
def change(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Change what is said of it."""
    line = _found(project, ref)
    if request.method != "POST":
        read_query(request.GET)
        return _form(request, project, ServiceChangeForm(owners=_owners(project), change=line.change), line=line)
    data = single_values(request.POST)
    form, status = ServiceChangeForm(data, owners=_owners(project), change=line.change), 422
    if form.is_valid():
        try:
            change_service_change(
                acting_user=request.user,
                change=line.change,
                version=parse_version(data.get("version")),
                facts=form.facts(),
            )
        except StaleWrite as error:
            form.add_error(None, str(error))
            status = 409
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("service_change", project.slug, ref)
    return _form(request, project, form, line=line, status=status)


@project_view(post="services.change")
def step(request: ProjectRequest, project: Project, ref: str, key: str) -> HttpResponse:
    """Say that a step was done."""
    line = _found(project, ref)
    if not ServiceChangeStep.objects.filter(change=line.change, key=key[:30]).exists():
        raise Http404
    data = single_values(request.POST)
    typed = {name: data.get(name, "") for name in ("words", "evidence", "done_on")}

    def act(version: int) -> None:
        note_step(
            acting_user=request.user,
            change=line.change,
            key=key,
            version=version,
            words=typed["words"],
            done_on=day("done_on", typed["done_on"]),
            evidence=typed["evidence"],
        )

    said = _("Done: %(step)s.") % {"step": steps()[key].title}
    return _done(request, line, act, said, {**typed, "step": key}, f"#step-{key}")


@project_view(post="services.change")
def settle(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Let it go live, stop it, or take it up again."""
    line = _found(project, ref)
    data = single_values(request.POST)
    words = data.get("settle_words", "")

    def act(version: int) -> None:
        settle_service_change(
            acting_user=request.user, change=line.change, version=version, state=data.get("state", ""), words=words
        )

    return _done(request, line, act, _("Saved."), {"settle_words": words})


@project_view(post="services.change")
def case(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Make it the one that is shown to auditors."""
    line = _found(project, ref)

    def act(version: int) -> None:
        show_as_case(acting_user=request.user, change=line.change, version=version)

    return _done(request, line, act, _("%(ref)s is shown to auditors.") % {"ref": ref}, {})


def _done(
    request: ProjectRequest,
    line: ChangeLine,
    act: Callable[[int], None],
    said: str,
    typed: dict[str, str],
    to: str = "",
) -> HttpResponse:
    """Do it and lead back, or show the page with the refusal and what was typed."""
    project, ref = line.change.project, line.change.ref
    try:
        act(parse_version(request.POST.get("version")))
    except StaleWrite:
        problem = _("Somebody changed this meanwhile. Read it again; nothing was saved.")
        return _page(request, _found(project, ref), problem=problem, typed=typed, status=409)
    except RuleBroken as error:
        return _page(request, line, problem=str(error), typed=typed, status=422)
    messages.success(request, said)
    return redirect(f"{reverse('service_change', args=[project.slug, ref])}{to}")


def _wanted(request: ProjectRequest) -> tuple[str, str]:
    values, _lists = read_query(request.GET, single=("view", "format"))
    return choice("view", values["view"], VIEWS) or ALL, choice("format", values["format"], FORMATS)


def _found(project: Project, ref: str) -> ChangeLine:
    line = change_of(project, ref) if len(ref) <= 12 else None
    if line is None:
        raise Http404
    return line


def _owners(project: Project) -> list[Party]:
    return list(Party.objects.filter(project=project).order_by("name"))


def _page(
    request: ProjectRequest,
    line: ChangeLine,
    *,
    problem: str = "",
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    change, project = line.change, line.change.project
    lacking = lacking_steps(change)
    context: dict[str, Any] = {
        "project": project,
        "line": line,
        "change": change,
        "steps": steps_of(line, request.access),
        "lacking": [steps()[key].title for key in lacking],
        "is_open": change.state == ServiceChangeState.OPEN,
        "is_stopped": change.state == ServiceChangeState.STOPPED,
        "may_keep": bool(request.access.can("services.change")),
        "today": clock.today(project.time_zone),
        "changes": [sentence(event) for event in history_of(project.uuid, "service change", [change.ref])[:LATEST]]
        if request.access.can("trail.view")
        else [],
        "problem": problem,
        "typed": typed or {},
    }
    return render(request, "audits/service_change.html", context, status=status)


def _form(
    request: ProjectRequest,
    project: Project,
    form: ServiceChangeForm,
    *,
    line: ChangeLine | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"project": project, "form": form, "line": line}
    return render(request, "audits/service_change_form.html", context, status=status)
