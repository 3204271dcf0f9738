"""Reads of documents. Each list starts from `seen_by`: hidden equals absent."""

from datetime import date

from django.db.models import Q, QuerySet

from common import clock
from documents.choices import Classification, VersionState
from documents.models import Approval, Author, Document, DocumentQuerySet, DocumentVersion, Reading
from documents.selectors.in_force import holds_on, is_due_on, is_open_on, stands_on
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
    """The version that is on its way: draft, in review, approved, or to come into force on a later day."""
    return _own(document, is_open_on(_today(document)))


def version_in_force(document: Document) -> DocumentVersion | None:
    """The version that holds today, whether or not the work of the night has put it in force already."""
    return _own(document, holds_on(_today(document)))


def last_in_force(document: Document) -> DocumentVersion | None:
    """The version in force, else the last that was: of a document that came back from the archive."""
    return _own(document, holds_on(_today(document)) | Q(state=VersionState.OBSOLETE))


def version_of(document: Document, major: int, minor: int) -> DocumentVersion | None:
    """The version `major.minor`; dropped drafts have given theirs back."""
    today = _today(document)
    rows = (
        _versions(document).filter(Q(major=major, minor=minor) | is_due_on(today)).exclude(state=VersionState.DROPPED)
    )
    found = stands_on(today, rows)
    return next((each for each in found if (each.major, each.minor) == (major, minor)), None)


def newest_text(document: Document) -> DocumentVersion | None:
    """What a reader wants first: the version in force, else the one on its way, else the last there was."""
    versions = versions_of(document)
    in_force = next((each for each in versions if each.state == VersionState.PUBLISHED), None)
    on_its_way = next((each for each in versions if each.is_open), None)
    return in_force or on_its_way or next(iter(versions), None)


def versions_of(document: Document) -> list[DocumentVersion]:
    """All versions but dropped drafts, newest first."""
    rows = _versions(document).exclude(state=VersionState.DROPPED)
    rows = rows.select_related("submitted_by", "published_by", "begun_by")
    return stands_on(_today(document), rows)


def is_very_small(project: Project) -> bool:
    """Whether people of a very small entity may approve what they wrote, which is logged as such."""
    return PlanRules.objects.filter(project=project, very_small=True).exists()


def _versions(document: Document) -> QuerySet[DocumentVersion]:
    return DocumentVersion.objects.filter(document=document, project_id=document.project_id).order_by("-pk")


def _own(document: Document, wanted: Q) -> DocumentVersion | None:
    version = _versions(document).filter(wanted).first()
    if version is None:
        return None
    version.document = document
    return stands_on(_today(document), [version])[0]


def _today(document: Document) -> date:
    return clock.today(document.project.time_zone)
