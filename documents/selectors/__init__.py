"""Reads of documents. Each list starts from `seen_by`: hidden equals absent."""

from django.db.models import Q, QuerySet

from documents.choices import OPEN_STATES, Classification, VersionState
from documents.models import Approval, Author, Document, DocumentQuerySet, DocumentVersion, Reading
from phases.models import PlanRules
from projects.choices import ProjectRole
from projects.models import Project
from projects.permissions import Access

SEE_ALL = frozenset({ProjectRole.MANAGER, ProjectRole.TOP_MANAGEMENT, ProjectRole.CHAIR, ProjectRole.AUDITOR})


def sees_all(access: Access) -> bool:
    """Whether confidential documents are shown too, whoever wrote them."""
    return access.is_system or access.organization_owner or bool(access.roles & SEE_ALL)


def seen_by(project: Project, access: Access) -> DocumentQuerySet:
    """The documents of `project` that a person may see.

    Confidential ones are there for management and auditors, and for who began, owns, wrote, decides or must read them.
    """
    documents = Document.objects.filter(project=project)
    if sees_all(access):
        return documents
    person = access.user_id
    mine = (
        Q(created_by=person)
        | Q(owner__user=person)
        | Q(pk__in=Author.objects.filter(user=person).values("document_version__document"))
        | Q(pk__in=Approval.objects.filter(approver=person).values("document_version__document"))
        | Q(pk__in=Reading.objects.filter(reader__user=person).values("document_version__document"))
    )
    return documents.filter(~Q(classification=Classification.CONFIDENTIAL) | mine)


def document_of(project: Project, access: Access, key: str) -> Document | None:
    """The document that `key` names, where this person may see it."""
    document = seen_by(project, access).select_related("owner", "created_by").filter(key=key).first()
    if document is not None:
        document.project = project
    return document


def open_version(document: Document) -> DocumentVersion | None:
    """The version that is on its way: draft, in review or approved."""
    return _own(document, state__in=OPEN_STATES)


def version_in_force(document: Document) -> DocumentVersion | None:
    """The published version."""
    return _own(document, state=VersionState.PUBLISHED)


def last_in_force(document: Document) -> DocumentVersion | None:
    """The version in force, else the last that was: of a document that came back from the archive."""
    return _own(document, state__in=(VersionState.PUBLISHED, VersionState.OBSOLETE))


def version_of(document: Document, major: int, minor: int) -> DocumentVersion | None:
    """The version `major.minor`; dropped drafts have given theirs back."""
    return _versions(document).filter(major=major, minor=minor).exclude(state=VersionState.DROPPED).first()


def newest_text(document: Document) -> DocumentVersion | None:
    """What a reader wants first: the version in force, else the one on its way, else the last there was."""
    found = {each.state: each for each in reversed(versions_of(document))}
    for state in (VersionState.PUBLISHED, *reversed(OPEN_STATES), VersionState.OBSOLETE):
        if state in found:
            return found[state]
    return None


def versions_of(document: Document) -> list[DocumentVersion]:
    """All versions but dropped drafts, newest first."""
    return list(
        _versions(document)
        .exclude(state=VersionState.DROPPED)
        .select_related("submitted_by", "published_by", "begun_by")
    )


def is_very_small(project: Project) -> bool:
    """Whether people of a very small entity may approve what they wrote, which is logged as such."""
    return PlanRules.objects.filter(project=project, very_small=True).exists()


def _versions(document: Document) -> QuerySet[DocumentVersion]:
    return DocumentVersion.objects.filter(document=document, project_id=document.project_id).order_by("-pk")


def _own(document: Document, **wanted: object) -> DocumentVersion | None:
    version = _versions(document).filter(**wanted).first()
    if version is not None:
        version.document = document
    return version
