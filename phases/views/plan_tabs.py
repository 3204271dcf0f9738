"""The pages of a plan, side by side."""

from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from projects.models import Project

TIMELINE, TAILORING, WORKLOAD, BASELINES, FILES = "timeline", "tailoring", "workload", "baselines", "files"


def plan_tabs(project: Project, current: str) -> list[dict[str, Any]]:
    """What `components/tabs.html` shows above every page of the plan; `current` is one of the names above."""
    pages = (
        (TIMELINE, _("Timeline"), "plan"),
        (TAILORING, _("Tailoring"), "tailoring"),
        (WORKLOAD, _("Workload"), "workload"),
        (BASELINES, _("Baselines"), "baselines"),
        (FILES, _("Import and export"), "plan_files"),
    )
    tabs = []
    for key, label, route in pages:
        try:
            url = reverse(route, args=[project.slug])
        except NoReverseMatch:  # pragma: no cover (until every page is there)
            continue
        tabs.append({"label": label, "url": url, "count": None, "current": key == current})
    return tabs
