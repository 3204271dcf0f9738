"""The roles that a catalogue names: what each does in the project, who it is, what not to combine it with."""

from dataclasses import dataclass
from typing import Any

from django.utils.text import slugify

from phases.selectors.catalogue import ActivityText, CatalogueTexts, ComponentText

PHASES = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class RoleLine:
    """A role in the list of all: how many activities it answers for and helps with, and in which phases."""

    name: str
    slug: str
    accountable: int
    contributes: int
    by_phase: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """What should not lie in the same hand; `slug` is "" where the other is no role of this catalogue."""

    role: str
    slug: str
    why: str


@dataclass(frozen=True, slots=True)
class Reassignment:
    """An activity that a proposal gives to somebody else than the printed table does."""

    ref: str
    activity: ActivityText | None
    accountable: str
    contributes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Our proposal to depart from the printed table."""

    title: str
    text: str
    moves: tuple[Reassignment, ...]


@dataclass(frozen=True, slots=True)
class RoleComponent:
    """What a role does in one component: rows, each with whether the role answers for it."""

    component: ComponentText
    rows: tuple[tuple[ActivityText, bool], ...]


@dataclass(frozen=True, slots=True)
class RolePage:
    """Everything we say of one role; `borrowed` where the description comes from the main catalogue."""

    line: RoleLine
    in_the_project: str
    small_provider: str
    large_provider: str
    conflicts: tuple[Conflict, ...]
    proposal: Proposal | None
    components: tuple[RoleComponent, ...]
    borrowed: bool = False


def _named(texts: CatalogueTexts) -> list[str]:
    """Described roles first, in their order, then those that rows name without a description."""
    rows = [row for row in texts.activities.values() if not row.is_heading]
    return list(dict.fromkeys([*(role["name"] for role in texts.roles), *(name for row in rows for name in row.roles)]))


def _line(texts: CatalogueTexts, name: str) -> RoleLine:
    rows = [row for row in texts.activities.values() if not row.is_heading and name in row.roles]
    return RoleLine(
        name=name,
        slug=slugify(name),
        accountable=sum(1 for row in rows if row.roles[0] == name),
        contributes=sum(1 for row in rows if row.roles[0] != name),
        by_phase=tuple((number, sum(1 for row in rows if number in row.phases)) for number in PHASES),
    )


def role_lines(texts: CatalogueTexts) -> list[RoleLine]:
    """All roles with the size of their part, in the order in which they are described."""
    return [_line(texts, name) for name in _named(texts)]


def role_page(texts: CatalogueTexts, slug: str, described: CatalogueTexts | None = None) -> RolePage | None:
    """The role whose name makes `slug`; None where there is none. `described` helps out a version without roles."""
    names = {slugify(name): name for name in _named(texts)}
    name = names.get(slug)
    if name is None:
        return None
    said: dict[str, Any] = next((role for role in texts.roles if role["name"] == name), {})
    borrowed = False
    if not said and described is not None:
        said = next((role for role in described.roles if role["name"] == name), {})
        borrowed = bool(said)
    return RolePage(
        line=_line(texts, name),
        in_the_project=said.get("in_the_project", ""),
        small_provider=said.get("small_provider", ""),
        large_provider=said.get("large_provider", ""),
        conflicts=tuple(
            Conflict(row["role"], slugify(row["role"]) if slugify(row["role"]) in names else "", row["why"])
            for row in said.get("do_not_combine") or []
        ),
        proposal=_proposal(texts, said.get("proposal")) if not borrowed else None,
        components=_components(texts, name),
        borrowed=borrowed,
    )


def _proposal(texts: CatalogueTexts, said: dict[str, Any] | None) -> Proposal | None:
    if not said:
        return None
    return Proposal(
        said["title"],
        said["text"],
        tuple(
            Reassignment(
                row["ref"], texts.activities.get(row["ref"]), row["accountable"], tuple(row.get("contributes") or ())
            )
            for row in said.get("reassign") or []
        ),
    )


def _components(texts: CatalogueTexts, name: str) -> tuple[RoleComponent, ...]:
    found = []
    for component in texts.components.values():
        rows = tuple(
            (row, row.roles[0] == name)
            for row in texts.of_component(component.code)
            if not row.is_heading and name in row.roles
        )
        if rows:
            found.append(RoleComponent(component, rows))
    return tuple(found)
