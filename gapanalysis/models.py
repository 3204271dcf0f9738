"""Instruments, assessments, and what was answered."""

from typing import Any

from django.db import models
from django.db.models import Q

from accounts.models import User
from common import clock
from evidence.models import EvidenceLink
from gapanalysis.choices import (
    AnswerValue,
    Asked,
    AssessmentKind,
    AssessmentState,
    Instrument,
    ProposalState,
    Reading,
    TargetOf,
)
from gapanalysis.domain.answer_file import ANSWERS
from phases.preview_models import FilePreview
from projects.models import Party, Project


class Questionnaire(models.Model):
    """A released version of a set of questions. It never changes: a change is a new version.

    `challenges` is its library of what gets in the way of an implementation, as the pack has it.
    """

    pack = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    licence = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    files = models.JSONField(default=dict)
    challenges = models.JSONField(default=list)
    loaded_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pack", "version"], name="questionnaire_version_once")]

    def __str__(self) -> str:
        return f"{self.title} ({self.version})"


class Question(models.Model):
    """A question of an instrument. `extra` holds what only its kind has, such as the rungs of a ladder."""

    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="questions")
    instrument = models.CharField(max_length=12, choices=Instrument)
    ref = models.CharField(max_length=30)
    position = models.PositiveSmallIntegerField()
    section = models.CharField(max_length=20)
    text = models.TextField()
    why = models.TextField(blank=True)
    look_for = models.JSONField(default=list)
    typical_gap = models.TextField(blank=True)
    evidence = models.JSONField(default=list)
    activities = models.JSONField(default=list)
    components = models.JSONField(default=list)
    clauses_2011 = models.JSONField(default=list)
    clauses_2018 = models.JSONField(default=list)
    is_small = models.BooleanField(default=False)
    extra = models.JSONField(default=dict)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["questionnaire", "ref"], name="question_ref_once")]

    def __str__(self) -> str:
        return self.ref


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    """Ways to reach assessments."""

    def visible_to(self, user: Any) -> "AssessmentQuerySet":
        """Those of projects that `user` can see."""
        return self.filter(project__in=Project.objects.visible_to(user))

    def locked(self) -> "AssessmentQuerySet":
        """Those that never change again."""
        return self.filter(state=AssessmentState.LOCKED)


class Assessment(models.Model):
    """One look at where the provider stands, with the questions that it asks. `key` names it in addresses and files."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="assessments")
    questionnaire = models.ForeignKey(Questionnaire, on_delete=models.PROTECT, related_name="+")
    key = models.SlugField(max_length=40)
    kind = models.CharField(max_length=20, choices=AssessmentKind)
    title = models.CharField(max_length=120)
    scope = models.TextField(blank=True)
    method = models.TextField(blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    is_small = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=AssessmentState, default=AssessmentState.DRAFT)
    started_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    locked_at = models.DateTimeField(null=True)
    locked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    frozen_sha256 = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "key"], name="assessment_key_once"),
            models.CheckConstraint(
                name="assessment_locked_with_its_hash",
                condition=~Q(state=AssessmentState.LOCKED) | (Q(locked_at__isnull=False) & ~Q(frozen_sha256="")),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_locked(self) -> bool:
        """Whether it never changes again."""
        return self.state == AssessmentState.LOCKED

    @property
    def takes_answers(self) -> bool:
        """Whether it can be answered now."""
        return self.state in (AssessmentState.OPEN, AssessmentState.REVIEW)


class Assessor(models.Model):
    """A party that answers an assessment: the sections it was given, or, with none, all of it."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="assessors")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    sections = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assessment", "party"], name="assessor_once")]

    def __str__(self) -> str:
        return f"{self.party_id} answers {self.assessment_id}"


class Answer(models.Model):
    """A question that an assessment asks, and what was answered.

    `value` for requirements, `rungs` for ladders, `rating` (0 to 4) for readiness, the note alone for survey points.
    `before` is the answer of the assessment that this one started from; `reading` what was done with it. Until
    somebody has, it does not count.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="+")
    asked = models.CharField(max_length=12, choices=Asked, default=Asked.ALL)
    value = models.CharField(max_length=12, choices=AnswerValue, default=AnswerValue.UNANSWERED)
    rungs = models.JSONField(default=list)
    rating = models.PositiveSmallIntegerField(null=True)
    note = models.TextField(blank=True)
    evidence_note = models.TextField(blank=True)
    is_for_later = models.BooleanField(default=False)
    before = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    reading = models.CharField(max_length=10, choices=Reading, default=Reading.NEW)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "question"], name="asked_once"),
            models.CheckConstraint(name="answer_value", condition=Q(value__in=AnswerValue.values)),
            models.CheckConstraint(name="answer_rating", condition=Q(rating__isnull=True) | Q(rating__lte=4)),
        ]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.value}"


class Finding(models.Model):
    """What is wrong, what it does, what to do about it, and who sees to it."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    answer = models.OneToOneField(Answer, on_delete=models.PROTECT, related_name="finding")
    gap = models.TextField()
    impact = models.TextField(blank=True)
    recommendation = models.TextField(blank=True)
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.gap[:60]


class AnswerEvidence(EvidenceLink):
    """An item shows what an answer says. Once its assessment is locked, it stays as it is."""

    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="evidence_links")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "answer"], name="evidence_of_answer_once")]


class Presence(models.Model):
    """Who looks at a question, and when they last did."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="present")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assessment", "user"], name="present_once")]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.answer_id}"


class Target(models.Model):
    """What a project wants to reach: a share of conforming questions of a clause (percent), or a level of a process."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    of = models.CharField(max_length=10, choices=TargetOf)
    key = models.CharField(max_length=30)
    value = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "of", "key"], name="target_once")]

    def __str__(self) -> str:
        return f"{self.of} {self.key}: {self.value}"


class Proposal(models.Model):
    """A change of the plan that follows from an answer; nothing changes until a person accepts it."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="proposals")
    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="proposals")
    ref = models.CharField(max_length=24)
    phase_number = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=ProposalState, default=ProposalState.OPEN)
    why_not = models.TextField(blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "ref", "phase_number", "what"], name="proposed_once")
        ]

    def __str__(self) -> str:
        return f"{self.ref} in phase {self.phase_number}: {self.what}"


class AnswerPreview(FilePreview):
    """A workbook of answers that came in."""

    columns = ANSWERS

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="+")
