"""What other pages say of evidence: what proves an activity, what is wrong in a project. Two queries each at most."""

from dataclasses import dataclass

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, When

from common import clock
from evidence.choices import EvidenceKind, ItemState
from evidence.domain.freshness import SOON, Freshness, freshness_of
from evidence.models import ActivityEvidence, EvidenceItem
from evidence.registries import proves_something
from evidence.selectors import seen_by
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
    """How much is wrong with the proof of a project, and how many items count."""

    current: int
    unproven: int
    unproven_keys: int
    expired: int
    expiring: int
    links_alone: int
    for_nothing: int

    @property
    def total(self) -> int:
        """How much needs somebody now."""
        return self.unproven + self.expired + self.links_alone + self.for_nothing


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
    proves = Case(When(proves_something(), then=True), default=False, output_field=BooleanField())
    items = list(
        seen_by(project, access).current().annotate(proves=proves).values_list("kind", "valid_until", "proves")
    )
    return Wrong(
        current=len(items),
        unproven=len(keys),
        unproven_keys=sum(keys),
        expired=sum(until is not None and until < today for _kind, until, _proves in items),
        expiring=sum(until is not None and today <= until <= today + SOON for _kind, until, _proves in items),
        links_alone=sum(kind == EvidenceKind.LINK for kind, _until, _proves in items),
        for_nothing=sum(not proves for _kind, _until, proves in items),
    )
