"""Evidence that a document is lived."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.exceptions import RuleBroken
from documents.models import DocumentEvidence
from documents.services.guards import own_document
from documents.services.telling import tell_of
from evidence.choices import ItemState
from evidence.models import EvidenceItem
from projects.models import Project
from projects.services.guards import require_capability


@transaction.atomic
def link_evidence(*, acting_user: User | None, project: Project, key: str, item: EvidenceItem) -> DocumentEvidence:
    """Let `item` prove that a document is lived; done twice, it is done once. One trail event.

    Raises NotPermitted, RuleBroken for an item that no longer counts, Document.DoesNotExist.
    """
    require_capability(acting_user, "evidence.add", project)
    document = own_document(acting_user, project, key, "documents.write")
    if item.project_id != project.pk:
        raise EvidenceItem.DoesNotExist
    if item.state != ItemState.CURRENT:
        raise RuleBroken(_("%(item)s no longer counts.") % {"item": item.key}, field="item")
    link, is_new = DocumentEvidence.objects.get_or_create(
        item=item, document=document, defaults={"project": project, "added_by": acting_user, "added_at": clock.now()}
    )
    if is_new:
        tell_of(acting_user, document, "link evidence", {"evidence": [None, item.key]})
    return link


@transaction.atomic
def unlink_evidence(*, acting_user: User | None, project: Project, item: EvidenceItem, key: str) -> None:
    """Take `item` off a document. One trail event.

    Raises NotPermitted, RuleBroken for what was pinned when a version was published, Document.DoesNotExist.
    """
    require_capability(acting_user, "evidence.add", project)
    document = own_document(acting_user, project, key, "documents.write")
    link = DocumentEvidence.objects.filter(item=item, document=document).first()
    if link is None:
        return
    if link.note:
        raise RuleBroken(_("This was pinned when version %(number)s was published; it stays.") % {"number": link.note})
    link.delete()
    tell_of(acting_user, document, "unlink evidence", {"evidence": [item.key, None]})
