"""Saving the form of one question: field by field, so that a bad or a stale one never loses the rest."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import User
from common.exceptions import RuleBroken
from gapanalysis.models import Answer, Finding
from gapanalysis.permissions import can_answer
from gapanalysis.selectors import sections_of
from gapanalysis.services.answers import AnswerChange, give_answers, write_finding
from projects.models import Party, Project
from projects.permissions import access_to
from projects.services.guards import require, require_capability

ANSWERS = ("value", "rungs", "rating")
ANSWER_FIELDS = (*ANSWERS, "note", "evidence_note")
FINDING_FIELDS = ("gap", "impact", "recommendation", "owner")
FIELDS = (*ANSWER_FIELDS, *FINDING_FIELDS)


@dataclass(frozen=True, slots=True)
class Sent:
    """A field of a form: what it says, and what it said when the form was filled."""

    now: Any
    was: Any


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that two people changed: what stands, and what was sent."""

    name: str
    theirs: Any
    mine: Any


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a form.

    `stands` is what each field says now. `wrong` names the fields that were refused, with a sentence each; `clashes`
    those that somebody else changed too; `theirs` those that somebody else alone changed. `by` and `at` are the last
    word before this one.
    """

    answer: Answer
    finding: Finding | None
    stands: Mapping[str, Any]
    wrong: Mapping[str, str] = field(default_factory=dict)
    clashes: tuple[Clash, ...] = ()
    theirs: frozenset[str] = frozenset()
    by: User | None = None
    at: datetime | None = None

    @property
    def is_whole(self) -> bool:
        """Whether everything that was sent stands."""
        return not self.wrong and not self.clashes


def version_of(answer: Answer, finding: Finding | None) -> str:
    """The version of an answer with its finding, as a form carries it: "7-2"."""
    return f"{answer.version}-{finding.version if finding else 0}"


def values_of(answer: Answer, finding: Finding | None) -> dict[str, Any]:
    """What each field of the form says, as it stands."""
    return {
        "value": answer.value,
        "rungs": list(answer.rungs),
        "rating": answer.rating,
        "note": answer.note,
        "evidence_note": answer.evidence_note,
        "gap": finding.gap if finding else "",
        "impact": finding.impact if finding else "",
        "recommendation": finding.recommendation if finding else "",
        "owner": finding.owner_id if finding else None,
    }


@transaction.atomic
def save_question(
    *,
    acting_user: User | None,
    project: Project,
    answer: Answer,
    version: str,
    sent: Mapping[str, Sent],
    over: str = "",
) -> Saved:
    """Write the fields that the person changed. What is refused or was changed by somebody else too stays unwritten.

    `version` is the one that the form was filled from. Where it is no longer the present one, each field is compared
    by itself: whoever changed another field is not in the way. `over` is the version that the person saw beside their
    own text when they chose to keep theirs. Answering takes a question off the list of those for later.
    Raises NotPermitted, Answer.DoesNotExist, Party.DoesNotExist.
    """
    require_capability(acting_user, "gap.answer", project)
    row = Answer.objects.select_related("question", "assessment", "answered_by").get(pk=answer.pk, project=project)
    require(
        can_answer(
            access_to(project, acting_user),
            row.assessment,
            row.question.section,
            sections_of(row.assessment, acting_user),
        )
    )
    finding = Finding.objects.filter(answer=row).select_related("owner").first()
    stands = values_of(row, finding)
    present = version_of(row, finding)
    moved = {name for name, one in sent.items() if stands[name] != one.was} if version != present else set()
    changed = {name: one.now for name, one in sent.items() if one.now != one.was}
    clashes = tuple(
        Clash(name, stands[name], changed[name])
        for name in FIELDS
        if name in moved and name in changed and changed[name] != stands[name] and over != present
    )
    for clash in clashes:
        del changed[clash.name]
    by, at = row.answered_by, row.answered_at
    wrong: dict[str, str] = {}
    row = _save_answer(acting_user, project, row, changed, wrong)
    finding = _save_finding(acting_user, project, row, finding, changed, wrong)
    return Saved(
        answer=row,
        finding=finding,
        stands=values_of(row, finding),
        wrong=wrong,
        clashes=clashes,
        theirs=frozenset(name for name in moved if sent[name].now == sent[name].was),
        by=by,
        at=at,
    )


def _save_answer(
    user: User | None, project: Project, row: Answer, changed: Mapping[str, Any], wrong: dict[str, str]
) -> Answer:
    values = {name: changed[name] for name in ANSWER_FIELDS if name in changed}
    while values:
        later = {"is_for_later": False} if row.is_for_later and set(values) & set(ANSWERS) else {}
        change: dict[str, Any] = {**values, **later}
        try:
            (row,) = give_answers(
                acting_user=user,
                project=project,
                assessment=row.assessment,
                changes=[AnswerChange(row.pk, row.version, **change)],
            )
        except RuleBroken as error:
            if error.field not in values:
                raise
            wrong[error.field] = str(error)
            del values[error.field]
            continue
        break
    return row


def _save_finding(
    user: User | None,
    project: Project,
    row: Answer,
    finding: Finding | None,
    changed: Mapping[str, Any],
    wrong: dict[str, str],
) -> Finding | None:
    stands = values_of(row, finding)
    values = {name: changed.get(name, stands[name]) for name in FINDING_FIELDS}
    if not set(FINDING_FIELDS) & set(changed) or (finding is None and not any(values.values())):
        return finding
    if values["owner"] is not None:
        values["owner"] = Party.objects.get(pk=values["owner"], project=project)
    while True:
        try:
            return write_finding(
                acting_user=user,
                project=project,
                answer=row,
                version=finding.version if finding else 0,
                **values,
            )
        except RuleBroken as error:
            if error.field not in FINDING_FIELDS:
                raise
            wrong[error.field] = str(error)
            if error.field == "gap":
                return finding
            values[error.field] = stands[error.field]
