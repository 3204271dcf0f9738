"""Putting versions in force: at once, or on the day that was set when they were published."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import DatabaseError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.exceptions import RuleBroken, ServiceError, StaleWrite
from common.texts import clean_line
from documents.choices import Classification, DocumentState, Verdict, VersionState
from documents.domain.numbers import first_review
from documents.models import Approval, Document, DocumentEvidence, DocumentVersion
from documents.selectors.in_force import is_due_on
from documents.services.obsolete import put_out_of_force
from documents.services.telling import tell_of_version
from evidence.choices import Classification as EvidenceClassification
from evidence.models import EvidenceItem
from evidence.services.records import pin_record
from jobs.services.request import request_job
from projects.choices import ProjectRole
from projects.models import Membership
from projects.permissions import can
from projects.services.guards import require_capability, write_versioned

logger = logging.getLogger(__name__)

RECORD_KIND = "document version"
#: The kind of job that makes and keeps the paper of what came into force.
KEPT_PAPER = "document-kept-paper"


def put_in_force(
    acting_user: User | None, version: DocumentVersion, begins: date, *, lock: int, **published: object
) -> Mapping[str, object]:
    """Make `version` hold: the one before becomes obsolete, its record is pinned as evidence, its review is counted
    from `begins`, and its paper is asked for. What a trail event says of it.

    `published` is what else is written to the version, which still is at `lock` or StaleWrite is raised. For services
    that have checked who acts.
    """
    document = version.document
    before = (
        DocumentVersion.objects.filter(document=document, state=VersionState.PUBLISHED)
        .select_related("record", "paper")
        .first()
    )
    if before is not None:
        before.document = document
        put_out_of_force(before)
    record = pin_record(
        acting_user=None,
        project=document.project,
        kind=RECORD_KIND,
        key=f"{document.key} {version.number}",
        content=version_record(version, begins),
        title=f"{document} {version.number}"[:200],
        shows=_("What this version says, what was said about it, and who approved it."),
        refs=document.refs,
        classification=classified(document),
        owner=document.owner,
    )
    write_versioned(
        version,
        version=lock,
        values={"state": VersionState.PUBLISHED, "effective_on": begins, "record": record, **published},
        shown={},
        sent={},
    )
    prove(acting_user, version, record)
    review_on = first_review(begins, document.review_months, version.facts.get("review_on", ""))
    write_versioned(document, version=document.version, values={"review_on": review_on}, shown={}, sent={})
    changes: dict[str, object] = {
        "sha256": [None, version.sha256],
        "effective on": [None, begins.isoformat()],
        "review on": [None, review_on.isoformat()],
        "record": [None, record.key],
    }
    if before is not None:
        changes["obsolete"] = [None, str(before.number)]
    _ask_for_paper(acting_user, version)
    return changes


@transaction.atomic
def settle(document: Document) -> DocumentVersion | None:
    """Put the version of `document` in force whose day has come, where there is one; None where there is not.

    Run again, it does nothing. One trail event of the installation, and those of evidence. The work of the night calls
    it for all documents, each service for its own before it acts: nobody has to wait for the night.
    """
    today = clock.today(document.project.time_zone)
    due = DocumentVersion.objects.filter(is_due_on(today), document=document).select_related("published_by").first()
    if due is None or document.state != DocumentState.CURRENT:
        return None
    due.document = document
    begins = due.effective_on or today
    changes = put_in_force(None, due, begins, lock=due.version)
    tell_of_version(None, due, "in force", changes)
    return due


@dataclass(slots=True)
class Settled:
    """What a night put in force: how many, and the numbers of documents that failed."""

    count: int = 0
    failed: list[str] = field(default_factory=list)


def is_anything_due() -> bool:
    """Whether some version may have to be put in force. One query."""
    return DocumentVersion.objects.filter(_due_anywhere()).exists()


def _due_anywhere() -> Q:
    # A day more: no time zone is further ahead. What today is, each project says in `settle`.
    return is_due_on(clock.today() + timedelta(days=1)) & Q(document__state=DocumentState.CURRENT)


def settle_all() -> Settled:
    """Put every version in force whose day has come in the time zone of its project, each document by itself."""
    settled = Settled()
    due = DocumentVersion.objects.filter(_due_anywhere())
    for pk in due.order_by("effective_on", "pk").values_list("document_id", flat=True):
        try:
            settled.count += _settled(pk)
        except (ServiceError, DatabaseError):
            logger.exception("documents: %s could not be put in force", pk)
            settled.failed.append(Document.objects.values_list("number", flat=True).get(pk=pk))
    return settled


@transaction.atomic
def _settled(pk: int) -> bool:
    """Lock the project, and settle what is due in it now."""
    document = Document.objects.select_related("project").get(pk=pk)
    require_capability(None, "documents.publish", document.project)
    fresh = Document.objects.select_related("owner").get(pk=pk)
    fresh.project = document.project
    return settle(fresh) is not None


@transaction.atomic
def call_off(*, acting_user: User | None, version: DocumentVersion, lock: int, why: str) -> DocumentVersion:
    """Take back a version that was to come into force: it is approved again, and what holds goes on holding. It can be
    published for another day, or taken back to its authors. One trail event.

    Raises NotPermitted, StaleWrite where it is in force already or was called off, RuleBroken without a reason.
    """
    project = version.document.project
    require_capability(acting_user, "documents.publish", project)
    settle(version.document)
    fresh = DocumentVersion.objects.get(pk=version.pk, project_id=project.pk)
    fresh.document = version.document
    if fresh.state == VersionState.PUBLISHED:
        raise StaleWrite(
            _("Version %(number)s is in force by now: its day has come. Begin the next version to change it.")
            % {"number": fresh.number},
            current={},
            sent={},
        )
    if not fresh.is_scheduled:
        raise StaleWrite(
            _("Version %(number)s is not to come into force any more: somebody called it off.")
            % {"number": fresh.number},
            current={},
            sent={},
        )
    said = clean_line(why)[:300]
    if not said:
        raise RuleBroken(_("Say why it is called off."), field="words")
    day = fresh.effective_on
    values = {"state": VersionState.APPROVED, "published_by": None, "published_at": None, "effective_on": None}
    write_versioned(fresh, version=lock, values=values, shown={}, sent={})
    changes = {"effective on": [day.isoformat() if day else None, None]}
    tell_of_version(acting_user, fresh, "call off", changes, reason=said)
    return fresh


def version_record(version: DocumentVersion, effective_on: date) -> Mapping[str, object]:
    """What is pinned of a version: plain values that make a canonical JSON."""
    approvals = Approval.objects.filter(document_version=version, verdict=Verdict.APPROVE).select_related("approver")
    return {
        "document": version.document.key,
        "number": version.document.number,
        "version": str(version.number),
        "facts": version.facts,
        "text": version.text,
        "file": version.file.key if version.file is not None else "",
        "values": version.values,
        "template_sha256": version.template_sha256,
        "sha256": version.sha256,
        "change_note": version.change_note,
        "effective_on": effective_on,
        "approvals": [
            {
                "name": str(each.approver),
                "at": each.decided_at,
                "reason": each.reason,
                "own_work": each.own_work,
            }
            for each in approvals.filter(round=version.round)
        ],
    }


def classified(document: Document) -> str:
    """The class of the evidence that a document makes."""
    if document.classification == Classification.CONFIDENTIAL:
        return EvidenceClassification.CONFIDENTIAL
    return EvidenceClassification.INTERNAL


def prove(acting_user: User | None, version: DocumentVersion, *items: EvidenceItem) -> None:
    """Link `items` to the document of `version`, as its record or its paper."""
    DocumentEvidence.objects.bulk_create(
        [
            DocumentEvidence(
                project=version.document.project,
                item=item,
                document=version.document,
                note=str(version.number),
                added_by=acting_user,
                added_at=clock.now(),
            )
            for item in items
        ]
    )


def _ask_for_paper(acting_user: User | None, version: DocumentVersion) -> None:
    """Let the paper be made for who put it in force; of what the installation put in force, for who published it, or a
    manager where that person may no longer. A job belongs to somebody: without anybody there is no paper."""
    project = version.document.project
    managing = Membership.objects.current().filter(project=project, role=ProjectRole.MANAGER).values("user")
    managers = User.objects.filter(pk__in=managing).order_by("pk")
    people = [acting_user] if acting_user else [version.published_by, *managers]
    asker = next((each for each in people if each is not None and can(each, "documents.publish", project)), None)
    if asker is None:
        return
    request_job(
        acting_user=asker,
        project=project,
        kind=KEPT_PAPER,
        parameters={"version": version.pk},
        idempotency_key=f"paper of document version {version.pk}",
    )
