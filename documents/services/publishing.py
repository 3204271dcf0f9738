"""Publishing what is approved, confirming what stands, and putting documents away."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from common.texts import clean_line
from documents.choices import DocumentState, VersionState
from documents.domain.numbers import month_after
from documents.models import Document, DocumentVersion
from documents.permissions import may_confirm
from documents.selectors import document_of, open_version, version_in_force
from documents.services.guards import own_document
from documents.services.in_force import classified, prove, put_in_force
from documents.services.obsolete import put_out_of_force
from documents.services.telling import tell_of, tell_of_version
from evidence.files import Incoming
from evidence.models import EvidenceItem
from evidence.services.items import Facts, FileIn, add_evidence, withdraw_item
from projects.models import Project
from projects.permissions import access_to
from projects.services.guards import require_capability, write_versioned


@transaction.atomic
def publish_version(
    *, acting_user: User | None, version: DocumentVersion, lock: int, effective_on: date | None = None
) -> DocumentVersion:
    """Put an approved version in force and the one before out of it, and pin its record as evidence; with a later day,
    let it wait for that day, until which the one before holds. Trail events for the document, and for each item of
    evidence that comes or no longer counts.

    `lock` is the `version` field of the row as the person saw it: of two who publish at once, one does. Raises
    NotPermitted, StaleWrite, RuleBroken for a version that is not approved, a day gone by, or one beyond a year. What
    somebody approved while they could stays approved, whatever role they hold since.
    """
    project = version.document.project
    require_capability(acting_user, "documents.publish", project)
    fresh = DocumentVersion.objects.select_related("file__revision").get(pk=version.pk, project_id=project.pk)
    fresh.document = version.document
    if fresh.is_scheduled:
        raise StaleWrite(
            _("Version %(number)s is published already, and comes into force on %(day)s.")
            % {"number": fresh.number, "day": fresh.begins_words},
            current={},
            sent={},
        )
    if fresh.state == VersionState.PUBLISHED:
        raise StaleWrite(_("Version %(number)s is published already.") % {"number": fresh.number}, current={}, sent={})
    if fresh.state != VersionState.APPROVED:
        raise RuleBroken(_("Only what is approved is published."))
    today = clock.today(project.time_zone)
    begins = effective_on or today
    if begins < today:
        raise RuleBroken(_("This day has gone by."), field="effective_on")
    if begins > month_after(today, 12):
        raise RuleBroken(_("This is more than a year off."), field="effective_on")
    published = {"published_by": acting_user, "published_at": clock.now()}
    if begins > today:
        # Until its day the one before holds; `services.in_force` then does what is left.
        later = {"state": VersionState.SCHEDULED, "effective_on": begins, **published}
        write_versioned(fresh, version=lock, values=later, shown={}, sent={})
        changes: Mapping[str, object] = {
            "sha256": [None, fresh.sha256],
            "effective on": [None, begins.isoformat()],
        }
        tell_of_version(acting_user, fresh, "schedule", changes, reason=fresh.change_note)
        return fresh
    changes = put_in_force(acting_user, fresh, begins, lock=lock, **published)
    tell_of_version(acting_user, fresh, "publish", changes, reason=fresh.change_note)
    return fresh


@transaction.atomic
def keep_paper(*, version: DocumentVersion, incoming: Incoming, name: str) -> EvidenceItem:
    """Keep the PDF that was made of a published version as evidence of it. One trail event of the evidence.

    Called by the job that made it. A version that has its paper gets no second one. Raises RuleBroken for a version
    that was never published.
    """
    document = version.document
    require_capability(None, "documents.publish", document.project)
    fresh = DocumentVersion.objects.select_related("paper").get(pk=version.pk, project_id=document.project_id)
    fresh.document = document
    if fresh.paper is not None:
        return fresh.paper
    if not fresh.was_in_force:
        raise RuleBroken(_("Only what is published has a paper that is kept."))
    shows = (
        _("The paper of this version. A newer one had come into force before it was kept.")
        if fresh.state == VersionState.OBSOLETE
        else _("The paper of this version, as it was made when it came into force.")
    )
    item = add_evidence(
        acting_user=None,
        project=document.project,
        content=FileIn(incoming, name),
        facts=Facts(
            title=_("%(document)s %(version)s as PDF") % {"document": document, "version": fresh.number},
            shows=shows,
            classification=classified(document),
            owner=document.owner,
            refs=tuple(document.refs),
        ),
    )
    write_versioned(fresh, version=fresh.version, values={"paper": item}, shown={}, sent={})
    prove(None, fresh, item)
    if fresh.state == VersionState.OBSOLETE:
        # A newer version came before its paper was made: it is kept, and does not count.
        why = _("Version %(number)s of %(document)s is obsolete.") % {"number": fresh.number, "document": document}
        withdraw_item(acting_user=None, project=document.project, key=item.key, version=item.version, why=why[:300])
    return item


@transaction.atomic
def confirm_document(*, acting_user: User | None, project: Project, key: str, version: int, words: str) -> Document:
    """Say that a document was looked at and still holds; its next review is counted from today. One trail event.

    Raises NotPermitted, StaleWrite, RuleBroken without words or without a version in force, Document.DoesNotExist.
    """
    document = own_document(acting_user, project, key, "documents.write")
    if not may_confirm(document, access_to(project, acting_user)):
        raise NotPermitted(_("Its owner and managers confirm a document."))
    if version_in_force(document) is None:
        raise RuleBroken(_("Nothing of it is in force yet."))
    said = clean_line(words)[:300]
    if not said:
        raise RuleBroken(_("Say what you looked at: an auditor will ask."), field="words")
    review_on = month_after(clock.today(project.time_zone), document.review_months)
    before = document.review_on
    write_versioned(document, version=version, values={"review_on": review_on}, shown={}, sent={})
    tell_of(
        acting_user,
        document,
        "confirm",
        {"review on": [before.isoformat() if before else None, review_on.isoformat()]},
        reason=said,
    )
    return document


@transaction.atomic
def archive_document(*, acting_user: User | None, project: Project, key: str, version: int, why: str) -> Document:
    """Put a document away: what was in force becomes obsolete, all stays readable. One trail event.

    Raises NotPermitted, StaleWrite, RuleBroken without a reason or while a version is on its way, DoesNotExist.
    """
    document = own_document(acting_user, project, key, "documents.publish")
    said = clean_line(why)[:300]
    if not said:
        raise RuleBroken(_("Say why it is put away."), field="why")
    there = open_version(document)
    if there is not None and there.is_scheduled:
        raise RuleBroken(
            _("Version %(number)s is to come into force on %(day)s. Call that off first.")
            % {"number": there.number, "day": there.begins_words}
        )
    if there is not None and there.state != VersionState.DRAFT:
        raise RuleBroken(_("Version %(number)s is on its way. Take it back first.") % {"number": there.number})
    write_versioned(
        document,
        version=version,
        values={"state": DocumentState.ARCHIVED, "state_reason": said},
        shown={},
        sent={},
    )
    if there is not None:
        write_versioned(there, version=there.version, values={"state": VersionState.DROPPED}, shown={}, sent={})
    in_force = version_in_force(document)
    if in_force is not None:
        put_out_of_force(in_force)
    tell_of(
        acting_user,
        document,
        "archive",
        {"state": [DocumentState.CURRENT.value, DocumentState.ARCHIVED.value]},
        reason=said,
    )
    return document


@transaction.atomic
def bring_back(*, acting_user: User | None, project: Project, key: str, version: int) -> Document:
    """Keep an archived document up again; nothing of it is in force until a version is published. One trail event.

    Raises NotPermitted, StaleWrite, RuleBroken for one that is not archived, Document.DoesNotExist.
    """
    require_capability(acting_user, "documents.publish", project)
    document = document_of(project, access_to(project, acting_user), key)
    if document is None:
        raise Document.DoesNotExist
    if document.state != DocumentState.ARCHIVED:
        raise RuleBroken(_("It is not archived."))
    write_versioned(
        document,
        version=version,
        values={"state": DocumentState.CURRENT, "state_reason": "", "review_on": None},
        shown={},
        sent={},
    )
    tell_of(acting_user, document, "bring back", {"state": [DocumentState.ARCHIVED.value, DocumentState.CURRENT.value]})
    return document
