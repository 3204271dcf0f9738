"""The files, records and papers that versions of documents are made of stay as they are while those versions hold."""

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from documents.choices import OPEN_STATES, VersionState
from documents.models import DocumentVersion
from documents.selectors import seen_by
from evidence.models import EvidenceItem
from evidence.registries import Keeper, register_keeper
from projects.models import Project
from projects.permissions import Access

_NEEDED = Q(state__in=(*OPEN_STATES, VersionState.PUBLISHED))


def needed_items() -> Q:
    """Items that a version in force or on its way is made of. A version that is obsolete needs nothing: from then on
    its record and paper no longer count, and the rules of retention say when they may go."""
    return (
        Q(Exists(DocumentVersion.objects.filter(_NEEDED, file=OuterRef("pk"))))
        | Q(Exists(DocumentVersion.objects.filter(_NEEDED, record=OuterRef("pk"))))
        | Q(Exists(DocumentVersion.objects.filter(_NEEDED, paper=OuterRef("pk"))))
    )


def why_item_stays(project: Project, access: Access, item: EvidenceItem) -> str:
    """Which version `item` belongs to, and what to do first. One query."""
    version = (
        DocumentVersion.objects.filter(_NEEDED, Q(file=item) | Q(record=item) | Q(paper=item), project=project)
        .filter(document__in=seen_by(project, access))
        .select_related("document")
        .defer("body", "text", "values", "facts")
        .first()
    )
    if version is None:
        # Somebody may see an item and not the confidential document that is made of it.
        return _("%(item)s stays as it is: a document that you may not see is made of it.") % {"item": item.key}
    named = {"item": item.key, "number": version.number, "document": version.document}
    if version.state == VersionState.PUBLISHED:
        return (
            _(
                "%(item)s stays as it is: version %(number)s of %(document)s, which is in force, is made of it. "
                "Publish a newer version or archive the document first."
            )
            % named
        )
    return (
        _(
            "%(item)s stays as it is: version %(number)s of %(document)s, which is on its way, is made of it. "
            "Drop that version or give it another text first."
        )
        % named
    )


def register() -> None:
    """Let documents keep what they are made of."""
    register_keeper("document", Keeper(needed_items, why_item_stays))
