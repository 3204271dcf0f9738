"""Objectives of service management with their monthly values. The management review reads these too."""

from django.db import models

from accounts.models import User
from common import clock
from documents.choices import Direction, ObjectiveState
from projects.models import Party, Project


class Objective(models.Model):
    """What is to be reached, by which measure, until when, and who answers for it.

    `target` and all values are in `unit`; `direction` says whether more or less is better. `policy` is the key of the
    document that it follows from; `refs` and `clauses` (of the project's edition) are what it serves.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="objectives")
    key = models.CharField(max_length=12)
    title = models.CharField(max_length=200)
    policy = models.CharField(max_length=80, blank=True)
    measure = models.CharField(max_length=300)
    unit = models.CharField(max_length=40, blank=True)
    direction = models.CharField(max_length=6, choices=Direction, default=Direction.HIGHER)
    baseline = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    target = models.DecimalField(max_digits=14, decimal_places=2)
    target_on = models.DateField()
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    refs = models.JSONField(default=list)
    clauses = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=ObjectiveState, default=ObjectiveState.ACTIVE)
    state_reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["key"]
        constraints = [models.UniqueConstraint(fields=["project", "key"], name="objective_key_once")]

    def __str__(self) -> str:
        return f"{self.key} {self.title}"


class ObjectiveValue(models.Model):
    """What was measured in a month (`month` is its first day)."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    objective = models.ForeignKey(Objective, on_delete=models.PROTECT, related_name="values")
    month = models.DateField()
    value = models.DecimalField(max_digits=14, decimal_places=2)
    note = models.CharField(max_length=300, blank=True)
    said_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    said_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["month"]
        constraints = [
            # That the month is its first day, services see to: SQLite would need a function of Django's to check it,
            # and a backup is made without Django.
            models.UniqueConstraint(fields=["objective", "month"], name="objective_value_once"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}: {self.value}"
