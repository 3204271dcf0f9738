"""What reviews, improvements and risks to the SMS ask of a person, on My work."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import ngettext

from accounts.models import User
from audits.choices import ImprovementState, ReviewState
from audits.selectors.improvements import improvements_waiting
from audits.selectors.reviews import reviews_waiting
from audits.selectors.sms_risks import WORK_DAYS, looks_waiting
from common import clock
from phases.domain.figures import SOON_DAYS
from projects.models import Project
from projects.registries import SeenProject, WorkPanel, register_work_panel


@dataclass(frozen=True, slots=True)
class OwnLine:
    """Something (`row`) with its project and its day; `days_left` is given where that is near."""

    row: Any
    project: Project
    day: date | None
    days_late: int | None
    days_left: int | None


def reviews(user: User, projects: Mapping[int, SeenProject]) -> Mapping[str, Any] | None:
    """Reviews to approve and reviews that `user` is asked to; None where there is none. One query."""
    asked = [pk for pk, seen in projects.items() if seen.access.can("review.view")]
    approving = [pk for pk, seen in projects.items() if seen.access.can("review.approve")]
    found = reviews_waiting(user, asked, approving)
    if not found:
        return None
    lines = [_line(each.review, each.review.held_on, projects) for each in found]
    return {
        "to_approve": [line for line in lines if line.row.state == ReviewState.HELD],
        "asked": [line for line in lines if line.row.state == ReviewState.PLANNED],
        "named": len(projects) > 1,
        "waits": len(lines),
        "waits_word": ngettext("management review", "management reviews", len(lines)),
    }


def improvements(user: User, projects: Mapping[int, SeenProject]) -> Mapping[str, Any] | None:
    """What `user` owns and has to go on with or to measure; None where there is nothing. One query."""
    may = [pk for pk, seen in projects.items() if seen.access.can("improvements.propose")]
    lines = [_line(row, row.due, projects) for row in improvements_waiting(user, may)]
    if not lines:
        return None
    return {
        "lines": [line for line in lines if line.row.state != ImprovementState.DONE],
        "measuring": [line for line in lines if line.row.state == ImprovementState.DONE],
        "named": len(projects) > 1,
        "waits": len(lines),
        "waits_word": ngettext("improvement", "improvements", len(lines)),
    }


def looks(user: User, projects: Mapping[int, SeenProject]) -> Mapping[str, Any] | None:
    """Risks of `user` whose look is due within a week or overdue; None where there is none. One query."""
    may = [pk for pk, seen in projects.items() if seen.access.can("improvements.propose")]
    lines = [_line(row, row.review_on, projects) for row in looks_waiting(user, may)]
    near = [line for line in lines if line.days_late or (line.days_left is not None and line.days_left <= WORK_DAYS)]
    if not near:
        return None
    return {
        "lines": near,
        "named": len(projects) > 1,
        "waits": len(near),
        "waits_word": ngettext("risk to look at", "risks to look at", len(near)),
    }


def _line(row: Any, day: date | None, projects: Mapping[int, SeenProject]) -> OwnLine:
    project = projects[row.project_id].project
    left = (day - clock.today(project.time_zone)).days if day is not None else None
    return OwnLine(
        row,
        project,
        day,
        days_late=-left if left is not None and left < 0 else None,
        days_left=left if left is not None and 0 <= left <= SOON_DAYS else None,
    )


def register() -> None:
    """Put the panels where they belong."""
    register_work_panel("reviews", WorkPanel("audits/_reviews_work.html", reviews), order=6)
    register_work_panel("improvements", WorkPanel("audits/_improvements_work.html", improvements), order=46)
    register_work_panel("sms-risks", WorkPanel("audits/_sms_risks_work.html", looks), order=47)
