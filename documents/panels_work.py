"""What documents ask of a person, on My work."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from common import clock
from documents.selectors.waiting import DECIDE, MEND, ORDER, PUBLISH, READ, REVIEW, Waiting, waiting_for
from phases.domain.figures import SOON_DAYS
from projects.models import Project
from projects.registries import SeenProject, WorkPanel, register_work_panel

TITLES = {
    DECIDE: _("To decide"),
    READ: _("To read"),
    MEND: _("Sent back to you"),
    PUBLISH: _("Approved, to be published"),
    REVIEW: _("To look at again"),
}


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """One thing with its project; `days_late` above 0 is overdue, `days_left` is given where its day is near."""

    waiting: Waiting
    project: Project
    days_late: int | None
    days_left: int | None


def documents(user: User, projects: Mapping[int, SeenProject]) -> Mapping[str, Any] | None:
    """What waits for `user`; None where nothing does. One query."""
    found = waiting_for(user, {pk: seen.access for pk, seen in projects.items()})
    if not found:
        return None
    lines = [_line(each, projects[each.project_id].project) for each in found]
    parts = [(kind, TITLES[kind], [each for each in lines if each.waiting.kind == kind]) for kind in ORDER]
    return {
        "parts": [part for part in parts if part[2]],
        "named": len(projects) > 1,
        "waits": len(found),
        "waits_word": ngettext("document waits", "documents wait", len(found)),
    }


def _line(waiting: Waiting, project: Project) -> WaitingLine:
    left = (waiting.by - clock.today(project.time_zone)).days if waiting.by is not None else None
    return WaitingLine(
        waiting,
        project,
        days_late=-left if left is not None and left < 0 else None,
        days_left=left if left is not None and 0 <= left <= SOON_DAYS else None,
    )


def register() -> None:
    """Put the panel where it belongs."""
    register_work_panel("documents", WorkPanel("documents/_work_panel.html", documents), order=6)
