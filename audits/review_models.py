"""Management reviews, the register of improvements, and risks to the SMS and its services."""

from django.db import models
from django.db.models import Q

from accounts.models import User
from audits.choices import (
    ImprovementSource,
    ImprovementState,
    OutputKind,
    Priority,
    ReviewState,
    RiskKind,
    SmsRiskState,
    Treatment,
)
from audits.finding_models import AuditFinding
from common import clock
from documents.models import Objective
from evidence.models import EvidenceItem
from governance.models import Action, Lesson
from projects.choices import Edition
from projects.models import Party, Project


class Review(models.Model):
    """Top management looks at the SMS over a period. `record` is the frozen whole (canonical JSON), `sha256` its hash.

    A review is complete when each input of its edition was treated and its minutes are approved.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="reviews")
    ref = models.CharField(max_length=12)
    edition = models.CharField(max_length=4, choices=Edition)
    held_on = models.DateField()
    covers_from = models.DateField()
    covers_until = models.DateField()
    place = models.CharField(max_length=160, blank=True)
    chair = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=ReviewState, default=ReviewState.PLANNED)
    state_reason = models.CharField(max_length=300, blank=True)
    conclusion = models.TextField(blank=True)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    record = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    evidence = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "ref"], name="review_ref_once"),
            models.CheckConstraint(name="review_covers", condition=Q(covers_until__gte=models.F("covers_from"))),
        ]

    def __str__(self) -> str:
        return self.ref


class ReviewAttendance(models.Model):
    """Who was asked to a review, and whether they came."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="attendance")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    was_there = models.BooleanField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "party"], name="asked_to_review_once")]

    def __str__(self) -> str:
        return f"{self.party_id} at {self.review_id}"


class ReviewInput(models.Model):
    """One input of a review: what the system knew on the day (`facts`), and what was said about it (`words`).

    `key` is that of the content (`fixtures/audits/review-inputs.yaml`).
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="inputs")
    key = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    words = models.TextField(blank=True)
    is_treated = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "key"], name="input_of_review_once")]

    def __str__(self) -> str:
        return self.key


class Improvement(models.Model):
    """Something that is to get better: from where, what good it does, how far it is, what it brought in the end.

    `measure` says what is measured, `before`, `target` and `after` are in `unit`.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="improvements")
    ref = models.CharField(max_length=12)
    title = models.CharField(max_length=160)
    description = models.TextField(blank=True)
    source = models.CharField(max_length=10, choices=ImprovementSource)
    finding = models.ForeignKey(AuditFinding, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    objective = models.ForeignKey(Objective, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    component = models.CharField(max_length=10, blank=True)
    benefit = models.TextField(blank=True)
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.MEDIUM)
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    due = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=ImprovementState, default=ImprovementState.PROPOSED)
    state_reason = models.CharField(max_length=300, blank=True)
    measure = models.CharField(max_length=200, blank=True)
    unit = models.CharField(max_length=40, blank=True)
    before = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    target = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    after = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    measured_on = models.DateField(null=True, blank=True)
    effect = models.TextField(blank=True)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["priority", "pk"]
        constraints = [models.UniqueConstraint(fields=["project", "ref"], name="improvement_ref_once")]
        indexes = [models.Index(fields=["owner", "state"], name="improvement_of_party")]

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"


class ReviewOutput(models.Model):
    """What a review decided. An action or an improvement has a row of its own, which it leads to."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="outputs")
    kind = models.CharField(max_length=12, choices=OutputKind)
    input_key = models.CharField(max_length=40, blank=True)
    text = models.CharField(max_length=300)
    action = models.ForeignKey(Action, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    improvement = models.ForeignKey(Improvement, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text[:60]


class SmsRisk(models.Model):
    """A risk or an opportunity to the SMS or its services, which stays after the project; both scales go from 1 to 4.

    `was_probability` and `was_impact` are what stood before the last change of either.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="sms_risks")
    ref = models.CharField(max_length=12)
    kind = models.CharField(max_length=12, choices=RiskKind, default=RiskKind.RISK)
    title = models.CharField(max_length=160)
    clause = models.CharField(max_length=12, blank=True)
    service = models.CharField(max_length=120, blank=True)
    cause = models.TextField(blank=True)
    effect = models.TextField(blank=True)
    probability = models.PositiveSmallIntegerField()
    impact = models.PositiveSmallIntegerField()
    was_probability = models.PositiveSmallIntegerField(null=True, blank=True)
    was_impact = models.PositiveSmallIntegerField(null=True, blank=True)
    treatment = models.CharField(max_length=8, choices=Treatment, blank=True)
    treatment_words = models.TextField(blank=True)
    residual_probability = models.PositiveSmallIntegerField(null=True, blank=True)
    residual_impact = models.PositiveSmallIntegerField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    review_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=SmsRiskState, default=SmsRiskState.OPEN)
    outcome = models.TextField(blank=True)
    created_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "ref"], name="sms_risk_ref_once"),
            models.CheckConstraint(
                name="sms_risk_scales",
                condition=Q(probability__gte=1, probability__lte=4, impact__gte=1, impact__lte=4),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"
