"""What the search of a project finds among documents."""

from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.highlight import contains_all, excerpt, marked
from documents.choices import DocumentState
from documents.selectors import seen_by
from documents.selectors.in_force import in_force_today
from phases.registries import SearchHit, SearchPart
from phases.selectors.search import stands_in
from projects.models import Project
from projects.permissions import Access


def find_documents(project: Project, access: Access, words: Sequence[str], most: int) -> list[SearchHit]:
    """Documents that hold all `words` in number, title, what they are about, or the text in force. Two queries."""
    documents = seen_by(project, access)
    texts = {row.document_id: row.text for row in in_force_today(project).only("document_id", "text")}
    in_text = [key for key, text in texts.items() if contains_all(text, words)]
    named = documents
    for word in words:
        named = named.filter(stands_in(("number", "title", "subject"), word))
    found = documents.filter(Q(pk__in=named.values("pk")) | Q(pk__in=in_text)).order_by("number")[:most]
    return [
        SearchHit(
            ref=document.number,
            title=marked(document.full_title, words),
            url=reverse("document", args=[project.slug, document.key]),
            found=None
            if contains_all(f"{document.number} {document.full_title}", words)
            else excerpt(texts.get(document.pk, ""), words),
            note="" if document.state == DocumentState.CURRENT else str(document.get_state_display()),
        )
        for document in found
    ]


DOCUMENTS = SearchPart(_("Documents"), "documents.view", find_documents)
