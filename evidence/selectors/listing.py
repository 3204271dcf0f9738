"""The register page by page: filters, order, and how many there are of each freshness."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from common import clock
from evidence.choices import ItemState
from evidence.domain.freshness import SOON, Freshness
from evidence.models import ActivityEvidence, ClauseEvidence, EvidenceLink, ItemQuerySet
from evidence.registries import proves_something
from evidence.selectors import seen_by
from evidence.selectors.period import older_than_period
from phases.models import ProjectActivity
from phases.selectors.activity_texts import effective_text
from phases.selectors.catalogue import CatalogueTexts, texts_for
from phases.selectors.clauses import is_within
from projects.models import Project
from projects.permissions import Access

SORTS = {
    "key": ("pk",),
    "title": ("title", "pk"),
    "collected": ("-collected_on", "-pk"),
    "valid": ("valid_until", "pk"),
    "added": ("-added_at", "-pk"),
}


@dataclass(frozen=True, slots=True)
class RegisterQuery:
    """What a person asks the register for. Empty: all that counts."""

    text: str = ""
    kind: str = ""
    freshness: str = ""
    ref: str = ""
    clause: str = ""
    owner: int | None = None
    state: str = ""
    unlinked: bool = False
    older: bool = False
    sort: str = "added"


def filtered(project: Project, access: Access, query: RegisterQuery) -> ItemQuerySet:
    """The items that `query` asks for, in its order."""
    today = clock.today(project.time_zone)
    items = seen_by(project, access)
    if query.text:
        items = items.filter(
            Q(title__icontains=query.text) | Q(shows__icontains=query.text) | Q(key__iexact=query.text)
        )
    if query.kind:
        items = items.filter(kind=query.kind)
    if query.freshness:
        items = items.filter(_freshness(query.freshness, today))
    if query.ref:
        items = items.filter(pk__in=_linked(ActivityEvidence, project, activity__ref=query.ref))
    if query.clause:
        items = items.filter(_proves_clause(project, query.clause))
    if query.owner is not None:
        items = items.filter(owner=query.owner)
    if query.unlinked:
        items = items.filter(~proves_something())
    if query.older:
        items = items.filter(older_than_period(project))
    if query.state:
        items = items.filter(state=query.state)
    elif query.freshness != Freshness.SUPERSEDED:
        items = items.filter(state=ItemState.CURRENT)
    return items.order_by(*SORTS[query.sort])


def _linked(links: type[EvidenceLink], project: Project, **asked: str) -> QuerySet[Any]:
    """Items by what they prove. Not by a join: rows would have to be made distinct, which costs a sort of them all."""
    return links._default_manager.filter(project=project, **asked).values("item")


def _proves_clause(project: Project, clause: str) -> Q:
    """Items of a clause, or of one below it, of either edition: linked to it, or to an activity that serves it."""
    texts = texts_for(project)
    serving = [
        activity.pk
        for activity in ProjectActivity.objects.filter(project=project)
        if any(is_within(each, clause) for each in _clauses_of(texts, activity))
    ]
    below = Q(clause=clause) | Q(clause__startswith=f"{clause}.")
    direct = ClauseEvidence.objects.filter(below, project=project).values("item")
    through = ActivityEvidence.objects.filter(project=project, activity__in=serving).values("item")
    return Q(pk__in=direct) | Q(pk__in=through)


def _clauses_of(texts: CatalogueTexts, activity: ProjectActivity) -> tuple[str, ...]:
    text = effective_text(texts, activity)
    return (*text.clauses_2011, *text.clauses_2018)


def _freshness(word: str, today: date) -> Q:
    soon = today + SOON
    return {
        Freshness.FRESH: Q(valid_until__isnull=True) | Q(valid_until__gt=soon),
        Freshness.EXPIRING: Q(valid_until__gte=today, valid_until__lte=soon),
        Freshness.EXPIRED: Q(valid_until__lt=today),
        Freshness.SUPERSEDED: ~Q(state=ItemState.CURRENT),
    }[Freshness(word)]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many items count, and what of them needs somebody."""

    current: int
    expiring: int
    expired: int
    unlinked: int


def counts_of(project: Project, access: Access) -> Counts:
    """One query."""
    today = clock.today(project.time_zone)
    found = (
        seen_by(project, access)
        .current()
        .aggregate(
            current=Count("pk"),
            expiring=Count("pk", filter=_freshness("expiring", today)),
            expired=Count("pk", filter=_freshness("expired", today)),
            unlinked=Count("pk", filter=~proves_something()),
        )
    )
    return Counts(**found)
