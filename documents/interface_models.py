"""Which process gives what to which: the register of interfaces of a project."""

from django.db import models
from django.db.models import Q

from common import clock
from documents.choices import InterfaceState
from projects.models import Project


class Interface(models.Model):
    """What one process gives to another, and when. `giver` and `receiver` are codes of components.

    `model_key` names the line of our model that it was taken from ("" for the project's own), `state_reason` says why
    it was dropped.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="interfaces")
    key = models.CharField(max_length=12)
    giver = models.CharField(max_length=10)
    receiver = models.CharField(max_length=10)
    what = models.CharField(max_length=300)
    when = models.CharField(max_length=200, blank=True)
    clauses_2011 = models.JSONField(default=list)
    note = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=8, choices=InterfaceState, default=InterfaceState.OPEN)
    state_reason = models.CharField(max_length=300, blank=True)
    model_key = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "key"], name="interface_key_once"),
            models.UniqueConstraint(
                fields=["project", "model_key"], condition=~Q(model_key=""), name="interface_taken_once"
            ),
            models.CheckConstraint(condition=~Q(giver=models.F("receiver")), name="interface_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.giver} to {self.receiver}: {self.what}"

    @property
    def version_text(self) -> str:
        """The version as a form sends it."""
        return str(self.version)

    @property
    def is_open(self) -> bool:
        """Whether the two have not agreed on it yet."""
        return self.state == InterfaceState.OPEN

    @property
    def is_dropped(self) -> bool:
        """Whether it does not count here."""
        return self.state == InterfaceState.DROPPED
