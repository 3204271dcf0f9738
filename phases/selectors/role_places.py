"""The role map seen from the components, and what in the plan nobody answers for yet."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from phases.choices import PHASE_NAMES
from phases.domain.transitions import OPEN_STATUSES
from phases.models import Contributor, PhaseActivity
from phases.selectors.catalogue import texts_for
from phases.selectors.role_map import PartyChoice, RoleMap, closed_phases, roles_of, title_of_component
from projects.models import Project


@dataclass(frozen=True, slots=True)
class ComponentLine:
    """A component: its roles, its open rows, those of them that nobody answers for, and who answers for the others."""

    code: str
    title: str
    roles: int
    open: int
    unassigned: int
    parties: tuple[PartyChoice, ...]


@dataclass(frozen=True, slots=True)
class PartyShare:
    """How many open rows of a component a party answers for, and contributes to."""

    party: PartyChoice
    accountable: int
    contributing: int


@dataclass(frozen=True, slots=True)
class Gap:
    """A role or a package with open rows that nobody answers for. A role has no phase."""

    name: str
    code: str
    phase: int
    phase_name: str
    count: int
    of: int


@dataclass(frozen=True, slots=True)
class Gaps:
    """What nobody answers for: by the first role of the activity, most first, and by package in order of the plan."""

    count: int
    of: int
    by_role: tuple[Gap, ...]
    by_package: tuple[Gap, ...]


def component_lines(project: Project, role_map: RoleMap) -> list[ComponentLine]:
    """Every component of the plan, in catalogue order. Two queries."""
    texts = texts_for(project)
    roles: Counter[str] = Counter(entry.component for entry in role_map.entries() if entry.component)
    open_rows: Counter[str] = Counter()
    unassigned: Counter[str] = Counter()
    parties: dict[str, Counter[int]] = defaultdict(Counter)
    codes, closed = set(), closed_phases(project)
    rows: Iterable[tuple[str, int, str, int | None]] = PhaseActivity.objects.filter(project=project).values_list(
        "activity__component", "phase_number", "status", "accountable_id"
    )
    for code, number, status, party in rows:
        codes.add(code)
        if status not in OPEN_STATUSES or number in closed:
            continue
        open_rows[code] += 1
        if party is None:
            unassigned[code] += 1
        else:
            parties[code][party] += 1
    known = {party.pk: party for party in role_map.parties}
    order = [code for code in texts.components if code in codes] + sorted(codes - set(texts.components))
    return [
        ComponentLine(
            code,
            title_of_component(texts, code),
            roles[code],
            open_rows[code],
            unassigned[code],
            tuple(known[pk] for pk, _count in parties[code].most_common()),
        )
        for code in order
    ]


def shares_of(project: Project, code: str, role_map: RoleMap) -> list[PartyShare]:
    """The parties at work in a component, most first. Three queries."""
    rows = PhaseActivity.objects.filter(project=project, activity__component=code, status__in=OPEN_STATUSES)
    rows = rows.exclude(phase_number__in=closed_phases(project))
    accountable = Counter(rows.values_list("accountable_id", flat=True))
    contributing = Counter(
        Contributor.objects.filter(project=project, phase_activity__in=rows).values_list("party_id", flat=True)
    )
    found = [
        PartyShare(party, accountable[party.pk], contributing[party.pk])
        for party in role_map.parties
        if accountable[party.pk] or contributing[party.pk]
    ]
    return sorted(found, key=lambda share: (-share.accountable, -share.contributing))


def gaps_of(project: Project) -> Gaps:
    """What nobody answers for, in phases that are not closed. Two queries."""
    texts = texts_for(project)
    closed = closed_phases(project)
    roles: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    packages: dict[tuple[str, int], list[int]] = defaultdict(lambda: [0, 0])
    count = total = 0
    rows = PhaseActivity.objects.filter(project=project, status__in=OPEN_STATUSES).values_list(
        "activity__ref", "activity__component", "activity__roles", "phase_number", "accountable_id"
    )
    for ref, code, own, number, party in rows:
        if number in closed:
            continue
        named = roles_of(texts, ref, own)
        missing = party is None
        count += missing
        total += 1
        for tally in (roles[named[0] if named else ""], packages[code, number]):
            tally[0] += missing
            tally[1] += 1
    order = {code: place for place, code in enumerate(texts.components)}
    return Gaps(
        count=count,
        of=total,
        by_role=tuple(
            Gap(role, "", -1, "", missing, of)
            for role, (missing, of) in sorted(roles.items(), key=lambda item: (-item[1][0], item[0]))
            if missing
        ),
        by_package=tuple(
            Gap(title_of_component(texts, code), code, number, str(PHASE_NAMES[number]), missing, of)
            for (code, number), (missing, of) in sorted(
                packages.items(), key=lambda item: (item[0][1], order.get(item[0][0], len(order)), item[0][0])
            )
            if missing
        ),
    )
