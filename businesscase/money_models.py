"""What became of the money: what was spent, confirmed and is to come; and runs over the estimates."""

from decimal import Decimal

from django.db import models
from django.db.models import Q

from accounts.models import User
from businesscase.choices import Category
from businesscase.model_fields import money
from common import clock
from jobs.models import Job
from projects.models import Project

USUAL_TOLERANCE = Decimal("0.10")


class PhaseMoney(models.Model):
    """What is settled about the money of one phase: its tolerance (a fraction), what is still to come where somebody
    knows better than the lines, and why it differs from what was approved."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey("businesscase.BusinessCase", on_delete=models.PROTECT, related_name="phase_moneys")
    phase_number = models.PositiveSmallIntegerField()
    tolerance = models.DecimalField(max_digits=5, decimal_places=4, default=USUAL_TOLERANCE)
    remaining = money(null=True, blank=True)
    reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "phase_number"], name="phase_money_once"),
            models.CheckConstraint(name="tolerance_share", condition=Q(tolerance__gte=0, tolerance__lte=1)),
        ]

    def __str__(self) -> str:
        return f"Money of phase {self.phase_number}"


class ActualCost(models.Model):
    """What was spent in one month, on one line or on a category of a phase."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey("businesscase.BusinessCase", on_delete=models.PROTECT, related_name="actual_costs")
    month = models.DateField()
    phase_number = models.PositiveSmallIntegerField()
    category = models.CharField(max_length=20, choices=Category)
    cost_line = models.ForeignKey(
        "businesscase.CostLine", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    amount = money()
    note = models.CharField(max_length=300, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["month", "phase_number", "pk"]
        indexes = [models.Index(fields=["case", "month"], name="actual_by_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}: {self.amount}"


class ActualBenefit(models.Model):
    """What a benefit brought in one month, and who confirmed it."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    benefit_line = models.ForeignKey("businesscase.BenefitLine", on_delete=models.PROTECT, related_name="actuals")
    month = models.DateField()
    amount = money(null=True, blank=True)
    observed = models.CharField(max_length=120, blank=True)
    note = models.CharField(max_length=300, blank=True)
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["month", "pk"]
        constraints = [models.UniqueConstraint(fields=["benefit_line", "month"], name="benefit_month_once")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}: {self.amount}"


class Simulation(models.Model):
    """Ten thousand runs over the three estimates of a content: its seed, so that it can be run again, and its result.

    `content_sha256` says of which content; another content makes it out of date.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey("businesscase.BusinessCase", on_delete=models.PROTECT, related_name="simulations")
    content_sha256 = models.CharField(max_length=64)
    seed = models.PositiveBigIntegerField()
    runs = models.PositiveIntegerField()
    result = models.JSONField(default=dict)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["made_at", "pk"]

    def __str__(self) -> str:
        return f"{self.runs} runs from {self.seed}"
