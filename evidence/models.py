"""Evidence: items, their revisions, what they prove, who was asked for them, and what became of them."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q

from accounts.models import User
from common import clock
from evidence.choices import (
    Classification,
    EvidenceKind,
    ItemState,
    ProofNeeded,
    RequestState,
    UploadState,
)
from phases.models import ProjectActivity
from projects.choices import Edition
from projects.models import Organization, Party, Project


class ItemQuerySet(models.QuerySet["EvidenceItem"]):
    """Ways to reach items."""

    def visible_to(self, user: Any) -> "ItemQuerySet":
        """Those of projects that `user` can see. Confidential ones need `evidence.selectors.seen_by` on top."""
        return self.filter(project__in=Project.objects.visible_to(user))

    def current(self) -> "ItemQuerySet":
        """Those that count."""
        return self.filter(state=ItemState.CURRENT)


class EvidenceItem(models.Model):
    """Proof of something: a file, a link with what was seen there, or a record of this system as it stood.

    `key` names it in addresses, registers and packs. What it holds stands in its revisions; `revision` is the newest.
    `left_at` is when it ceased to count: from then on the months of retention run.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="evidence")
    key = models.CharField(max_length=12)
    kind = models.CharField(max_length=8, choices=EvidenceKind)
    title = models.CharField(max_length=200)
    shows = models.TextField(blank=True)
    owner = models.ForeignKey(Party, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    classification = models.CharField(max_length=12, choices=Classification, default=Classification.INTERNAL)
    collected_on = models.DateField()
    covers_from = models.DateField(null=True, blank=True)
    covers_until = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=ItemState, default=ItemState.CURRENT)
    state_reason = models.CharField(max_length=300, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    legal_hold = models.BooleanField(default=False)
    hold_reason = models.CharField(max_length=300, blank=True)
    revision = models.ForeignKey("Revision", on_delete=models.PROTECT, null=True, related_name="+")
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)

    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["project", "key"], name="evidence_key_once"),
            models.CheckConstraint(
                name="evidence_covers",
                condition=Q(covers_from__isnull=True) | Q(covers_until__gte=models.F("covers_from")),
            ),
        ]
        indexes = [models.Index(fields=["project", "state", "valid_until"], name="evidence_freshness")]

    def __str__(self) -> str:
        return f"{self.key} {self.title}"


class Revision(models.Model):
    """What an item held from one moment on; it never changes, and an item gets another one instead.

    A file: `stored`, its hash and size, the name it was sent as. A link: `url`, `seen_note`, `seen_on`. A record:
    `record` (canonical JSON) with its kind and key. `sha256` is over the bytes of the file, the canonical JSON of the
    record, or that of address, note and day of a link.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(default=0)
    stored = models.CharField(max_length=40, blank=True)
    file_name = models.CharField(max_length=130, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    url = models.CharField(max_length=1000, blank=True)
    seen_note = models.TextField(blank=True)
    seen_on = models.DateField(null=True, blank=True)
    record = models.TextField(blank=True)
    record_kind = models.CharField(max_length=40, blank=True)
    record_key = models.CharField(max_length=80, blank=True)
    why = models.CharField(max_length=300, blank=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(default=clock.now)
    disposed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["item", "number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="evidence_revision_once"),
            models.UniqueConstraint(fields=["stored"], condition=~Q(stored=""), name="evidence_file_once"),
        ]
        indexes = [models.Index(fields=["project", "sha256"], name="evidence_by_hash")]

    def __str__(self) -> str:
        return f"{self.item_id} revision {self.number}"


class EvidenceLink(models.Model):
    """An item proves something. Apps above make this concrete for what they have (an answer, a document)."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, related_name="%(class)s_links")
    note = models.CharField(max_length=300, blank=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField(default=clock.now)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"link of {self.item_id}"


class ActivityEvidence(EvidenceLink):
    """An item proves that an activity was done; with `phase_number`, in that phase."""

    activity = models.ForeignKey(ProjectActivity, on_delete=models.PROTECT, related_name="evidence_links")
    phase_number = models.PositiveSmallIntegerField(null=True, blank=True)
    is_late = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "activity"], name="evidence_of_activity_once")]


class ClauseEvidence(EvidenceLink):
    """An item proves conformity to a clause, beside those of the activities it is linked to."""

    edition = models.CharField(max_length=4, choices=Edition)
    clause = models.CharField(max_length=12)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "edition", "clause"], name="evidence_of_clause_once")]


class StorageUse(models.Model):
    """How many bytes of evidence an organization keeps, counted in the same transaction as each file."""

    organization = models.OneToOneField(Organization, on_delete=models.PROTECT, related_name="storage_use")
    used = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.organization_id}: {self.used}"


class EvidenceRules(models.Model):
    """What a project asks of evidence: whether verifying needs some, and how long what is withdrawn is kept.

    `keep_months` maps a kind to months after which an item that no longer counts may be disposed of; one that it lacks
    is kept for the usual time, a round of certification. `audit_from` is the first day of the period under audit: what
    shows only what was before is called too old.
    """

    USUAL_MONTHS = 36

    project = models.OneToOneField(Project, on_delete=models.PROTECT, related_name="evidence_rules")
    proof_needed = models.CharField(max_length=4, choices=ProofNeeded, default=ProofNeeded.NONE)
    keep_months = models.JSONField(default=dict)
    audit_from = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name_plural = "evidence rules"

    def __str__(self) -> str:
        return f"Rules of {self.project_id}"

    def months(self, kind: str) -> int:
        """For how many months an item of `kind` is kept once it no longer counts."""
        return int(self.keep_months.get(kind, self.USUAL_MONTHS))


class IncomingFile(models.Model):
    """A file that is not evidence yet: how much of it is there, where the next piece begins, what was said about it.

    A large one is checked by a job; one that is here already is held until who sent it says what to do (`again` is
    why it is kept a second time). `problem` says why it was not taken in.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=130)
    size = models.PositiveBigIntegerField()
    received = models.PositiveBigIntegerField(default=0)
    path = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=UploadState, default=UploadState.RECEIVING)
    sha256 = models.CharField(max_length=64, blank=True)
    facts = models.JSONField(default=dict)
    again = models.CharField(max_length=300, blank=True)
    problem = models.CharField(max_length=500, blank=True)
    item = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, null=True, related_name="+")
    begun_at = models.DateTimeField(default=clock.now)
    touched_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.received} of {self.size}"


class EvidenceRequest(models.Model):
    """Somebody asks somebody for proof of something by a day."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=12)
    text = models.TextField()
    activity = models.ForeignKey(ProjectActivity, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    asked_of = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    due = models.DateField()
    state = models.CharField(max_length=10, choices=RequestState, default=RequestState.ASKED)
    words = models.TextField(blank=True)
    settled_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["due", "pk"]
        constraints = [models.UniqueConstraint(fields=["project", "key"], name="evidence_request_once")]
        indexes = [models.Index(fields=["state", "due"], name="evidence_request_due")]

    def __str__(self) -> str:
        return self.key


class RequestEvidence(EvidenceLink):
    """An item was given for a request."""

    request = models.ForeignKey(EvidenceRequest, on_delete=models.PROTECT, related_name="evidence_links")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "request"], name="evidence_of_request_once")]


class Disposal(models.Model):
    """What was disposed of, when, by whom and by which rule. Hashes and trail stay; the content is gone.

    `stored` names the files that go once the transaction is through, and `files_gone_at` says that they went: what a
    crash leaves in between, a night takes away.
    """

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="+")
    item = models.OneToOneField(EvidenceItem, on_delete=models.PROTECT, related_name="disposal")
    rule = models.CharField(max_length=300)
    reason = models.CharField(max_length=300, blank=True)
    revisions = models.JSONField()
    stored = models.JSONField(default=list)
    files_gone_at = models.DateTimeField(null=True)
    disposed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    disposed_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"Disposal of {self.item_id}"


class FileCheck(models.Model):
    """How far the check of stored files has come, so that one that was broken off goes on. One row at most.

    Revisions up to `position` were looked at; of them, those in `found` (by primary key) were not what they should be.
    """

    position = models.PositiveBigIntegerField(default=0)
    found = models.JSONField(default=list)
    begun_at = models.DateTimeField(default=clock.now)
    whole_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"checked up to {self.position}"
