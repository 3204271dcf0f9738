"""Answering: one question by hand, or many from a workbook."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_events
from common import clock
from common.exceptions import RuleBroken
from common.texts import clean_text
from gapanalysis.choices import AnswerValue, Instrument, Reading
from gapanalysis.domain.answers import Value, is_worse
from gapanalysis.domain.ladder import RUNGS
from gapanalysis.models import Answer, Assessment, Finding
from gapanalysis.permissions import can_answer
from gapanalysis.selectors import is_answered, sections_of
from projects.models import Party, Project
from projects.permissions import access_to
from projects.services.guards import require, require_capability, write_versioned

LONGEST_NOTE = 4000
KEEP: Any = object()
"""In an `AnswerChange`: leave this as it is."""


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """A new word on one question; what is not given stays. `version` is the one that it was filled from."""

    answer_id: int
    version: int
    value: str = KEEP
    rungs: Collection[str] = field(default=KEEP)
    rating: int | None = KEEP
    note: str = KEEP
    evidence_note: str = KEEP
    is_for_later: bool = KEEP


@transaction.atomic
def give_answers(
    *, acting_user: User | None, project: Project, assessment: Assessment, changes: Sequence[AnswerChange]
) -> list[Answer]:
    """Write what was answered. One trail event for each answer that changes, one lock.

    Answering is how an earlier answer is confirmed, changed, or marked regressed. Raises NotPermitted for a section
    of somebody else and where the assessment takes no answers, RuleBroken for a value or a text, StaleWrite where
    somebody answered meanwhile (nothing of all is written then), and Answer.DoesNotExist for another assessment's.
    """
    require_capability(acting_user, "gap.answer", project)
    fresh = Assessment.objects.get(pk=assessment.pk, project=project)
    access = access_to(project, acting_user)
    mine = sections_of(fresh, acting_user)
    rows = {
        answer.pk: answer
        for answer in Answer.objects.filter(
            assessment=fresh, pk__in=[change.answer_id for change in changes]
        ).select_related("assessment", "question", "before__question")
    }
    drafts: list[Draft] = []
    for change in changes:
        if change.answer_id not in rows:
            raise Answer.DoesNotExist
        answer = rows[change.answer_id]
        require(can_answer(access, fresh, answer.question.section, mine))
        draft = _write(answer, change, acting_user)
        if draft is not None:
            drafts.append(draft)
    if drafts:
        record_events(stream_id=project.uuid, acting_user=acting_user, drafts=drafts)
    return [rows[change.answer_id] for change in changes]


@transaction.atomic
def confirm_earlier(
    *, acting_user: User | None, project: Project, assessment: Assessment, versions: Mapping[int, int]
) -> list[Answer]:
    """Say that earlier answers hold still: each stands again with its note, as confirmed. `versions` by answer id.

    Raises as `give_answers`, and RuleBroken where there is no earlier answer.
    """
    rows = Answer.objects.filter(assessment=assessment, pk__in=list(versions)).select_related("before", "question")
    changes = []
    for answer in rows:
        before = answer.before
        if before is None:
            raise RuleBroken(_("%(ref)s has no earlier answer to confirm.") % {"ref": answer.question.ref})
        changes.append(
            AnswerChange(
                answer.pk,
                versions[answer.pk],
                value=before.value,
                rungs=before.rungs,
                rating=before.rating,
                note=answer.note or before.note,
                evidence_note=answer.evidence_note or before.evidence_note,
            )
        )
    if len(changes) != len(versions):
        raise Answer.DoesNotExist
    return give_answers(acting_user=acting_user, project=project, assessment=assessment, changes=changes)


@transaction.atomic
def confirm_unchanged(
    *, acting_user: User | None, project: Project, assessment: Assessment, versions: Mapping[int, int]
) -> tuple[int, list[str]]:
    """`confirm_earlier` for those that nobody has touched since; gives how many, and the refs of the rest.

    Raises as `confirm_earlier`, but StaleWrite never.
    """
    require_capability(acting_user, "gap.answer", project)
    rows = Answer.objects.filter(assessment=assessment, pk__in=list(versions)).select_related("question")
    untouched = {row.pk: row.version for row in rows if row.version == versions[row.pk]}
    if len(rows) != len(versions):
        raise Answer.DoesNotExist
    if untouched:
        confirm_earlier(acting_user=acting_user, project=project, assessment=assessment, versions=untouched)
    return len(untouched), sorted(row.question.ref for row in rows if row.pk not in untouched)


@transaction.atomic
def write_finding(
    *,
    acting_user: User | None,
    project: Project,
    answer: Answer,
    version: int,
    gap: str,
    impact: str = "",
    recommendation: str = "",
    owner: Party | None = None,
) -> Finding:
    """Write what is wrong, what it does, what to do, and who sees to it. `version` is 0 for a new finding.

    Raises NotPermitted, RuleBroken for a text, StaleWrite, and DoesNotExist for another project's answer or party.
    """
    require_capability(acting_user, "gap.answer", project)
    row = Answer.objects.select_related("question", "assessment").get(pk=answer.pk, project=project)
    access = access_to(project, acting_user)
    require(can_answer(access, row.assessment, row.question.section, sections_of(row.assessment, acting_user)))
    if owner is not None and owner.project_id != project.pk:
        raise Party.DoesNotExist
    values: dict[str, Any] = {
        "gap": clean_text(gap),
        "impact": clean_text(impact),
        "recommendation": clean_text(recommendation),
    }
    if not values["gap"]:
        raise RuleBroken(_("Say what is wrong."), field="gap")
    for name, text in values.items():
        _check_length(text, name)
    finding = Finding.objects.filter(answer=row).select_related("owner").first()
    new = {**values, "owner": owner.name if owner else ""}
    old = (
        {name: getattr(finding, name) for name in values} | {"owner": finding.owner.name if finding.owner else ""}
        if finding
        else dict.fromkeys(new, "")
    )
    if finding is None:
        if version:
            raise Finding.DoesNotExist
        finding = Finding.objects.create(project=project, answer=row, owner=owner, **values)
    elif new == old:
        return finding
    else:
        write_versioned(finding, version=version, values={**values, "owner": owner}, shown=old, sent=new)
    changed = {name: [old[name] or None, new[name]] for name in new if old[name] != new[name]}
    record_events(
        stream_id=project.uuid,
        acting_user=acting_user,
        drafts=[Draft("write finding", "answer", _key(row), row.question.ref, changed)],
    )
    return finding


def _key(answer: Answer) -> str:
    return f"{answer.assessment.key} {answer.question.ref}"


def _check_length(text: str, name: str) -> None:
    if len(text) > LONGEST_NOTE:
        raise RuleBroken(_("Write %(most)d characters at most.") % {"most": LONGEST_NOTE}, field=name)


def _write(answer: Answer, change: AnswerChange, user: User | None) -> Draft | None:
    values = _new_values(answer, change)
    changes = {name: [getattr(answer, name), new] for name, new in values.items() if getattr(answer, name) != new}
    said = {"value", "rungs", "rating", "note", "evidence_note"} & set(values)
    looked_at = answer.reading == Reading.OPEN and bool(said & {"value", "rungs", "rating"})
    # A ladder on which no rung stands is an answer: it says what it said before, and somebody has looked.
    first_time = answer.answered_at is None and "rungs" in values
    if not changes and not looked_at and not first_time:
        return None
    shown = {_label(name): _words(pair[0]) for name, pair in changes.items()}
    sent = {_label(name): _words(pair[1]) for name, pair in changes.items()}
    if said:
        values |= {"answered_by": user, "answered_at": clock.now()}
        values["reading"] = _reading(answer, values)
    write_versioned(answer, version=change.version, values=values, shown=shown, sent=sent)
    if first_time:
        changes["rungs"] = [None, values["rungs"]]
    if values.get("reading", answer.reading) != Reading.NEW:
        changes["reading"] = [None, values.get("reading", answer.reading)]
    return Draft("answer question", "answer", _key(answer), answer.question.ref, changes)


def _new_values(answer: Answer, change: AnswerChange) -> dict[str, Any]:
    instrument = answer.question.instrument
    values: dict[str, Any] = {}
    if change.value is not KEEP and instrument == Instrument.REQUIREMENT:
        if change.value not in AnswerValue.values:
            raise RuleBroken(
                _("%(ref)s: %(value)s is no answer. Choose one of: %(known)s.")
                % {"ref": answer.question.ref, "value": change.value, "known": ", ".join(AnswerValue.values)},
                field="value",
            )
        values["value"] = change.value
    if change.rungs is not KEEP and instrument == Instrument.LADDER:
        known = [rung.value for rung in RUNGS]
        if unknown := set(change.rungs) - set(known):
            raise RuleBroken(_("There is no rung %(names)s.") % {"names": ", ".join(sorted(unknown))}, field="rungs")
        values["rungs"] = [rung for rung in known if rung in set(change.rungs)]
    if change.rating is not KEEP and instrument == Instrument.READINESS:
        if change.rating is not None and not 0 <= change.rating <= 4:
            raise RuleBroken(_("Rate from 0 to 4."), field="rating")
        values["rating"] = change.rating
    for name in ("note", "evidence_note"):
        text = getattr(change, name)
        if text is not KEEP:
            values[name] = clean_text(text)
            _check_length(values[name], name)
    if change.is_for_later is not KEEP:
        values["is_for_later"] = change.is_for_later
    return values


def _reading(answer: Answer, values: Mapping[str, Any]) -> str:
    """What the new word makes of the earlier one."""
    before = answer.before
    if before is None or not is_answered(before):
        return Reading.NEW
    if answer.question.instrument != Instrument.REQUIREMENT:
        same = (values.get("rungs", answer.rungs), values.get("rating", answer.rating)) == (before.rungs, before.rating)
        return Reading.CONFIRMED if same else Reading.CHANGED
    now = Value(values.get("value", answer.value))
    if now == Value.UNANSWERED:
        return Reading.OPEN
    if now == before.value:
        return Reading.CONFIRMED
    return Reading.REGRESSED if is_worse(now, Value(before.value)) else Reading.CHANGED


def _label(name: str) -> str:
    return {
        "value": _("Answer"),
        "rungs": _("Rungs"),
        "rating": _("Rating"),
        "note": _("Note"),
        "evidence_note": _("Evidence"),
        "is_for_later": _("For later"),
    }[name]


def _words(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
