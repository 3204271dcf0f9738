"""Business cases, what stands in them, the versions that were submitted, and what became of the money."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from businesscase.choices import (
    AssumptionKind,
    BenefitForm,
    BenefitKind,
    CaseKind,
    Category,
    Conformity,
    Grade,
    Impact,
    Probability,
    Rhythm,
    RiskCategory,
    RiskResponse,
    RiskState,
)
from businesscase.model_fields import money
from businesscase.money_models import USUAL_TOLERANCE, ActualBenefit, ActualCost, PhaseMoney, Simulation
from businesscase.preview_models import CostPreview
from businesscase.version_models import Approval, CaseVersion, Condition, Release
from common import clock
from projects.models import Party, Project

__all__ = [
    "USUAL_TOLERANCE",
    "ActualBenefit",
    "ActualCost",
    "Approval",
    "Assumption",
    "BenefitLine",
    "BusinessCase",
    "CaseRow",
    "CaseSection",
    "CaseVersion",
    "Condition",
    "CostLine",
    "CostPreview",
    "InterestedParty",
    "Measure",
    "PhaseMoney",
    "Release",
    "Risk",
    "Simulation",
]

USUAL_MONTHS = 60
USUAL_RATE = Decimal("0.06")


class CaseQuerySet(models.QuerySet["BusinessCase"]):
    """Ways to reach cases."""

    def visible_to(self, user: Any) -> "CaseQuerySet":
        """Those of projects that `user` can see."""
        return self.filter(project__in=Project.objects.visible_to(user))


class BusinessCase(models.Model):
    """One of a project's two cases: its settings. Its lines and texts are the draft; versions are kept apart.

    `first_month` is the first day of the first month of the horizon; `discount_rate` a fraction a year;
    `actual_until` the first day of the last month for which all costs are in.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="business_cases")
    kind = models.CharField(max_length=20, choices=CaseKind)
    first_month = models.DateField()
    months = models.PositiveSmallIntegerField(default=USUAL_MONTHS)
    discount_rate = models.DecimalField(max_digits=6, decimal_places=5, default=USUAL_RATE)
    conformity = models.CharField(max_length=20, choices=Conformity, default=Conformity.OPEN)
    actual_until = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "kind"], name="case_kind_once"),
            models.CheckConstraint(name="case_months", condition=Q(months__gte=1, months__lte=120)),
            models.CheckConstraint(name="case_rate", condition=Q(discount_rate__gte=0, discount_rate__lte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.project_id}"

    @property
    def is_small(self) -> bool:
        """Whether it is the case for the gap analysis alone."""
        return self.kind == CaseKind.GAP


class CaseRow(models.Model):
    """Something that stands in a case. `ref` names it, in versions too, and is never given to another."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(BusinessCase, on_delete=models.PROTECT, related_name="%(class)ss")
    ref = models.CharField(max_length=12)
    position = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["case", "ref"], name="%(class)s_ref_once")]

    def __str__(self) -> str:
        return self.ref


class CaseSection(models.Model):
    """What a case says to one of its points, as Markdown."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(BusinessCase, on_delete=models.PROTECT, related_name="sections")
    point = models.CharField(max_length=12)
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "point"], name="section_once")]

    def __str__(self) -> str:
        return f"{self.point} of {self.case_id}"


class CostLine(CaseRow):
    """What something costs, as three estimates: days where there is a day rate, else money.

    One-off: the whole amount, spread from `first_month` to `last_month`. Recurring: the amount of each time.
    """

    title = models.CharField(max_length=160)
    category = models.CharField(max_length=20, choices=Category)
    role = models.CharField(max_length=120, blank=True)
    phase_number = models.PositiveSmallIntegerField()
    rhythm = models.CharField(max_length=10, choices=Rhythm, default=Rhythm.ONCE)
    first_month = models.DateField()
    last_month = models.DateField(null=True, blank=True)
    low = money()
    likely = money()
    high = money()
    day_rate = money(null=True, blank=True)
    service = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=300, blank=True)
    risk = models.ForeignKey("Risk", on_delete=models.PROTECT, null=True, blank=True, related_name="cost_lines")

    class Meta(CaseRow.Meta):
        constraints = [
            *CaseRow.Meta.constraints,
            models.CheckConstraint(
                name="cost_points", condition=Q(low__gte=0, likely__gte=F("low"), high__gte=F("likely"))
            ),
            models.CheckConstraint(name="cost_phase", condition=Q(phase_number__lte=4)),
            models.CheckConstraint(
                name="cost_months", condition=Q(last_month__isnull=True) | Q(last_month__gte=F("first_month"))
            ),
            models.CheckConstraint(
                name="cost_own_people_in_days", condition=~Q(category=Category.OWN_PEOPLE) | Q(day_rate__isnull=False)
            ),
        ]


class BenefitLine(CaseRow):
    """A benefit: in money a month, as three estimates, or in words with an indicator, its baseline and its target.

    `confidence` is the percentage of it that is counted.
    """

    kind = models.CharField(max_length=2, choices=BenefitKind)
    form = models.CharField(max_length=10, choices=BenefitForm)
    title = models.CharField(max_length=160)
    description = models.TextField(blank=True)
    phase_number = models.PositiveSmallIntegerField()
    low = money(null=True, blank=True)
    likely = money(null=True, blank=True)
    high = money(null=True, blank=True)
    from_month = models.DateField(null=True, blank=True)
    until_month = models.DateField(null=True, blank=True)
    ramp_months = models.PositiveSmallIntegerField(default=0)
    confidence = models.PositiveSmallIntegerField(default=100)
    service = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=300, blank=True)
    confirmed_by = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    indicator = models.CharField(max_length=200, blank=True)
    baseline = models.CharField(max_length=120, blank=True)
    target = models.CharField(max_length=120, blank=True)

    class Meta(CaseRow.Meta):
        constraints = [
            *CaseRow.Meta.constraints,
            models.CheckConstraint(
                name="benefit_points",
                condition=~Q(form=BenefitForm.FIGURES)
                | Q(low__gte=0, likely__gte=F("low"), high__gte=F("likely"), from_month__isnull=False),
            ),
            models.CheckConstraint(name="benefit_phase", condition=Q(phase_number__lte=4)),
            models.CheckConstraint(name="benefit_confidence", condition=Q(confidence__gte=1, confidence__lte=100)),
        ]


class Assumption(CaseRow):
    """What the case takes for true, or cannot choose."""

    kind = models.CharField(max_length=12, choices=AssumptionKind)
    text = models.TextField()
    what_if = models.TextField(blank=True)
    check_how = models.CharField(max_length=300, blank=True)
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="+")


class InterestedParty(CaseRow):
    """Somebody who is affected by the implementation or has a say in it."""

    name = models.CharField(max_length=160)
    interest = models.CharField(max_length=6, choices=Grade)
    influence = models.CharField(max_length=6, choices=Grade)
    wants = models.TextField(blank=True)
    involvement = models.TextField(blank=True)


class Measure(CaseRow):
    """How one cost or benefit will be judged (point g)."""

    what = models.CharField(max_length=200)
    how = models.TextField(blank=True)
    when = models.CharField(max_length=120, blank=True)
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="+")


class RiskQuerySet(models.QuerySet["Risk"]):
    """Ways to reach risks."""

    def visible_to(self, user: Any) -> "RiskQuerySet":
        """Those of projects that `user` can see."""
        return self.filter(project__in=Project.objects.visible_to(user))

    def open(self) -> "RiskQuerySet":
        """Those that may still happen."""
        return self.filter(state=RiskState.OPEN)


class Risk(models.Model):
    """A risk of the project's register, which stays alive from the first case to the end of the project.

    `challenge` is the key of a challenge of the questionnaire that it was made from. `was_probability` and
    `was_impact` are what stood before the last change of either, at `assessed_at`.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="risks")
    ref = models.CharField(max_length=12)
    title = models.CharField(max_length=160)
    category = models.CharField(max_length=24, choices=RiskCategory)
    cause = models.TextField(blank=True)
    event = models.TextField(blank=True)
    effect = models.TextField(blank=True)
    probability = models.PositiveSmallIntegerField(choices=Probability)
    impact = models.PositiveSmallIntegerField(choices=Impact)
    was_probability = models.PositiveSmallIntegerField(null=True, blank=True)
    was_impact = models.PositiveSmallIntegerField(null=True, blank=True)
    assessed_at = models.DateTimeField(default=clock.now)
    response = models.CharField(max_length=8, choices=RiskResponse, blank=True)
    response_text = models.TextField(blank=True)
    response_cost = money(null=True, blank=True)
    residual_probability = models.PositiveSmallIntegerField(choices=Probability, null=True, blank=True)
    residual_impact = models.PositiveSmallIntegerField(choices=Impact, null=True, blank=True)
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    review_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=RiskState, default=RiskState.OPEN)
    outcome = models.TextField(blank=True)
    challenge = models.CharField(max_length=20, blank=True)
    reported_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    reported_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)

    objects = RiskQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "ref"], name="risk_ref_once"),
            models.CheckConstraint(
                name="risk_scales", condition=Q(probability__gte=1, probability__lte=4, impact__gte=1, impact__lte=4)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"
