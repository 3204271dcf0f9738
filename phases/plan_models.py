"""What a plan holds beside its rows: packages, links, rules, baselines, who else takes part, files to be confirmed."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import clock
from phases.choices import Approach, MadeAs, Part
from phases.domain.plan_file import PLAN
from phases.domain.planning import DEFAULT_ORDER
from phases.domain.schedule import PER_WEEK, SHARES
from phases.preview_models import FilePreview
from projects.models import Party, Project


def default_shares() -> dict[str, int]:
    """By when work of each nature is due, in percent of its phase (our own practice guidance)."""
    return dict(SHARES)


def default_order() -> list[list[str]]:
    """Pairs of components of which the first comes before the second (our own practice guidance)."""
    return [list(pair) for pair in DEFAULT_ORDER]


class PlanRules(models.Model):
    """How one project plans: its approach and the figures of the schedule. Every project has one row."""

    project = models.OneToOneField(Project, on_delete=models.PROTECT, related_name="plan_rules")
    approach = models.CharField(_("approach"), max_length=20, choices=Approach, default=Approach.THREE_PHASES)
    component_phases = models.JSONField(default=dict, blank=True)
    very_small = models.BooleanField(_("very small entity"), default=False)
    shares = models.JSONField(default=default_shares)
    per_week = models.PositiveSmallIntegerField(default=PER_WEEK)
    component_order = models.JSONField(default=default_order)
    made_from = models.ForeignKey(Project, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    made_as = models.CharField(max_length=20, choices=MadeAs, default=MadeAs.NEW, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name_plural = "plan rules"

    def __str__(self) -> str:
        return f"Rules of {self.project_id}"


class Package(models.Model):
    """A component in one phase: what plans are made in. Without dates of its own it follows its phase."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="packages")
    component = models.CharField(max_length=10)
    phase_number = models.PositiveSmallIntegerField()
    start = models.DateField(_("start"), null=True, blank=True)
    end = models.DateField(_("end"), null=True, blank=True)
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="packages")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["phase_number", "component"]
        constraints = [
            models.UniqueConstraint(fields=["project", "component", "phase_number"], name="package_once"),
            models.CheckConstraint(
                condition=Q(start__isnull=True, end__isnull=True) | Q(start__isnull=False, end__gte=F("start")),
                name="package_dates",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.component} in phase {self.phase_number}"


class ActivityLink(models.Model):
    """An activity that waits for another, in every phase that has both."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="links")
    before = models.ForeignKey("phases.ProjectActivity", on_delete=models.PROTECT, related_name="leads_to")
    after = models.ForeignKey("phases.ProjectActivity", on_delete=models.PROTECT, related_name="waits_for")
    from_catalogue = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["before", "after"], name="link_once"),
            models.CheckConstraint(condition=~Q(before=F("after")), name="link_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.after_id} waits for {self.before_id}"


class RoleParticipant(models.Model):
    """A further party of a role, beside the accountable one: it contributes, is asked, or is told."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="role_participants")
    role = models.CharField(max_length=60)
    component = models.CharField(max_length=10, blank=True)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="takes_part")
    part = models.CharField(max_length=12, choices=Part)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "role", "component", "party"], name="participant_once"),
            models.CheckConstraint(condition=Q(part__in=Part.values), name="participant_part"),
        ]

    def __str__(self) -> str:
        return f"{self.party_id} in {self.role}"


class Baseline(models.Model):
    """The plan as it stood when somebody took it. It never changes."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="baselines")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(_("name"), max_length=80)
    note = models.TextField(_("note"), blank=True)
    taken_at = models.DateTimeField(default=clock.now)
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    content = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="baseline_number_once"),
            models.UniqueConstraint(fields=["project", "name"], name="baseline_name_once"),
        ]

    def __str__(self) -> str:
        return f"B{self.number} {self.name}"


class PlanPreview(FilePreview):
    """A plan that came in as a file."""

    columns = PLAN
