"""What the committee asks of a person, on My work: their word to decisions, and actions that they own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import ngettext

from accounts.models import User
from common import clock
from governance.choices import ActionState, DecisionState
from governance.models import Action, Seat
from phases.domain.figures import SOON_DAYS
from projects.models import Project
from projects.registries import SeenProject, WorkPanel, register_work_panel


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """A decision or an action (`row`) with its project; `days_left` is given where its day is near."""

    row: Any
    project: Project
    days_late: int | None
    days_left: int | None


def committee(user: User, projects: Mapping[int, SeenProject]) -> Mapping[str, Any] | None:
    """What waits for `user`; None where nothing does. Two queries."""
    voting = [pk for pk, seen in projects.items() if seen.access.can("governance.vote")]
    seats = (
        Seat.objects.filter(member=user, choice="", decision__state=DecisionState.ASKED, project__in=voting)
        .select_related("decision")
        .defer("decision__frozen")
        .order_by("decision__decide_by", "pk")
    )
    doing = [pk for pk, seen in projects.items() if seen.access.can("lessons.capture")]
    owned = Action.objects.filter(
        Q(owner__user=user) | Q(owner__group_members__person__user=user),
        state=ActionState.OPEN,
        project__in=doing,
    ).distinct()
    votes = [_line(each.decision, each.decision.decide_by, projects[each.project_id].project) for each in seats]
    actions = [_line(each, each.due, projects[each.project_id].project) for each in owned.order_by("due", "pk")]
    if not votes and not actions:
        return None
    count = len(votes) + len(actions)
    return {
        "votes": votes,
        "actions": actions,
        "named": len(projects) > 1,
        "waits": count,
        "waits_word": ngettext("matter of the committee", "matters of the committee", count),
    }


def _line(row: Any, by: date, project: Project) -> WaitingLine:
    left = (by - clock.today(project.time_zone)).days
    return WaitingLine(
        row,
        project,
        days_late=-left if left < 0 else None,
        days_left=left if 0 <= left <= SOON_DAYS else None,
    )


def register() -> None:
    """Put the panel where it belongs."""
    register_work_panel("committee", WorkPanel("governance/_committee_work.html", committee), order=4)
