"""What may be disposed of now, what waits, what a hold keeps, and what was disposed of."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from common import clock
from evidence.choices import EvidenceKind, ItemState
from evidence.domain.retention import kept_until, months_before
from evidence.models import Disposal, EvidenceRules, ItemQuerySet
from evidence.registries import is_needed
from evidence.selectors import seen_by
from projects.models import Project
from projects.permissions import Access


def rules_of(project: Project) -> EvidenceRules:
    """What a project asks of evidence; the usual, not written down yet, where nobody has said. One query."""
    return EvidenceRules.objects.filter(project=project).first() or EvidenceRules(project=project)


def _is_due(project: Project, rules: EvidenceRules) -> Q:
    """Those whose months are over, as `kept_until` counts them, and that nothing is made of."""
    today = clock.today(project.time_zone)
    due = Q(pk=None)
    for kind in EvidenceKind.values:
        last = months_before(today, rules.months(kind))
        due |= Q(kind=kind, left_at__lt=clock.end_of(last, project.time_zone))
    return due & ~is_needed()


def due_items(project: Project, access: Access, rules: EvidenceRules) -> ItemQuerySet:
    """What may be disposed of today, the longest gone first, with the bytes that go (`weight`)."""
    return (
        seen_by(project, access)
        .filter(_is_due(project, rules), state=ItemState.WITHDRAWN, legal_hold=False)
        .annotate(weight=Coalesce(Sum("revisions__size"), 0))
        .order_by("left_at", "pk")
    )


def held_items(project: Project, access: Access) -> ItemQuerySet:
    """What a legal hold keeps."""
    return seen_by(project, access).filter(legal_hold=True).exclude(state=ItemState.DISPOSED).order_by("pk")


def disposals_of(project: Project, access: Access) -> QuerySet[Disposal]:
    """The record of disposals, the newest first."""
    return (
        Disposal.objects.filter(project=project, item__in=seen_by(project, access))
        .select_related("item", "disposed_by")
        .order_by("-disposed_at", "-pk")
    )


@dataclass(frozen=True, slots=True)
class Retention:
    """How many items are due, held, waiting and disposed of; `next_on` is when the next of the waiting may go."""

    due: int
    held: int
    waiting: int
    next_on: date | None
    disposed: int


def retention_of(project: Project, access: Access, rules: EvidenceRules) -> Retention:
    """The figures of the page. Two queries."""
    items, due = seen_by(project, access), _is_due(project, rules)
    gone, free = Q(state=ItemState.WITHDRAWN), Q(legal_hold=False)
    counts = items.aggregate(
        due=Count("pk", filter=gone & free & due),
        held=Count("pk", filter=Q(legal_hold=True) & ~Q(state=ItemState.DISPOSED)),
        waiting=Count("pk", filter=gone & free & ~due),
        disposed=Count("pk", filter=Q(state=ItemState.DISPOSED)),
    )
    first = (
        items.filter(gone & free & ~due, left_at__isnull=False).order_by().values("kind").annotate(first=Min("left_at"))
    )
    days = [kept_until(clock.day_of(row["first"], project.time_zone), rules.months(row["kind"])) for row in first]
    return Retention(**counts, next_on=min(days, default=None))


def expired_but_counting(project: Project, access: Access) -> int:
    """How many items count although their last valid day is over: to be renewed, or withdrawn. One query."""
    return seen_by(project, access).current().filter(valid_until__lt=clock.today(project.time_zone)).count()
