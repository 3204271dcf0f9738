"""What is kept of figures: stored rows for lists, snapshots of days, and how a person arranges a dashboard."""

from django.db import models

from accounts.models import User
from common import clock
from phases.choices import HealthLevel, Rhythm
from projects.models import Project


class ProjectFigures(models.Model):
    """The figures of a project as lists of many projects show them, on `day` in its time zone.

    They were made when the project's trail had `head_seq` events: once it has more, or the day is over, whoever reads
    them next computes them anew, and so does the night.
    """

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="figures")
    day = models.DateField(null=True)
    head_seq = models.PositiveBigIntegerField(default=0)
    phase_number = models.PositiveSmallIntegerField(default=0)
    phase_state = models.CharField(max_length=10, blank=True)
    planned_end = models.DateField(null=True)
    forecast_end = models.DateField(null=True)
    slip = models.IntegerField(null=True)
    health = models.CharField(max_length=10, choices=HealthLevel, default=HealthLevel.UNKNOWN)
    rules = models.JSONField(default=list)
    total = models.PositiveIntegerField(default=0)
    applicable = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    verified = models.PositiveIntegerField(default=0)
    planned_by_today = models.PositiveIntegerField(default=0)
    overdue = models.PositiveIntegerField(default=0)
    blocked = models.PositiveIntegerField(default=0)
    unassigned = models.PositiveIntegerField(default=0)
    late_people = models.JSONField(default=list)
    last_update = models.DateTimeField(null=True)
    computed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "project figures"

    def __str__(self) -> str:
        return f"Figures of {self.project_id} on {self.day}"


class Snapshot(models.Model):
    """The rows of a project as they stood at the end of a day: from here the trail leads to any later day."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="snapshots")
    day = models.DateField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    taken_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "day"], name="snapshot_once_a_day")]

    def __str__(self) -> str:
        return f"Snapshot of {self.project_id} on {self.day}"


class DashboardLayout(models.Model):
    """The order in which a person wants the panels of dashboards, and which of them not at all."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="dashboard_layout")
    panels = models.JSONField(default=list)
    hidden = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"Layout of {self.user_id}"


class Round(models.Model):
    """One time that an activity of operation was due by its rhythm, and when it was seen to."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="rounds")
    phase_activity = models.ForeignKey("phases.PhaseActivity", on_delete=models.PROTECT, related_name="rounds")
    rhythm = models.CharField(max_length=10, choices=Rhythm)
    due = models.DateField()
    done_on = models.DateField()
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True)
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["due", "pk"]
        constraints = [models.UniqueConstraint(fields=["phase_activity", "due"], name="round_once")]

    def __str__(self) -> str:
        return f"{self.phase_activity_id} due {self.due}"
