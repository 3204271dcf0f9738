"""Where the pages of governance are: what the steering page offers beside itself."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from governance.domain.board import Board
from projects.models import Project
from projects.permissions import Access


def places_of(project: Project, access: Access, board: Board) -> list[dict[str, Any]]:
    """The pages that `access` may open, as tabs. The first is the steering page itself."""
    slug = project.slug
    phase = min(max(board.phase, 1), 3)
    asked = (
        (_("Steering"), "steering", (slug,), "governance.view", None),
        (_("Gates"), "gates", (slug,), "governance.view", None),
        (_("Decisions"), "decisions", (slug,), "governance.view", len(board.asked) or None),
        (_("Actions"), "actions", (slug,), "governance.view", len(board.actions) or None),
        (_("Meetings"), "meetings", (slug,), "governance.view", None),
        (_("Committee"), "committee", (slug,), "governance.view", None),
        (_("Outcomes"), "outcomes", (slug, phase), "lessons.view", None),
        (_("Commitment"), "commitment", (slug,), "governance.view", None),
    )
    return [
        {"label": label, "url": reverse(name, args=args), "count": count, "current": name == "steering"}
        for label, name, args, capability, count in asked
        if access.can(capability)
    ]
