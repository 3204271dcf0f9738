"""The checklist of an internal audit: made from the bank of questions, worked through, shown by samples."""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from accounts.models import User
from audits.choices import AuditState, CheckResult
from audits.domain.impartial import order_of, touches
from audits.domain.programme import covers, draw
from audits.models import Audit, AuditFinding, CheckItem, Sample
from audits.selectors.audit_samples import population_of
from audits.services.audits import OPEN, clauses_of, own_audit, record, require_auditor
from common import clock
from common.exceptions import RuleBroken
from documents.models import Document
from documents.selectors import document_of
from evidence.models import EvidenceItem
from evidence.selectors import item_of
from gapanalysis.choices import Instrument
from gapanalysis.models import Question
from gapanalysis.selectors import newest_questionnaire
from governance.services.texts import line, lines
from phases.models import ProjectActivity
from projects.models import Project
from projects.permissions import access_to
from projects.services.guards import lock_project, require, require_capability, write_versioned

MOST_POINTS = 500
MOST_SAMPLES = 25
WORDED = frozenset({CheckResult.NO_CASE, CheckResult.LEFT, CheckResult.FINDING})
"""Results that say nothing without words."""


@dataclass(frozen=True, slots=True)
class Picked:
    """What was looked at: an item of evidence (its key), a document (its key), an activity (its ref), or words."""

    words: str = ""
    evidence: str = ""
    document: str = ""
    activity: str = ""


@transaction.atomic
def fill_checklist(*, acting_user: User | None, project: Project, ref: str, short: bool = False) -> int:
    """Put the questions of the bank on the clauses of an audit onto its checklist; gives how many were new.

    `short` takes those alone that the bank keeps for a short look. Who plans audits may, and its auditors. One trail
    event, or none where nothing is new. Raises NotPermitted, RuleBroken, Audit.DoesNotExist.
    """
    audit = _to_prepare(acting_user, project, ref)
    bank = Question.objects.filter(questionnaire=newest_questionnaire(), instrument=Instrument.REQUIREMENT)
    if short:
        bank = bank.filter(is_small=True)
    named = clauses_of(audit)
    there = set(CheckItem.objects.filter(audit=audit).values_list("question", flat=True))
    made = []
    for question in bank.order_by("position"):
        of = question.clauses_2018 if audit.edition == "2018" else question.clauses_2011
        clause = _clause_for(of, named)
        if clause and question.ref not in there:
            made.append((clause, question))
    if not made:
        return 0
    if len(made) + len(there) > MOST_POINTS:
        raise RuleBroken(
            _("This would make more than %(most)d points. Take the short form, or fewer clauses.")
            % {"most": MOST_POINTS}
        )
    made.sort(key=lambda each: (order_of(each[0]), each[1].position))
    last = CheckItem.objects.filter(audit=audit).aggregate(last=Max("position"))["last"] or 0
    CheckItem.objects.bulk_create(
        [
            CheckItem(
                project=project,
                audit=audit,
                position=last + number,
                clause=clause,
                question=question.ref,
                text=question.text,
                look_for=question.look_for,
            )
            for number, (clause, question) in enumerate(made, start=1)
        ]
    )
    record(acting_user, audit, "fill checklist", {"points": len(made)})
    return len(made)


@transaction.atomic
def add_point(*, acting_user: User | None, project: Project, ref: str, clause: str, text: str) -> CheckItem:
    """Put a point of one's own onto the checklist, last of its clause. One trail event.

    Raises NotPermitted, RuleBroken, Audit.DoesNotExist.
    """
    audit = _to_prepare(acting_user, project, ref)
    said = lines(text, "text", 1000, needed=_("Say what is to be looked at."))
    if not any(covers(named, clause) for named in clauses_of(audit)):
        raise RuleBroken(_("This audit does not look at that clause."), field="clause")
    points = CheckItem.objects.filter(audit=audit)
    if points.count() >= MOST_POINTS:
        raise RuleBroken(_("A checklist takes %(most)d points.") % {"most": MOST_POINTS})
    before = [each for each in points.values_list("position", "clause") if order_of(each[1]) <= order_of(clause)]
    position = max((place for place, _clause in before), default=0) + 1
    points.filter(position__gte=position).update(position=F("position") + 1)
    item = CheckItem.objects.create(project=project, audit=audit, position=position, clause=clause, text=said)
    record(acting_user, audit, "add point", {"clause": clause, "point": said[:200]})
    return item


@transaction.atomic
def drop_point(*, acting_user: User | None, project: Project, ref: str, point: int) -> None:
    """Take a point off a checklist on which nobody has worked yet. One trail event.

    Raises NotPermitted, RuleBroken once the audit was begun, CheckItem.DoesNotExist.
    """
    audit = _to_prepare(acting_user, project, ref)
    if audit.state != AuditState.PLANNED:
        raise RuleBroken(_("The audit was begun. Leave the point for another audit, and say why."))
    item = CheckItem.objects.get(audit=audit, pk=point)
    said = item.question or item.text[:200]
    item.delete()
    record(acting_user, audit, "drop point", {"point": said})


@transaction.atomic
def save_point(
    *, acting_user: User | None, project: Project, ref: str, point: int, version: int, result: str, notes: str
) -> CheckItem:
    """Keep what was found at a point. The auditors of the audit do, while it is under way. One trail event, or none.

    A finding, no case and a point that is left need words. Raises NotPermitted, RuleBroken, StaleWrite,
    CheckItem.DoesNotExist.
    """
    audit = _to_work_on(acting_user, project, ref)
    item = CheckItem.objects.get(audit=audit, pk=point)
    if result not in CheckResult.values:
        raise RuleBroken(_("Choose one of the list."), field="result")
    said = lines(notes, "notes")
    if result in WORDED and not said:
        raise RuleBroken(_("Say in words what you saw."), field="notes")
    if item.result == CheckResult.FINDING and result != CheckResult.FINDING:
        raised = AuditFinding.objects.filter(check_item=item).exclude(state="withdrawn").values_list("ref", flat=True)
        if raised:
            raise RuleBroken(
                _("%(refs)s was raised at this point. Withdraw it first.") % {"refs": ", ".join(raised)}, field="result"
            )
    if (result, said) == (item.result, item.notes) and item.version == version:
        return item
    before = CheckResult(item.result)
    write_versioned(
        item,
        version=version,
        values={"result": result, "notes": said, "checked_by": acting_user, "checked_at": clock.now()},
        shown={_("Result"): before.label, _("Notes"): item.notes},
        sent={_("Result"): CheckResult(result).label, _("Notes"): said},
    )
    item.audit = audit
    record(
        acting_user,
        audit,
        "check",
        {"point": point_name(item), "result": str(result)},
        {"result": before.value},
    )
    return item


@transaction.atomic
def take_sample(*, acting_user: User | None, project: Project, ref: str, point: int, picked: Picked) -> Sample:
    """Write down what was looked at for a point. One trail event.

    Raises NotPermitted, RuleBroken for what is not there or may not be seen, CheckItem.DoesNotExist.
    """
    audit = _to_work_on(acting_user, project, ref)
    item = CheckItem.objects.get(audit=audit, pk=point)
    named = _picked(acting_user, project, picked)
    sample = _sample(acting_user, item, line(picked.words, "words", 300), *named)
    record(acting_user, audit, "take sample", {"point": point_name(item), "sample": _sample_name(sample)})
    return sample


@transaction.atomic
def draw_sample(
    *, acting_user: User | None, project: Project, ref: str, point: int, count: int, seed: int | None = None
) -> list[Sample]:
    """Draw `count` items of evidence at random from those on the clause of a point, and write them down as looked at.

    The seed stands with each, so that anybody can draw the same again. One trail event. Raises NotPermitted,
    RuleBroken where there is nothing to draw from, CheckItem.DoesNotExist.
    """
    audit = _to_work_on(acting_user, project, ref)
    item = CheckItem.objects.get(audit=audit, pk=point)
    if not 1 <= count <= MOST_SAMPLES:
        raise RuleBroken(_("Draw between 1 and %(most)d.") % {"most": MOST_SAMPLES}, field="count")
    access = access_to(project, acting_user)
    taken = set(Sample.objects.filter(check_item=item, evidence__isnull=False).values_list("evidence_id", flat=True))
    whole = population_of(project, access, audit.edition, item.clause)
    population = whole - taken
    if not population:
        raise RuleBroken(
            _("Nothing is left to draw from: no further evidence is linked to clause %(clause)s.")
            % {"clause": item.clause},
            field="count",
        )
    chosen_seed = secrets.randbelow(1_000_000) if seed is None else seed
    drawn = draw(population, count, chosen_seed)
    words = _("Drawn at random: %(n)d of %(of)d, seed %(seed)d") % {
        "n": len(drawn),
        "of": len(population),
        "seed": chosen_seed,
    }
    items = {each.pk: each for each in EvidenceItem.objects.filter(pk__in=drawn)}
    samples = [_sample(acting_user, item, words, items[pk], None, None) for pk in drawn]
    record(
        acting_user,
        audit,
        "draw sample",
        {"point": point_name(item), "items": [items[pk].key for pk in drawn], "seed": chosen_seed},
    )
    return samples


@transaction.atomic
def drop_sample(*, acting_user: User | None, project: Project, ref: str, sample: int) -> None:
    """Take back a sample that was written down by mistake, while the audit is under way. One trail event.

    Raises NotPermitted, RuleBroken, Sample.DoesNotExist.
    """
    audit = _to_work_on(acting_user, project, ref)
    row = Sample.objects.select_related("check_item", "evidence", "document", "activity").get(
        check_item__audit=audit, pk=sample
    )
    said = {"point": point_name(row.check_item), "sample": _sample_name(row)}
    row.delete()
    record(acting_user, audit, "drop sample", said)


def point_name(item: CheckItem) -> str:
    """How the trail and messages name a point."""
    return f"{item.clause}: {item.text[:80]}"


def _to_prepare(acting_user: User | None, project: Project, ref: str) -> Audit:
    lock_project(project)
    audit = own_audit(project, ref)
    access = access_to(project, acting_user)
    if not access.can("audits.manage"):
        require(access.can("audits.conduct"))
        require_auditor(audit, acting_user)
    if audit.state not in OPEN:
        raise RuleBroken(_("This audit is over."))
    return audit


def _to_work_on(acting_user: User | None, project: Project, ref: str) -> Audit:
    require_capability(acting_user, "audits.conduct", project)
    audit = own_audit(project, ref)
    require_auditor(audit, acting_user)
    if audit.state == AuditState.PLANNED:
        raise RuleBroken(_("Begin the audit first."))
    if audit.state != AuditState.UNDERWAY:
        raise RuleBroken(_("This audit is over."))
    return audit


def _clause_for(of: Collection[str], named: Sequence[str]) -> str:
    """Where on the checklist a question on the clauses `of` stands: at the first that the audit looks at."""
    inside = sorted((each for each in of if any(covers(clause, each) for clause in named)), key=order_of)
    if inside:
        return inside[0]
    near = [clause for clause in named if any(touches(clause, each) for each in of)]
    return near[0] if near else ""


def _picked(
    user: User | None, project: Project, picked: Picked
) -> tuple[EvidenceItem | None, Document | None, ProjectActivity | None]:
    access = access_to(project, user)
    if not (picked.evidence or picked.document or picked.activity or picked.words.strip()):
        raise RuleBroken(_("Say what you looked at: in words, or choose it from the list."), field="words")
    evidence = item_of(project, access, picked.evidence) if picked.evidence else None
    if picked.evidence and evidence is None:
        raise RuleBroken(_("There is no such evidence."), field="evidence")
    document = document_of(project, access, picked.document) if picked.document else None
    if picked.document and document is None:
        raise RuleBroken(_("There is no such document."), field="document")
    activity = ProjectActivity.objects.filter(project=project, ref=picked.activity).first() if picked.activity else None
    if picked.activity and activity is None:
        raise RuleBroken(_("There is no such activity."), field="activity")
    return evidence, document, activity


def _sample(
    user: User | None,
    item: CheckItem,
    words: str,
    evidence: EvidenceItem | None,
    document: Document | None,
    activity: ProjectActivity | None,
) -> Sample:
    if Sample.objects.filter(check_item=item).count() >= 4 * MOST_SAMPLES:
        raise RuleBroken(_("A point takes %(most)d samples.") % {"most": 4 * MOST_SAMPLES}, field="words")
    return Sample.objects.create(
        project_id=item.project_id,
        check_item=item,
        words=words,
        evidence=evidence,
        document=document,
        activity=activity,
        taken_by=user,
        taken_at=clock.now(),
    )


def _sample_name(sample: Sample) -> str:
    if sample.evidence is not None:
        return sample.evidence.key
    if sample.document is not None:
        return sample.document.number
    if sample.activity is not None:
        return sample.activity.ref
    return sample.words
