"""What a person is to say, teach or measure, on My work."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from common import clock
from documents.selectors.given_by import CHECK, MEASURE, ORDER, SAY, given_by
from phases.domain.figures import SOON_DAYS
from projects.registries import SeenProject, WorkPanel, register_work_panel

TITLES = {
    SAY: _("To say or to teach"),
    CHECK: _("Did it arrive?"),
    MEASURE: _("To measure"),
}


def owed(user: User, projects: Mapping[int, SeenProject]) -> Mapping[str, Any] | None:
    """What `user` owes; None for nothing. Two queries."""
    found = given_by(user, {pk: seen.access for pk, seen in projects.items()})
    if not found:
        return None
    lines: list[dict[str, Any]] = []
    for each in found:
        project = projects[each.project_id].project
        left = (each.by - clock.today(project.time_zone)).days if each.by is not None else None
        lines.append(
            {
                "given": each,
                "project": project,
                "days_late": -left if left is not None and left < 0 else None,
                "days_left": left if left is not None and 0 <= left <= SOON_DAYS else None,
            }
        )
    parts = [(kind, TITLES[kind], [each for each in lines if each["given"].kind == kind]) for kind in ORDER]
    return {
        "parts": [part for part in parts if part[2]],
        "named": len(projects) > 1,
        "waits": len(found),
        "waits_word": ngettext("message, training or value", "messages, trainings and values", len(found)),
    }


def register() -> None:
    """Put the panel below what documents ask."""
    register_work_panel("communication", WorkPanel("documents/_given_work_panel.html", owed), order=40)
