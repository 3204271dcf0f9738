"""What one person may do with one document, beside the capabilities of their role."""

from documents.models import Document
from projects.permissions import Access


def may_write(document: Document, access: Access) -> bool:
    """Whether a person may write this document: managers, its owner, who began it. No query."""
    if access.is_system or access.can("documents.publish"):
        return True
    if not access.can("documents.write"):
        return False
    owner = document.owner.user_id if document.owner is not None else None
    return access.user_id in (owner, document.created_by_id)


def may_confirm(document: Document, access: Access) -> bool:
    """Whether a person may say that this document still holds: managers and its owner. No query."""
    if access.is_system or access.can("documents.publish"):
        return True
    owner = document.owner.user_id if document.owner is not None else None
    return bool(access.can("documents.write")) and access.user_id == owner
