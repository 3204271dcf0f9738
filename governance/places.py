"""Where the pages of governance are: the tabs that stand on each of them."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from governance.selectors.places import PlaceCounts
from projects.models import Project
from projects.permissions import Access


def places_of(project: Project, access: Access, here: str, counts: PlaceCounts) -> list[dict[str, Any]]:
    """The pages that `access` may open, as tabs. `here` is the name of the address that is shown."""
    slug = project.slug
    phase = min(max(counts.phase, 1), 3)
    asked = (
        (_("Steering"), "steering", (slug,), "governance.view", None),
        (_("Gates"), "gates", (slug,), "governance.view", None),
        (_("Decisions"), "decisions", (slug,), "governance.view", counts.asked or None),
        (_("Actions"), "actions", (slug,), "governance.view", counts.actions or None),
        (_("Meetings"), "meetings", (slug,), "governance.view", None),
        (_("Committee"), "committee", (slug,), "governance.view", None),
        (_("Outcomes"), "outcomes", (slug, phase), "lessons.view", None),
        (_("Commitment"), "commitment", (slug,), "governance.view", None),
    )
    return [
        {"label": label, "url": reverse(name, args=args), "count": count, "current": name == here}
        for label, name, args, capability, count in asked
        if access.can(capability)
    ]
