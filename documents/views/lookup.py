"""Finding what an address names, or 404: hidden equals absent."""

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from common.exceptions import NotPermitted
from documents.models import Document, DocumentVersion
from documents.selectors import document_of, version_of
from documents.services.guards import may_write
from projects.access import ProjectRequest
from projects.models import Project


def document_or_404(request: ProjectRequest, project: Project, key: str) -> Document:
    """The document that `key` names, where this person may see it."""
    document = document_of(project, request.access, key)
    if document is None:
        raise Http404
    return document


def version_or_404(document: Document, major: int, minor: int) -> DocumentVersion:
    """The version `major.minor` of `document`."""
    # A number that no version can have names none.
    version = version_of(document, major, minor) if max(major, minor) < 10_000 else None
    if version is None:
        raise Http404
    version.document = document
    return version


def written_by(request: ProjectRequest, project: Project, key: str) -> Document:
    """The document that `key` names, where this person may write it. Raises NotPermitted where they only see it."""
    document = document_or_404(request, project, key)
    if not may_write(document, request.access):
        raise NotPermitted(_("Managers, its owner and who began it write this document."))
    return document


def document_url(document: Document, page: str = "document", *more: object) -> str:
    """The address of a page of `document`."""
    return reverse(page, args=[document.project.slug, document.key, *more])
