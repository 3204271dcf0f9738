"""What was decided at the end of a phase, item by item."""

from django.db import models

from accounts.models import User
from common import clock
from projects.models import Project


class CarryOver(models.Model):
    """Somebody looked at an unfinished activity at the end of its phase and said that it goes on in the next one.

    It moves nothing: what is unfinished is carried over when the phase closes. `ref` is that of the activity.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    phase_number = models.PositiveSmallIntegerField()
    ref = models.CharField(max_length=24)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "phase_number", "ref"], name="carry_over_once"),
        ]

    def __str__(self) -> str:
        return f"{self.ref}@{self.phase_number}"
