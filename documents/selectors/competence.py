"""Reads of competences: what roles need, who holds them, what each person can do, and where that falls short."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from documents.models import Competence, CompetenceHeld, CompetenceNeed
from phases.models import RoleAssignment
from projects.choices import PartyKind
from projects.models import GroupMember, Party, Project

#: The level of somebody who needs no help.
ALONE = 3


class Standing(IntEnum):
    """How far what a role needs is there; what is worst comes first."""

    SHORT = 0
    UNJUDGED = 1
    NOBODY = 2
    COVERED = 3


@dataclass(frozen=True, slots=True)
class RoleNeed:
    """What a role needs of one competence, and the level of each who holds the role (None: not judged).

    It is covered by the best of them; `in_group` says that a group holds the role, so that one is enough.
    """

    role: str
    competence: Competence
    needed: int
    people: Sequence[tuple[Party, int | None]]
    in_group: bool = False

    @property
    def best(self) -> int | None:
        """The highest level among those who hold the role."""
        return max((level for _party, level in self.people if level is not None), default=None)

    @property
    def standing(self) -> Standing:
        """How far it is there."""
        if not self.people:
            return Standing.NOBODY
        if self.best is None:
            return Standing.UNJUDGED
        return Standing.SHORT if self.best < self.needed else Standing.COVERED

    @property
    def is_gap(self) -> bool:
        """Whether somebody has to do something."""
        return self.standing < Standing.COVERED

    @property
    def missing(self) -> int:
        """By how many levels it falls short."""
        return max(0, self.needed - (self.best or 0))

    @property
    def words(self) -> list[str]:
        """Each who holds the role with the level."""
        return [
            f"{party} {level}" if level is not None else _("%(name)s, not judged") % {"name": party}
            for party, level in self.people
        ]


@dataclass(frozen=True, slots=True)
class Cell:
    """A competence of a person: the level that their roles need (0: none does), and what was judged."""

    competence: Competence
    party: Party
    needed: int
    held: CompetenceHeld | None

    @property
    def is_short(self) -> bool:
        """Whether less was judged than is needed."""
        return self.held is not None and self.held.level < self.needed

    @property
    def is_unjudged(self) -> bool:
        """Whether it is needed and nobody judged it."""
        return self.needed > 0 and self.held is None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say."""
        return not self.needed and self.held is None


@dataclass(frozen=True)
class CompetenceBoard:
    """All of a project's competences, what its roles need, who holds them, and what was judged."""

    competences: Sequence[Competence]
    needs: Mapping[str, Mapping[int, int]]
    holders: Mapping[str, Sequence[Party]]
    groups: frozenset[str]
    held: Mapping[tuple[int, int], CompetenceHeld]

    @cached_property
    def people(self) -> list[Party]:
        """Who holds a role that needs something, or was judged; by name."""
        found = {party.pk: party for role in self.needs for party in self.holders.get(role, ())}
        found |= {row.party_id: row.party for row in self.held.values()}
        return sorted(found.values(), key=lambda party: party.name.casefold())

    @cached_property
    def role_needs(self) -> list[RoleNeed]:
        """What each role needs; what is missing first, then by role."""
        by_pk = {each.pk: each for each in self.competences}
        found = [
            RoleNeed(
                role,
                by_pk[pk],
                level,
                [(party, self._level(pk, party)) for party in self.holders.get(role, ())],
                role in self.groups,
            )
            for role, needs in self.needs.items()
            for pk, level in needs.items()
        ]
        return sorted(found, key=lambda need: (need.standing, -need.missing, need.role, need.competence.position))

    @property
    def gaps(self) -> list[RoleNeed]:
        """Where a role that somebody holds has less than it needs."""
        return [need for need in self.role_needs if need.standing == Standing.SHORT]

    @property
    def unjudged(self) -> list[RoleNeed]:
        """What nobody judged yet of those who hold the role."""
        return [need for need in self.role_needs if need.standing == Standing.UNJUDGED]

    @property
    def without_holder(self) -> list[str]:
        """Roles that need something and that nobody holds."""
        return [role for role in self.needs if not self.holders.get(role)]

    @property
    def on_one(self) -> list[tuple[Competence, CompetenceHeld]]:
        """What roles need done alone (level 3) and one person of all can do: it stops when they are away."""
        needed = {pk for needs in self.needs.values() for pk, level in needs.items() if level >= ALONE}
        able: dict[int, list[CompetenceHeld]] = defaultdict(list)
        for row in self.held.values():
            if row.level >= ALONE:
                able[row.competence_id].append(row)
        return [(each, able[each.pk][0]) for each in self.competences if each.pk in needed and len(able[each.pk]) == 1]

    def needed_of(self, competence: Competence, party: Party) -> int:
        """The highest level that the roles of a person need; where a group holds a role, it needs no single one."""
        return max(
            (
                needs[competence.pk]
                for role, needs in self.needs.items()
                if competence.pk in needs and role not in self.groups and party in self.holders.get(role, ())
            ),
            default=0,
        )

    def roles_of(self, party: Party) -> list[str]:
        """The roles of a person that need something."""
        return [role for role in self.needs if party in self.holders.get(role, ())]

    def cell(self, competence: Competence, party: Party) -> Cell:
        """One competence of one person."""
        return Cell(competence, party, self.needed_of(competence, party), self.held.get((competence.pk, party.pk)))

    def rows(self) -> list[tuple[Competence, list[Cell]]]:
        """The matrix: each competence with a cell for each person."""
        return [(each, [self.cell(each, party) for party in self.people]) for each in self.competences]

    def of_person(self, party: Party) -> list[Cell]:
        """What a person needs or has, what is missing first."""
        cells = [self.cell(each, party) for each in self.competences]
        found = [cell for cell in cells if not cell.is_empty]
        return sorted(found, key=lambda cell: (not cell.is_short, not cell.is_unjudged, cell.competence.position))

    def _level(self, competence: int, party: Party) -> int | None:
        row = self.held.get((competence, party.pk))
        return row.level if row is not None else None


def competence_board(project: Project) -> CompetenceBoard:
    """The board. Five queries."""
    competences = list(Competence.objects.filter(project=project))
    needs: dict[str, dict[int, int]] = defaultdict(dict)
    rows = CompetenceNeed.objects.filter(project=project).order_by("role", "competence__position")
    for role, competence, level in rows.values_list("role", "competence_id", "level"):
        needs[role][competence] = level
    members: dict[int, list[Party]] = defaultdict(list)
    for member in GroupMember.objects.filter(project=project).select_related("person"):
        members[member.group_id].append(member.person)
    holders: dict[str, dict[int, Party]] = defaultdict(dict)
    groups = set()
    for row in RoleAssignment.objects.filter(project=project).select_related("party").order_by("component"):
        if row.party.kind == PartyKind.GROUP:
            groups.add(row.role)
            holders[row.role] |= {person.pk: person for person in members[row.party_id]}
        else:
            holders[row.role][row.party_id] = row.party
    held = CompetenceHeld.objects.filter(project=project).select_related("party", "judged_by", "evidence")
    return CompetenceBoard(
        competences=competences,
        needs=dict(needs),
        holders={role: list(found.values()) for role, found in holders.items()},
        groups=frozenset(groups),
        held={(row.competence_id, row.party_id): row for row in held},
    )


def gaps_of_roles(project: Project) -> list[RoleNeed]:
    """What each role that somebody holds needs, what is missing first. Five queries."""
    return [need for need in competence_board(project).role_needs if need.people]
