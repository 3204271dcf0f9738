"""One item: its revisions, what it proves, and its way through the trail."""

from dataclasses import dataclass

from common import clock
from evidence.choices import ItemState
from evidence.domain.freshness import Freshness, freshness_of
from evidence.models import ActivityEvidence, ClauseEvidence, Disposal, EvidenceItem, EvidenceRequest, Revision
from evidence.selectors.previews import Preview, preview_of
from evidence.selectors.register import ProvenBesides, register_rows
from phases.selectors.activity_texts import effective_text
from phases.selectors.catalogue import texts_for
from phases.selectors.clauses import Clause, clauses_of
from projects.models import Project
from projects.permissions import Access


@dataclass(frozen=True, slots=True)
class Proven:
    """An activity that the item proves."""

    ref: str
    title: str
    note: str
    phase_number: int | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class ItemView:
    """All that the page of an item shows."""

    item: EvidenceItem
    freshness: Freshness
    revisions: tuple[Revision, ...]
    proves: tuple[Proven, ...]
    besides: tuple[ProvenBesides, ...]
    clauses: tuple[Clause, ...]
    own_clauses: tuple[ClauseEvidence, ...]
    requests: tuple[EvidenceRequest, ...]
    preview: Preview | None
    disposal: Disposal | None

    use: str

    @property
    def proves_count(self) -> int:
        """How much it proves: activities, and what higher apps have."""
        return len(self.proves) + sum(len(each.lines) for each in self.besides)


def item_view(project: Project, access: Access, item: EvidenceItem) -> ItemView:
    """What the page of `item` shows. Ten queries at most, and one for each kind that a higher app registered."""
    texts = texts_for(project)
    links = ActivityEvidence.objects.filter(item=item).select_related("activity").order_by("activity__position")
    (row,) = register_rows(project, access, [item])
    return ItemView(
        item=item,
        freshness=freshness_of(
            item.valid_until, clock.today(project.time_zone), is_current=item.state == ItemState.CURRENT
        ),
        revisions=tuple(Revision.objects.filter(item=item).select_related("added_by").order_by("-number")),
        proves=tuple(
            Proven(
                link.activity.ref,
                effective_text(texts, link.activity).title,
                link.note,
                link.phase_number,
                link.is_late,
            )
            for link in links
        ),
        besides=row.also,
        clauses=tuple(clauses_of(project.edition, row.clauses_2018 if project.edition == "2018" else row.clauses_2011)),
        own_clauses=tuple(ClauseEvidence.objects.filter(item=item)),
        requests=tuple(EvidenceRequest.objects.filter(evidence_links__item=item).select_related("asked_of")),
        preview=preview_of(item.revision) if item.revision is not None and item.revision.stored else None,
        disposal=_disposal_of(item),
        use=row.use,
    )


def _disposal_of(item: EvidenceItem) -> Disposal | None:
    if item.state != ItemState.DISPOSED:
        return None
    return Disposal.objects.filter(item=item).select_related("disposed_by").first()
