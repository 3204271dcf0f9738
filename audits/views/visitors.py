"""Auditors from outside: who may look until when, invite one, move or end their access, what they looked at."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audits.forms.visitors import AuditorForm, EndForm
from audits.selectors.visitors import (
    auditor_of,
    auditors_of,
    invited_auditors,
    page_name,
    projects_to_audit,
    visits_of,
)
from audits.services.visitors import end_at_once, invite_auditor, move_end
from common import clock
from common.exceptions import RuleBroken, StaleWrite
from common.query import choice, read_query, single_values, whole_number
from common.workbook_out import FORMATS, table_response
from projects.access import ProjectRequest, project_view
from projects.answers import conflict
from projects.forms.team import show_refusal
from projects.models import Membership, Project
from projects.selectors.team import terms_digest
from projects.services.invitations import revoke_invitation

PER_PAGE = 50
LOG_COLUMNS = ("day", "name", "mail", "page", "address", "times", "last_seen")


@project_view("auditors.watch")
def visitors(request: ProjectRequest, project: Project) -> HttpResponse:
    """Who audits here until when, who is invited, and what they looked at."""
    values, _lists = read_query(request.GET, single=("who", "page"))
    rows = auditors_of(project)
    who = whole_number("who", values["who"])
    if who is not None and who not in {row.membership.user_id for row in rows}:
        raise BadRequest("who has no such value")
    paginator = Paginator(visits_of(project, who), PER_PAGE)
    number = whole_number("page", values["page"]) or 1
    if not 1 <= number <= paginator.num_pages:
        raise BadRequest("page has no such value")
    page = paginator.page(number)
    context: dict[str, Any] = {
        "project": project,
        "rows": rows,
        "current": sum(row.is_current for row in rows),
        "invited": invited_auditors(project),
        "page_obj": page,
        "visits": [(each, page_name(each.address)) for each in page.object_list],
        "who": who,
        "may_manage": bool(request.access.can("team.manage")),
    }
    return render(request, "audits/visitors.html", context)


@project_view("auditors.watch")
def visitors_export(request: ProjectRequest, project: Project) -> HttpResponse:
    """The log of what auditors looked at, as a file."""
    values, _lists = read_query(request.GET, single=("who", "format"))
    form = choice("format", values["format"], FORMATS) or "csv"
    found = visits_of(project, whole_number("who", values["who"])).iterator(chunk_size=2000)
    table = (
        [each.on, str(each.user), each.user.email, page_name(each.address), each.address, each.times, each.last_at]
        for each in found
    )
    return table_response(form, f"{project.slug}-auditors", LOG_COLUMNS, table)


@project_view("team.manage", post="team.manage")
def visitor_invite(request: ProjectRequest, project: Project) -> HttpResponse:
    """Invite one person to audit this project, and others of the organization, until a day."""
    offered = projects_to_audit(request.user, project.organization)
    if request.method != "POST":
        form = AuditorForm(offered=offered, initial={"projects": [project.slug]})
        return _invite_page(request, project, form)
    form = AuditorForm(single_values(request.POST, multiple=("projects",)), offered=offered)
    if not form.is_valid():
        return _invite_page(request, project, form, status=422)
    said = form.cleaned_data
    try:
        sent = invite_auditor(
            acting_user=request.user,
            projects=form.chosen(),
            email=said["email"],
            name=said["name"],
            valid_until=said["valid_until"],
        )
    except RuleBroken as error:
        show_refusal(form, error)
        return _invite_page(request, project, form, status=422)
    words = ngettext("An invitation went to %(mail)s.", "%(n)d invitations went to %(mail)s.", len(sent))
    messages.success(request, words % {"n": len(sent), "mail": said["email"]})
    return redirect("visitors", project.slug)


def _invite_page(request: ProjectRequest, project: Project, form: AuditorForm, status: int = 200) -> HttpResponse:
    return render(request, "audits/visitor_invite.html", {"project": project, "form": form}, status=status)


@project_view("team.manage", post="team.manage")
def visitor_end(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    """Move the last day of an auditor, or end their access at once."""
    membership = _auditor(project, pk)
    if request.method != "POST":
        initial = {"valid_until": membership.valid_until, "seen": terms_digest(project, membership.user)}
        return _end_page(request, project, membership, EndForm(initial=initial))
    data = single_values(request.POST)
    if data.get("at_once"):
        end_at_once(acting_user=request.user, project=project, membership=membership)
        messages.success(request, _("%(name)s no longer has access.") % {"name": membership.user})
        return redirect("visitors", project.slug)
    form = EndForm(data)
    if not form.is_valid():
        return _end_page(request, project, membership, form, status=422)
    try:
        move_end(
            acting_user=request.user,
            project=project,
            membership=membership,
            seen=form.cleaned_data["seen"],
            valid_until=form.cleaned_data["valid_until"],
        )
    except StaleWrite as error:
        return conflict(
            request,
            error,
            action=request.path,
            hidden=[("valid_until", data["valid_until"]), ("seen", terms_digest(project, membership.user))],
            back=reverse("visitors", args=[project.slug]),
        )
    except RuleBroken as error:
        show_refusal(form, error)
        return _end_page(request, project, membership, form, status=422)
    messages.success(request, _("The last day of %(name)s was moved.") % {"name": membership.user})
    return redirect("visitors", project.slug)


def _end_page(
    request: ProjectRequest, project: Project, membership: Membership, form: EndForm, status: int = 200
) -> HttpResponse:
    context = {"project": project, "membership": membership, "form": form, "today": clock.today(project.time_zone)}
    return render(request, "audits/visitor_end.html", context, status=status)


@project_view(post="team.manage")
def visitor_revoke(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    """Take back the invitation of an auditor before it is accepted."""
    if not any(each.pk == pk for each in invited_auditors(project)):
        raise Http404
    taken = revoke_invitation(acting_user=request.user, project=project, invitation_id=pk)
    messages.success(request, _("The invitation of %(name)s was taken back.") % {"name": taken.name})
    return redirect("visitors", project.slug)


def _auditor(project: Project, pk: int) -> Membership:
    membership = auditor_of(project, pk)
    if membership is None:
        raise Http404
    return membership
