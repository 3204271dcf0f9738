"""Reads of governance. Each starts from a project that its reader can see."""

from accounts.models import User
from governance.choices import DecisionKind, DecisionState
from governance.models import Committee, Decision, Oversight
from projects.choices import ProjectRole
from projects.models import Membership, Project


def oversight_of(project: Project) -> Oversight | None:
    """Which committee oversees `project`, with it and its terms; None where none does yet. One query."""
    return Oversight.objects.select_related("committee", "terms").filter(project=project).first()


def committee_of(project: Project) -> Committee | None:
    """The committee of `project`. One query."""
    found = oversight_of(project)
    return found.committee if found is not None else None


def members_of(project: Project) -> list[tuple[User, bool]]:
    """Who sits on the committee of `project` today, and whether they chair it; chairs first. One query."""
    current = Membership.objects.current().filter(project=project, role__in=(ProjectRole.CHAIR, ProjectRole.COMMITTEE))
    rows = (
        Membership.objects.filter(pk__in=current.values("pk"), user__is_active=True)
        .select_related("user")
        .order_by("user__name", "pk")
    )
    chairs: dict[int, User] = {}
    others: dict[int, User] = {}
    for row in rows:
        (chairs if row.role == ProjectRole.CHAIR else others)[row.user_id] = row.user
    return [(user, True) for user in chairs.values()] + [
        (user, False) for pk, user in others.items() if pk not in chairs
    ]


def gate_decision(project: Project, number: int) -> Decision | None:
    """The decision of gate `number` that holds: the newest that was made and not reopened. One query."""
    return (
        Decision.objects.filter(
            project=project, kind=DecisionKind.GATE, gate_number=number, state=DecisionState.DECIDED
        )
        .defer("frozen")
        .order_by("-pk")
        .first()
    )


def gate_decisions(project: Project) -> dict[int, Decision]:
    """The decisions of all gates that hold, by number. One query."""
    rows = (
        Decision.objects.filter(project=project, kind=DecisionKind.GATE, state=DecisionState.DECIDED)
        .defer("frozen")
        .order_by("pk")
    )
    return {row.gate_number: row for row in rows if row.gate_number is not None}
