"""The actions of the committee: the list, one, and what becomes of it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audittrail.selectors import history_of
from audittrail.sentences import sentence
from common import clock
from common.exceptions import RuleBroken, StaleWrite
from common.query import choice, day, read_query, single_values
from common.workbook_out import FORMATS, table_response
from governance.choices import ActionSource
from governance.exports_decisions import ACTION_COLUMNS, action_lines
from governance.forms.actions import ActionForm
from governance.models import Action
from governance.permissions import may_change_action, may_do_action
from governance.selectors.actions import ALL, OPEN, SOURCES, VIEWS, ActionLine, action_counts, action_of, actions_of
from governance.services.actions import add_action, change_action, drop_action, finish_action, take_up_action
from projects.access import ProjectRequest, project_view
from projects.models import Party, Project
from projects.services.guards import parse_version, require

LATEST = 12
VIEW_WORDS = (
    ("open", gettext_lazy("Open")),
    ("late", gettext_lazy("Late")),
    ("done", gettext_lazy("Done")),
    ("dropped", gettext_lazy("Dropped")),
    ("all", gettext_lazy("All")),
)


@project_view("governance.view")
def listing(request: ProjectRequest, project: Project) -> HttpResponse:
    """The actions: open ones by their day, or those of another view."""
    view, source, _form = _wanted(request)
    counts = action_counts(project)
    here = reverse("actions", args=[project.slug])
    more = f"&source={source.replace(' ', '%20')}" if source else ""
    context = {
        "project": project,
        "lines": actions_of(project, view=view, source=source, access=request.access),
        "view": view,
        "source": source,
        "sources": ActionSource.choices,
        "counts": counts,
        "tabs": [
            {"label": word, "url": f"{here}?view={key}{more}", "count": counts[key], "current": key == view}
            for key, word in VIEW_WORDS
        ],
        "may_prepare": bool(request.access.can("governance.prepare")),
    }
    return render(request, "governance/actions.html", context)


@project_view("governance.view")
def export(request: ProjectRequest, project: Project) -> HttpResponse:
    """The actions of a view, as a file; all where none is named."""
    view, source, form = _wanted(request, ALL)
    lines = actions_of(project, view=view, source=source)
    return table_response(form or FORMATS[0], f"{project.slug}-actions", ACTION_COLUMNS, action_lines(lines))


@project_view("governance.prepare", post="governance.prepare")
def new(request: ProjectRequest, project: Project) -> HttpResponse:
    """Give somebody an action."""
    if request.method != "POST":
        read_query(request.GET)
        return _form_page(request, project, ActionForm(owners=_owners(project)))
    form = ActionForm(single_values(request.POST), owners=_owners(project))
    if form.is_valid():
        try:
            made = add_action(acting_user=request.user, project=project, wish=form.wish())
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("%(ref)s is on the list.") % {"ref": made.ref})
            return redirect("actions", project.slug)
    return _form_page(request, project, form, status=422)


@project_view("project.view")
def page(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """One action. Its owner sees it whatever their role."""
    read_query(request.GET)
    return _page(request, _found(request, project, ref))


@project_view("governance.prepare", post="governance.prepare")
def change(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Change an open action."""
    line = _found(request, project, ref)
    require(may_change_action(line.action, request.access))
    if request.method != "POST":
        read_query(request.GET)
        return _form_page(request, project, ActionForm(owners=_owners(project), action=line.action), line=line)
    data = single_values(request.POST)
    form = ActionForm(data, owners=_owners(project), action=line.action)
    status = 422
    if form.is_valid():
        try:
            change_action(
                acting_user=request.user,
                action=line.action,
                version=parse_version(data.get("version")),
                wish=form.wish(),
                why=form.cleaned_data.get("why", ""),
            )
        except StaleWrite as error:
            form.add_error(None, str(error))
            status = 409
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("action", project.slug, ref)
    return _form_page(request, project, form, line=line, status=status)


@project_view(post="lessons.capture")
def finish(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Say that it is done, and by what: for its owner, and who prepares."""
    data = single_values(request.POST)
    line = _found(request, project, ref)

    def act(version: int) -> None:
        done_on = day("done_on", data.get("done_on", ""))
        finish_action(
            acting_user=request.user, action=line.action, version=version, note=data.get("note", ""), done_on=done_on
        )

    back = "my_work" if data.get("from") == "work" else ""
    return _done(request, line, act, _("%(ref)s is done."), {"note": data.get("note", "")}, back)


@project_view(post="governance.prepare")
def drop(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Let it go, with words."""
    data = single_values(request.POST)
    line = _found(request, project, ref)

    def act(version: int) -> None:
        drop_action(acting_user=request.user, action=line.action, version=version, why=data.get("why", ""))

    return _done(request, line, act, _("%(ref)s is dropped. It stays on the list."), {"why": data.get("why", "")})


@project_view(post="governance.prepare")
def take_up(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Open it again, with words."""
    data = single_values(request.POST)
    line = _found(request, project, ref)

    def act(version: int) -> None:
        take_up_action(acting_user=request.user, action=line.action, version=version, why=data.get("why", ""))

    return _done(request, line, act, _("%(ref)s is open again."), {"why": data.get("why", "")})


def _done(
    request: ProjectRequest,
    line: ActionLine,
    act: Callable[[int], None],
    said: str,
    typed: dict[str, str],
    back: str = "",
) -> HttpResponse:
    """Do it and lead back, or show the page with the refusal and what was typed."""
    project, ref = line.action.project, line.action.ref
    try:
        act(parse_version(request.POST.get("version")))
    except StaleWrite:
        problem = _("Somebody changed this action meanwhile. Read it again; nothing was saved.")
        return _page(request, _found(request, project, ref), problem=problem, typed=typed, status=409)
    except RuleBroken as error:
        return _page(request, line, problem=str(error), typed=typed, status=422)
    messages.success(request, said % {"ref": ref})
    return redirect(reverse(back)) if back else redirect("action", project.slug, ref)


def _wanted(request: ProjectRequest, usual: str = OPEN) -> tuple[str, str, str]:
    values, _lists = read_query(request.GET, single=("view", "source", "format"))
    view = choice("view", values["view"], VIEWS) or usual
    return view, choice("source", values["source"], SOURCES), choice("format", values["format"], FORMATS)


def _found(request: ProjectRequest, project: Project, ref: str) -> ActionLine:
    """The action, where this person sees the committee's work or owns it; hidden equals absent."""
    line = action_of(project, ref, request.access) if len(ref) <= 12 else None
    if line is None or not (line.is_mine or request.access.can("governance.view")):
        raise Http404
    return line


def _owners(project: Project) -> list[Party]:
    return list(Party.objects.filter(project=project).order_by("name"))


def _page(
    request: ProjectRequest,
    line: ActionLine,
    *,
    problem: str = "",
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    action: Action = line.action
    project = action.project
    sees_all = bool(request.access.can("governance.view"))
    may_see_history = sees_all and bool(request.access.can("trail.view"))
    context: dict[str, Any] = {
        "project": project,
        "line": line,
        "action": action,
        "sees_all": sees_all,
        "may_do": line.is_open and bool(may_do_action(action, request.access)),
        "may_change": bool(may_change_action(action, request.access)),
        "today": clock.today(project.time_zone),
        "changes": [sentence(event) for event in history_of(project.uuid, "action", [action.ref])[:LATEST]]
        if may_see_history
        else [],
        "problem": problem,
        "typed": typed or {},
    }
    return render(request, "governance/action.html", context, status=status)


def _form_page(
    request: ProjectRequest,
    project: Project,
    form: ActionForm,
    *,
    line: ActionLine | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"project": project, "form": form, "line": line}
    return render(request, "governance/action_form.html", context, status=status)
