"""The role map of a project: which party takes which role of the catalogue, and how much work hangs on it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.text import slugify

from accounts.models import initials_of
from common.canonical import sha256_of
from phases.choices import AssignedBy, Status
from phases.domain.transitions import OPEN_STATUSES
from phases.models import PhaseActivity, RoleAssignment
from phases.selectors.catalogue import CatalogueTexts, texts_for
from projects.models import Party, Project

AUDIT_ROLE = "Audit"
RoleKey = tuple[str, str]


@dataclass(frozen=True, slots=True)
class PartyChoice:
    """A party that a role can be given to; an inactive one is shown only where it already is."""

    pk: int
    name: str
    kind: str
    is_active: bool

    @property
    def initials(self) -> str:
        """Letters for the avatar."""
        return initials_of(self.name)


@dataclass(frozen=True, slots=True)
class RoleEntry:
    """A role in one component, or (component "") in all that have no entry of their own.

    `accountable` and `contributing` count the applicable phase activities that name the role first, or after
    another.
    """

    role: str
    component: str
    component_title: str
    field: str
    party: PartyChoice | None
    accountable: int
    contributing: int


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role of the catalogue with its entry for all components and those of single components."""

    entry: RoleEntry
    components: tuple[RoleEntry, ...]
    is_audit: bool
    audits_own_work: tuple[str, ...] = ()

    @property
    def differing(self) -> tuple[RoleEntry, ...]:
        """The components that have an entry of their own."""
        return tuple(entry for entry in self.components if entry.party is not None)

    @property
    def is_covered(self) -> bool:
        """Whether every activity of the role has somebody."""
        return self.entry.party is not None or len(self.differing) == len(self.components)

    @property
    def inactive(self) -> tuple[str, ...]:
        """Parties that the map still names though they take no activities any more."""
        named = [self.entry, *self.components]
        return tuple(dict.fromkeys(e.party.name for e in named if e.party is not None and not e.party.is_active))


@dataclass(frozen=True, slots=True)
class RoleMap:
    """The whole map. `digest` stands for its state, so that a form can say what it was made from."""

    rows: tuple[RoleRow, ...]
    parties: tuple[PartyChoice, ...]
    digest: str
    unassigned: int
    open: int
    by_hand: int

    @property
    def covered(self) -> int:
        """How many roles have somebody for all their activities."""
        return sum(row.is_covered for row in self.rows)

    def entries(self) -> list[RoleEntry]:
        """Every entry that can be filled, roles first by work, components in catalogue order."""
        return [entry for row in self.rows for entry in (row.entry, *row.components)]


def map_digest(entries: Mapping[RoleKey, int]) -> str:
    """One hash over a map from (role, component) to a party's id."""
    return sha256_of(sorted([role, component, party] for (role, component), party in entries.items()))


def entries_of(project: Project) -> dict[RoleKey, int]:
    """The map as it stands: (role, component) to a party's id. One query."""
    return {
        (role, component): party
        for role, component, party in RoleAssignment.objects.filter(project=project).values_list(
            "role", "component", "party_id"
        )
    }


def field_name(role: str, component: str = "") -> str:
    """What a form calls an entry: `role.change-management` or `role.change-management.CH`."""
    return f"role.{slugify(role)}.{component}" if component else f"role.{slugify(role)}"


def role_map_of(project: Project) -> RoleMap:
    """The map with the work behind each entry. Three queries."""
    texts = texts_for(project)
    parties = {
        pk: PartyChoice(pk, name, kind, active)
        for pk, name, kind, active in Party.objects.filter(project=project)
        .order_by("kind", "name")
        .values_list("pk", "name", "kind", "is_active")
    }
    parties = dict(sorted(parties.items(), key=lambda item: (item[1].kind == "group", item[1].name.lower())))
    named = entries_of(project)
    rows = list(
        PhaseActivity.objects.filter(project=project).values_list(
            "activity__ref", "status", "accountable_id", "assigned_by"
        )
    )
    counts = _count(texts, [(ref, status) for ref, status, _party, _by in rows])
    open_rows = [(party, by) for _ref, status, party, by in rows if status in OPEN_STATUSES]
    order = list(texts.components)
    found = []
    for role, by_component in counts.items():
        components = tuple(
            _entry(texts, role, code, by_component[code], named, parties)
            for code in sorted(by_component, key=order.index)
        )
        whole = _entry(texts, role, "", sum(by_component.values(), start=Counter()), named, parties)
        found.append(RoleRow(whole, components, role == AUDIT_ROLE))
    found.sort(key=lambda row: (-row.entry.accountable, -row.entry.contributing, row.entry.role))
    return RoleMap(
        rows=tuple(_with_own_work(row, found) for row in found),
        parties=tuple(parties.values()),
        digest=map_digest(named),
        unassigned=sum(party is None for party, _by in open_rows),
        open=len(open_rows),
        by_hand=sum(by == AssignedBy.HAND for _party, by in open_rows),
    )


def _count(texts: CatalogueTexts, rows: Iterable[tuple[str, str]]) -> dict[str, dict[str, Counter[str]]]:
    """By role and component: how many applicable rows it is accountable for, and contributes to."""
    counts: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for ref, status in rows:
        text = texts.text_of(ref)
        if text is None:
            continue
        for place, role in enumerate(text.roles):
            # A role whose rows are all left out still has its line, with nothing behind it.
            counts[role][text.component]["contributing" if place else "accountable"] += status != Status.NOT_APPLICABLE
    return counts


def _entry(
    texts: CatalogueTexts,
    role: str,
    component: str,
    count: Counter[str],
    named: Mapping[RoleKey, int],
    parties: Mapping[int, PartyChoice],
) -> RoleEntry:
    party = named.get((role, component))
    return RoleEntry(
        role=role,
        component=component,
        component_title=texts.components[component].title if component else "",
        field=field_name(role, component),
        party=parties.get(party) if party is not None else None,
        accountable=count["accountable"],
        contributing=count["contributing"],
    )


def _with_own_work(row: RoleRow, rows: Iterable[RoleRow]) -> RoleRow:
    """For the audit role: who of its parties is also accountable for other roles' work."""
    if not row.is_audit:
        return row
    auditors = {e.party for e in (row.entry, *row.components) if e.party is not None}
    others = {
        e.party
        for other in rows
        if not other.is_audit
        for e in (other.entry, *other.components)
        if e.party is not None and e.accountable
    }
    names = tuple(sorted(party.name for party in auditors & others))
    return RoleRow(row.entry, row.components, is_audit=True, audits_own_work=names)
