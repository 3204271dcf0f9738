"""What an auditor can look at for a point of a checklist: the evidence, documents and activities of its clause."""

from dataclasses import dataclass

from audits.domain.impartial import touches
from documents.selectors import seen_by as documents_seen_by
from evidence.models import ActivityEvidence, ClauseEvidence, EvidenceItem
from evidence.selectors import seen_by
from phases.choices import Status
from phases.models import PhaseActivity, ProjectActivity
from phases.selectors.activity_texts import effective_text
from phases.selectors.catalogue import texts_for
from projects.models import Project
from projects.permissions import Access

MOST = 200


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be picked as a sample, as (key, name)."""

    evidence: list[tuple[str, str]]
    documents: list[tuple[str, str]]
    activities: list[tuple[str, str]]
    population: int


def population_of(project: Project, access: Access, edition: str, clause: str) -> frozenset[int]:
    """The ids of evidence that counts, hangs on `clause`, and may be seen. Three queries."""
    refs = [activity.pk for activity, _title in _activities(project, edition, clause)]
    seen = seen_by(project, access).current()
    linked = ActivityEvidence.objects.filter(project=project, activity__in=refs, item__in=seen)
    found = set(linked.values_list("item_id", flat=True))
    clauses = ClauseEvidence.objects.filter(project=project, edition=edition, item__in=seen)
    found |= {item for item, number in clauses.values_list("item_id", "clause") if touches(number, clause)}
    return frozenset(found)


def choices_for(project: Project, access: Access, edition: str, clause: str) -> Choices:
    """What can be picked for a point on `clause`. Six queries at most."""
    population = population_of(project, access, edition, clause)
    items = EvidenceItem.objects.filter(pk__in=population).order_by("key")[:MOST]
    field = "clauses_2018" if edition == "2018" else "clauses_2011"
    documents = [
        (document.key, str(document))
        for document in documents_seen_by(project, access).current().order_by("number")
        if any(touches(each, clause) for each in getattr(document, field))
    ]
    return Choices(
        evidence=[(item.key, f"{item.key} {item.title}") for item in items],
        documents=documents[:MOST],
        activities=[(row.ref, f"{row.ref} {title}") for row, title in _activities(project, edition, clause)][:MOST],
        population=len(population),
    )


def _activities(project: Project, edition: str, clause: str) -> list[tuple[ProjectActivity, str]]:
    """The activities of the plan that serve `clause` and apply in a phase. One query."""
    texts = texts_for(project)
    found = []
    applies = PhaseActivity.objects.filter(project=project).exclude(status=Status.NOT_APPLICABLE)
    rows = ProjectActivity.objects.filter(project=project, pk__in=applies.values("activity_id"))
    for row in rows.order_by("position", "ref"):
        text = effective_text(texts, row)
        if any(touches(each, clause) for each in (text.clauses_2018 if edition == "2018" else text.clauses_2011)):
            found.append((row, text.title))
    return found
