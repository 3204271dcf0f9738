"""The documents that items of evidence prove."""

from collections.abc import Collection, Sequence

from django.urls import reverse
from django.utils.translation import gettext as _

from documents.models import DocumentEvidence
from documents.selectors import seen_by
from evidence.registries import AlsoProven
from projects.models import Project
from projects.permissions import Access


def proven_documents(project: Project, access: Access, items: Collection[int] | None) -> Sequence[AlsoProven]:
    """The documents that `items` prove, or all that any does, of those that this person may see. One query.

    Number, address and clauses of a confidential document say what it is about, as its title does.
    """
    links = (
        DocumentEvidence.objects.filter(project=project, document__in=seen_by(project, access))
        .select_related("document")
        .order_by("document__number")
    )
    if items is not None:
        links = links.filter(item__in=items)
    return [
        AlsoProven(
            item_id=link.item_id,
            key=link.document.key,
            label=link.document.number,
            title=link.document.full_title,
            url=reverse("document", args=[project.slug, link.document.key]),
            note=_("version %(number)s") % {"number": link.note} if link.note else "",
            stays=_("Pinned when the version was published.") if link.note else "",
            clauses={"2018": link.document.clauses_2018, "2011": link.document.clauses_2011},
        )
        for link in links
    ]
