"""The decisions that wait for a person, on My work."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import ngettext

from accounts.models import User
from businesscase.selectors.decisions import WaitingDecision, waiting_decisions
from common import clock
from phases.domain.figures import SOON_DAYS
from projects.models import Project
from projects.registries import SeenProject, WorkPanel, register_work_panel


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision with its project; `days_late` above 0 is overdue, `days_left` is given where its day is near."""

    decision: WaitingDecision
    project: Project
    days_late: int | None
    days_left: int | None


def decisions(user: User, projects: Mapping[int, SeenProject]) -> Mapping[str, Any] | None:
    """What waits for the word of `user`; None where nothing does. One query."""
    found = waiting_decisions(user, [pk for pk, seen in projects.items() if seen.access.can("case.approve")])
    if not found:
        return None
    return {
        "lines": [_line(each, projects[each.project_id].project) for each in found],
        "named": len(projects) > 1,
        "waits": len(found),
        "waits_word": ngettext("decision to make", "decisions to make", len(found)),
    }


def _line(decision: WaitingDecision, project: Project) -> DecisionLine:
    left = (decision.decide_by - clock.today(project.time_zone)).days
    return DecisionLine(
        decision,
        project,
        days_late=-left if left < 0 else None,
        days_left=left if 0 <= left <= SOON_DAYS else None,
    )


def register() -> None:
    """Put the panel where it belongs."""
    register_work_panel("decisions", WorkPanel("businesscase/_decisions_panel.html", decisions), order=5)
