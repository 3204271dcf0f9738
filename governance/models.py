"""Committees, gates and what they look at, and the decisions that were made."""

from typing import Any

from django.db import models
from django.db.models import Q

from accounts.models import User
from common import clock
from documents.models import Document
from evidence.models import EvidenceItem
from governance.choices import (
    ActionSource,
    ActionState,
    Choice,
    DecisionKind,
    DecisionState,
    Manner,
    Outcome,
    Setting,
)
from governance.end_models import CarryOver as CarryOver
from governance.figure_models import GateFigures as GateFigures
from governance.lesson_models import CommitmentNote as CommitmentNote
from governance.lesson_models import Lesson as Lesson
from governance.lesson_models import OutcomeReport as OutcomeReport
from governance.meeting_models import Attendance as Attendance
from governance.meeting_models import BoardSnapshot as BoardSnapshot
from governance.meeting_models import Meeting as Meeting
from projects.models import Organization, Party, Project


class CommitteeQuerySet(models.QuerySet["Committee"]):
    """Ways to reach committees."""

    def visible_to(self, user: Any) -> "CommitteeQuerySet":
        """Those that oversee a project which `user` can see."""
        return self.filter(oversees__project__in=Project.objects.visible_to(user)).distinct()


class Committee(models.Model):
    """A group that is accountable for projects of one organization.

    Its members in a project are the people who hold the roles committee chair and committee member there. `quorum` is
    how many of them must take part in a vote; None asks for no number. `terms` are what was agreed about its roles,
    authorities and responsibilities: in `purpose`, `authorities` and `responsibilities`, and in a document.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="committees")
    name = models.CharField(max_length=120)
    purpose = models.TextField(blank=True)
    authorities = models.TextField(blank=True)
    responsibilities = models.TextField(blank=True)
    quorum = models.PositiveSmallIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)

    objects = CommitteeQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "name"], name="committee_name_once"),
            models.CheckConstraint(name="committee_quorum", condition=Q(quorum__isnull=True) | Q(quorum__gte=1)),
        ]

    def __str__(self) -> str:
        return self.name


class Oversight(models.Model):
    """A committee oversees a project: one at a time. `agreed_on` is when its terms were agreed for this project.

    `successor` names the group that takes over after the project (named at G3), `successor_from` from when.
    """

    project = models.OneToOneField(Project, on_delete=models.PROTECT, related_name="oversight")
    committee = models.ForeignKey(Committee, on_delete=models.PROTECT, related_name="oversees")
    terms = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    agreed_on = models.DateField(null=True, blank=True)
    successor = models.CharField(max_length=120, blank=True)
    successor_tasks = models.TextField(blank=True)
    successor_from = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.committee_id} oversees {self.project_id}"


class Gate(models.Model):
    """A gate of a project, once something was said of it: G0 to G3 end a phase, G4 books the stage 1 audit.

    A gate without a row stands as the defaults have it.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="gates")
    number = models.PositiveSmallIntegerField()
    planned_on = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="gate_once"),
            models.CheckConstraint(name="gate_number", condition=Q(number__lte=4)),
        ]

    def __str__(self) -> str:
        return f"G{self.number}"


class CriterionRule(models.Model):
    """A criterion as one project wants it at one gate: another threshold, or not at all, with the reason."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="rules")
    key = models.CharField(max_length=40)
    threshold = models.DecimalField(max_digits=9, decimal_places=2, null=True, blank=True)
    is_used = models.BooleanField(default=True)
    why = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["gate", "key"], name="criterion_rule_once")]

    def __str__(self) -> str:
        return self.key


class Attestation(models.Model):
    """What a person says of a criterion that nothing computes. The newest counts; none is changed."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="attestations")
    key = models.CharField(max_length=40)
    holds = models.BooleanField()
    note = models.TextField()
    attested_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    attested_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["attested_at", "pk"]

    def __str__(self) -> str:
        return f"{self.key}: {self.holds}"


class Waiver(models.Model):
    """A criterion that the chair lets pass at one gate, with the reason. It ends with that gate."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    gate = models.ForeignKey(Gate, on_delete=models.PROTECT, related_name="waivers")
    key = models.CharField(max_length=40)
    why = models.TextField()
    waived_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    waived_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["waived_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["gate", "key"], condition=Q(ended_at__isnull=True), name="one_waiver_of_a_criterion"
            )
        ]

    def __str__(self) -> str:
        return f"{self.key} waived"


class DecisionQuerySet(models.QuerySet["Decision"]):
    """Ways to reach decisions."""

    def visible_to(self, user: Any) -> "DecisionQuerySet":
        """Those of projects that `user` can see."""
        return self.filter(project__in=Project.objects.visible_to(user))


class Decision(models.Model):
    """Something that the committee is asked to decide, and what it decided.

    `frozen` is the moment of the decision: criteria, figures, attachments, votes, conditions; `sha256` its hash;
    `record` the same as evidence. Once decided only `state` goes on, to reopened, by a decision of its own (`reopens`).
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="decisions")
    ref = models.CharField(max_length=12)
    kind = models.CharField(max_length=10, choices=DecisionKind, default=DecisionKind.QUESTION)
    gate_number = models.PositiveSmallIntegerField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=DecisionState, default=DecisionState.ASKED)
    title = models.CharField(max_length=200)
    background = models.TextField(blank=True)
    without_it = models.TextField(blank=True)
    money = models.CharField(max_length=200, blank=True)
    effect = models.CharField(max_length=200, blank=True)
    advice = models.CharField(max_length=200, blank=True)
    decide_by = models.DateField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    meeting = models.ForeignKey(
        "governance.Meeting", on_delete=models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    reopens = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="reopened_by")
    called_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=26, choices=Outcome, blank=True)
    manner = models.CharField(max_length=10, choices=Manner, blank=True)
    setting = models.CharField(max_length=12, choices=Setting, blank=True)
    words = models.TextField(blank=True)
    decided_on = models.DateField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    hold_until = models.DateField(null=True, blank=True)
    frozen = models.JSONField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    record = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, null=True, related_name="+")
    paper = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "ref"], name="decision_ref_once"),
            models.UniqueConstraint(
                fields=["project", "gate_number"],
                condition=Q(kind=DecisionKind.GATE, state=DecisionState.ASKED),
                name="one_open_decision_of_a_gate",
            ),
            models.CheckConstraint(
                name="decided_is_whole",
                condition=~Q(state=DecisionState.DECIDED) | (~Q(outcome="") & ~Q(sha256="")),
            ),
        ]
        indexes = [models.Index(fields=["project", "state", "decide_by"], name="decision_asked")]

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"


class Seat(models.Model):
    """A member who was called to a decision, and what they say; `words` of who is against are kept as they are.

    Seats are given when the decision is called: who joins the committee later has none, who left counts no more
    (`left_at`).
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="seats")
    member = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    is_chair = models.BooleanField(default=False)
    choice = models.CharField(max_length=10, choices=Choice, blank=True)
    words = models.TextField(blank=True)
    cast_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-is_chair", "pk"]
        constraints = [models.UniqueConstraint(fields=["decision", "member"], name="seat_once")]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.choice or 'not yet'}"


class Attachment(models.Model):
    """Evidence or a document that a decision was made on."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="attachments")
    item = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="attachment_is_one_thing",
                condition=Q(item__isnull=False, document__isnull=True) | Q(item__isnull=True, document__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"attachment of {self.decision_id}"


class Action(models.Model):
    """Something that somebody must do for the committee. A condition of a decision is one too."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="actions")
    ref = models.CharField(max_length=12)
    source = models.CharField(max_length=10, choices=ActionSource, default=ActionSource.COMMITTEE)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="actions")
    meeting = models.ForeignKey(
        "governance.Meeting", on_delete=models.PROTECT, null=True, blank=True, related_name="actions"
    )
    lesson = models.ForeignKey(
        "governance.Lesson", on_delete=models.PROTECT, null=True, blank=True, related_name="actions"
    )
    text = models.CharField(max_length=300)
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    due = models.DateField()
    state = models.CharField(max_length=10, choices=ActionState, default=ActionState.OPEN)
    done_on = models.DateField(null=True, blank=True)
    done_note = models.TextField(blank=True)
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["due", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "ref"], name="action_ref_once"),
            models.CheckConstraint(
                name="action_done_is_dated", condition=~Q(state=ActionState.DONE) | Q(done_on__isnull=False)
            ),
        ]
        indexes = [models.Index(fields=["owner", "state"], name="action_of_party")]

    def __str__(self) -> str:
        return f"{self.ref} {self.text}"

    @property
    def is_condition(self) -> bool:
        """Whether a decision depends on it."""
        return self.source == ActionSource.CONDITION
