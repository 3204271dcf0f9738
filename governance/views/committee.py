"""The committee of a project: who sits on it, on which terms, and who takes over afterwards."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from common.exceptions import RuleBroken, StaleWrite
from common.query import choice, read_query, single_values, whole_number
from documents.selectors import seen_by
from governance.forms.committee import CommitteeForm, JoinForm, NewCommitteeForm, SuccessorForm, TermsForm
from governance.models import Oversight
from governance.selectors.committee import SEATS, CommitteePage, committee_page, joinable, seen_terms
from governance.services.committee import (
    agree_terms,
    change_committee,
    join_committee,
    name_successor,
    set_up_committee,
)
from governance.services.seats import seat_everywhere
from phases.models import Phase
from projects.access import ProjectRequest, project_view
from projects.answers import conflict
from projects.models import Project
from projects.services.guards import parse_version


@project_view("governance.view", post="governance.prepare")
def page(request: ProjectRequest, project: Project) -> HttpResponse:
    """Who oversees the project; sent, what the committee is and may do."""
    found = committee_page(project, request.user)
    if request.method != "POST":
        read_query(request.GET)
        return _page(request, project, found)
    oversight = _needed(found)
    form = CommitteeForm(single_values(request.POST))

    def write(version: int) -> None:
        change_committee(acting_user=request.user, project=project, version=version, facts=form.facts())

    return _write(request, project, found, "form", form, write, lambda: oversight.committee.version)


@project_view("governance.prepare", post="governance.prepare")
def new(request: ProjectRequest, project: Project) -> HttpResponse:
    """Set up a committee."""
    if request.method != "POST":
        read_query(request.GET)
        if Oversight.objects.filter(project=project).exists():
            return redirect("committee", project.slug)
        return _form_page(request, project, "committee_new", NewCommitteeForm())
    form = NewCommitteeForm(single_values(request.POST))
    if form.is_valid():
        try:
            oversight = set_up_committee(
                acting_user=request.user,
                project=project,
                facts=form.facts(),
                agreed_on=form.cleaned_data["agreed_on"],
            )
        except RuleBroken as error:
            _refuse(form, error)
        else:
            messages.success(request, _("%(name)s oversees the project.") % {"name": oversight.committee.name})
            return redirect("committee", project.slug)
    return _form_page(request, project, "committee_new", form, status=422)


@project_view("governance.prepare", post="governance.prepare")
def join(request: ProjectRequest, project: Project) -> HttpResponse:
    """Let another committee of the organization oversee the project."""
    before = Oversight.objects.select_related("committee").filter(project=project).first()
    choices = joinable(project, request.user)
    if before is not None:
        choices = choices.exclude(pk=before.committee_id)
    moves = before is not None
    if request.method != "POST":
        read_query(request.GET)
        form = JoinForm(choices=choices, moves=moves)
        return _form_page(request, project, "committee_join", form, oversight=before)
    form = JoinForm(single_values(request.POST), choices=choices, moves=moves)
    if form.is_valid():
        try:
            join_committee(acting_user=request.user, project=project, **form.cleaned_data)
        except RuleBroken as error:
            _refuse(form, error)
        else:
            name = form.cleaned_data["committee"].name
            messages.success(request, _("%(name)s oversees the project.") % {"name": name})
            return redirect("committee", project.slug)
    return _form_page(request, project, "committee_join", form, status=422, oversight=before)


@project_view(post="governance.prepare")
def terms(request: ProjectRequest, project: Project) -> HttpResponse:
    """Note when the terms were agreed, and where they stand."""
    found = committee_page(project, request.user)
    oversight = _needed(found)
    form = TermsForm(single_values(request.POST), documents=seen_by(project, request.access))

    def write(version: int) -> None:
        agree_terms(acting_user=request.user, project=project, version=version, **form.cleaned_data)

    return _write(request, project, found, "terms_form", form, write, lambda: oversight.version)


@project_view(post="governance.prepare")
def successor(request: ProjectRequest, project: Project) -> HttpResponse:
    """Name the group that takes over."""
    found = committee_page(project, request.user)
    oversight = _needed(found)
    form = SuccessorForm(single_values(request.POST))

    def write(version: int) -> None:
        name_successor(acting_user=request.user, project=project, version=version, **form.cleaned_data)

    return _write(request, project, found, "successor_form", form, write, lambda: oversight.version)


@project_view(post="team.manage")
def seats(request: ProjectRequest, project: Project) -> HttpResponse:
    """Give somebody their seat in all projects of the committee."""
    values, _lists = read_query(request.POST, single=("csrfmiddlewaretoken", "person", "role"))
    found = committee_page(project, request.user)
    _needed(found)
    number = whole_number("person", values["person"])
    member: User | None = next((each.user for each in found.members if each.user.pk == number), None)
    if member is None:
        raise BadRequest("person sits on no committee here")
    role = choice("role", values["role"], [each.value for each in SEATS])
    seated = seat_everywhere(acting_user=request.user, project=project, user=member, role=role)
    count = len(seated.given)
    said = ngettext(
        "%(name)s has a seat in %(n)d project more.", "%(name)s has a seat in %(n)d projects more.", count
    ) % {"name": member, "n": count}
    if seated.not_managed:
        said += " " + ngettext(
            "In %(n)d project somebody else manages the team.",
            "In %(n)d projects somebody else manages the team.",
            seated.not_managed,
        ) % {"n": seated.not_managed}
    messages.success(request, said)
    return redirect("committee", project.slug)


def _needed(found: CommitteePage) -> Oversight:
    if found.oversight is None:
        raise Http404("no committee oversees the project")
    return found.oversight


def _write(
    request: ProjectRequest,
    project: Project,
    found: CommitteePage,
    name: str,
    form: forms.Form,
    write: Callable[[int], None],
    version_now: Callable[[], int],
) -> HttpResponse:
    version = parse_version(request.POST.get("version"))
    if form.is_valid():
        try:
            write(version)
        except RuleBroken as error:
            _refuse(form, error)
        except StaleWrite as error:
            hidden = [(each, request.POST.get(each, "")) for each in form.fields]
            hidden.append(("version", str(version_now())))
            back = request.path.removesuffix(f"{request.path.rstrip('/').rpartition('/')[2]}/")
            return conflict(request, error, action=request.path, hidden=hidden, back=back)
        else:
            messages.success(request, _("Saved."))
            return redirect("committee", project.slug)
    return _page(request, project, found, status=422, **{name: form, "opened": name})


def _refuse(form: forms.Form, error: RuleBroken) -> None:
    form.add_error(error.field if error.field in form.fields else None, str(error))


def _form_page(
    request: ProjectRequest, project: Project, template: str, form: forms.Form, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"project": project, "form": form, **more}
    return render(request, f"governance/{template}.html", context, status=status)


def _page(
    request: ProjectRequest, project: Project, found: CommitteePage, *, status: int = 200, **typed: Any
) -> HttpResponse:
    may_prepare = bool(request.access.can("governance.prepare"))
    context: dict[str, Any] = {
        "project": project,
        "found": found,
        "may_prepare": may_prepare,
        "may_manage": bool(request.access.can("team.manage")),
        "may_join": may_prepare and found.oversight is None and joinable(project, request.user).exists(),
    }
    oversight = found.oversight
    if oversight is not None:
        documents = seen_by(project, request.access).order_by("number")
        context |= {
            "terms": seen_terms(oversight, project, request.access),
            "begins": Phase.objects.filter(project=project, start__isnull=False)
            .order_by("number")
            .values_list("start", flat=True)
            .first(),
        }
        if may_prepare:
            context |= {
                "form": CommitteeForm(
                    initial={name: getattr(oversight.committee, name) for name in CommitteeForm.base_fields}
                ),
                "terms_form": TermsForm(
                    initial={"agreed_on": oversight.agreed_on, "terms": oversight.terms_id}, documents=documents
                ),
                "successor_form": SuccessorForm(
                    initial={
                        "successor": oversight.successor,
                        "tasks": oversight.successor_tasks,
                        "from_day": oversight.successor_from,
                    }
                ),
            }
    return render(request, "governance/committee.html", context | typed, status=status)
