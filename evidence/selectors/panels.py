"""What other pages say of evidence: what proves an activity, what is wrong in a project. Two queries each at most."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from common import clock
from evidence.choices import EvidenceKind, ItemState
from evidence.domain.freshness import SOON, Freshness, freshness_of
from evidence.models import ActivityEvidence, EvidenceItem
from evidence.registries import proves_something
from evidence.selectors import seen_by
from evidence.selectors.period import older_than_period
from phases.choices import Status
from phases.models import PhaseActivity, ProjectActivity
from phases.selectors.activity_texts import effective_text
from phases.selectors.catalogue import texts_for
from projects.models import Project
from projects.permissions import Access

SHOWN = 8


@dataclass(frozen=True, slots=True)
class ProofLine:
    """An item that proves an activity."""

    item: EvidenceItem
    freshness: Freshness


@dataclass(frozen=True, slots=True)
class Proof:
    """What proves one activity, the newest first, and what usually does, as the catalogue has it."""

    lines: tuple[ProofLine, ...]
    more: int
    usual: tuple[str, ...]


def proof_of(project: Project, access: Access, activity: ProjectActivity) -> Proof:
    """What proves `activity`, of what this person may see. One query."""
    today = clock.today(project.time_zone)
    items = list(
        seen_by(project, access)
        .current()
        .filter(activityevidence_links__activity=activity)
        .select_related("revision")
        .order_by("-collected_on", "-pk")
    )
    return Proof(
        tuple(ProofLine(item, freshness_of(item.valid_until, today)) for item in items[:SHOWN]),
        max(0, len(items) - SHOWN),
        tuple(effective_text(texts_for(project), activity).evidence),
    )


@dataclass(frozen=True, slots=True)
class Wrong:
    """How much is wrong with the proof of a project, and how many items count.

    `older`: what shows only what was before the period under audit; nothing where nobody has set it.
    """

    current: int
    unproven: int
    unproven_keys: int
    expired: int
    expiring: int
    links_alone: int
    for_nothing: int
    older: int

    @property
    def total(self) -> int:
        """How much needs somebody now."""
        return self.unproven + self.expired + self.links_alone + self.for_nothing + self.older


def unproven_rows(project: Project) -> list[PhaseActivity]:
    """Rows that were reported done or verified and that no item proves that counts. One query."""
    return list(
        _unproven(project).select_related("activity", "accountable").order_by("phase_number", "activity__position")
    )


def _unproven(project: Project) -> QuerySet[PhaseActivity]:
    proof = ActivityEvidence.objects.filter(
        Q(phase_number__isnull=True) | Q(phase_number=OuterRef("phase_number")),
        activity=OuterRef("activity"),
        item__state=ItemState.CURRENT,
    )
    return PhaseActivity.objects.filter(project=project, status__in=[Status.DONE, Status.VERIFIED]).exclude(
        Exists(proof)
    )


def wrong_in(project: Project, access: Access) -> Wrong:
    """What is wrong with the proof of `project`. Two queries."""
    today = clock.today(project.time_zone)
    keys = list(_unproven(project).values_list("activity__is_key", flat=True))
    counts = (
        seen_by(project, access)
        .current()
        .aggregate(
            current=Count("pk"),
            expired=Count("pk", filter=Q(valid_until__lt=today)),
            expiring=Count("pk", filter=Q(valid_until__gte=today, valid_until__lte=today + SOON)),
            links_alone=Count("pk", filter=Q(kind=EvidenceKind.LINK)),
            for_nothing=Count("pk", filter=~proves_something()),
            older=Count("pk", filter=older_than_period(project)),
        )
    )
    return Wrong(unproven=len(keys), unproven_keys=sum(keys), **counts)
