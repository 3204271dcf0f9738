"""Versions that were submitted, what their approvers said, and the money that was released."""

from typing import Any

from django.db import models
from django.db.models import Q

from accounts.models import User
from businesscase.choices import Verdict, VersionState
from businesscase.model_fields import money
from common import clock
from projects.models import Project


class CaseVersionQuerySet(models.QuerySet["CaseVersion"]):
    """Ways to reach versions."""

    def visible_to(self, user: Any) -> "CaseVersionQuerySet":
        """Those of projects that `user` can see."""
        return self.filter(project__in=Project.objects.visible_to(user))


class CaseVersion(models.Model):
    """A case as it was submitted: frozen, with its figures and a hash over both. Only its state goes on.

    `content` as `domain.content.content_to_plain` gives it; `figures` as the export has them.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey("businesscase.BusinessCase", on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=24, choices=VersionState, default=VersionState.SUBMITTED)
    content = models.JSONField()
    figures = models.JSONField()
    sha256 = models.CharField(max_length=64)
    note = models.TextField(blank=True)
    decide_by = models.DateField()
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(default=clock.now)
    decided_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = CaseVersionQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="case_version_once"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(state=VersionState.SUBMITTED), name="one_version_submitted"
            ),
        ]

    def __str__(self) -> str:
        return f"Version {self.number}"


class Approval(models.Model):
    """What one named approver says to a version. `own_work` marks approval of what the person submitted themselves."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    case_version = models.ForeignKey(CaseVersion, on_delete=models.PROTECT, related_name="approvals")
    approver = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=12, choices=Verdict, default=Verdict.WAITING)
    comment = models.TextField(blank=True)
    own_work = models.BooleanField(default=False)
    decided_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["case_version", "approver"], name="approver_once")]

    def __str__(self) -> str:
        return f"{self.approver_id}: {self.verdict}"


class Condition(models.Model):
    """What an approval depends on, until when, and when it was met."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, related_name="conditions")
    text = models.CharField(max_length=300)
    due = models.DateField(null=True, blank=True)
    met_on = models.DateField(null=True, blank=True)
    met_note = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text[:60]


class Release(models.Model):
    """Money that was set free for a phase of an approved version. Never changed; another release adds to it."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    case_version = models.ForeignKey(CaseVersion, on_delete=models.PROTECT, related_name="releases")
    phase_number = models.PositiveSmallIntegerField()
    amount = money()
    note = models.CharField(max_length=300, blank=True)
    released_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["released_at", "pk"]
        constraints = [models.CheckConstraint(name="release_above_zero", condition=Q(amount__gt=0))]

    def __str__(self) -> str:
        return f"Phase {self.phase_number}: {self.amount}"
