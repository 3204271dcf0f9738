"""The register of evidence: what there is, how fresh it is, what it proves. Four queries, whatever its length."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from common import clock
from evidence.choices import ItemState
from evidence.domain.freshness import Freshness, freshness_of
from evidence.models import ActivityEvidence, ClauseEvidence, EvidenceItem
from evidence.selectors import seen_by
from phases.models import ProjectActivity
from phases.selectors.activity_texts import effective_text
from phases.selectors.catalogue import texts_for
from phases.selectors.clauses import clause_order
from projects.models import Project
from projects.permissions import Access

SHOWN_REFS = 4


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One item with what it proves. Clauses are those of its activities and its own, by edition."""

    item: EvidenceItem
    freshness: Freshness
    refs: tuple[str, ...]
    clauses_2011: tuple[str, ...]
    clauses_2018: tuple[str, ...]

    @property
    def more_refs(self) -> int:
        """How many activities a line of the register does not name."""
        return max(0, len(self.refs) - SHOWN_REFS)


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
    return [
        RegisterRow(
            item,
            _freshness(item, today),
            tuple(refs.get(item.pk, ())),
            _clauses("2011", item.pk, activities, clauses, own),
            _clauses("2018", item.pk, activities, clauses, own),
        )
        for item in found
    ]


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
