"""Communication and training as planned and done; competences that roles need and people have."""

from django.db import models
from django.db.models import Q

from accounts.models import User
from common import clock
from documents.choices import Effect, LineKind, LineState
from evidence.models import EvidenceItem
from projects.models import Party, Project


class CommunicationLine(models.Model):
    """A message or a training: for whom, what, by which way, from whom, when, and whether it arrived.

    `due` is the day of the next time; `timing` says in words when it is, and `every_months` sets the next day once
    it was done (0: it happens once, or whenever its occasion comes). `check_how` is how one learns whether it
    arrived; `check_on` the day by which somebody looks. `model_key` names the line of our list that it came from.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="communication_lines")
    key = models.CharField(max_length=12)
    kind = models.CharField(max_length=8, choices=LineKind, default=LineKind.MESSAGE)
    audience = models.CharField(max_length=160)
    message = models.CharField(max_length=400)
    channel = models.CharField(max_length=200, blank=True)
    sender = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sender_role = models.CharField(max_length=60, blank=True)
    phase_number = models.PositiveSmallIntegerField(default=1)
    timing = models.CharField(max_length=160, blank=True)
    due = models.DateField(null=True, blank=True)
    every_months = models.PositiveSmallIntegerField(default=0)
    hours = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=LineState, default=LineState.PLANNED)
    state_reason = models.CharField(max_length=300, blank=True)
    done_on = models.DateField(null=True, blank=True)
    done_note = models.CharField(max_length=500, blank=True)
    check_how = models.CharField(max_length=300, blank=True)
    check_on = models.DateField(null=True, blank=True)
    effect = models.CharField(max_length=8, choices=Effect, blank=True)
    effect_note = models.CharField(max_length=500, blank=True)
    checked_on = models.DateField(null=True, blank=True)
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    model_key = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "key"], name="communication_key_once"),
            models.UniqueConstraint(
                fields=["project", "model_key"], condition=~Q(model_key=""), name="communication_taken_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.message}"

    @property
    def from_whom(self) -> str:
        """Who says it: by name, else by role."""
        return self.sender.name if self.sender is not None else self.sender_role


class Competence(models.Model):
    """Something that people must be able to do; `levels` says in a sentence what each of 1 to 4 looks like."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="competences")
    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    levels = models.JSONField(default=dict)
    position = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["project", "key"], name="competence_key_once")]

    def __str__(self) -> str:
        return self.name


class CompetenceNeed(models.Model):
    """The level that a role needs."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    competence = models.ForeignKey(Competence, on_delete=models.PROTECT, related_name="needs")
    role = models.CharField(max_length=60)
    level = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["role", "competence"]
        constraints = [
            models.UniqueConstraint(fields=["competence", "role"], name="competence_need_once"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=4), name="competence_need_level"),
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.competence_id} at {self.level}"


class CompetenceHeld(models.Model):
    """The level that a person has, how it was judged, when and by whom. Nobody judges their own."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    competence = models.ForeignKey(Competence, on_delete=models.PROTECT, related_name="held")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField()
    how = models.CharField(max_length=300)
    plan = models.CharField(max_length=300, blank=True)
    evidence = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    judged_on = models.DateField()
    judged_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["party", "competence"]
        constraints = [
            models.UniqueConstraint(fields=["competence", "party"], name="competence_held_once"),
            models.CheckConstraint(condition=Q(level__gte=0, level__lte=4), name="competence_held_level"),
        ]

    def __str__(self) -> str:
        return f"{self.party_id}: {self.competence_id} at {self.level}"
