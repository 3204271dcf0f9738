"""Acts on memberships and parties."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_event, record_events
from common import clock
from common.exceptions import RuleBroken, StaleWrite
from common.texts import clean_line, same_name
from projects.choices import PartyKind, ProjectRole
from projects.models import GroupMember, Membership, Party, Project
from projects.selectors.team import term_in_words, terms_digest, terms_in_words
from projects.services.guards import require_capability, term_fields, write_versioned

NAME_LENGTH = 120


@transaction.atomic
def grant_role(
    *,
    acting_user: User | None,
    project: Project,
    user: User,
    role: str,
    valid_from: date | None = None,
    valid_until: date | None = None,
    seen: str | None = None,
) -> Membership:
    """Give `user` a role in the project, until the end of `valid_until` there; a role still held gets the new end.

    The person becomes a party, so that activities can be given to them; a party that waits under the same mail
    address becomes theirs. `seen` is the `terms_digest` of the form: raises StaleWrite where the person's roles
    have changed since. Raises RuleBroken for an unknown role, a term that ends before it begins, or an auditor who
    also holds a role that writes.
    """
    require_capability(acting_user, "team.manage", project)
    if role not in ProjectRole.values:
        raise RuleBroken(_("There is no such role."), field="role")
    before = Membership.objects.filter(project=project, user=user, role=role).first()
    if seen is not None and seen != terms_digest(project, user):
        raise StaleWrite(
            _("Somebody changed this person's roles meanwhile. Nothing of yours was saved yet; both are below."),
            current={_("Roles"): terms_in_words(project, user)},
            sent={_("Roles"): term_in_words(role, valid_until)},
        )
    check_auditor_alone(project, user, role)
    ends_today = valid_until is not None and valid_until <= clock.today(project.time_zone)
    if role == ProjectRole.MANAGER and ends_today and not _another_manager(project, user):
        raise RuleBroken(_("The project needs a manager. Give the role to somebody else first."), field="valid_until")
    held = before if before is not None and before.is_current else None
    begins = valid_from or (held.valid_from if held else clock.today(project.time_zone))
    if held and valid_until is not None and valid_until < clock.today(project.time_zone):
        raise RuleBroken(_("This day is past. To end the role at once, use “End this role”."), field="valid_until")
    membership, _created = Membership.objects.update_or_create(
        project=project, user=user, role=role, defaults=term_fields(begins, valid_until, project.time_zone)
    )
    drafts = [
        Draft(
            "grant role",
            "membership",
            user.email,
            user.name,
            {"role": [role if held else None, role], "until": [before.valid_until if before else None, valid_until]},
        )
    ]
    if role != ProjectRole.AUDITOR and not Party.objects.filter(project=project, user=user).exists():
        drafts.append(_join_parties(project, user))
    record_events(stream_id=project.uuid, acting_user=acting_user, drafts=drafts)
    return membership


def _another_manager(project: Project, user: User) -> bool:
    managers = Membership.objects.current().filter(project=project, role=ProjectRole.MANAGER)
    return managers.exclude(user=user).exists()


def check_auditor_alone(project: Project, user: User, role: str) -> None:
    """Raise RuleBroken where `role` would make `user` an auditor of work they take part in."""
    others = set(
        Membership.objects.current()
        .filter(project=project, user=user)
        .exclude(role=role)
        .values_list("role", flat=True)
    )
    if others and (role == ProjectRole.AUDITOR or ProjectRole.AUDITOR in others):
        raise RuleBroken(_("An auditor holds no other role: nobody audits work they take part in."), field="role")


def _join_parties(project: Project, user: User) -> Draft:
    """Make `user` a party, or give them the one that waits under their mail address with its activities."""
    waiting = (
        Party.objects.filter(project=project, kind=PartyKind.PERSON, user=None, is_active=True, email=user.email)
        .order_by("pk")
        .first()
    )
    if waiting is None:
        party = _make_party(project, user.name or user.email, PartyKind.PERSON, email=user.email, user=user)
        return Draft("create", "party", str(party.uuid), party.name, {"name": party.name, "kind": party.kind})
    Party.objects.filter(pk=waiting.pk).update(user=user, version=F("version") + 1)
    return Draft("change", "party", str(waiting.uuid), waiting.name, {"account": [None, user.email]})


@transaction.atomic
def end_role(*, acting_user: User | None, project: Project, membership_id: int) -> Membership:
    """End a role now. The project keeps a manager: the last one's role cannot end. Raises RuleBroken then."""
    require_capability(acting_user, "team.manage", project)
    membership = Membership.objects.select_related("user").get(project=project, pk=membership_id)
    if membership.ends_at is not None and membership.ends_at <= clock.now():
        raise RuleBroken(_("This role has ended already."))
    managers = Membership.objects.current().filter(project=project, role=ProjectRole.MANAGER).exclude(pk=membership.pk)
    if membership.role == ProjectRole.MANAGER and not managers.exists():
        raise RuleBroken(_("The project needs a manager. Give the role to somebody else first."))
    membership.ends_at = clock.now()
    membership.valid_until = clock.today(project.time_zone)
    membership.save(update_fields=["ends_at", "valid_until"])
    record_event(
        stream_id=project.uuid,
        acting_user=acting_user,
        draft=Draft(
            "end role", "membership", membership.user.email, membership.user.name, {"role": [membership.role, None]}
        ),
    )
    return membership


def _make_party(
    project: Project, name: str, kind: str, *, email: str = "", function: str = "", user: User | None = None
) -> Party:
    unique, number = name[:120], 2
    while Party.objects.filter(project=project, name=unique).exists():
        unique = f"{name[:115]} {number}"
        number += 1
    return Party.objects.create(
        project=project, name=unique, kind=kind, email=email, function=function[:120], user=user
    )


@transaction.atomic
def create_party(
    *,
    acting_user: User | None,
    project: Project,
    name: str,
    kind: str = PartyKind.PERSON,
    function: str = "",
    email: str = "",
    members: list[Party] | None = None,
) -> Party:
    """Add somebody, or a group, who can be responsible. Raises RuleBroken for a name that is empty or taken."""
    require_capability(acting_user, "team.manage", project)
    _check_party_name(project, name)
    party = _make_party(
        project, clean_line(name), PartyKind(kind), email=email.strip().lower(), function=clean_line(function)
    )
    for person in members or []:
        _add_member(project, party, person)
    record_event(
        stream_id=project.uuid,
        acting_user=acting_user,
        draft=Draft(
            "create",
            "party",
            str(party.uuid),
            party.name,
            {"name": party.name, "kind": party.kind, "members": [person.name for person in members or []]},
        ),
    )
    return party


@transaction.atomic
def change_party(
    *,
    acting_user: User | None,
    project: Project,
    party: Party,
    version: int,
    name: str,
    function: str,
    email: str,
    is_active: bool,
    members: list[Party],
) -> Party:
    """Change a party and, for a group, who is in it. Raises StaleWrite where somebody else did meanwhile."""
    require_capability(acting_user, "team.manage", project)
    if party.project_id != project.pk:
        raise Party.DoesNotExist
    if clean_line(name) != party.name:
        _check_party_name(project, name, besides=party)
    values = {
        "name": clean_line(name),
        "function": clean_line(function),
        "email": email.strip().lower(),
        "is_active": is_active,
    }
    before = {key: getattr(party, key) for key in values}
    now_in_it = [member.person for member in party.group_members.select_related("person")]
    write_versioned(
        party,
        version=version,
        values=values,
        shown=_party_in_words(party.kind, before, now_in_it),
        sent=_party_in_words(party.kind, values, members),
    )
    changes = {key: [before[key], value] for key, value in values.items() if before[key] != value}
    if party.kind == PartyKind.GROUP:
        old = {member.person_id: member for member in party.group_members.select_related("person")}
        new = {person.pk: person for person in members}
        if set(old) != set(new):
            changes["members"] = [sorted(m.person.name for m in old.values()), sorted(p.name for p in new.values())]
        GroupMember.objects.filter(group=party).exclude(person_id__in=new).delete()
        for pk, person in new.items():
            if pk not in old:
                _add_member(project, party, person)
    if changes:
        record_event(
            stream_id=project.uuid,
            acting_user=acting_user,
            draft=Draft("change", "party", str(party.uuid), party.name, changes),
        )
    return party


def _party_in_words(kind: str, values: Mapping[str, Any], members: Sequence[Party]) -> dict[str, str]:
    """A party as the page that compares two texts of it shows it."""
    words = {
        _("Name"): str(values["name"]),
        _("Function"): str(values["function"]),
        _("Mail address"): str(values["email"]),
        _("Can be responsible"): _("Yes") if values["is_active"] else _("No"),
    }
    if kind == PartyKind.GROUP:
        words[_("Members")] = ", ".join(sorted(person.name for person in members))
    return words


def _check_party_name(project: Project, name: str, *, besides: Party | None = None) -> None:
    if not clean_line(name):
        raise RuleBroken(_("Give a name."), field="name")
    if len(clean_line(name)) > NAME_LENGTH:
        raise RuleBroken(_("A name has %(most)d characters at most.") % {"most": NAME_LENGTH}, field="name")
    names = Party.objects.filter(project=project)
    if besides is not None:
        names = names.exclude(pk=besides.pk)
    if same_name(name) in {same_name(taken) for taken in names.values_list("name", flat=True)}:
        raise RuleBroken(
            _("This name is taken in the project. Add a function or a team to tell them apart."), field="name"
        )


def _add_member(project: Project, group: Party, person: Party) -> None:
    if group.kind != PartyKind.GROUP:
        raise RuleBroken(_("Only a group has members."), field="members")
    if person.kind != PartyKind.PERSON or person.project_id != project.pk:
        raise RuleBroken(_("Only persons of this project can be in a group."), field="members")
    GroupMember.objects.create(project=project, group=group, person=person)
