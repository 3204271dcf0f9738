"""Meetings of the committee, and what its one page showed on past days."""

from django.db import models

from accounts.models import User
from common import clock
from evidence.models import EvidenceItem
from governance.choices import MeetingState, Presence
from projects.models import Project


class Meeting(models.Model):
    """A meeting of the committee of a project, `length` minutes long. `agenda` and `minutes` are Markdown.

    `pack_sent_at` is when its members were mailed the board pack. Once the minutes are approved nothing changes.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="meetings")
    ref = models.CharField(max_length=12)
    starts_at = models.DateTimeField()
    length = models.PositiveSmallIntegerField(default=60)
    place = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=MeetingState, default=MeetingState.PLANNED)
    agenda = models.TextField(blank=True)
    minutes = models.TextField(blank=True)
    pack_sent_at = models.DateTimeField(null=True)
    minutes_approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    minutes_approved_at = models.DateTimeField(null=True)
    record = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, null=True, related_name="+")
    cancelled_why = models.CharField(max_length=300, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["project", "ref"], name="meeting_ref_once")]

    def __str__(self) -> str:
        return self.ref


class Attendance(models.Model):
    """Somebody who was asked to a meeting, and whether they came. `deputy` names who came instead."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendance")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    presence = models.CharField(max_length=10, choices=Presence, default=Presence.INVITED)
    deputy = models.CharField(max_length=120, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["meeting", "person"], name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.presence}"


class BoardSnapshot(models.Model):
    """What the committee's page said at the end of a day, as the board pack prints it. Never changed."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="board_snapshots")
    day = models.DateField()
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    taken_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["project", "day"], name="board_snapshot_once_a_day")]

    def __str__(self) -> str:
        return f"Board of {self.project_id} on {self.day}"
