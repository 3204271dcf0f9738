"""The settings of a project."""

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from common.exceptions import RuleBroken
from projects.access import ProjectRequest, project_view
from projects.forms.scope import apply_act, scope_view
from projects.forms.settings import SettingsForm, initial_settings
from projects.models import Project
from projects.services.guards import parse_version
from projects.services.projects import change_project


def _page(
    request: ProjectRequest,
    project: Project,
    form: SettingsForm,
    version: int,
    *,
    begin_at: str = "",
    status: int = 200,
) -> HttpResponse:
    edition = str(form["edition"].value() or "")
    return render(
        request,
        "projects/settings.html",
        {
            "project": project,
            "form": form,
            "scope": scope_view(form, begin_at=begin_at),
            "version": version,
            "may_change": bool(request.access.can("project.change")),
            "why_not": request.access.can("project.change").reason,
            "edition_changes": edition != project.edition,
            "action": reverse("project_settings", args=[project.slug]),
        },
        status=status,
    )


@project_view("project.view", post="project.change")
def settings(request: ProjectRequest, project: Project) -> HttpResponse:
    """Show the settings, or change them. A button of a list only redraws the form; nothing is saved by it."""
    if request.method != "POST":
        form = SettingsForm(initial=initial_settings(project), project=project)
        return _page(request, project, form, project.version)
    version = parse_version(request.POST.get("version"))
    act = request.POST.get("do", "save")
    if act != "save":
        return _redraw(request, project, act, version)
    form = SettingsForm(request.POST, project=project)
    if not form.is_valid():
        return _page(request, project, form, version, status=422)
    try:
        change_project(acting_user=request.user, project=project, version=version, change=form.as_change())
    except RuleBroken as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return _page(request, project, form, version, status=422)
    messages.success(request, _("The settings are saved."))
    return redirect("project_settings", project.slug)


def _redraw(request: ProjectRequest, project: Project, act: str, version: int) -> HttpResponse:
    raw = {name: request.POST.getlist(name) for name in request.POST}
    begin_at = ""
    if act != "refresh":
        try:
            begin_at = apply_act(raw, act)
        except ValueError as error:
            raise RuleBroken(_("This button is out of date. Reload the page.")) from error
    data = QueryDict(mutable=True)
    for name, values in raw.items():
        data.setlist(name, values)
    shown = {
        name: data.getlist(name) if name in ("services", "locations", "customers", "left_out") else data.get(name, "")
        for name in SettingsForm.base_fields
    }
    return _page(request, project, SettingsForm(initial=shown, project=project), version, begin_at=begin_at)
