"""The catalogue, and the plan that a project makes of it."""

from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common import clock
from phases.choices import PHASE_NAMES, AssignedBy, Nature, Origin, PhaseState, Rhythm, Status
from phases.figure_models import DashboardLayout as DashboardLayout
from phases.figure_models import ProjectFigures as ProjectFigures
from phases.figure_models import Round as Round
from phases.figure_models import Snapshot as Snapshot
from phases.overlay_models import Wording as Wording
from phases.overlay_models import WordingOverlay as WordingOverlay
from phases.overlay_models import WordingPreview as WordingPreview
from phases.plan_models import ActivityLink as ActivityLink
from phases.plan_models import Baseline as Baseline
from phases.plan_models import Package as Package
from phases.plan_models import PlanPreview as PlanPreview
from phases.plan_models import PlanRules as PlanRules
from phases.plan_models import RoleParticipant as RoleParticipant
from projects.models import Party, Project


class Catalogue(models.Model):
    """A released version of an activity catalogue. It never changes: a change is a new version."""

    pack = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    source = models.CharField(max_length=300)
    licence = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    files = models.JSONField(default=dict)
    roles = models.JSONField(default=list)
    texts = models.JSONField(default=dict)
    loaded_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pack", "version"], name="catalogue_version_once")]

    def __str__(self) -> str:
        return f"{self.title} ({self.version})"


class Component(models.Model):
    """A part of a catalogue, such as change management."""

    catalogue = models.ForeignKey(Catalogue, on_delete=models.PROTECT, related_name="components")
    code = models.CharField(max_length=10)
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    short_title = models.CharField(max_length=40)
    texts = models.JSONField(default=dict)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["catalogue", "code"], name="component_once")]

    def __str__(self) -> str:
        return self.title


class CatalogueActivity(models.Model):
    """A row of a catalogue: an activity, or a heading over some."""

    catalogue = models.ForeignKey(Catalogue, on_delete=models.PROTECT, related_name="activities")
    component = models.ForeignKey(Component, on_delete=models.PROTECT, related_name="activities")
    ref = models.CharField(max_length=20)
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10)
    title = models.CharField(max_length=120)
    nature = models.CharField(max_length=10, choices=Nature)
    is_key = models.BooleanField(default=False)
    effort = models.CharField(max_length=10, blank=True)
    phases = models.JSONField(default=list)
    roles = models.JSONField(default=list)
    guidance = models.TextField(blank=True)
    phase_notes = models.JSONField(default=dict)
    evidence = models.JSONField(default=list)
    clauses_2011 = models.JSONField(default=list)
    clauses_2018 = models.JSONField(default=list)
    points = models.JSONField(default=list)
    succeeds = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["catalogue", "ref"], name="catalogue_ref_once")]

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"


class EntryCriterion(models.Model):
    """Something that must hold before phase 1 starts."""

    catalogue = models.ForeignKey(Catalogue, on_delete=models.PROTECT, related_name="entry_criteria")
    ref = models.CharField(max_length=20)
    title = models.CharField(max_length=120)
    guidance = models.TextField(blank=True)
    evidence = models.JSONField(default=list)

    class Meta:
        ordering = ["ref"]
        verbose_name_plural = "entry criteria"
        constraints = [models.UniqueConstraint(fields=["catalogue", "ref"], name="criterion_ref_once")]

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"


class PhaseManager(models.Manager["Phase"]):
    """Phases without what they were frozen with: some 100 kB that few readers need."""

    def get_queryset(self) -> models.QuerySet["Phase"]:
        """Phases; reading `frozen` of one takes a query of its own."""
        return super().get_queryset().defer("frozen")

    def with_frozen(self) -> models.QuerySet["Phase"]:
        """Phases with everything."""
        return super().get_queryset()


class Phase(models.Model):
    """A phase of a project: 0 initiation, 1 to 3, 4 operation.

    `frozen` are the rows of a closed phase as they stood when it closed; it never changes again.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="phases")
    number = models.PositiveSmallIntegerField()
    start = models.DateField(_("start"), null=True)
    end = models.DateField(_("end"), null=True)
    state = models.CharField(max_length=10, choices=PhaseState, default=PhaseState.PLANNED)
    started_on = models.DateField(null=True)
    review_since = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    closed_at = models.DateTimeField(null=True)
    frozen = models.JSONField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = PhaseManager()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["project", "number"], name="phase_once")]

    def __str__(self) -> str:
        return f"Phase {self.number}"

    @property
    def name(self) -> str | Promise:
        """The nickname of the phase (ours)."""
        return PHASE_NAMES[self.number]


class ProjectActivity(models.Model):
    """An activity as one project does it, over all its phases.

    Of the catalogue's activities only what the catalogue does not say stands here. An activity of the plan's own has
    all its texts here and no `catalogue_activity`. A part of a split one has the catalogue activity of the whole, a
    ref such as `CH.i/1`, and in `part_name` which service or site it is for.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="activities")
    catalogue_activity = models.ForeignKey(
        CatalogueActivity, on_delete=models.PROTECT, null=True, related_name="in_projects"
    )
    ref = models.CharField(max_length=24)
    component = models.CharField(max_length=10)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=220, blank=True)
    nature = models.CharField(max_length=10, choices=Nature)
    is_key = models.BooleanField(default=False)
    is_supplement = models.BooleanField(default=False)
    part_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="parts")
    part_name = models.CharField(max_length=80, blank=True)
    description = models.TextField(blank=True)
    roles = models.JSONField(default=list, blank=True)
    clauses_2011 = models.JSONField(default=list, blank=True)
    clauses_2018 = models.JSONField(default=list, blank=True)
    effort = models.CharField(max_length=10, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name_plural = "project activities"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["project", "ref"], name="activity_ref_once")]

    def __str__(self) -> str:
        return self.ref


class PhaseActivityQuerySet(models.QuerySet["PhaseActivity"]):
    """Ways to reach phase activities."""

    def visible_to(self, user: Any) -> "PhaseActivityQuerySet":
        """Those of projects that `user` can see."""
        return self.filter(project__in=Project.objects.visible_to(user))


class PhaseActivity(models.Model):
    """An activity in one phase: what has a status, a responsible party and dates.

    Dates follow the package while `due_is_own` is false, contributors the role map while `contributors_by_hand` is.
    `origin` says why a row stands where the catalogue has none,
    `origin_phase` from where it came, `tailored_why` the justification. `is_improve_only`: what it asks is met already,
    so in this phase it is only made better.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="phase_activities")
    activity = models.ForeignKey(ProjectActivity, on_delete=models.PROTECT, related_name="in_phases")
    phase_number = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=14, choices=Status, default=Status.NOT_STARTED)
    status_since = models.DateTimeField(default=clock.now)
    reason = models.TextField(blank=True)
    accountable = models.ForeignKey(
        Party, on_delete=models.PROTECT, null=True, blank=True, related_name="accountable_for"
    )
    assigned_by = models.CharField(max_length=10, choices=AssignedBy, default=AssignedBy.NOBODY, blank=True)
    contributors_by_hand = models.BooleanField(default=False)
    planned_start = models.DateField(null=True, blank=True)
    due = models.DateField(null=True, blank=True)
    due_is_own = models.BooleanField(default=False)
    operating_since = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.CATALOGUE, blank=True)
    origin_phase = models.PositiveSmallIntegerField(null=True, blank=True)
    tailored_why = models.TextField(blank=True)
    is_improve_only = models.BooleanField(default=False)
    added_at = models.DateTimeField(default=clock.now)
    carried_from = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="carried_to"
    )
    rhythm = models.CharField(max_length=10, choices=Rhythm, default=Rhythm.NONE, blank=True)
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    verified_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    objects = PhaseActivityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "phase activities"
        constraints = [
            models.UniqueConstraint(fields=["activity", "phase_number"], name="activity_once_in_phase"),
            models.CheckConstraint(condition=models.Q(status__in=Status.values), name="phase_activity_status"),
        ]
        indexes = [
            models.Index(fields=["project", "phase_number"], name="phase_activity_board"),
            models.Index(fields=["accountable", "status"], name="phase_activity_party"),
        ]

    def __str__(self) -> str:
        return f"{self.activity_id} in phase {self.phase_number}"


class Contributor(models.Model):
    """A party that helps with a phase activity without being accountable for it."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    phase_activity = models.ForeignKey(PhaseActivity, on_delete=models.PROTECT, related_name="contributors")
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="contributes_to")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["phase_activity", "party"], name="contributor_once")]

    def __str__(self) -> str:
        return f"{self.party_id} helps with {self.phase_activity_id}"


class RoleAssignment(models.Model):
    """The role map: which party takes a catalogue role, in all components or ("component" set) in one."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="role_map")
    role = models.CharField(max_length=60)
    component = models.CharField(max_length=10, blank=True)
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="roles")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "role", "component"], name="role_of_component_once")]

    def __str__(self) -> str:
        return f"{self.role} in {self.component or 'all components'}"
