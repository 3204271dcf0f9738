"""What audits ask of people: on My work, and on the committee's page."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import ngettext

from accounts.models import User
from audits.choices import FindingState, Grade, RequestState, StepState
from audits.domain.asking import AWAITS_ANSWER, OPEN
from audits.models import AuditFinding, AuditRequest, CorrectiveAction
from audits.selectors.finding_search import FINDINGS
from audits.selectors.findings import AT_WORK, for_committee, with_due
from common import clock
from governance.board_rows import finding_rows
from governance.domain.board import Board, LateFinding
from governance.registries import SteeringPanel, register_board_findings, register_steering_panel
from phases.domain.figures import SOON_DAYS
from phases.models import ProjectActivity
from phases.registries import register_search_part
from projects.models import Party, Project
from projects.permissions import Access
from projects.registries import Panel, SeenProject, WorkPanel, register_panel, register_work_panel

MOST_LATE = 8


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """Something (`row`) of a project that waits; `days_left` is given where its day is near."""

    row: Any
    project: Project
    by: date | None
    days_late: int | None
    days_left: int | None


def waiting(user: User, projects: Mapping[int, SeenProject]) -> Mapping[str, Any] | None:
    """What waits for `user` in audits; None where nothing does. At most five queries."""
    answering = [pk for pk, seen in projects.items() if seen.access.can("requests.answer")]
    asking = [pk for pk, seen in projects.items() if seen.access.can("requests.ask")]
    verifying = [pk for pk, seen in projects.items() if seen.access.can("findings.verify")]
    own = Party.objects.filter(Q(user=user) | Q(group_members__person__user=user)).values("pk")
    requests = AuditRequest.objects.filter(project__in=answering, asked_of__in=own, state__in=AWAITS_ANSWER)
    judge = AuditRequest.objects.filter(project__in=asking, asked_by=user, state=RequestState.GIVEN)
    findings = with_due(AuditFinding.objects.filter(project__in=answering, owner__in=own, state__in=AT_WORK))
    steps = CorrectiveAction.objects.filter(project__in=answering, owner__in=own, state=StepState.OPEN)
    steps = steps.filter(finding__state__in=AT_WORK).select_related("finding")
    verify = AuditFinding.objects.filter(project__in=verifying, raised_by=user, state=FindingState.VERIFYING)
    values = {
        "requests": [_line(row, row.due, projects) for row in requests.order_by("due", "pk")],
        "judge": [_line(row, None, projects) for row in judge] if asking else [],
        "findings": [_line(row, row.by, projects) for row in findings],
        "steps": [_line(row, row.due, projects) for row in steps.order_by("due", "pk")],
        # Whoever owns a finding or did an action on it is told on its page why somebody else looks.
        "verify": [_line(row, None, projects) for row in verify.exclude(owner__in=own)] if verifying else [],
    }
    count = sum(len(lines) for lines in values.values())
    if not count:
        return None
    return {
        **values,
        "named": len(projects) > 1,
        "waits": count,
        "waits_word": ngettext("matter of audits", "matters of audits", count),
    }


def on_activity(project: Project, _access: Access, *, activity: ProjectActivity) -> Mapping[str, Any]:
    """For auditors: what is asked about an activity, and a way to ask for more. One query."""
    rows = AuditRequest.objects.filter(activity=activity, state__in=OPEN).order_by("due", "pk")
    return {"project": project, "activity": activity, "requests": list(rows[:MOST_LATE])}


def late_for_committee(board: Board) -> Mapping[str, Any] | None:
    """Nonconformities so late that the committee hears of them; None where there are none."""
    rows = finding_rows(board)
    return {"rows": rows[:MOST_LATE], "count": len(rows)} if rows else None


def late_on_board(project: Project, day: date) -> list[LateFinding]:
    """Nonconformities so late that the committee hears of them, for its board, of which packs are made. One query."""
    return [
        LateFinding(
            line.finding.ref,
            line.finding.title,
            str(Grade(line.finding.grade).label),
            line.due,
            str(line.finding.owner or ""),
        )
        for line in for_committee(project, day)
        if line.due is not None
    ]


def _line(row: Any, by: date | None, projects: Mapping[int, SeenProject]) -> WaitingLine:
    project = projects[row.project_id].project
    left = (by - clock.today(project.time_zone)).days if by is not None else None
    return WaitingLine(
        row,
        project,
        by,
        days_late=-left if left is not None and left < 0 else None,
        days_left=left if left is not None and 0 <= left <= SOON_DAYS else None,
    )


def register() -> None:
    """Put the panels where they belong."""
    register_work_panel("audits", WorkPanel("audits/_asking_work.html", waiting), order=5)
    register_panel(
        "activity", "audit requests", Panel("audits/_asking_activity.html", on_activity, "requests.ask"), order=45
    )
    register_search_part("findings", FINDINGS, order=45)
    register_steering_panel(
        "nonconformities",
        SteeringPanel("audits/_findings_steering.html", late_for_committee, "findings.view"),
        order=10,
    )
    register_board_findings("nonconformities", late_on_board)
