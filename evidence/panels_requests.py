"""What other pages show of requests for evidence: My work, the page of an activity."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from evidence.selectors.requests import my_requests, open_requests_for
from phases.models import ProjectActivity
from projects.models import Project
from projects.permissions import Access
from projects.registries import (
    Panel,
    RowLink,
    SeenProject,
    WorkPanel,
    register_panel,
    register_row_link,
    register_work_panel,
)


def waiting_requests(user: User, projects: Mapping[int, SeenProject]) -> Mapping[str, Any] | None:
    """What evidence `user` is asked for, and what was given and waits for their word; None for nothing. One query."""
    found = my_requests(user, projects)
    waits = len(found.asked) + len(found.given)
    if not waits:
        return None
    return {
        "asked": found.asked,
        "given": found.given,
        "late": sum(line.days_late is not None for line in found.asked),
        "named": len(projects) > 1,
        "waits": waits,
        "waits_word": ngettext("request for evidence", "requests for evidence", waits),
    }


def activity_requests(project: Project, access: Access, *, activity: ProjectActivity) -> Mapping[str, Any] | None:
    """Who is asked for proof of an activity, and the way to ask; None where neither is. One query."""
    found = open_requests_for(activity)
    may_ask = bool(access.can("evidence.ask"))
    if not found and not may_ask:
        return None
    return {"project": project, "ref": activity.ref, "requests": found, "may_ask": may_ask}


def _attach(slug: str, ref: str) -> str:
    return f"{reverse('evidence_new', args=[slug])}?{urlencode({'ref': ref})}"


def register() -> None:
    """Put the panels where they belong, and a way to attach evidence on each row of My work."""
    register_work_panel("evidence", WorkPanel("evidence/_requests_work_panel.html", waiting_requests), order=7)
    register_panel(
        "activity",
        "evidence requests",
        Panel("evidence/_requests_panel.html", activity_requests, "evidence.view"),
        order=10,
    )
    register_row_link("evidence", RowLink(_("Attach"), "paperclip", "evidence.add", _attach), order=10)
