"""What shows that answers are true: the items of evidence that hang on them."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Case, Exists, IntegerField, OuterRef, Q, When
from django.urls import reverse
from django.utils.translation import gettext as _

from common import clock
from evidence.choices import ItemState
from evidence.domain.freshness import Freshness, freshness_of
from evidence.models import ActivityEvidence, EvidenceItem, ItemQuerySet, Revision
from evidence.registries import AlsoProven
from evidence.selectors import seen_by
from gapanalysis.models import Answer, AnswerEvidence
from gapanalysis.selectors.talk import comment_key
from projects.models import Project
from projects.permissions import Access

PINNED = "answer"
MOST_FOUND = 8
MOST_SHOWN = 60
_ON_IT, _PIN, _SUGGESTED = range(3)


@dataclass(frozen=True, slots=True)
class ProofLine:
    """An item on an answer, or one that holds the answer itself as it stood at one moment."""

    item: EvidenceItem
    freshness: Freshness


@dataclass(frozen=True, slots=True)
class AnswerProof:
    """What shows an answer, of what this person may see, and what might."""

    lines: tuple[ProofLine, ...]
    pins: tuple[ProofLine, ...]
    suggested: tuple[EvidenceItem, ...]


def proof_of_answer(project: Project, access: Access, answer: Answer, *, suggest: bool) -> AnswerProof:
    """What hangs on `answer`, the records it was kept as; with `suggest`, what its activities have. One query."""
    today = clock.today(project.time_zone)
    on_it = AnswerEvidence.objects.filter(answer=answer)
    pins = Revision.objects.filter(project=project, record_kind=PINNED, record_key=comment_key(answer))
    wanted = Q(pk__in=on_it.values("item")) | Q(pk__in=pins.values("item"))
    if suggest:
        serving = ActivityEvidence.objects.filter(project=project, activity__ref__in=answer.question.activities)
        wanted |= Q(pk__in=serving.values("item"), state=ItemState.CURRENT)
    place = Case(
        When(Exists(on_it.filter(item=OuterRef("pk"))), then=_ON_IT),
        When(Exists(pins.filter(item=OuterRef("pk"))), then=_PIN),
        default=_SUGGESTED,
        output_field=IntegerField(),
    )
    items = seen_by(project, access).filter(wanted).annotate(place=place).order_by("place", "-collected_on", "-pk")
    found: dict[int, list[ProofLine]] = {_ON_IT: [], _PIN: [], _SUGGESTED: []}
    for item in items[:MOST_SHOWN]:
        fresh = freshness_of(item.valid_until, today, is_current=item.state == ItemState.CURRENT)
        found[item.place].append(ProofLine(item, fresh))
    return AnswerProof(
        tuple(found[_ON_IT]), tuple(found[_PIN]), tuple(line.item for line in found[_SUGGESTED][:MOST_FOUND])
    )


def items_for_answer(project: Project, access: Access, answer: Answer, text: str) -> tuple[EvidenceItem, ...]:
    """Items that a person may put on `answer`, by key or by words of title and text, the newest first. One query."""
    found = _free(project, access, answer)
    for word in text.split()[:6]:
        found = found.filter(Q(title__icontains=word) | Q(shows__icontains=word) | Q(key__iexact=word))
    return tuple(found.order_by("-collected_on", "-pk")[:MOST_FOUND])


def _free(project: Project, access: Access, answer: Answer) -> ItemQuerySet:
    return seen_by(project, access).current().exclude(answerevidence_links__answer=answer)


def answers_proven(project: Project, access: Access, items: Collection[int] | None) -> list[AlsoProven]:
    """The answers that items show, for the pages of evidence: who may see one sees all. One query."""
    links = AnswerEvidence.objects.filter(project=project).select_related("answer__assessment", "answer__question")
    if items is not None:
        links = links.filter(item__in=items)
    return [
        AlsoProven(
            item_id=link.item_id,
            key=comment_key(link.answer),
            label=f"{link.answer.question.ref} ({link.answer.assessment.key})",
            title=link.answer.question.text,
            url=reverse("gap_answer", args=[project.slug, link.answer.assessment.key, link.answer.question.ref])
            + "#proof",
            note=link.note,
            stays=_("The assessment is locked; its proof stays.") if link.answer.assessment.is_locked else "",
            clauses={"2011": link.answer.question.clauses_2011, "2018": link.answer.question.clauses_2018},
        )
        for link in links.order_by("answer__assessment", "answer__question__position")
    ]
