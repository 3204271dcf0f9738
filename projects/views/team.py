"""The team of a project: who holds which role, who is invited, who can be responsible."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from common.exceptions import RuleBroken, StaleWrite
from common.workbook_out import table_response
from projects.access import ProjectRequest, project_view
from projects.answers import conflict
from projects.choices import PartyKind, ProjectRole
from projects.forms.team import (
    GrantForm,
    InviteForm,
    PartyForm,
    parse_party_query,
    refuse_foreign,
    show_refusal,
    single_values,
    whole_number,
)
from projects.models import Invitation, Membership, Party, Project
from projects.selectors.team import (
    PARTY_VIEWS,
    PartyQuery,
    PartyRow,
    capability_table,
    filter_parties,
    members_of,
    only_manager_leaves_on,
    owners_of,
    parties_of,
    pending_invitations,
    people_for_roles,
    terms_digest,
    terms_in_words,
)
from projects.services.guards import parse_version
from projects.services.invitations import invite as send_invitation
from projects.services.invitations import revoke_invitation
from projects.services.team import change_party, create_party, end_role, grant_role


def _to_team(project: Project, anchor: str = "") -> HttpResponse:
    return redirect(f"{reverse('team', args=[project.slug])}{anchor}")


@project_view("team.view")
def team(request: ProjectRequest, project: Project) -> HttpResponse:
    """Members, invitations, parties with what they have open, and what each role may do."""
    query, form = parse_party_query(request.GET)
    members = members_of(project)
    on_team = {row.user_id for row in members if row.is_current}
    owners = owners_of(project)
    every_party = parties_of(project, on_team | {owner.pk for owner in owners})
    parties = filter_parties(every_party, query)
    if form:
        return _parties_file(project, parties, form)
    may_manage = bool(request.access.can("team.manage"))
    context = {
        "project": project,
        "may_manage": may_manage,
        "members": [row for row in members if not row.has_ended],
        "ended": [row for row in members if row.has_ended],
        "person_count": len(on_team),
        "owners": owners,
        "invitations": pending_invitations(project) if may_manage else [],
        "parties": parties,
        "party_count": len(every_party),
        "active_party_count": sum(row.is_active for row in every_party),
        "stranded": [row for row in every_party if row.is_stranded],
        "query": query,
        "views": _view_choices(query),
        "columns": _sort_links(request.GET, query),
        "csv_url": _address(request.GET, format="csv"),
        "xlsx_url": _address(request.GET, format="xlsx"),
        "only_manager_until": only_manager_leaves_on(members),
        "roles": [str(role.label) for role in ProjectRole],
        "capabilities": capability_table(),
    }
    return render(request, "projects/team.html", context)


def _view_choices(query: PartyQuery) -> list[dict[str, Any]]:
    words = {
        "all": _("All"),
        "persons": _("Persons"),
        "groups": _("Groups"),
        "no account": _("Without an account"),
        "late": _("With late activities"),
        "left": _("Left or inactive"),
    }
    return [{"value": view, "label": words[view], "selected": view == query.view} for view in PARTY_VIEWS]


def _address(given: QueryDict, **changes: str) -> str:
    values = given.copy()
    values.pop("format", None)
    for name, value in changes.items():
        values[name] = value
    return f"?{values.urlencode()}"


def _sort_links(given: QueryDict, query: PartyQuery) -> dict[str, dict[str, str]]:
    links = {}
    for name in ("name", "open", "late"):
        is_current = query.sort == name
        # Figures are first wanted from the top.
        first, second = (name, f"-{name}") if name == "name" else (f"-{name}", name)
        now = f"{'-' if query.descending else ''}{name}" if is_current else ""
        links[name] = {
            "url": _address(given, sort=second if now == first else first) + "#parties",
            "sorted": ("descending" if query.descending else "ascending") if is_current else "",
        }
    return links


def _parties_file(project: Project, parties: list[PartyRow], form: str) -> HttpResponse:
    return table_response(
        form,
        f"{project.slug}-parties",
        ["name", "kind", "function", "mail address", "members", "state", "open", "late"],
        (
            [
                row.name,
                row.kind,
                row.function,
                row.email,
                "; ".join(row.members),
                row.account.word,
                row.load.open,
                row.load.late,
            ]
            for row in parties
        ),
    )


@project_view("team.manage", post="team.manage")
def invite(request: ProjectRequest, project: Project) -> HttpResponse:
    """Offer a role by mail. `?again=PK` fills the form from an earlier offer."""
    if request.method == "POST":
        form = InviteForm(request.POST)
        if form.is_valid():
            try:
                invitation = send_invitation(
                    acting_user=request.user,
                    project=project,
                    email=form.cleaned_data["email"],
                    name=form.cleaned_data["name"],
                    role=form.cleaned_data["role"],
                    valid_until=form.cleaned_data["valid_until"],
                )
            except RuleBroken as error:
                show_refusal(form, error)
            else:
                messages.success(
                    request,
                    _("Invitation sent to %(email)s. Its link works once, until %(until)s.")
                    % {"email": invitation.email, "until": date_format(invitation.expires_at, "j M Y")},
                )
                return _to_team(project, "#invitations")
        return render(request, "projects/team_invite.html", {"project": project, "form": form}, status=422)
    values = single_values(request.GET, ("again",))
    initial = {}
    if "again" in values:
        again = Invitation.objects.filter(
            project=project, pk=whole_number(values["again"]), accepted_at=None, revoked_at=None
        ).first()
        if again is None:
            raise Http404
        initial = InviteForm.initial_from(again)
    return render(request, "projects/team_invite.html", {"project": project, "form": InviteForm(initial=initial)})


@project_view(post="team.manage")
def revoke(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    """Take an invitation back."""
    if not Invitation.objects.filter(project=project, pk=pk).exists():
        raise Http404
    invitation = revoke_invitation(acting_user=request.user, project=project, invitation_id=pk)
    messages.success(
        request, _("The invitation of %(name)s is withdrawn. Its link no longer works.") % {"name": invitation.name}
    )
    return _to_team(project, "#invitations")


@project_view("team.manage", post="team.manage")
def grant(request: ProjectRequest, project: Project) -> HttpResponse:
    """Give somebody known a role, or a role they hold another end. `?person=PK&role=ROLE` fills the form."""
    people = people_for_roles(project)
    if request.method == "POST":
        form = GrantForm(request.POST, people=people)
        refuse_foreign(form)
        if form.is_valid():
            person = form.cleaned_data["person"]
            try:
                membership = grant_role(
                    acting_user=request.user,
                    project=project,
                    user=person,
                    role=form.cleaned_data["role"],
                    valid_until=form.cleaned_data["valid_until"],
                    seen=form.cleaned_data["seen"] or None,
                )
            except RuleBroken as error:
                show_refusal(form, error)
            except StaleWrite as error:
                return _grant_conflict(request, project, person, error)
            else:
                messages.success(request, _granted(person, membership))
                return _to_team(project, "#members")
        return render(request, "projects/team_grant.html", _grant_context(project, form), status=422)
    return render(request, "projects/team_grant.html", _grant_context(project, _grant_form(request, project, people)))


def _granted(person: User, membership: Membership) -> str:
    values = {"name": person.name or person.email, "role": ProjectRole(membership.role).label.lower()}
    if membership.valid_until is None:
        return _("%(name)s is %(role)s now.") % values
    return _("%(name)s is %(role)s until %(until)s.") % {
        **values,
        "until": date_format(membership.valid_until, "j M Y"),
    }


def _grant_form(request: ProjectRequest, project: Project, people: QuerySet[User]) -> GrantForm:
    values = single_values(request.GET, ("person", "role"))
    initial: dict[str, Any] = {}
    if "person" in values:
        person = people.filter(pk=whole_number(values["person"])).first()
        if person is None:
            raise Http404
        initial = {"person": person.pk, "seen": terms_digest(project, person)}
        held = Membership.objects.filter(project=project, user=person, role=values.get("role", "")).first()
        if held is not None:
            initial |= {"role": held.role, "valid_until": held.valid_until if held.is_current else None}
    return GrantForm(people=people, initial=initial)


def _grant_context(project: Project, form: GrantForm) -> dict[str, Any]:
    chosen = form["person"].value()
    person = None
    if chosen and str(chosen).isdigit():
        person = people_for_roles(project).filter(pk=chosen).first()
    return {
        "project": project,
        "form": form,
        "person": person,
        "held": terms_in_words(project, person) if person else "",
    }


def _grant_conflict(request: ProjectRequest, project: Project, person: User, error: StaleWrite) -> HttpResponse:
    sent = [(name, request.POST[name]) for name in ("person", "role", "valid_until", "no_end") if name in request.POST]
    return conflict(
        request,
        error,
        action=reverse("team_grant", args=[project.slug]),
        hidden=[*sent, ("seen", terms_digest(project, person))],
        back=reverse("team", args=[project.slug]),
    )


@project_view("team.manage", post="team.manage")
def end(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    """Ask whether a role is to end, and end it."""
    membership = Membership.objects.filter(project=project, pk=pk).select_related("user").first()
    if membership is None:
        raise Http404
    refused = ""
    if request.method == "POST":
        try:
            end_role(acting_user=request.user, project=project, membership_id=pk)
        except RuleBroken as error:
            refused = str(error)
        else:
            messages.success(
                request,
                _("%(name)s is no longer %(role)s.")
                % {"name": membership.user.name, "role": membership.get_role_display().lower()},
            )
            return _to_team(project, "#members")
    rows = members_of(project)
    others = [row for row in rows if row.user_id == membership.user_id and row.is_current and row.pk != pk]
    parties = parties_of(project, {row.user_id for row in rows if row.is_current})
    context = {
        "project": project,
        "row": next(row for row in rows if row.pk == pk),
        "others": [row.role_label for row in others],
        "load": next((row.load for row in parties if row.user_id == membership.user_id), None),
        "is_owner": membership.user in owners_of(project),
        "refused": refused,
    }
    return render(request, "projects/team_end.html", context, status=422 if refused else 200)


@project_view("team.manage", post="team.manage")
def new_party(request: ProjectRequest, project: Project) -> HttpResponse:
    """Add a person or a group that can be responsible."""
    form = PartyForm(request.POST or None, project=project)
    if request.method == "POST":
        refuse_foreign(form)
        if form.is_valid():
            try:
                made = create_party(
                    acting_user=request.user,
                    project=project,
                    name=form.cleaned_data["name"],
                    kind=form.cleaned_data["kind"],
                    function=form.cleaned_data["function"],
                    email=form.cleaned_data["email"],
                    members=list(form.cleaned_data["members"]),
                )
            except RuleBroken as error:
                show_refusal(form, error)
            else:
                messages.success(request, _("%(name)s can be given activities now.") % {"name": made.name})
                return _to_team(project, "#parties")
        return render(request, "projects/party_form.html", {"project": project, "form": form}, status=422)
    return render(request, "projects/party_form.html", {"project": project, "form": form})


@project_view("team.manage", post="team.manage")
def party(request: ProjectRequest, project: Project, uuid: UUID) -> HttpResponse:
    """Change a person or a group that can be responsible."""
    found = (
        Party.objects.filter(project=project, uuid=uuid)
        .select_related("user")
        .prefetch_related("group_members__person")
        .first()
    )
    if found is None:
        raise Http404
    context: dict[str, Any] = {"project": project, "party": found, "is_group": found.kind == PartyKind.GROUP}
    if request.method != "POST":
        form = PartyForm(project=project, party=found, initial=PartyForm.initial_from(found))
        return render(request, "projects/party_form.html", {**context, "form": form})
    version = parse_version(request.POST.get("version"))
    form = PartyForm(request.POST, project=project, party=found)
    refuse_foreign(form)
    if form.is_valid():
        try:
            change_party(
                acting_user=request.user,
                project=project,
                party=found,
                version=version,
                name=form.cleaned_data["name"],
                function=form.cleaned_data["function"],
                email=form.cleaned_data.get("email", found.email),
                is_active=form.cleaned_data["is_active"],
                members=list(form.cleaned_data.get("members", [])),
            )
        except RuleBroken as error:
            show_refusal(form, error)
        except StaleWrite as error:
            return conflict(
                request,
                error,
                action=request.path,
                hidden=_sent(request.POST, found.version),
                back=request.path,
            )
        else:
            messages.success(request, _("%(name)s is changed.") % {"name": form.cleaned_data["name"]})
            return _to_team(project, "#parties")
    return render(request, "projects/party_form.html", {**context, "form": form}, status=422)


def _sent(given: QueryDict, version: int) -> list[tuple[str, Any]]:
    left_out = {"csrfmiddlewaretoken", "version"}
    return [(name, value) for name, values in given.lists() if name not in left_out for value in values] + [
        ("version", version)
    ]
