"""One meeting: what it is about, who was there, what was said, and what follows from it."""

from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from audittrail.selectors import history_of
from audittrail.sentences import sentence
from common.exceptions import RuleBroken, StaleWrite
from common.query import form_nonce, read_query, single_values
from governance.choices import ActionSource, MeetingState
from governance.exports_meetings import invitation_bytes
from governance.forms.meetings import ActionForm, AttendanceForm, MinutesForm, PeopleForm
from governance.meeting_jobs import MINUTES_PDF
from governance.selectors.meetings import MeetingPage, meeting_of, meeting_page
from governance.services.actions import ActionWish, add_action
from governance.services.meeting_packs import send_pack
from governance.services.meetings import (
    approve_minutes,
    ask_to_meeting,
    cancel_meeting,
    note_attendance,
    put_on_agenda,
    write_minutes,
)
from jobs.services.request import request_job
from phases.exports_calendar import CONTENT_TYPE
from projects.access import ProjectRequest, project_view
from projects.answers import conflict
from projects.models import Membership, Project
from projects.services.guards import parse_version

LATEST = 12


@project_view("governance.view")
def page(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """The meeting with all that belongs to it."""
    read_query(request.GET)
    return _page(request, project, _found(project, ref))


@project_view(post="governance.prepare")
def cancel(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Cancel it, with words."""
    found = _found(project, ref)
    why = request.POST.get("why", "")[:400]
    try:
        cancel_meeting(
            acting_user=request.user,
            project=project,
            ref=ref,
            version=parse_version(request.POST.get("version")),
            why=why,
        )
    except RuleBroken as error:
        return _page(request, project, found, status=422, problem=str(error), why=why)
    except StaleWrite:
        return _changed(request, project, ref, why=why)
    messages.success(request, _("Cancelled. Everybody who was asked is told."))
    return redirect("meeting", project.slug, ref)


@project_view(post="governance.prepare")
def people(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Ask further people of the project."""
    found = _found(project, ref)
    form = PeopleForm(single_values(request.POST, multiple=("people",)), people=_others(project, found))
    if form.is_valid():
        chosen: list[User] = list(form.cleaned_data["people"])
        try:
            ask_to_meeting(acting_user=request.user, project=project, ref=ref, people=chosen)
        except RuleBroken as error:
            form.add_error("people", str(error))
        else:
            said = ngettext("%(n)d more is asked.", "%(n)d more are asked.", len(chosen)) % {"n": len(chosen)}
            messages.success(request, said)
            return redirect("meeting", project.slug, ref)
    return _page(request, project, found, status=422, people_form=form)


@project_view(post="governance.prepare")
def attendance(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Note who was there."""
    found = _found(project, ref)
    form = AttendanceForm(single_values(request.POST), guests=found.guests)
    if form.is_valid():
        try:
            note_attendance(acting_user=request.user, project=project, ref=ref, presented=form.presented())
        except RuleBroken as error:
            form.add_error(None, str(error))
        except StaleWrite:
            return _changed(request, project, ref)
        else:
            messages.success(request, _("Noted who was there."))
            return redirect("meeting", project.slug, ref)
    return _page(request, project, found, status=422, attendance_form=form)


@project_view(post="governance.prepare")
def minutes(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Write down what was said."""
    found = _found(project, ref)
    form = MinutesForm(single_values(request.POST))
    version = parse_version(request.POST.get("version"))
    if form.is_valid():
        text = form.cleaned_data["minutes"]
        try:
            write_minutes(acting_user=request.user, project=project, ref=ref, version=version, minutes=text)
        except RuleBroken as error:
            form.add_error("minutes", str(error))
        except StaleWrite as error:
            hidden = [("minutes", text), ("version", str(found.meeting.version))]
            back = request.path.removesuffix("minutes/")
            return conflict(request, error, action=request.path, hidden=hidden, back=back)
        else:
            messages.success(request, _("Saved. The chair approves the minutes."))
            return redirect("meeting", project.slug, ref)
    return _page(request, project, found, status=422, minutes_form=form)


@project_view(post="governance.decide")
def approve(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Approve the minutes."""
    found = _found(project, ref)
    try:
        approve_minutes(
            acting_user=request.user,
            project=project,
            ref=ref,
            version=parse_version(request.POST.get("version")),
        )
    except RuleBroken as error:
        return _page(request, project, found, status=422, problem=str(error))
    except StaleWrite:
        return _changed(request, project, ref)
    messages.success(request, _("Approved, and kept as evidence. Nothing of this meeting changes any more."))
    return redirect("meeting", project.slug, ref)


@project_view(post="governance.prepare")
def action(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Give somebody an action that the meeting agreed."""
    found = _found(project, ref)
    form = ActionForm(single_values(request.POST), project=project)
    if form.is_valid():
        said = form.cleaned_data
        try:
            if found.standing.is_approved:
                raise RuleBroken(_("The minutes are approved. Give the action in the next meeting, or on its own."))
            row = add_action(
                acting_user=request.user,
                project=project,
                wish=ActionWish(said["text"], said["owner"], said["due"]),
                source=ActionSource.MEETING,
                meeting=found.meeting,
            )
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("%(ref)s is given to %(who)s.") % {"ref": row.ref, "who": row.owner})
            return redirect("meeting", project.slug, ref)
    return _page(request, project, found, status=422, action_form=form)


@project_view(post="governance.prepare")
def decision(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Put a decision that is asked for on the agenda."""
    found = _found(project, ref)
    values, _lists = read_query(request.POST, single=("csrfmiddlewaretoken", "decision"))
    asked = next((each for each in found.waiting if each.ref == values["decision"]), None)
    if asked is None:
        return _page(request, project, found, status=422, problem=_("This decision does not wait any more."))
    try:
        put_on_agenda(acting_user=request.user, project=project, ref=ref, decision=asked)
    except RuleBroken as error:
        return _page(request, project, found, status=422, problem=str(error))
    messages.success(request, _("%(ref)s is on the agenda.") % {"ref": asked.ref})
    return redirect("meeting", project.slug, ref)


@project_view(post="governance.prepare")
def pack(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Let everybody who is asked know that the board pack is there."""
    found = _found(project, ref)
    again = found.meeting.pack_sent_at is not None
    try:
        send_pack(acting_user=request.user, project=project, ref=ref, again=again)
    except RuleBroken as error:
        return _page(request, project, found, status=422, problem=str(error))
    messages.success(request, _("Everybody who is asked gets a mail that leads to the board pack."))
    return redirect("meeting", project.slug, ref)


@project_view("governance.view")
def calendar(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """The meeting for a calendar program."""
    read_query(request.GET)
    found = _found(project, ref)
    response = HttpResponse(invitation_bytes(found.standing), content_type=CONTENT_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{project.slug}-{found.meeting.ref}.ics"'
    return response


@project_view(post="governance.view")
def paper(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Ask for agenda and minutes as PDF; the same form sent twice makes one job."""
    values, _lists = read_query(request.POST, single=("csrfmiddlewaretoken", "nonce"))
    found = _found(project, ref)
    job = request_job(
        acting_user=request.user,
        project=project,
        kind=MINUTES_PDF,
        parameters={"ref": found.meeting.ref},
        idempotency_key=f"minutes {project.pk} {request.user.pk} {form_nonce(values['nonce'])}",
    )
    return redirect("job", job.pk)


def _found(project: Project, ref: str) -> MeetingPage:
    meeting = meeting_of(project, ref)
    if meeting is None:
        raise Http404
    return meeting_page(meeting)


def _others(project: Project, found: MeetingPage) -> Any:
    """The people of the project who are not asked yet."""
    current = Membership.objects.current().filter(project=project).values("user")
    asked = [guest.user.pk for guest in found.guests]
    return User.objects.filter(pk__in=current, is_active=True).exclude(pk__in=asked).order_by("name", "pk")


def _changed(request: ProjectRequest, project: Project, ref: str, **typed: Any) -> HttpResponse:
    problem = _("Somebody changed this meeting meanwhile. Read it again, then send yours once more.")
    return _page(request, project, _found(project, ref), status=409, problem=problem, **typed)


def _page(
    request: ProjectRequest, project: Project, found: MeetingPage, *, status: int = 200, **typed: Any
) -> HttpResponse:
    meeting = found.meeting
    is_open = not found.standing.is_approved and meeting.state != MeetingState.CANCELLED
    may_prepare = is_open and bool(request.access.can("governance.prepare"))
    has_begun = is_open and found.standing.days <= 0
    blank: dict[str, forms.Form] = {}
    if may_prepare:
        blank["people_form"] = PeopleForm(people=_others(project, found))
        blank["action_form"] = ActionForm(project=project)
        if has_begun:
            blank["attendance_form"] = AttendanceForm(guests=found.guests)
            blank["minutes_form"] = MinutesForm(initial={"minutes": meeting.minutes})
    may_see = bool(request.access.can("trail.view"))
    context: dict[str, Any] = {
        "project": project,
        "found": found,
        "standing": found.standing,
        "meeting": meeting,
        "may_prepare": may_prepare,
        "may_approve": is_open and meeting.minutes and bool(request.access.can("governance.decide")),
        "nonce": uuid4(),
        "pack_nonce": uuid4(),
        "changes": [sentence(event) for event in history_of(project.uuid, "meeting", [meeting.ref])[:LATEST]]
        if may_see
        else [],
        **blank,
        **typed,
    }
    form = context.get("attendance_form")
    context["presences"] = list(form.lines()) if isinstance(form, AttendanceForm) else []
    return render(request, "governance/meeting.html", context, status=status)
