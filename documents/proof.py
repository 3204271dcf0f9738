"""Documents as something that evidence proves."""

from django.utils.translation import gettext_lazy, ngettext

from documents.models import DocumentEvidence
from documents.selectors.proof import proven_documents
from documents.services.proof import unlink_evidence
from evidence.registries import LinkKind, register_link_kind


def counted(count: int) -> str:
    """How many documents."""
    return ngettext("%(n)d document", "%(n)d documents", count) % {"n": count}


def register() -> None:
    """Let items of evidence prove documents."""
    register_link_kind(
        "document",
        LinkKind(
            title=gettext_lazy("Documents"),
            model=DocumentEvidence,
            capability="documents.view",
            proven=proven_documents,
            counted=counted,
            unlink=unlink_evidence,
        ),
        order=30,
    )
