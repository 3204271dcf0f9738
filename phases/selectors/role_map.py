"""The role map of a project: which party takes which role of the catalogue, and how much work hangs on it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.text import slugify

from accounts.models import initials_of
from common.canonical import sha256_of
from phases.choices import AssignedBy, PhaseState, Status
from phases.domain.transitions import OPEN_STATUSES
from phases.models import Phase, PhaseActivity, RoleAssignment, RoleParticipant
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
class Further:
    """A further party of a role, and how it takes part (a value of Part)."""

    party: PartyChoice
    part: str


@dataclass(frozen=True, slots=True)
class RoleEntry:
    """A role in one component, or (component "") in all that have no entry of their own.

    `accountable` and `contributing` count the applicable phase activities that name the role first, or after
    another. `further` are the parties that take part beside the one that takes it.
    """

    role: str
    component: str
    component_title: str
    field: str
    party: PartyChoice | None
    accountable: int
    contributing: int
    further: tuple[Further, ...] = ()

    @property
    def place(self) -> RoleKey:
        """The role and the component."""
        return self.role, self.component


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


def map_digest(entries: Mapping[RoleKey, int], parts: Mapping[RoleKey, Mapping[int, str]]) -> str:
    """One hash over a map from (role, component) to a party's id, and to its further parties."""
    takes = sorted([role, component, party] for (role, component), party in entries.items())
    further = sorted(
        [role, component, party, part] for (role, component), its in parts.items() for party, part in its.items()
    )
    return sha256_of([takes, further])


def entries_of(project: Project) -> dict[RoleKey, int]:
    """The map as it stands: (role, component) to a party's id. One query."""
    found = RoleAssignment.objects.filter(project=project).values_list("role", "component", "party_id")
    return {(role, component): party for role, component, party in found}


def parts_of(project: Project) -> dict[RoleKey, dict[int, str]]:
    """The further parties: (role, component) to how each takes part. One query."""
    found: dict[RoleKey, dict[int, str]] = defaultdict(dict)
    for role, component, party, part in (
        RoleParticipant.objects.filter(project=project)
        .order_by("pk")
        .values_list("role", "component", "party_id", "part")
    ):
        found[role, component][party] = part
    return dict(found)


def closed_phases(project: Project) -> frozenset[int]:
    """The numbers of the closed phases: their rows stay as they are. One query."""
    closed = Phase.objects.filter(project=project, state=PhaseState.CLOSED)
    return frozenset(closed.values_list("number", flat=True))


def field_name(role: str, component: str = "") -> str:
    """What a form calls an entry: `role.change-management` or `role.change-management.CH`."""
    return f"role.{slugify(role)}.{component}" if component else f"role.{slugify(role)}"


def role_map_of(project: Project) -> RoleMap:
    """The map with the work behind each entry. Five queries."""
    texts = texts_for(project)
    parties = {
        pk: PartyChoice(pk, name, kind, active)
        for pk, name, kind, active in Party.objects.filter(project=project)
        .order_by("kind", "name")
        .values_list("pk", "name", "kind", "is_active")
    }
    parties = dict(sorted(parties.items(), key=lambda item: (item[1].kind == "group", item[1].name.lower())))
    named, parts = entries_of(project), parts_of(project)
    further = {
        place: tuple(Further(parties[party], part) for party, part in its.items()) for place, its in parts.items()
    }
    rows = list(
        PhaseActivity.objects.filter(project=project).values_list(
            "activity__ref",
            "activity__component",
            "activity__roles",
            "status",
            "phase_number",
            "accountable_id",
            "assigned_by",
        )
    )
    closed = closed_phases(project)
    counts = _count(texts, [row[:4] for row in rows])
    open_rows = [
        (party, by)
        for _ref, _code, _roles, status, number, party, by in rows
        if status in OPEN_STATUSES and number not in closed
    ]
    order = list(texts.components)
    found = []
    for role, by_component in counts.items():
        components = tuple(
            _entry(texts, role, code, by_component[code], named, parties, further)
            for code in sorted(by_component, key=lambda code: order.index(code) if code in order else len(order))
        )
        whole = _entry(texts, role, "", sum(by_component.values(), start=Counter()), named, parties, further)
        found.append(RoleRow(whole, components, role == AUDIT_ROLE))
    found.sort(key=lambda row: (-row.entry.accountable, -row.entry.contributing, row.entry.role))
    return RoleMap(
        rows=tuple(_with_own_work(row, found) for row in found),
        parties=tuple(parties.values()),
        digest=map_digest(named, parts),
        unassigned=sum(party is None for party, _by in open_rows),
        open=len(open_rows),
        by_hand=sum(by == AssignedBy.HAND for _party, by in open_rows),
    )


def title_of_component(texts: CatalogueTexts, code: str) -> str:
    """The title of a component, or its code where the catalogue has none."""
    found = texts.components.get(code)
    return found.title if found is not None else code


def roles_of(texts: CatalogueTexts, ref: str, own: Sequence[str]) -> Sequence[str]:
    """The roles of an activity of a plan: those of the catalogue, or (`own`) of an activity of the plan's own."""
    text = texts.text_of(ref)
    return text.roles if text is not None and not own else own


def _count(
    texts: CatalogueTexts, rows: Iterable[tuple[str, str, Sequence[str], str]]
) -> dict[str, dict[str, Counter[str]]]:
    """By role and component: how many applicable rows it is accountable for, and contributes to."""
    counts: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for ref, component, own, status in rows:
        for place, role in enumerate(roles_of(texts, ref, own)):
            # A role whose rows are all left out still has its line, with nothing behind it.
            counts[role][component]["contributing" if place else "accountable"] += status != Status.NOT_APPLICABLE
    return counts


def _entry(
    texts: CatalogueTexts,
    role: str,
    component: str,
    count: Counter[str],
    named: Mapping[RoleKey, int],
    parties: Mapping[int, PartyChoice],
    further: Mapping[RoleKey, tuple[Further, ...]],
) -> RoleEntry:
    party = named.get((role, component))
    return RoleEntry(
        role=role,
        component=component,
        component_title=title_of_component(texts, component),
        field=field_name(role, component),
        party=parties.get(party) if party is not None else None,
        accountable=count["accountable"],
        contributing=count["contributing"],
        further=further.get((role, component), ()),
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
