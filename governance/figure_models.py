"""What the portfolio shows of gates and money, kept so that a list of many projects computes none of it."""

from django.db import models

from common import clock
from projects.models import Project


class GateFigures(models.Model):
    """The next gate of a project, and what was spent, as `day` had it when its trail was `head_seq` long.

    `gate_number` None: no gate is to come. `plan`, `spent` and `forecast` are those of phases 0 to 3; None without a
    case that has costs.
    """

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="gate_figures")
    day = models.DateField()
    head_seq = models.BigIntegerField()
    gate_number = models.PositiveSmallIntegerField(null=True)
    gate_on = models.DateField(null=True)
    outcome = models.CharField(max_length=26, blank=True)
    hold_until = models.DateField(null=True)
    open_count = models.PositiveSmallIntegerField(default=0)
    criteria_count = models.PositiveSmallIntegerField(default=0)
    plan = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    spent = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    forecast = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    computed_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"G{self.gate_number} of {self.project_id}"
