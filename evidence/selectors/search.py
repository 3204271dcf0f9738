"""What the search of a project finds among evidence."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.highlight import contains_all, excerpt, marked
from evidence.selectors import seen_by
from phases.registries import SearchHit, SearchPart
from phases.selectors.search import stands_in
from projects.models import Project
from projects.permissions import Access


def find_items(project: Project, access: Access, words: Sequence[str], most: int) -> list[SearchHit]:
    """Items that hold all `words` in key, title, what they show or the name of their file. One query."""
    items = seen_by(project, access)
    for word in words:
        items = items.filter(stands_in(("key", "title", "shows", "revision__file_name"), word))
    return [
        SearchHit(
            ref=item.key,
            title=marked(item.title, words),
            url=reverse("evidence_item", args=[project.slug, item.key]),
            found=None
            if contains_all(f"{item.key} {item.title}", words) or not item.shows
            else excerpt(item.shows, words),
            note="" if item.state == "current" else str(item.get_state_display()),
        )
        for item in items.order_by("-collected_on", "-pk")[:most]
    ]


EVIDENCE = SearchPart(_("Evidence"), "evidence.view", find_items)
