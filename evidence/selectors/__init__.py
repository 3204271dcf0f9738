"""Reads of evidence. Each list starts from `seen_by`: hidden equals absent."""

from django.db.models import Q

from accounts.models import User
from evidence.choices import Classification
from evidence.models import EvidenceItem, ItemQuerySet
from projects.choices import ProjectRole
from projects.models import Project
from projects.permissions import Access

SEE_ALL = frozenset({ProjectRole.MANAGER, ProjectRole.TOP_MANAGEMENT, ProjectRole.CHAIR, ProjectRole.AUDITOR})


def sees_all(access: Access) -> bool:
    """Whether confidential items are shown too, whoever added them."""
    return access.is_system or access.organization_owner or bool(access.roles & SEE_ALL)


def seen_by(project: Project, access: Access) -> ItemQuerySet:
    """The items of `project` that a person may see: of confidential ones their own alone, unless they see all."""
    items = EvidenceItem.objects.filter(project=project)
    if sees_all(access):
        return items
    own = Q(added_by=access.user_id) | Q(owner__user=access.user_id)
    return items.filter(~Q(classification=Classification.CONFIDENTIAL) | own)


def item_of(project: Project, access: Access, key: str) -> EvidenceItem | None:
    """The item that `key` names, where this person may see it."""
    item = seen_by(project, access).select_related("revision", "owner", "added_by").filter(key=key).first()
    if item is not None:
        item.project = project
    return item


def same_content(project: Project, access: Access, sha256: str) -> list[EvidenceItem]:
    """Items that this person may see and that hold these very bytes, so that one is linked and not kept twice."""
    return list(seen_by(project, access).current().filter(revisions__sha256=sha256).distinct().order_by("pk")[:5])


def same_file(project: Project, access: Access, sha256: str) -> list[EvidenceItem]:
    """Those of `same_content` that hold these bytes now, and not in a revision that a newer one took the place of."""
    found = seen_by(project, access).current().filter(revision__sha256=sha256).exclude(revision__stored="")
    return list(found.select_related("revision").order_by("pk")[:5])


def may_add_by(user: User | None, item: EvidenceItem, access: Access) -> bool:
    """Whether an item may be changed or revised: by managers, who added it, and its owner."""
    if access.can("evidence.manage"):
        return True
    if user is None or not access.can("evidence.add"):
        return access.is_system
    return item.added_by_id == user.pk or (item.owner is not None and item.owner.user_id == user.pk)
