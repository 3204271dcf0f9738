"""What the catalogue knows of its components: what each is for, what ties them together, what each phase asks."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.text import slugify

from phases.choices import PHASE_NAMES
from phases.selectors.catalogue import ActivityText, CatalogueTexts, ComponentText

PHASES = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Tie:
    """What one component needs from or gives to another; `component` is None where this version lacks it."""

    code: str
    component: ComponentText | None
    what: str


@dataclass(frozen=True, slots=True)
class ComponentPhase:
    """A component in one phase: the outcome in our words ("" where there is none) and what is asked."""

    number: int
    name: str | Promise
    outcome: str
    activities: tuple[ActivityText, ...]


@dataclass(frozen=True, slots=True)
class ComponentLine:
    """A component in the list of all; `by_phase` counts its activities, `purpose` is the first sentence of it."""

    component: ComponentText
    activities: int
    by_phase: tuple[tuple[int, int], ...]
    key: int
    purpose: str
    owner: str


@dataclass(frozen=True, slots=True)
class ComponentPage:
    """Everything we say of one component; `roles` are name, slug and number of activities."""

    component: ComponentText
    purpose: str
    owner: str
    needs: tuple[Tie, ...]
    gives: tuple[Tie, ...]
    pitfalls: tuple[str, ...]
    phases: tuple[ComponentPhase, ...]
    has_outcomes: bool
    roles: tuple[tuple[str, str, int], ...]
    previous: ComponentText | None
    following: ComponentText | None


def per_phase(texts: Mapping[Any, str]) -> dict[int, str]:
    """Texts by phase, whose numbers JSON keeps as strings."""
    return {int(number): text for number, text in texts.items()}


def components_of(texts: CatalogueTexts) -> list[ComponentText]:
    """The components, without initiation, in the order of the catalogue."""
    return [component for component in texts.components.values() if component.number]


def activities_of(texts: CatalogueTexts, code: str) -> list[ActivityText]:
    """The activities of a component, in catalogue order, without headings."""
    return [row for row in texts.of_component(code) if not row.is_heading]


def _first_sentence(text: str) -> str:
    first, end, _rest = text.partition(". ")
    return f"{first}." if end else first


def component_lines(texts: CatalogueTexts) -> list[ComponentLine]:
    """All components with the size of what they ask."""
    lines = []
    for component in components_of(texts):
        rows = activities_of(texts, component.code)
        counts = Counter(number for row in rows for number in row.phases)
        lines.append(
            ComponentLine(
                component=component,
                activities=len(rows),
                by_phase=tuple((number, counts[number]) for number in PHASES),
                key=sum(row.is_key for row in rows),
                purpose=_first_sentence(component.texts.get("purpose", "")),
                owner=component.texts.get("typical_owner", ""),
            )
        )
    return lines


def component_page(texts: CatalogueTexts, code: str) -> ComponentPage | None:
    """The component `code`; None where this version has no such component or it is initiation."""
    component = texts.components.get(code)
    if component is None or not component.number:
        return None
    said = component.texts
    rows = activities_of(texts, code)
    outcomes = per_phase(said.get("outcomes_2010") or {})
    others = components_of(texts)
    place = others.index(component)
    return ComponentPage(
        component=component,
        purpose=said.get("purpose", ""),
        owner=said.get("typical_owner", ""),
        needs=_ties(texts, said.get("needs_from") or []),
        gives=_ties(texts, said.get("gives_to") or []),
        pitfalls=tuple(said.get("pitfalls") or ()),
        phases=tuple(
            ComponentPhase(
                number,
                PHASE_NAMES[number],
                outcomes.get(number, ""),
                tuple(row for row in rows if number in row.phases),
            )
            for number in PHASES
        ),
        has_outcomes=bool(outcomes),
        roles=tuple(
            (name, slugify(name), count)
            for name, count in Counter(role for row in rows for role in row.roles).most_common()
        ),
        previous=others[place - 1] if place else None,
        following=others[place + 1] if place + 1 < len(others) else None,
    )


def _ties(texts: CatalogueTexts, rows: list[dict[str, str]]) -> tuple[Tie, ...]:
    return tuple(Tie(row["component"], texts.components.get(row["component"]), row["what"]) for row in rows)
