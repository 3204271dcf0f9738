"""What auditors ask for and what they find, and what is done about it."""

from typing import Any

from django.db import models
from django.db.models import Q

from accounts.models import User
from audits.choices import FindingSource, FindingState, Grade, RequestState, StepState
from common import clock
from evidence.models import EvidenceLink
from phases.models import ProjectActivity
from projects.choices import Edition
from projects.models import Party, Project


class AuditRequest(models.Model):
    """An auditor asks for something by a day: of a clause, and where it is known of an activity.

    `asked_of` is who is to give it. `state` moves with what is given and what the auditor says of it.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="audit_requests")
    ref = models.CharField(max_length=12)
    edition = models.CharField(max_length=4, choices=Edition)
    clause = models.CharField(max_length=12, blank=True)
    activity = models.ForeignKey(ProjectActivity, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    text = models.TextField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    asked_of = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    due = models.DateField()
    state = models.CharField(max_length=12, choices=RequestState, default=RequestState.ASKED)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["due", "pk"]
        constraints = [models.UniqueConstraint(fields=["project", "ref"], name="audit_request_ref_once")]
        indexes = [models.Index(fields=["project", "state", "due"], name="audit_request_due")]

    def __str__(self) -> str:
        return self.ref


class AuditRequestEvidence(EvidenceLink):
    """An item was given for a request of an auditor."""

    request = models.ForeignKey(AuditRequest, on_delete=models.PROTECT, related_name="evidence_links")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "request"], name="evidence_of_audit_request_once")]


class FindingQuerySet(models.QuerySet["AuditFinding"]):
    """Ways to reach findings."""

    def visible_to(self, user: Any) -> "FindingQuerySet":
        """Those of projects that `user` can see."""
        return self.filter(project__in=Project.objects.visible_to(user))

    def unsettled(self) -> "FindingQuerySet":
        """Those on which something is still to be done."""
        return self.filter(state__in=(FindingState.OPEN, FindingState.ACTING, FindingState.VERIFYING))

    def nonconformities(self) -> "FindingQuerySet":
        """Those of the two grades that need a cause and an action."""
        return self.filter(grade__in=(Grade.MAJOR, Grade.MINOR))


class AuditFinding(models.Model):
    """Something that does not conform, or could be better, of whatever source; one register holds them all.

    `found` is what is, `proof` what shows it, `clauses` (numbers of `edition`) what is asked. A nonconformity gets a
    correction (the harm is undone), a cause, and corrective actions (it does not come back); somebody else verifies
    the effect after `verify_on`. `due` is when all actions are to be done.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="audit_findings")
    ref = models.CharField(max_length=12)
    grade = models.CharField(max_length=12, choices=Grade)
    source = models.CharField(max_length=16, choices=FindingSource)
    source_words = models.CharField(max_length=200, blank=True)
    audit = models.ForeignKey(
        "audits.Audit", on_delete=models.PROTECT, null=True, blank=True, related_name="audit_findings"
    )
    external_audit = models.ForeignKey(
        "audits.ExternalAudit", on_delete=models.PROTECT, null=True, blank=True, related_name="audit_findings"
    )
    check_item = models.ForeignKey(
        "audits.CheckItem", on_delete=models.PROTECT, null=True, blank=True, related_name="audit_findings"
    )
    edition = models.CharField(max_length=4, choices=Edition)
    clauses = models.JSONField(default=list)
    component = models.CharField(max_length=10, blank=True)
    title = models.CharField(max_length=160)
    found = models.TextField()
    proof = models.TextField(blank=True)
    seen_on = models.DateField()
    raised_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    raised_at = models.DateTimeField(default=clock.now)
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    correction = models.TextField(blank=True)
    corrected_on = models.DateField(null=True, blank=True)
    cause = models.TextField(blank=True)
    due = models.DateField(null=True, blank=True)
    verify_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=FindingState, default=FindingState.OPEN)
    state_reason = models.CharField(max_length=300, blank=True)
    closed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "ref"], name="audit_finding_ref_once"),
            models.CheckConstraint(
                name="closed_finding_is_dated", condition=~Q(state=FindingState.CLOSED) | Q(closed_at__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["project", "state", "due"], name="audit_finding_due")]

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"

    @property
    def is_nonconformity(self) -> bool:
        """Whether it needs a cause and an action."""
        return self.grade in (Grade.MAJOR, Grade.MINOR)


class CorrectiveAction(models.Model):
    """What takes the cause of a finding away."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    finding = models.ForeignKey(AuditFinding, on_delete=models.PROTECT, related_name="corrective_actions")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    due = models.DateField()
    state = models.CharField(max_length=8, choices=StepState, default=StepState.OPEN)
    done_on = models.DateField(null=True, blank=True)
    done_note = models.TextField(blank=True)
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["finding", "number"]
        constraints = [models.UniqueConstraint(fields=["finding", "number"], name="corrective_action_once")]
        indexes = [models.Index(fields=["owner", "state"], name="corrective_action_of_party")]

    def __str__(self) -> str:
        return f"{self.finding_id}/{self.number}"


class EffectCheck(models.Model):
    """Somebody who did none of the actions looked whether they work. The newest counts; earlier ones stay."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    finding = models.ForeignKey(AuditFinding, on_delete=models.PROTECT, related_name="effect_checks")
    holds = models.BooleanField()
    words = models.TextField()
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["checked_at", "pk"]

    def __str__(self) -> str:
        return f"{self.finding_id}: {'holds' if self.holds else 'does not hold'}"


class FindingEvidence(EvidenceLink):
    """An item shows what was found, or that it was corrected."""

    finding = models.ForeignKey(AuditFinding, on_delete=models.PROTECT, related_name="evidence_links")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "finding"], name="evidence_of_finding_once")]


class AuditMessage(models.Model):
    """Something said about a request or a finding: the conversation of each. Never changed."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey(AuditRequest, on_delete=models.PROTECT, null=True, related_name="messages")
    finding = models.ForeignKey(AuditFinding, on_delete=models.PROTECT, null=True, related_name="messages")
    words = models.TextField()
    said_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    said_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["said_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="message_is_of_one",
                condition=Q(request__isnull=False, finding__isnull=True)
                | Q(request__isnull=True, finding__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.words[:60]
