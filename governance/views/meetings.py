"""The list of meetings, and planning one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from common import clock
from common.exceptions import RuleBroken, StaleWrite
from common.query import read_query, single_values
from governance.forms.meetings import MeetingForm, meeting_values
from governance.selectors import committee_of, members_of
from governance.selectors.agenda import proposed_agenda
from governance.selectors.meetings import meeting_of, meetings_of
from governance.services.meetings import change_meeting, plan_meeting
from projects.access import ProjectRequest, project_view
from projects.answers import conflict
from projects.models import Project
from projects.services.guards import parse_version


@project_view("governance.view")
def listing(request: ProjectRequest, project: Project) -> HttpResponse:
    """The next meeting, and those that were."""
    read_query(request.GET)
    meetings = meetings_of(project)
    context = {
        "project": project,
        "committee": committee_of(project),
        "next": next((each for each in meetings if each.is_ahead), None),
        "later": [each for each in meetings if each.is_ahead][1:],
        "past": [each for each in meetings if not each.is_ahead],
        "may_prepare": bool(request.access.can("governance.prepare")),
    }
    return render(request, "governance/meetings.html", context)


@project_view("governance.prepare", post="governance.prepare")
def new(request: ProjectRequest, project: Project) -> HttpResponse:
    """Plan a meeting; its agenda is proposed from what waits."""
    if request.method != "POST":
        read_query(request.GET)
        agenda = proposed_agenda(project, clock.today(project.time_zone))
        return _form(request, project, MeetingForm(initial={"agenda": agenda}))
    form = MeetingForm(single_values(request.POST))
    if form.is_valid():
        try:
            meeting = plan_meeting(acting_user=request.user, project=project, facts=form.facts(project))
        except RuleBroken as error:
            _refuse(form, error)
        else:
            messages.success(request, _("%(ref)s is planned. Its members are told.") % {"ref": meeting.ref})
            return redirect("meeting", project.slug, meeting.ref)
    return _form(request, project, form, status=422)


@project_view("governance.prepare", post="governance.prepare")
def edit(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Change when, where and what about."""
    meeting = meeting_of(project, ref)
    if meeting is None:
        raise Http404
    if request.method != "POST":
        read_query(request.GET)
        form = MeetingForm(initial=meeting_values(meeting))
        return _form(request, project, form, meeting=meeting, version=meeting.version)
    form = MeetingForm(single_values(request.POST))
    version = parse_version(request.POST.get("version"))
    if form.is_valid():
        try:
            change_meeting(
                acting_user=request.user, project=project, ref=ref, version=version, facts=form.facts(project)
            )
        except RuleBroken as error:
            _refuse(form, error)
        except StaleWrite as error:
            hidden = [(name, request.POST.get(name, "")) for name in form.fields]
            hidden.append(("version", str(meeting.version)))
            return conflict(request, error, action=request.path, hidden=hidden, back=request.path)
        else:
            messages.success(request, _("Saved."))
            return redirect("meeting", project.slug, ref)
    return _form(request, project, form, status=422, meeting=meeting, version=version)


def _refuse(form: forms.Form, error: RuleBroken) -> None:
    form.add_error(error.field if error.field in form.fields else None, str(error))


def _form(
    request: ProjectRequest, project: Project, form: MeetingForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"project": project, "form": form, "members": [] if "meeting" in more else members_of(project), **more}
    return render(request, "governance/meeting_edit.html", context, status=status)
