"""Reads of assessments."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet
from django.utils.text import slugify

from accounts.models import User
from common.canonical import sha256_of
from gapanalysis.choices import AnswerValue, AssessmentState, Instrument
from gapanalysis.models import Answer, AnswerEvidence, Assessment, Assessor, Questionnaire
from phases.selectors.my_work import own_parties
from projects.models import Project

PACK = "iso20000-1"
RESERVED_KEYS = frozenset({"new", "compare", "targets", "challenges"})
"""Addresses below `gap/` that are no assessment's: no key may be one of them."""


def newest_questionnaire() -> Questionnaire | None:
    """The questionnaire that a first assessment takes: the one loaded last. One query."""
    return Questionnaire.objects.filter(pack=PACK).order_by("-loaded_at", "-pk").first()


def assessments_of(project: Project) -> QuerySet[Assessment]:
    """The assessments of `project`, oldest first, with who locked them."""
    return Assessment.objects.filter(project=project).select_related("questionnaire", "started_from", "locked_by")


def assessment_of(project: Project, key: str) -> Assessment | None:
    """The assessment of `project` that `key` names."""
    return assessments_of(project).filter(key=key).first()


def sections_of(assessment: Assessment, user: User | None) -> list[str] | None:
    """The sections that `user` was given, alone or in a group: empty for all of them, None where `user` is no
    assessor. One query."""
    if user is None:
        return []
    given = list(
        Assessor.objects.filter(assessment=assessment, party__in=own_parties(user)).values_list("sections", flat=True)
    )
    if not given:
        return None
    return [] if any(not sections for sections in given) else sorted({name for sections in given for name in sections})


def latest_answers(project: Project, before: Assessment | None = None) -> dict[str, Answer]:
    """What was last said to each question in a locked assessment of `project`, by ref. One query.

    A later assessment that did not ask a question, or left it unanswered, leaves the earlier word standing. With
    `before`, only what was locked before that one was made.
    """
    answers = Answer.objects.filter(assessment__project=project, assessment__state=AssessmentState.LOCKED)
    if before is not None:
        answers = answers.filter(assessment__pk__lt=before.pk)
    found: dict[str, Answer] = {}
    for answer in answers.select_related("question", "assessment").order_by("assessment__locked_at", "assessment_id"):
        if is_answered(answer):
            found[answer.question.ref] = answer
    return found


def is_answered(answer: Answer) -> bool:
    """Whether somebody has answered it, in the way of its instrument."""
    return says_something(answer.question.instrument, answer.value, answer.rating, answer.note, answer.answered_at)


def says_something(
    instrument: str, value: str | None, rating: int | None, note: str | None, answered_at: datetime | None
) -> bool:
    """`is_answered` of these values, for rows that are read without their models."""
    if instrument == Instrument.REQUIREMENT:
        return value not in (None, AnswerValue.UNANSWERED)
    if instrument == Instrument.LADDER:
        return answered_at is not None
    if instrument == Instrument.READINESS:
        return rating is not None
    return bool(note)


def content_sha256(assessment: Assessment) -> str:
    """A hash over everything that an assessment says: it is kept when it is locked, and `verify` compares it."""
    rows = (
        Answer.objects.filter(assessment=assessment)
        .order_by("question__ref")
        .values_list(
            "question__ref",
            "asked",
            "value",
            "rungs",
            "rating",
            "note",
            "evidence_note",
            "reading",
            "finding__gap",
            "finding__impact",
            "finding__recommendation",
        )
    )
    said = {"questionnaire": assessment.questionnaire.sha256, "answers": [list(row) for row in rows]}
    shown = (
        AnswerEvidence.objects.filter(answer__assessment=assessment)
        .order_by("answer__question__ref", "item__key")
        .values_list("answer__question__ref", "item__key")
    )
    # Left out where there is none: what was locked before answers had evidence keeps its hash.
    if shown:
        said["evidence"] = [list(row) for row in shown]
    return sha256_of(said)


def free_key(project: Project, title: str) -> str:
    """A short key for a new assessment that no other one of `project` has, such as `interim` or `interim-2`."""
    taken = RESERVED_KEYS | set(Assessment.objects.filter(project=project).values_list("key", flat=True))
    stem = slugify(title)[:34].strip("-") or "assessment"
    return next(key for key in _numbered(stem) if key not in taken)


def _numbered(stem: str) -> Iterable[str]:
    yield stem
    number = 2
    while True:
        yield f"{stem}-{number}"
        number += 1
