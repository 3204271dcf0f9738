"""What was learnt, what a phase brought about, and how top management shows its commitment."""

from typing import Any

from django.db import models
from django.db.models import Q

from accounts.models import User
from common import clock
from governance.choices import Attested, LessonState
from projects.choices import Edition
from projects.models import Party, Project


class LessonQuerySet(models.QuerySet["Lesson"]):
    """Ways to reach lessons."""

    def visible_to(self, user: Any) -> "LessonQuerySet":
        """Those of projects that `user` can see."""
        return self.filter(project__in=Project.objects.visible_to(user))

    def shared_with(self, project: Project) -> "LessonQuerySet":
        """What other projects of the same organization learnt and share."""
        return self.filter(project__organization_id=project.organization_id, is_shared=True).exclude(project=project)


class Lesson(models.Model):
    """What happened, why, and what changes because of it.

    `component` is a code of the catalogue or "" for the whole; `is_shared` lets later projects of the organization read
    it, without saying who captured it.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="lessons")
    ref = models.CharField(max_length=12)
    phase_number = models.PositiveSmallIntegerField()
    component = models.CharField(max_length=10, blank=True)
    happened = models.TextField()
    why = models.TextField(blank=True)
    change = models.TextField(blank=True)
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=LessonState, default=LessonState.OPEN)
    state_note = models.CharField(max_length=300, blank=True)
    made_activity = models.CharField(max_length=24, blank=True)
    is_shared = models.BooleanField(default=True)
    captured_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    captured_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)

    objects = LessonQuerySet.as_manager()

    class Meta:
        ordering = ["-captured_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "ref"], name="lesson_ref_once"),
            models.CheckConstraint(name="lesson_phase", condition=Q(phase_number__lte=4)),
        ]

    def __str__(self) -> str:
        return self.ref


class OutcomeReport(models.Model):
    """What the process owner says of one outcome of a phase (TR 20000-5, Table 2), and who confirmed it.

    `key` is the code of a component (2010) or a clause (2011); `edition` says which of the two.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    phase_number = models.PositiveSmallIntegerField()
    edition = models.CharField(max_length=4, choices=[("2010", "2010"), ("2013", "2013")])
    key = models.CharField(max_length=10)
    attested = models.CharField(max_length=10, choices=Attested, default=Attested.NOT_YET)
    note = models.TextField(blank=True)
    attested_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    attested_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    confirm_note = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "phase_number", "edition", "key"], name="outcome_once"),
            models.CheckConstraint(
                name="only_reached_is_confirmed",
                condition=Q(confirmed_by__isnull=True) | Q(attested="reached"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} of phase {self.phase_number}: {self.attested}"


class CommitmentNote(models.Model):
    """What top management says of one point of its commitment, beside the proof gathered. The newest counts."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    point = models.CharField(max_length=20)
    edition = models.CharField(max_length=4, choices=Edition)
    words = models.TextField()
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["written_at", "pk"]

    def __str__(self) -> str:
        return self.point
