"""What the pages of a catalogue version list: its activities by component, filtered, with what was searched marked."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.safestring import SafeString

from common.highlight import contains_all, contains_any, excerpt, marked, search_words
from phases.models import Catalogue
from phases.selectors.catalogue import SUPPLEMENT_PACK, ActivityText, CatalogueTexts, ComponentText, texts_of
from phases.selectors.clauses import EDITIONS, Clause, clause_order, clause_titles, is_within

PHASES = (0, 1, 2, 3)


@dataclass(frozen=True, slots=True)
class CatalogueQuery:
    """What a page of a catalogue is asked to show. Read from the address, strictly, by its view."""

    text: str = ""
    component: str = ""
    phase: int | None = None
    role: str = ""
    nature: str = ""
    clause: Clause | None = None
    key_only: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether it asks for everything."""
        return self == CatalogueQuery()


@dataclass(frozen=True, slots=True)
class CatalogueLine:
    """A row of a catalogue as its page lists it; `found` is where a searched word stands when not in the title."""

    row: ActivityText
    title: SafeString
    found: SafeString | None
    phases: tuple[tuple[int, bool], ...]


@dataclass(slots=True)
class CatalogueGroup:
    """A component with its rows; `count` leaves out the headings."""

    component: ComponentText
    lines: list[CatalogueLine] = field(default_factory=list)
    count: int = 0


@dataclass(frozen=True, slots=True)
class CatalogueSummary:
    """A loaded version, for the list of all; `activities` leaves out those before phase 1."""

    catalogue: Catalogue
    components: int
    activities: int
    by_phase: tuple[tuple[int, int], ...]
    is_newest: bool
    is_supplement: bool = False


@dataclass(frozen=True, slots=True)
class CatalogueChoices:
    """What the filters of a catalogue offer."""

    components: list[ComponentText]
    roles: list[str]
    clauses: list[tuple[str, list[Clause]]]


def summaries() -> list[CatalogueSummary]:
    """All loaded versions, newest first. One query, besides the texts on first use."""
    seen: set[str] = set()
    found = []
    for catalogue in Catalogue.objects.order_by("-loaded_at", "-pk"):
        texts = texts_of(catalogue)
        rows = [row for row in texts.activities.values() if not row.is_heading]
        in_phases = [row for row in rows if 0 not in row.phases]
        found.append(
            CatalogueSummary(
                catalogue=catalogue,
                components=sum(1 for component in texts.components.values() if component.number),
                activities=len(in_phases),
                by_phase=tuple((phase, sum(1 for row in rows if phase in row.phases)) for phase in PHASES),
                is_newest=catalogue.pack not in seen,
                is_supplement=catalogue.pack == SUPPLEMENT_PACK,
            )
        )
        seen.add(catalogue.pack)
    return found


def _haystack(row: ActivityText) -> str:
    return "\n".join(
        (row.ref, row.title, row.guidance, *row.phase_notes.values(), *row.evidence, *(p["title"] for p in row.points))
    )


def choices_of(texts: CatalogueTexts) -> CatalogueChoices:
    """The components, roles and clauses that rows of this version have."""
    rows = texts.activities.values()
    clauses = []
    for edition in EDITIONS:
        titles = clause_titles().get(edition, {})
        numbers = {number for row in rows for number in (row.clauses_2018 if edition == "2018" else row.clauses_2011)}
        offered = {above for number in numbers for above in _with_parents(number)} & set(titles)
        clauses.append(
            (edition, [Clause(edition, number, titles[number]) for number in sorted(offered, key=clause_order)])
        )
    return CatalogueChoices(
        components=list(texts.components.values()),
        roles=sorted({role for row in rows for role in row.roles}),
        clauses=clauses,
    )


def _with_parents(number: str) -> Iterable[str]:
    parts = number.split(".")
    return (".".join(parts[:count]) for count in range(1, len(parts) + 1))


def _matches(row: ActivityText, query: CatalogueQuery, words: list[str]) -> bool:
    if query.clause is not None:
        numbers = row.clauses_2018 if query.clause.edition == "2018" else row.clauses_2011
        if not any(is_within(number, query.clause.number) for number in numbers):
            return False
    return (
        (not query.component or row.component == query.component)
        and (query.phase is None or query.phase in row.phases)
        and (not query.role or query.role in row.roles)
        and (not query.nature or (row.nature == query.nature and not row.is_heading))
        and (not query.key_only or row.is_key)
        and contains_all(_haystack(row), words)
    )


def list_catalogue(texts: CatalogueTexts, query: CatalogueQuery) -> list[CatalogueGroup]:
    """The components with the rows that `query` asks for, headings over rows that stay; empty ones are left out."""
    words = search_words(query.text)
    groups: dict[str, CatalogueGroup] = {}
    rows = list(texts.activities.values())
    kept = {row.ref for row in rows if not row.is_heading and _matches(row, query, words)}
    for row in rows:
        if row.is_heading:
            below = f"{row.ref}."
            if not any(ref.startswith(below) for ref in kept):
                continue
        elif row.ref not in kept:
            continue
        group = groups.get(row.component)
        if group is None:
            group = groups[row.component] = CatalogueGroup(texts.components[row.component])
        group.lines.append(_line(row, words))
        group.count += not row.is_heading
    return list(groups.values())


def _line(row: ActivityText, words: list[str]) -> CatalogueLine:
    found = None
    missing = [word for word in words if not contains_any(f"{row.ref} {row.title}", [word])]
    if missing and not row.is_heading:
        texts = (row.guidance, *row.phase_notes.values(), *row.evidence, *(point["title"] for point in row.points))
        found = excerpt(max(texts, key=lambda text: sum(contains_any(text, [word]) for word in words)), words)
    return CatalogueLine(
        row=row,
        title=marked(row.title, words),
        found=found,
        phases=tuple((phase, phase in row.phases) for phase in PHASES[1:]),
    )
