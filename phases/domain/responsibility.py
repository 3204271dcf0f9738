"""Who answers for an activity, and who else takes part in it. No Django.

The one rule of the project: who was chosen by hand, else the owner of the package, else whom the role map names for
the component, else whom it names for all components.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

# Values of phases.choices.AssignedBy and Part.
NOBODY, ROLE_MAP, PACKAGE, HAND = "", "role map", "package", "hand"
CONTRIBUTES, CONSULTED, INFORMED = "contributes", "consulted", "informed"
PARTS = (CONTRIBUTES, CONSULTED, INFORMED)

Place = tuple[str, str]
"""A role, and a component or "" for all components."""


def responsible(
    *, by_hand: int | None, package_owner: int | None, role_component: int | None, role_all: int | None
) -> tuple[int | None, str]:
    """The party that answers for an activity, and how it came to that (a value of AssignedBy).

    `role_component` and `role_all` are whom the role map names for the activity's first role, in its component and in
    all.
    """
    if by_hand is not None:
        return by_hand, HAND
    if package_owner is not None:
        return package_owner, PACKAGE
    if role_component is not None:
        return role_component, ROLE_MAP
    if role_all is not None:
        return role_all, ROLE_MAP
    return None, NOBODY


@dataclass(frozen=True, slots=True)
class People:
    """A role map by ids of parties: who takes a role at a place, and how further parties take part there."""

    takes: Mapping[Place, int] = field(default_factory=dict)
    parts: Mapping[Place, Mapping[int, str]] = field(default_factory=dict)

    def taker(self, role: str, component: str) -> int | None:
        """Who takes `role` in `component`: its own entry goes before that of all components."""
        found = self.takes.get((role, component))
        return found if found is not None else self.takes.get((role, ""))

    def taking_part(self, role: str, component: str) -> dict[int, str]:
        """The further parties of `role` in `component`: those of all components and its own, whose word counts."""
        return {**self.parts.get((role, ""), {}), **self.parts.get((role, component), {})}


@dataclass(frozen=True, slots=True)
class Answer:
    """Who is accountable (and how it came to that), contributes, is consulted, is informed; each party once."""

    accountable: int | None
    assigned_by: str
    contributors: tuple[int, ...] = ()
    consulted: tuple[int, ...] = ()
    informed: tuple[int, ...] = ()


def answer_for(
    people: People,
    roles: Sequence[str],
    component: str,
    *,
    by_hand: int | None = None,
    package_owner: int | None = None,
) -> Answer:
    """Who does what in an activity of `component` that names `roles`, the first of which is accountable.

    The later roles contribute. Where the owner of the package answers, whoever takes the first role contributes too:
    the work is still theirs. A party that is named twice has its strongest part.
    """
    first = roles[0] if roles else ""
    accountable, assigned_by = responsible(
        by_hand=by_hand,
        package_owner=package_owner,
        role_component=people.takes.get((first, component)) if roles else None,
        role_all=people.takes.get((first, "")) if roles else None,
    )
    working = roles if assigned_by == PACKAGE else roles[1:]
    strongest: dict[int, str] = {}
    for taker in (people.taker(role, component) for role in working):
        if taker is not None:
            strongest[taker] = CONTRIBUTES
    for role in roles:
        for party, part in people.taking_part(role, component).items():
            if party not in strongest or PARTS.index(part) < PARTS.index(strongest[party]):
                strongest[party] = part
    strongest = {party: part for party, part in strongest.items() if party != accountable}

    def having(part: str) -> tuple[int, ...]:
        return tuple(party for party, its in strongest.items() if its == part)

    return Answer(accountable, assigned_by, having(CONTRIBUTES), having(CONSULTED), having(INFORMED))
