"""Who is on the team of a project, who can be responsible, and who is still invited."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User, initials_of
from common import clock
from common.canonical import sha256_of
from projects.capabilities import capabilities
from projects.choices import OrganizationRole, PartyKind, ProjectRole
from projects.models import Invitation, Membership, OrganizationMembership, Party, Project
from projects.registries import Load, party_loads

SOON = timedelta(days=14)
PARTY_SORTS = ("name", "open", "late")
PARTY_VIEWS = ("all", "persons", "groups", "no account", "late", "left")
_ROLE_ORDER = {role: place for place, role in enumerate(ProjectRole.values)}


@dataclass(frozen=True, slots=True)
class StateWord:
    """A state as the pages show it: shape, word and tone."""

    shape: str
    word: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One role that a person holds, held or will hold. `ends_in` is given only where the end is near."""

    pk: int
    user_id: int
    name: str
    email: str
    role: str
    role_label: str
    valid_from: date
    valid_until: date | None
    is_current: bool
    has_ended: bool
    ends_in: int | None
    state: StateWord

    @property
    def initials(self) -> str:
        """Letters for the avatar."""
        return initials_of(self.name)


@dataclass(frozen=True, slots=True)
class PartyRow:
    """Somebody, or a group, who can be responsible, with what they have open."""

    pk: int
    uuid: UUID
    name: str
    kind: str
    function: str
    email: str
    members: tuple[str, ...]
    is_active: bool
    user_id: int | None
    has_left: bool
    account: StateWord
    load: Load

    @property
    def initials(self) -> str:
        """Letters for the avatar."""
        return initials_of(self.name)

    @property
    def is_stranded(self) -> bool:
        """Whether work lies with somebody who no longer does any here."""
        return self.load.open > 0 and (self.has_left or not self.is_active)


@dataclass(frozen=True, slots=True)
class PartyQuery:
    """What the list of parties is asked to show."""

    text: str = ""
    view: str = "all"
    sort: str = "name"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """An offer nobody has taken yet; `is_open` is false once its link has run out."""

    pk: int
    name: str
    email: str
    role_label: str
    valid_until: date | None
    invited_by: str
    invited_on: date
    link_until: date
    is_open: bool


@dataclass(frozen=True, slots=True)
class CapabilityRow:
    """What one may do, and for each project role whether it may."""

    title: str
    cells: tuple[tuple[str, bool], ...]


def _member_state(membership: Membership, days: int | None, *, ended: bool) -> StateWord:
    if ended:
        return StateWord("st-not-applicable", _("Ended"), "faint")
    if not membership.user.is_active:
        return StateWord("st-blocked", _("Account closed"), "bad")
    if not membership.is_current:
        return StateWord("st-not-started", _("Begins later"))
    if days is not None:
        return StateWord("tri", _("Ends today") if days == 0 else _("Ends in %(days)d d") % {"days": days}, "warn")
    if membership.role == ProjectRole.AUDITOR and membership.valid_until is None:
        return StateWord("tri", _("No end set"), "warn")
    return StateWord("check-circle-fill", _("Active"), "ok")


def members_of(project: Project) -> list[MemberRow]:
    """All roles in the project, by name and then by role; ended ones too. One query."""
    instant = clock.now()
    today = clock.today(project.time_zone)
    rows = []
    for membership in Membership.objects.filter(project=project).select_related("user"):
        user = membership.user
        ended = membership.ends_at is not None and membership.ends_at <= instant
        until = membership.valid_until
        days = (until - today).days if until is not None and not ended and until - today <= SOON else None
        rows.append(
            MemberRow(
                pk=membership.pk,
                user_id=user.pk,
                name=user.name or user.email,
                email=user.email,
                role=membership.role,
                role_label=str(ProjectRole(membership.role).label),
                valid_from=membership.valid_from,
                valid_until=until,
                is_current=membership.is_current and user.is_active,
                has_ended=ended,
                ends_in=days,
                state=_member_state(membership, days, ended=ended),
            )
        )
    return sorted(rows, key=lambda row: (row.name.lower(), row.user_id, _ROLE_ORDER[row.role]))


def owners_of(project: Project) -> list[User]:
    """Who owns the organization today and so may do everything in each of its projects. One query."""
    return list(
        User.objects.filter(
            organization_memberships__in=OrganizationMembership.objects.current().filter(
                organization_id=project.organization_id, role=OrganizationRole.OWNER
            )
        ).order_by("name", "pk")
    )


def people_for_roles(project: Project) -> QuerySet[User]:
    """Who can get a role without an invitation: whoever is or was on the team, and people of the organization."""
    of_organization = OrganizationMembership.objects.current().filter(organization_id=project.organization_id)
    return User.objects.filter(
        Q(pk__in=Membership.objects.filter(project=project).values("user")) | Q(pk__in=of_organization.values("user")),
        is_active=True,
    ).order_by("name", "email")


def _account_state(party: Party, *, on_team: bool) -> StateWord:
    if not party.is_active:
        return StateWord("st-not-applicable", _("Takes no activities"), "faint")
    if party.kind == PartyKind.GROUP:
        return StateWord("people", _("Group"))
    if party.user_id is None:
        return StateWord("st-not-started", _("No account"))
    if on_team:
        return StateWord("check-circle-fill", _("On the team"), "ok")
    return StateWord("tri", _("Left the team"), "warn")


def parties_of(project: Project, on_team: Iterable[int]) -> list[PartyRow]:
    """Everybody who can or could be responsible; `on_team` are the ids of users with a role today.

    Two queries, and one for each app that counts work.
    """
    present = frozenset(on_team)
    loads: dict[int, Load] = {}
    for count in party_loads:
        for party_id, load in count(project).items():
            loads[party_id] = loads.get(party_id, Load()) + load
    found = Party.objects.filter(project=project).prefetch_related("group_members__person").order_by("name")
    return [
        PartyRow(
            pk=party.pk,
            uuid=party.uuid,
            name=party.name,
            kind=party.kind,
            function=party.function,
            email=party.email,
            members=tuple(sorted(member.person.name for member in party.group_members.all())),
            is_active=party.is_active,
            user_id=party.user_id,
            has_left=party.user_id is not None and party.user_id not in present,
            account=_account_state(party, on_team=party.user_id in present),
            load=loads.get(party.pk, Load()),
        )
        for party in found
    ]


def _in_view(row: PartyRow, view: str) -> bool:
    if view == "persons":
        return row.kind == PartyKind.PERSON
    if view == "groups":
        return row.kind == PartyKind.GROUP
    if view == "no account":
        return row.kind == PartyKind.PERSON and row.user_id is None
    if view == "late":
        return row.load.late > 0
    if view == "left":
        return row.has_left or not row.is_active
    return True


def filter_parties(rows: Sequence[PartyRow], query: PartyQuery) -> list[PartyRow]:
    """The parties that `query` asks for, sorted as it says."""
    words = query.text.lower().split()
    kept = [
        row
        for row in rows
        if _in_view(row, query.view)
        and all(word in f"{row.name} {row.function} {row.email} {' '.join(row.members)}".lower() for word in words)
    ]
    kept.sort(key=lambda row: row.name.lower())
    if query.sort == "open":
        kept.sort(key=lambda row: row.load.open)
    elif query.sort == "late":
        kept.sort(key=lambda row: row.load.late)
    if query.descending:
        kept.reverse()
    return kept


def pending_invitations(project: Project) -> list[InvitationRow]:
    """Offers that nobody took or withdrew, newest first; those that ran out stay for 30 days. One query."""
    instant = clock.now()
    zone = ZoneInfo(project.time_zone)
    rows = (
        Invitation.objects.filter(
            project=project, accepted_at=None, revoked_at=None, expires_at__gt=instant - timedelta(days=30)
        )
        .select_related("invited_by")
        .order_by("-created_at", "-pk")
    )
    return [
        InvitationRow(
            pk=row.pk,
            name=row.name,
            email=row.email,
            role_label=str(ProjectRole(row.role).label),
            valid_until=row.valid_until,
            invited_by=str(row.invited_by) if row.invited_by else _("smsplan"),
            invited_on=row.created_at.astimezone(zone).date(),
            link_until=row.expires_at.astimezone(zone).date(),
            is_open=row.is_open,
        )
        for row in rows
    ]


def only_manager_leaves_on(members: Iterable[MemberRow]) -> date | None:
    """The day on which the project loses its last manager, where that day is known."""
    managers = [row for row in members if row.role == ProjectRole.MANAGER and row.is_current]
    ends = [row.valid_until for row in managers if row.valid_until is not None]
    return max(ends) if ends and len(ends) == len(managers) else None


def capability_table() -> list[CapabilityRow]:
    """Role x capability as data, for the table that explains the roles."""
    return [
        CapabilityRow(str(capability.title), tuple((str(role.label), role in capability.roles) for role in ProjectRole))
        for capability in capabilities
    ]


def _terms(project: Project, user: User) -> QuerySet[Membership]:
    return Membership.objects.filter(project=project, user=user).order_by("role")


def terms_digest(project: Project, user: User) -> str:
    """One hash over the roles of a person, so that a form can say what it was filled from."""
    return sha256_of([[row.role, row.starts_at, row.ends_at] for row in _terms(project, user)])


def term_in_words(role: str, until: date | None) -> str:
    """A role and its end, as people compare them."""
    label = ProjectRole(role).label
    if until is None:
        return _("%(role)s, no end") % {"role": label}
    return _("%(role)s until %(until)s") % {"role": label, "until": date_format(until, "j M Y")}


def terms_in_words(project: Project, user: User) -> str:
    """The roles that a person holds today."""
    return "; ".join(term_in_words(row.role, row.valid_until) for row in _terms(project, user) if row.is_current)
