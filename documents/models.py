"""Controlled documents: what they are, their versions, who approves and reads them."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.formats import date_format

from accounts.models import User
from common import clock
from documents.choices import (
    OPEN_STATES,
    Classification,
    DocumentKind,
    DocumentState,
    Obligation,
    Origin,
    Several,
    Verdict,
    VersionState,
    Weight,
)
from documents.domain.numbers import VersionNumber
from documents.interface_models import Interface
from documents.objective_models import Objective, ObjectiveValue
from documents.people_models import CommunicationLine, Competence, CompetenceHeld, CompetenceNeed
from documents.policy_models import PolicyExplanation
from documents.style_models import HouseStyle, OwnTemplate
from evidence.models import EvidenceItem, EvidenceLink
from projects.models import Party, Project

__all__ = [
    "Approval",
    "Author",
    "CommunicationLine",
    "Competence",
    "CompetenceHeld",
    "CompetenceNeed",
    "Document",
    "DocumentAnswer",
    "DocumentEvidence",
    "DocumentVersion",
    "HouseStyle",
    "Interface",
    "Objective",
    "ObjectiveValue",
    "OwnTemplate",
    "PolicyExplanation",
    "Reading",
]


class DocumentQuerySet(models.QuerySet["Document"]):
    """Ways to reach documents."""

    def visible_to(self, user: Any) -> "DocumentQuerySet":
        """Those of projects that `user` can see. Confidential ones need `documents.selectors.seen_by` on top."""
        return self.filter(project__in=Project.objects.visible_to(user))

    def current(self) -> "DocumentQuerySet":
        """Those that are kept up."""
        return self.filter(state=DocumentState.CURRENT)


class Document(models.Model):
    """A document under control. `key` names it in addresses, `number` on paper; what it says stands in its versions.

    `template` is the key of the template it follows ("" for one of its own); of what there is several of, `subject`
    says which one this is (the process, the service). `review_on` is the day by which it is to be looked at again,
    counted from when it was published or last confirmed.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="documents")
    key = models.SlugField(max_length=80)
    number = models.CharField(max_length=12)
    title = models.CharField(max_length=160)
    subject = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=12, choices=DocumentKind)
    template = models.CharField(max_length=80, blank=True)
    several = models.CharField(max_length=10, choices=Several, blank=True)
    obligation = models.CharField(max_length=10, choices=Obligation, default=Obligation.PRACTICE)
    clauses_2011 = models.JSONField(default=list)
    clauses_2018 = models.JSONField(default=list)
    refs = models.JSONField(default=list)
    phase_number = models.PositiveSmallIntegerField(default=1)
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    owner_role = models.CharField(max_length=60, blank=True)
    approver_role = models.CharField(max_length=60, blank=True)
    classification = models.CharField(max_length=12, choices=Classification, default=Classification.INTERNAL)
    review_months = models.PositiveSmallIntegerField(default=12)
    review_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=DocumentState, default=DocumentState.CURRENT)
    state_reason = models.CharField(max_length=300, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "key"], name="document_key_once"),
            models.UniqueConstraint(fields=["project", "number"], name="document_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.full_title}"

    @property
    def full_title(self) -> str:
        """The title with what it is about, where there is one for each of several."""
        return f"{self.title}: {self.subject}" if self.subject else self.title


class DocumentVersion(models.Model):
    """One version: a draft that changes, or what was sent for review and never changes again.

    `body` is Markdown with places to fill; once sent, `text` is what it says with the places filled, `values` what they
    were filled with, and `sha256` is over all that is frozen (`services.freezing`). A version from a PDF has `file`
    instead of words. `template_sha256` says which version of the template it began from. `paper` is the PDF that was
    made when it came into force, kept as evidence; `record` the pinned record of it. Published for a later day
    (`effective_on`) it is scheduled until `services.in_force` puts it in force; what reads takes the day for the truth
    (`selectors.in_force`).
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="versions")
    major = models.PositiveSmallIntegerField()
    minor = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=VersionState, default=VersionState.DRAFT)
    origin = models.CharField(max_length=10, choices=Origin)
    origin_note = models.CharField(max_length=200, blank=True)
    template_sha256 = models.CharField(max_length=64, blank=True)
    body = models.TextField(blank=True)
    file = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    change_note = models.TextField(blank=True)
    weight = models.CharField(max_length=6, choices=Weight, default=Weight.MAJOR)
    text = models.TextField(blank=True)
    values = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64, blank=True)
    decide_by = models.DateField(null=True, blank=True)
    round = models.PositiveSmallIntegerField(default=0)
    begun_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    begun_at = models.DateTimeField(default=clock.now)
    saved_at = models.DateTimeField(default=clock.now)
    submitted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    effective_on = models.DateField(null=True)
    obsolete_at = models.DateTimeField(null=True)
    record = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, null=True, related_name="+")
    paper = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["document", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["document"], condition=Q(state__in=OPEN_STATES), name="document_one_version_on_its_way"
            ),
            models.UniqueConstraint(
                fields=["document"], condition=Q(state=VersionState.PUBLISHED), name="document_one_version_in_force"
            ),
            models.UniqueConstraint(
                fields=["document", "major", "minor"],
                condition=~Q(state=VersionState.DROPPED),
                name="document_version_once",
            ),
        ]
        indexes = [models.Index(fields=["project", "state"], name="document_version_state")]

    def __str__(self) -> str:
        return f"{self.document_id} {self.number}"

    @property
    def number(self) -> VersionNumber:
        """`major.minor`."""
        return VersionNumber(self.major, self.minor)

    @property
    def is_open(self) -> bool:
        """Whether it is on its way."""
        return self.state in OPEN_STATES

    @property
    def is_draft(self) -> bool:
        """Whether it can be changed."""
        return self.state == VersionState.DRAFT

    @property
    def is_scheduled(self) -> bool:
        """Whether it is published and its day has not come."""
        return self.state == VersionState.SCHEDULED

    @property
    def begins_words(self) -> str:
        """From when it holds, in words; "" where no day is set."""
        return date_format(self.effective_on, "j F Y") if self.effective_on is not None else ""

    @property
    def was_in_force(self) -> bool:
        """Whether it is or was in force."""
        return self.state in (VersionState.PUBLISHED, VersionState.OBSOLETE)


class Author(models.Model):
    """Somebody wrote a part of a version; they do not approve it."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    document_version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="authors")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["document_version", "user"], name="document_author_once")]

    def __str__(self) -> str:
        return f"{self.user_id} wrote {self.document_version_id}"


class Approval(models.Model):
    """What one person, asked by name, says of a version. `round` counts how often the version was sent."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    document_version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="approvals")
    approver = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    round = models.PositiveSmallIntegerField(default=1)
    verdict = models.CharField(max_length=8, choices=Verdict, default=Verdict.WAITING)
    reason = models.TextField(blank=True)
    own_work = models.BooleanField(default=False)
    asked_at = models.DateTimeField(default=clock.now)
    decided_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["round", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["document_version", "round", "approver"], name="document_approver_once")
        ]

    def __str__(self) -> str:
        return f"{self.approver_id} {self.verdict}"


class DocumentAnswer(models.Model):
    """What fills a place that only people know: by its question, or by the options of a choice.

    Without `document` it is said once for all documents of the project; with one it holds there alone.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="document_answers")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="answers")
    question = models.CharField(max_length=400)
    answer = models.TextField()
    said_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    said_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "question"], condition=Q(document__isnull=True), name="document_answer_once"
            ),
            models.UniqueConstraint(
                fields=["document", "question"], condition=Q(document__isnull=False), name="document_own_answer_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.answer}"


class Reading(models.Model):
    """Somebody is asked to read a published version and to say that they understood it."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    document_version = models.ForeignKey(DocumentVersion, on_delete=models.PROTECT, related_name="readings")
    reader = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=60, blank=True)
    due = models.DateField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["due", "pk"]
        constraints = [models.UniqueConstraint(fields=["document_version", "reader"], name="document_reading_once")]

    def __str__(self) -> str:
        return f"{self.reader_id} reads {self.document_version_id}"


class DocumentEvidence(EvidenceLink):
    """An item proves that a document is lived: a record that it asks for, or the paper of a version."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="evidence_links")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "document"], name="evidence_of_document_once")]
