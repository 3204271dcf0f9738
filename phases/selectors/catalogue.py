"""The texts of a catalogue version, read once per process: a released version never changes."""

from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from accounts.models import User
from phases.models import Catalogue, CatalogueActivity
from projects.models import Project

MAIN_PACK = "tr20000-5-2010"
SUPPLEMENT_PACK = "sms-2018-supplement"
# Where the rows of a supplement begin in a plan: behind those of every version of a main pack.
SUPPLEMENT_POSITION = 10_000


@dataclass(frozen=True, slots=True)
class ActivityText:
    """What a catalogue says of one activity or heading."""

    ref: str
    component: str
    position: int
    kind: str
    title: str
    nature: str
    is_key: bool
    effort: str
    phases: tuple[int, ...]
    roles: tuple[str, ...]
    guidance: str
    phase_notes: dict[int, str]
    evidence: tuple[str, ...]
    clauses_2011: tuple[str, ...]
    clauses_2018: tuple[str, ...]
    points: tuple[dict[str, str], ...]
    succeeds: str

    @property
    def is_heading(self) -> bool:
        """Whether it only groups the rows below it."""
        return self.kind == "heading"


@dataclass(frozen=True, slots=True)
class ComponentText:
    """What a catalogue says of one component."""

    code: str
    number: int
    title: str
    short_title: str
    texts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CatalogueTexts:
    """A whole catalogue version, without database ids.

    Those of a project (`texts_for`) also hold the components and activities of its supplement, after its own;
    `supplement` is then that version by itself. Everything else (title, roles, criteria) is the main pack's.
    """

    pack: str
    version: str
    title: str
    source: str
    licence: str
    sha256: str
    components: dict[str, ComponentText]
    activities: dict[str, ActivityText]
    roles: tuple[dict[str, Any], ...]
    entry_criteria: tuple[dict[str, Any], ...]
    texts: dict[str, Any]
    supplement: "CatalogueTexts | None" = None

    def text_of(self, ref: str) -> ActivityText | None:
        """What the catalogue says of an activity of a plan; of a part (`CH.i/1`) what it says of the whole."""
        return self.activities.get(ref) or self.activities.get(ref.partition("/")[0])

    def is_supplement(self, ref: str) -> bool:
        """Whether an activity is one of the supplement's."""
        return self.supplement is not None and ref.partition("/")[0] in self.supplement.activities

    def source_of(self, ref: str) -> "CatalogueTexts":
        """The version in which an activity stands: the supplement for its rows, else the main pack."""
        return self.supplement if self.supplement is not None and self.is_supplement(ref) else self

    def of_component(self, code: str) -> list[ActivityText]:
        """The rows of a component, in catalogue order."""
        return [row for row in self.activities.values() if row.component == code]


@lru_cache(maxsize=16)
def _texts(pack: str, version: str, sha256: str) -> CatalogueTexts:
    catalogue = Catalogue.objects.get(pack=pack, version=version, sha256=sha256)
    rows = CatalogueActivity.objects.filter(catalogue=catalogue).select_related("component").order_by("position")
    return CatalogueTexts(
        pack=pack,
        version=version,
        title=catalogue.title,
        source=catalogue.source,
        licence=catalogue.licence,
        sha256=sha256,
        components={
            c.code: ComponentText(c.code, c.number, c.title, c.short_title, c.texts)
            for c in catalogue.components.order_by("number")
        },
        activities={
            row.ref: ActivityText(
                ref=row.ref,
                component=row.component.code,
                position=row.position,
                kind=row.kind,
                title=row.title,
                nature=row.nature,
                is_key=row.is_key,
                effort=row.effort,
                phases=tuple(row.phases),
                roles=tuple(row.roles),
                guidance=row.guidance,
                phase_notes={int(k): v for k, v in row.phase_notes.items()},
                evidence=tuple(row.evidence),
                clauses_2011=tuple(row.clauses_2011),
                clauses_2018=tuple(row.clauses_2018),
                points=tuple(row.points),
                succeeds=row.succeeds,
            )
            for row in rows
        },
        roles=tuple(catalogue.roles),
        entry_criteria=tuple(
            dict(row) for row in catalogue.entry_criteria.values("ref", "title", "guidance", "evidence")
        ),
        texts=catalogue.texts,
    )


def texts_of(catalogue: Catalogue) -> CatalogueTexts:
    """The texts of a catalogue version, from memory after the first time."""
    return _texts(catalogue.pack, catalogue.version, catalogue.sha256)


@lru_cache(maxsize=16)
def _merged(main: tuple[str, str, str], supplement: tuple[str, str, str]) -> CatalogueTexts:
    return with_supplement(_texts(*main), _texts(*supplement))


def with_supplement(main: CatalogueTexts, supplement: CatalogueTexts) -> CatalogueTexts:
    """`main` with the components and activities of `supplement` after its own, as a plan has them."""
    placed = {
        ref: replace(row, position=SUPPLEMENT_POSITION + row.position) for ref, row in supplement.activities.items()
    }
    return replace(
        main,
        components={**main.components, **supplement.components},
        activities={**main.activities, **placed},
        supplement=replace(supplement, activities=placed),
    )


def texts_for(project: Project) -> CatalogueTexts:
    """The texts of the versions that `project` is pinned to, its supplement's last. No query after the first time."""
    main = (project.catalogue_pack, project.catalogue_version, project.catalogue_sha256)
    if not project.supplement_pack:
        return _texts(*main)
    return _merged(main, (project.supplement_pack, project.supplement_version, project.supplement_sha256))


def newest_catalogue(pack: str = MAIN_PACK) -> Catalogue | None:
    """The version that a new project gets: the one loaded last."""
    return Catalogue.objects.filter(pack=pack).order_by("-loaded_at", "-pk").first()


def newest_supplement() -> CatalogueTexts | None:
    """The supplement that a plan would get today, or None where none is loaded. One query."""
    catalogue = newest_catalogue(SUPPLEMENT_PACK)
    return texts_of(catalogue) if catalogue is not None else None


def project_that_uses(catalogue: Catalogue, user: User) -> Project | None:
    """A project of `user` that uses `catalogue`; of a supplement, that carries it. None where there is none."""
    found = Project.objects.visible_to(user)
    if catalogue.pack == SUPPLEMENT_PACK:
        found = found.filter(supplement_version=catalogue.version)
    else:
        found = found.filter(catalogue_pack=catalogue.pack, catalogue_version=catalogue.version)
    return found.order_by("name", "pk").first()
