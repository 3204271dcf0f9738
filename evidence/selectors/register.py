"""The register of evidence: what there is, how fresh it is, what it proves. As many queries, whatever its length."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from django.db.models import Exists, OuterRef

from common import clock
from evidence.choices import ItemState
from evidence.domain.freshness import Freshness, freshness_of
from evidence.models import ActivityEvidence, ClauseEvidence, EvidenceItem, ItemQuerySet
from evidence.registries import AlsoProven, LinkKind, seen_kinds, uses_of
from evidence.selectors import seen_by
from phases.models import ProjectActivity
from phases.selectors.activity_texts import effective_text
from phases.selectors.catalogue import texts_for
from phases.selectors.clauses import clause_order
from projects.models import Project
from projects.permissions import Access

SHOWN_REFS = 4
AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class ProvenBesides:
    """What an item proves of one kind that a higher app registered as `key`."""

    key: str
    kind: LinkKind
    lines: tuple[AlsoProven, ...]


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One item with what it proves. Clauses are its own and those of all that it proves, by edition.

    `use` says what an item is there for that is linked to nothing, such as the record of a decision.
    """

    item: EvidenceItem
    freshness: Freshness
    refs: tuple[str, ...]
    clauses_2011: tuple[str, ...]
    clauses_2018: tuple[str, ...]
    also: tuple[ProvenBesides, ...] = ()
    use: str = ""

    @property
    def also_counted(self) -> tuple[str, ...]:
        """How much it proves besides activities, in words: "2 answers"."""
        return tuple(each.kind.counted(len(each.lines)) for each in self.also)

    @property
    def proves_nothing(self) -> bool:
        """Whether nothing that who looks may see hangs on it."""
        return not (self.refs or self.also or self.clauses_2011 or self.clauses_2018 or self.use)

    @property
    def more_refs(self) -> int:
        """How many activities a line of the register does not name."""
        return max(0, len(self.refs) - SHOWN_REFS)


def each_register_row(project: Project, access: Access, items: ItemQuerySet | None = None) -> Iterator[RegisterRow]:
    """Rows for a file, however many: `AT_ONCE` are in memory at a time. All that this person may see, or `items`."""
    found = seen_by(project, access).order_by("pk") if items is None else items
    each = found.select_related("revision", "owner", "added_by").iterator(chunk_size=AT_ONCE)
    while part := list(islice(each, AT_ONCE)):
        yield from register_rows(project, access, part)


def register_rows(project: Project, access: Access, items: Iterable[EvidenceItem] | None = None) -> list[RegisterRow]:
    """Rows of the register in the order of their keys: those of `items`, or all that this person may see."""
    today = clock.today(project.time_zone)
    found = list(
        seen_by(project, access).select_related("revision", "owner", "added_by").order_by("pk")
        if items is None
        else items
    )
    keys = [item.pk for item in found] if items is not None else None
    refs, activities = _refs(project, keys)
    clauses = _clauses_of_activities(project, {each for of_item in activities.values() for each in of_item})
    own = _own_clauses(project, keys)
    also = _also_proven(project, access, keys)
    _add_clauses(own, also)
    rows = [
        RegisterRow(
            item,
            _freshness(item, today),
            tuple(refs.get(item.pk, ())),
            _clauses("2011", item.pk, activities, clauses, own),
            _clauses("2018", item.pk, activities, clauses, own),
            tuple(ProvenBesides(key, kind, found[item.pk]) for key, kind, found in also if item.pk in found),
        )
        for item in found
    ]
    used = uses_of([row.item.pk for row in rows if row.proves_nothing])
    return [replace(row, use=used[row.item.pk]) if row.item.pk in used else row for row in rows]


Also = list[tuple[str, LinkKind, dict[int, tuple[AlsoProven, ...]]]]


def _also_proven(project: Project, access: Access, items: list[int] | None) -> Also:
    """What items prove besides activities and clauses: by kind, then by item. One query, and one for each kind of which
    any of `items` proves something."""
    told: Also = []
    for key, kind in _kinds_of(access, items):
        found: dict[int, list[AlsoProven]] = {}
        for each in kind.proven(project, access, items):
            found.setdefault(each.item_id, []).append(each)
        told.append((key, kind, {item: tuple(lines) for item, lines in found.items()}))
    return told


def _kinds_of(access: Access, items: list[int] | None) -> list[tuple[str, LinkKind]]:
    """The kinds that this person may see and that have links of `items`; no other is asked. One query at most."""
    kinds = list(seen_kinds(access))
    if items is None or not kinds:
        return kinds
    has_some = [Exists(kind.model._default_manager.filter(item=OuterRef("pk"))) for _key, kind in kinds]
    rows = EvidenceItem.objects.filter(pk__in=items).values_list(*has_some)
    return [kind for kind, has in zip(kinds, map(any, zip(*rows, strict=True)), strict=False) if has]


def _add_clauses(own: dict[tuple[int, str], list[str]], also: Also) -> None:
    for _key, _kind, found in also:
        for item, lines in found.items():
            for line in lines:
                for edition, clauses in line.clauses.items():
                    own.setdefault((item, edition), []).extend(clauses)


def _freshness(item: EvidenceItem, today: date) -> Freshness:
    return freshness_of(item.valid_until, today, is_current=item.state == ItemState.CURRENT)


def _refs(project: Project, keys: list[int] | None) -> tuple[dict[int, list[str]], dict[int, list[int]]]:
    links = ActivityEvidence.objects.filter(project=project)
    if keys is not None:
        links = links.filter(item__in=keys)
    refs: dict[int, list[str]] = {}
    activities: dict[int, list[int]] = {}
    rows = links.order_by("activity__position", "activity__ref").values_list("item_id", "activity__ref", "activity_id")
    for item, ref, activity in rows:
        refs.setdefault(item, []).append(ref)
        activities.setdefault(item, []).append(activity)
    return refs, activities


def _clauses_of_activities(project: Project, wanted: set[int]) -> dict[int, dict[str, tuple[str, ...]]]:
    texts = texts_for(project)
    found = {}
    for activity in ProjectActivity.objects.filter(project=project):
        if activity.pk in wanted:
            text = effective_text(texts, activity)
            found[activity.pk] = {"2011": text.clauses_2011, "2018": text.clauses_2018}
    return found


def _own_clauses(project: Project, keys: list[int] | None) -> dict[tuple[int, str], list[str]]:
    links = ClauseEvidence.objects.filter(project=project)
    if keys is not None:
        links = links.filter(item__in=keys)
    found: dict[tuple[int, str], list[str]] = {}
    for item, edition, clause in links.values_list("item_id", "edition", "clause"):
        found.setdefault((item, edition), []).append(clause)
    return found


def _clauses(
    edition: str,
    item: int,
    activities: dict[int, list[int]],
    clauses: dict[int, dict[str, tuple[str, ...]]],
    own: dict[tuple[int, str], list[str]],
) -> tuple[str, ...]:
    found = {clause for activity in activities.get(item, ()) for clause in clauses.get(activity, {}).get(edition, ())}
    return tuple(sorted(found | set(own.get((item, edition), ())), key=clause_order))
