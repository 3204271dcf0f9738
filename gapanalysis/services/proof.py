"""Putting evidence on answers, and keeping an answer as a record."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from common import clock
from common.exceptions import RuleBroken
from evidence.choices import ItemState
from evidence.models import EvidenceItem
from evidence.registries import LinkKind
from evidence.selectors import seen_by
from evidence.services.items import Content, Facts, add_evidence
from evidence.services.records import pin_record
from evidence.services.telling import tell_of
from gapanalysis.choices import AnswerValue, Instrument
from gapanalysis.models import Answer, AnswerEvidence, Finding
from gapanalysis.permissions import can_answer
from gapanalysis.selectors import is_answered, sections_of
from gapanalysis.selectors.proof import PINNED, answers_proven
from gapanalysis.selectors.talk import comment_key
from projects.models import Project
from projects.permissions import access_to
from projects.services.guards import require, require_capability


@transaction.atomic
def link_answer(*, acting_user: User | None, project: Project, answer: Answer, items: Sequence[EvidenceItem]) -> int:
    """Say that `items` show what an answer says; returns how many links are new. One trail event an item.

    Who may answer the question may do it, until its assessment is locked. Raises NotPermitted, Answer.DoesNotExist,
    RuleBroken for an item that no longer counts, EvidenceItem.DoesNotExist for one that the person may not see.
    """
    row = _row(acting_user, project, answer)
    return _link(acting_user, project, row, items)


@transaction.atomic
def add_to_answer(
    *, acting_user: User | None, project: Project, answer: Answer, content: Content, facts: Facts
) -> EvidenceItem:
    """Take in an item and put it on an answer. Raises as `add_evidence` and `link_answer`."""
    # Before the file gets its place: nothing may fail after that.
    row = _row(acting_user, project, answer)
    item = add_evidence(acting_user=acting_user, project=project, content=content, facts=facts)
    _link(acting_user, project, row, [item])
    return item


@transaction.atomic
def unlink_answer(*, acting_user: User | None, project: Project, item: EvidenceItem, key: str) -> None:
    """Say that an item does not show an answer after all; `key` is such as "baseline Q-8.6.1-01". One trail event.

    Raises NotPermitted, also where the assessment is locked; RuleBroken where there is no such link.
    """
    require_capability(acting_user, "evidence.add", project)
    assessment, _space, ref = key.partition(" ")
    link = (
        AnswerEvidence.objects.filter(
            project=project, item=item, answer__assessment__key=assessment, answer__question__ref=ref
        )
        .select_related("answer")
        .first()
    )
    if link is None:
        raise RuleBroken(_("It is not linked to %(ref)s.") % {"ref": ref or key})
    row = _row(acting_user, project, link.answer)
    _check_seen(acting_user, project, [item])
    link.delete()
    tell_of(acting_user, item, "no longer prove", {"shown for": [_name(row), None]})


@transaction.atomic
def pin_answer(*, acting_user: User | None, project: Project, answer: Answer, refs: Sequence[str]) -> EvidenceItem:
    """Keep an answer as it stands now as a record, as evidence for the activities `refs`. One trail event.

    Nothing changes in the assessment, so that a locked one can be pinned too. Raises NotPermitted, RuleBroken where
    nothing was answered or for a ref that the plan does not have.
    """
    require_capability(acting_user, "evidence.add", project)
    row = Answer.objects.select_related("question", "assessment__questionnaire", "answered_by").get(
        pk=answer.pk, project=project
    )
    if not is_answered(row):
        raise RuleBroken(_("Nothing was answered yet: there is nothing to keep."))
    said = AnswerValue(row.value).label if row.question.instrument == Instrument.REQUIREMENT else _("answered")
    return pin_record(
        acting_user=acting_user,
        project=project,
        kind=PINNED,
        key=comment_key(row),
        content=_record(row),
        title=_("%(ref)s in %(assessment)s: %(said)s")
        % {"ref": row.question.ref, "assessment": row.assessment.title, "said": str(said).lower()},
        shows=row.question.text,
        refs=refs,
    )


def _record(row: Answer) -> dict[str, object]:
    """All that an answer says, and what shows it, in plain values."""
    finding = Finding.objects.filter(answer=row).select_related("owner").first()
    links = AnswerEvidence.objects.filter(answer=row).select_related("item__revision").order_by("item__key")
    return {
        "assessment": {
            "key": row.assessment.key,
            "title": row.assessment.title,
            "state": row.assessment.state,
            "locked_at": row.assessment.locked_at,
            "questionnaire": row.assessment.questionnaire.version,
        },
        "question": {
            "ref": row.question.ref,
            "text": row.question.text,
            "clauses_2011": row.question.clauses_2011,
            "clauses_2018": row.question.clauses_2018,
        },
        "answer": {
            "value": row.value,
            "rungs": row.rungs,
            "rating": row.rating,
            "note": row.note,
            "where_the_proof_is": row.evidence_note,
            "by": str(row.answered_by or ""),
            "at": row.answered_at,
        },
        "finding": {
            "gap": finding.gap,
            "impact": finding.impact,
            "recommendation": finding.recommendation,
            "owner": str(finding.owner or ""),
        }
        if finding
        else None,
        # A record is read by everybody in the project: of what is confidential, it says the key and the hash alone.
        "evidence": [
            {"key": link.item.key, "sha256": link.item.revision.sha256 if link.item.revision else ""} for link in links
        ],
    }


def _row(acting_user: User | None, project: Project, answer: Answer) -> Answer:
    """The answer, fresh, where the person may put evidence on it."""
    require_capability(acting_user, "evidence.add", project)
    row = Answer.objects.select_related("question", "assessment").get(pk=answer.pk, project=project)
    sections = sections_of(row.assessment, acting_user)
    require(can_answer(access_to(project, acting_user), row.assessment, row.question.section, sections))
    return row


def _link(acting_user: User | None, project: Project, row: Answer, items: Sequence[EvidenceItem]) -> int:
    _check_seen(acting_user, project, items)
    there = set(AnswerEvidence.objects.filter(answer=row, item__in=items).values_list("item_id", flat=True))
    new = [item for item in items if item.pk not in there]
    for item in new:
        if item.state != ItemState.CURRENT:
            raise RuleBroken(_("%(key)s no longer counts.") % {"key": item.key})
        AnswerEvidence.objects.create(
            project=project, item=item, answer=row, added_by=acting_user, added_at=clock.now()
        )
        tell_of(acting_user, item, "prove", {"shown for": [None, _name(row)]})
    return len(new)


def _check_seen(acting_user: User | None, project: Project, items: Sequence[EvidenceItem]) -> None:
    wanted = {item.pk for item in items}
    if seen_by(project, access_to(project, acting_user)).filter(pk__in=wanted).count() != len(wanted):
        raise EvidenceItem.DoesNotExist


def _name(row: Answer) -> str:
    return f"{row.question.ref} ({row.assessment.key})"


def _counted(count: int) -> str:
    return ngettext("%(n)d answer", "%(n)d answers", count) % {"n": count}


ANSWERS = LinkKind(
    title=gettext_lazy("Answers of the gap analysis"),
    model=AnswerEvidence,
    capability="gap.view",
    proven=answers_proven,
    counted=_counted,
    unlink=unlink_answer,
)
"""What the pages of evidence need to know of answers."""
