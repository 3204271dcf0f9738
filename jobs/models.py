"""A row for each piece of long work. The row is the truth about it."""

import uuid
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import clock
from projects.models import Project


class JobState(models.TextChoices):
    """Where a job stands."""

    QUEUED = "queued", _("Queued")
    RUNNING = "running", _("Running")
    SUCCEEDED = "succeeded", _("Succeeded")
    FAILED = "failed", _("Failed")
    CANCELLED = "cancelled", _("Cancelled")


class JobQuerySet(models.QuerySet["Job"]):
    """Ways to reach jobs."""

    def visible_to(self, user: Any) -> "JobQuerySet":
        """Those that `user` asked for, in projects that `user` can still see."""
        return self.filter(requester_id=user.pk, project__in=Project.objects.visible_to(user))


class Job(models.Model):
    """A piece of work that somebody asked for."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=60)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="jobs")
    requester = models.ForeignKey(User, on_delete=models.PROTECT, related_name="jobs")
    parameters = models.JSONField(default=dict)
    idempotency_key = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=10, choices=JobState, default=JobState.QUEUED)
    progress_done = models.PositiveIntegerField(default=0)
    progress_total = models.PositiveIntegerField(default=0)
    doing = models.CharField(max_length=200, blank=True)
    result_name = models.CharField(max_length=200, blank=True)
    error = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["requester", "-created_at"], name="job_of_requester")]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
