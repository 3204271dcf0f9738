"""A row for each piece of long work. The row is the truth about it; a message to a worker only names it."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q

from accounts.models import User
from common import clock
from jobs.choices import ACTIVE, JobState, Queue
from projects.models import Project


class JobQuerySet(models.QuerySet["Job"]):
    """Ways to reach jobs."""

    def visible_to(self, user: Any) -> "JobQuerySet":
        """Those that `user` asked for, in projects that `user` can still see."""
        return self.filter(requester_id=user.pk, project__in=Project.objects.visible_to(user))

    def of_installation(self) -> "JobQuerySet":
        """Those that the installation asked for itself; administrators see them."""
        return self.filter(project__isnull=True)

    def active(self) -> "JobQuerySet":
        """Those that wait or run."""
        return self.filter(state__in=ACTIVE)


class Job(models.Model):
    """A piece of work that somebody asked for, or, without project and requester, the installation itself.

    `claim` names the one run that may finish it; a run that lost its claim leaves the row alone. `heartbeat_at` moves
    while a worker works on it. `sent_at` is when its message last went to the broker.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=60)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, null=True, related_name="jobs")
    requester = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="jobs")
    parameters = models.JSONField(default=dict)
    idempotency_key = models.CharField(max_length=120, unique=True)
    queue = models.CharField(max_length=10, choices=Queue, default=Queue.HEAVY)
    state = models.CharField(max_length=10, choices=JobState, default=JobState.QUEUED)
    progress_done = models.PositiveIntegerField(default=0)
    progress_total = models.PositiveIntegerField(default=0)
    doing = models.CharField(max_length=200, blank=True)
    result_name = models.CharField(max_length=200, blank=True)
    result_bytes = models.PositiveBigIntegerField(default=0)
    error = models.TextField(blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    claim = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    cancel_requested_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["requester", "-created_at"], name="job_of_requester"),
            models.Index(fields=["state", "created_at"], name="job_in_state"),
            models.Index(fields=["kind", "-created_at"], name="job_of_kind"),
        ]
        constraints = [
            models.CheckConstraint(
                name="job_of_somebody_in_a_project_or_of_the_installation",
                condition=Q(project__isnull=True, requester__isnull=True)
                | Q(project__isnull=False, requester__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def is_active(self) -> bool:
        """Whether it waits or runs."""
        return self.state in ACTIVE

    @property
    def time_zone(self) -> str:
        """The zone that its times are shown in."""
        return self.project.time_zone if self.project is not None else "UTC"


class Beat(models.Model):
    """When the beat last looked after the jobs. One row; `first_at` is when it did so for the first time."""

    first_at = models.DateTimeField(default=clock.now)
    last_at = models.DateTimeField(default=clock.now)
    interval_seconds = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"beat of {self.last_at}"
