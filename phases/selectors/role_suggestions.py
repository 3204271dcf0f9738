"""Who took a role in the last project of the same organization: offered for roles that nobody takes here yet."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from accounts.models import User
from phases.models import RoleAssignment
from phases.selectors.catalogue import texts_for
from phases.selectors.role_map import PartyChoice, RoleMap, title_of_component
from projects.models import Party, Project
from projects.permissions import access_to

ACCOUNT, MAIL, NAME = "account", "mail", "name"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Who took a role at a place in the last project, and the party here that is the same (None: nobody here is).

    `by` says by what it is known: account, mail or name.
    """

    role: str
    component: str
    component_title: str
    field: str
    name: str
    party: PartyChoice | None
    by: str


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What the last project offers. `source` is None where there is none that the person may see."""

    source: Project | None
    offered: tuple[Suggestion, ...] = ()
    missing: tuple[Suggestion, ...] = ()


def last_project(project: Project, user: User) -> Project | None:
    """The newest earlier project of the organization that has a role map and that `user` may see. Three queries."""
    found = (
        Project.objects.visible_to(user)
        .filter(organization=project.organization_id, created_at__lt=project.created_at)
        .exclude(pk=project.pk)
        .filter(Exists(RoleAssignment.objects.filter(project=OuterRef("pk"))))
        .order_by("-created_at", "-pk")
        .first()
    )
    return found if found is not None and access_to(found, user).can("phases.view") else None


def suggestions_for(project: Project, user: User, role_map: RoleMap) -> Suggestions:
    """For each empty role of `role_map`, who took it in the last project, matched to a party here.

    Matched by user account, else by mail address, else by name; only parties that take activities. A
    place that has somebody here is never offered. Five queries.
    """
    source = last_project(project, user)
    if source is None:
        return Suggestions(None)
    here = list(Party.objects.filter(project=project, is_active=True).select_related("user"))
    by_user = {party.user_id: party for party in here if party.user_id is not None}
    by_mail = {mail: party for party in here if (mail := _mail(party))}
    by_name = {party.name.casefold(): party for party in here}
    choices = {party.pk: party for party in role_map.parties}
    places = {entry.place: entry for entry in role_map.entries()}
    texts = texts_for(project)
    offered: list[Suggestion] = []
    missing: list[Suggestion] = []
    before = RoleAssignment.objects.filter(project=source).select_related("party", "party__user")
    for old in before.order_by("role", "component"):
        entry = places.get((old.role, old.component))
        if entry is None or entry.party is not None:
            continue
        party, by = None, ""
        if old.party.user_id in by_user:
            party, by = by_user[old.party.user_id], ACCOUNT
        elif _mail(old.party) in by_mail:
            party, by = by_mail[_mail(old.party)], MAIL
        elif old.party.name.casefold() in by_name:
            party, by = by_name[old.party.name.casefold()], NAME
        said = Suggestion(
            old.role,
            old.component,
            title_of_component(texts, old.component) if old.component else "",
            entry.field,
            old.party.name,
            choices[party.pk] if party is not None else None,
            by,
        )
        (missing if party is None else offered).append(said)
    return Suggestions(source, tuple(offered), tuple(missing))


def _mail(party: Party) -> str:
    return (party.email or (party.user.email if party.user else "")).casefold()
