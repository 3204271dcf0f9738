"""What every act on a document checks first."""

from django.utils.translation import gettext as _

from accounts.models import User
from common.exceptions import NotPermitted, RuleBroken
from documents.choices import DocumentState, VersionState
from documents.models import Document, DocumentVersion
from documents.permissions import may_write as may_write
from documents.selectors import document_of, open_version
from documents.services.in_force import settle
from projects.models import Project
from projects.permissions import access_to
from projects.services.guards import require_capability


def own_document(acting_user: User | None, project: Project, key: str, capability: str) -> Document:
    """The document that `key` names, once `acting_user` holds `capability`; the project is locked.

    Raises NotPermitted, RuleBroken for an archived one, Document.DoesNotExist where they may not see it.
    """
    require_capability(acting_user, capability, project)
    document = document_of(project, access_to(project, acting_user), key)
    if document is None:
        raise Document.DoesNotExist
    if document.state != DocumentState.CURRENT:
        raise RuleBroken(_("This document is archived. Bring it back before you change it."))
    settle(document)
    return document


def own_draft(acting_user: User | None, project: Project, key: str) -> DocumentVersion:
    """The draft of the document, once `acting_user` may write it; the project is locked.

    Raises as `own_document`, and RuleBroken where there is no draft, or it lies with its approvers.
    """
    document = own_document(acting_user, project, key, "documents.write")
    if not may_write(document, access_to(project, acting_user)):
        raise NotPermitted(_("Managers, its owner and who began it write this document."))
    version = open_version(document)
    if version is None:
        raise RuleBroken(_("There is no draft. Begin a new version first."))
    if version.state == VersionState.IN_REVIEW:
        raise RuleBroken(
            _("Version %(number)s lies with its approvers. Take it back first, or wait for what they decide.")
            % {"number": version.number}
        )
    if version.is_scheduled:
        raise RuleBroken(scheduled_words(version))
    if version.state == VersionState.APPROVED:
        raise RuleBroken(
            _("Version %(number)s is approved and never changes. Publish it, then begin a new version.")
            % {"number": version.number}
        )
    return version


def scheduled_words(version: DocumentVersion) -> str:
    """That a version comes into force on a later day, and what to do about it."""
    return _(
        "Version %(number)s comes into force on %(day)s and does not change until then. "
        "Begin the next version from that day on, or call it off first."
    ) % {"number": version.number, "day": version.begins_words}
