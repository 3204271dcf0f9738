"""The programme of internal audits, each audit, and what its auditors looked at."""

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from audits.choices import AuditState, CheckResult, ProgrammeState
from common import clock
from documents.models import Document
from evidence.models import EvidenceItem
from phases.models import ProjectActivity
from projects.choices import Edition
from projects.models import Party, Project


class Programme(models.Model):
    """Internal audits over a year or two that together look at every clause of `edition`."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="audit_programmes")
    title = models.CharField(max_length=160)
    aims = models.TextField(blank=True)
    edition = models.CharField(max_length=4, choices=Edition)
    starts_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(max_length=8, choices=ProgrammeState, default=ProgrammeState.DRAFT)
    agreed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-starts_on", "-pk"]
        constraints = [models.CheckConstraint(name="programme_ends_after", condition=Q(ends_on__gte=F("starts_on")))]

    def __str__(self) -> str:
        return self.title


class Audit(models.Model):
    """One internal audit: what of, against what, when, by whom; `summary` is what its report says first.

    `report` is the document that holds the report once it was made.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="audits")
    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, null=True, blank=True, related_name="audits")
    ref = models.CharField(max_length=12)
    title = models.CharField(max_length=160)
    scope = models.TextField(blank=True)
    criteria = models.TextField(blank=True)
    methods = models.TextField(blank=True)
    edition = models.CharField(max_length=4, choices=Edition)
    starts_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(max_length=10, choices=AuditState, default=AuditState.PLANNED)
    state_reason = models.CharField(max_length=300, blank=True)
    summary = models.TextField(blank=True)
    conclusion = models.TextField(blank=True)
    reported_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reported_at = models.DateTimeField(null=True)
    report = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "ref"], name="audit_ref_once"),
            models.CheckConstraint(name="audit_ends_after", condition=Q(ends_on__gte=F("starts_on"))),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"


class AuditClause(models.Model):
    """A clause that an audit looks at."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="clauses")
    clause = models.CharField(max_length=12)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["audit", "clause"], name="clause_of_audit_once")]

    def __str__(self) -> str:
        return self.clause


class AuditTeam(models.Model):
    """A person who audits; never what they did or answer for themselves."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="team")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    is_lead = models.BooleanField(default=False)
    competence = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["audit", "party"], name="auditor_of_audit_once"),
            models.UniqueConstraint(fields=["audit"], condition=Q(is_lead=True), name="one_lead_of_audit"),
        ]

    def __str__(self) -> str:
        return f"{self.party_id} audits {self.audit_id}"


class CheckItem(models.Model):
    """A point of a checklist: a question of the bank (`question`, its ref) or one of the auditors' own.

    `text` and `look_for` are copied, so that the checklist stays what it was.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    clause = models.CharField(max_length=12)
    question = models.CharField(max_length=30, blank=True)
    text = models.TextField()
    look_for = models.JSONField(default=list)
    result = models.CharField(max_length=10, choices=CheckResult, default=CheckResult.OPEN)
    notes = models.TextField(blank=True)
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["audit", "question"], condition=~Q(question=""), name="question_of_audit_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.audit_id} {self.clause}"


class Sample(models.Model):
    """What an auditor looked at for a point: an item of evidence, a document, an activity, or something in words."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    check_item = models.ForeignKey(CheckItem, on_delete=models.PROTECT, related_name="samples")
    words = models.CharField(max_length=300, blank=True)
    evidence = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    activity = models.ForeignKey(ProjectActivity, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.words or f"sample {self.pk}"
