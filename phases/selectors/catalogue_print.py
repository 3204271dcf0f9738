"""A catalogue version as a document: chapters in the order of the catalogue, with everything we say."""

from dataclasses import dataclass

from django.utils.functional import Promise

from phases.choices import PHASE_NAMES, Nature
from phases.selectors.catalogue import ActivityText, CatalogueTexts, ComponentText
from phases.selectors.catalogue_components import PHASES, ComponentPage, component_page, components_of
from phases.selectors.catalogue_phases import (
    ClauseOutcome,
    Initiation,
    PhasePage,
    initiation_of,
    outcomes_of,
    phase_page,
)
from phases.selectors.catalogue_roles import RolePage, role_lines, role_page


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """An activity, or a heading, ready for paper; `notes` are phase, its name and what it asks."""

    row: ActivityText
    anchor: str
    nature: str | Promise
    notes: tuple[tuple[int, str | Promise, str], ...]


@dataclass(frozen=True, slots=True)
class Chapter:
    """A component with its rows."""

    page: ComponentPage
    anchor: str
    rows: tuple[PrintedRow, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Book:
    """The whole document."""

    phases: tuple[PhasePage, ...]
    initiation: Initiation | None
    initiation_rows: tuple[PrintedRow, ...]
    chapters: tuple[Chapter, ...]
    roles: tuple[RolePage, ...]
    outcomes: tuple[ClauseOutcome, ...]
    activities: int


def _anchor(ref: str) -> str:
    """A readable name for a place in the document: PDF readers announce it."""
    return ref.lower().replace(".", "-")


def _printed(row: ActivityText) -> PrintedRow:
    return PrintedRow(
        row=row,
        anchor=_anchor(row.ref),
        nature=Nature(row.nature).label,
        notes=tuple((number, PHASE_NAMES[number], row.phase_notes.get(number, "")) for number in row.phases),
    )


def _chapter(texts: CatalogueTexts, component: ComponentText) -> Chapter | None:
    page = component_page(texts, component.code)
    if page is None:
        return None
    rows = texts.of_component(component.code)
    return Chapter(
        page=page,
        anchor=f"component-{_anchor(component.code)}",
        rows=tuple(_printed(row) for row in rows),
        count=sum(not row.is_heading for row in rows),
    )


def printed(texts: CatalogueTexts) -> Book:
    """`texts` as a document. No query."""
    initiation = initiation_of(texts)
    chapters = (_chapter(texts, component) for component in components_of(texts))
    pages = (role_page(texts, line.slug) for line in role_lines(texts))
    return Book(
        phases=tuple(phase_page(texts, number) for number in PHASES),
        initiation=initiation,
        initiation_rows=tuple(_printed(row) for row in initiation.activities) if initiation else (),
        chapters=tuple(chapter for chapter in chapters if chapter is not None),
        roles=tuple(page for page in pages if page is not None and page.in_the_project),
        outcomes=tuple(outcomes_of(texts)),
        activities=sum(1 for row in texts.activities.values() if not row.is_heading and 0 not in row.phases),
    )
