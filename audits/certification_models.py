"""The way to the certificate and without one, the yearly round after phase 3, and new and changed services."""

from django.db import models
from django.db.models import Q

from accounts.models import User
from audits.choices import (
    BodyState,
    CyclePart,
    ExternalAuditKind,
    ExternalAuditOutcome,
    ExternalAuditState,
    ServiceChangeKind,
    ServiceChangeState,
    Way,
)
from common import clock
from documents.models import Document
from evidence.models import EvidenceItem, EvidenceLink
from projects.choices import Edition
from projects.models import Party, Project


class CertificationPath(models.Model):
    """How this project will show conformity: by which way, to which edition, in which words of scope, until when."""

    project = models.OneToOneField(Project, on_delete=models.PROTECT, related_name="certification")
    way = models.CharField(max_length=12, choices=Way, default=Way.UNDECIDED)
    why = models.TextField(blank=True)
    edition = models.CharField(max_length=4, choices=Edition)
    scope_statement = models.TextField(blank=True)
    wished_by = models.DateField(null=True, blank=True)
    statement = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.project_id}: {self.way}"


class CertificationBody(models.Model):
    """A body that was asked for a quote. Money is in the project's currency; one at most is chosen."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="certification_bodies")
    name = models.CharField(max_length=120)
    accredited_by = models.CharField(max_length=120, blank=True)
    contact = models.CharField(max_length=160, blank=True)
    stage_days = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    yearly_days = models.DecimalField(max_digits=5, decimal_places=1, null=True, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    quoted_on = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    notes = models.TextField(blank=True)
    quote = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=8, choices=BodyState, default=BodyState.ASKED)
    state_reason = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name_plural = "certification bodies"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="body_once"),
            models.UniqueConstraint(fields=["project"], condition=Q(state=BodyState.CHOSEN), name="one_body_chosen"),
        ]

    def __str__(self) -> str:
        return self.name


class ExternalAudit(models.Model):
    """An audit by a certification body or a customer: when, what it came to, and the certificate if one was given."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="external_audits")
    ref = models.CharField(max_length=12)
    kind = models.CharField(max_length=16, choices=ExternalAuditKind)
    body = models.ForeignKey(
        CertificationBody, on_delete=models.PROTECT, null=True, blank=True, related_name="external_audits"
    )
    starts_on = models.DateField()
    ends_on = models.DateField()
    auditors = models.CharField(max_length=200, blank=True)
    scope = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=ExternalAuditState, default=ExternalAuditState.PLANNED)
    outcome = models.CharField(max_length=20, choices=ExternalAuditOutcome, blank=True)
    words = models.TextField(blank=True)
    certificate_number = models.CharField(max_length=60, blank=True)
    certificate_until = models.DateField(null=True, blank=True)
    report = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["starts_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["project", "ref"], name="external_audit_ref_once")]

    def __str__(self) -> str:
        return f"{self.ref} {self.kind}"


class CycleEntry(models.Model):
    """Something that comes round in operation: every `months` months, next on `next_on`.

    `key` is that of the content (`fixtures/audits/cycle.yaml`), "" for one of the project's own.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="cycle_entries")
    key = models.CharField(max_length=40, blank=True)
    part = models.CharField(max_length=5, choices=CyclePart)
    title = models.CharField(max_length=160)
    clauses = models.JSONField(default=list)
    months = models.PositiveSmallIntegerField()
    next_on = models.DateField()
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name_plural = "cycle entries"
        ordering = ["next_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "key"], condition=~Q(key=""), name="cycle_entry_once"),
            models.CheckConstraint(name="cycle_months", condition=Q(months__gte=1, months__lte=60)),
        ]
        indexes = [models.Index(fields=["owner", "next_on"], name="cycle_entry_of_party")]

    def __str__(self) -> str:
        return self.title


class CycleRound(models.Model):
    """One time that an entry of the yearly round was done."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    entry = models.ForeignKey(CycleEntry, on_delete=models.PROTECT, related_name="rounds")
    was_due = models.DateField()
    done_on = models.DateField()
    note = models.TextField(blank=True)
    evidence = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-done_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.entry_id} on {self.done_on}"


class ServiceChange(models.Model):
    """A new or changed service, from the wish to live use; `is_case` marks the one that is shown to auditors."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="service_changes")
    ref = models.CharField(max_length=12)
    kind = models.CharField(max_length=12, choices=ServiceChangeKind)
    service = models.CharField(max_length=160)
    description = models.TextField(blank=True)
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    wanted_by = models.DateField(null=True, blank=True)
    is_case = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=ServiceChangeState, default=ServiceChangeState.OPEN)
    state_reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "ref"], name="service_change_ref_once"),
            models.UniqueConstraint(fields=["project"], condition=Q(is_case=True), name="one_case_shown"),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.service}"


class ServiceChangeStep(models.Model):
    """A step of a new or changed service (`key` is that of the content), with what was done and when."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    change = models.ForeignKey(ServiceChange, on_delete=models.PROTECT, related_name="steps")
    key = models.CharField(max_length=30)
    done_on = models.DateField(null=True, blank=True)
    words = models.TextField(blank=True)
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["change", "key"], name="step_of_change_once")]

    def __str__(self) -> str:
        return f"{self.change_id} {self.key}"


class ServiceChangeEvidence(EvidenceLink):
    """An item shows a step of a new or changed service."""

    step = models.ForeignKey(ServiceChangeStep, on_delete=models.PROTECT, related_name="evidence_links")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "step"], name="evidence_of_step_once")]
