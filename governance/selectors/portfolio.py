"""What the portfolio says of gates, decisions and money, from kept figures: two queries for however many projects."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When

from accounts.models import User
from audittrail.models import Stream
from businesscase.models import BusinessCase
from common import clock
from governance.choices import DecisionState
from governance.models import Decision, GateFigures, Oversight
from projects.capabilities import capabilities
from projects.choices import OrganizationRole
from projects.models import Membership, OrganizationMembership, Project


@dataclass(frozen=True, slots=True)
class AskedOf:
    """How many decisions a project waits for, and by when the first is due."""

    count: int
    first: date


@dataclass(frozen=True, slots=True)
class GateLine:
    """What the portfolio knows of one project. `figures` None where none were computed; `is_old`: the record has moved
    on since, or a day is over.
    """

    project: Project
    figures: GateFigures | None
    asked: AskedOf | None
    is_old: bool
    has_board: bool
    sees_gates: bool
    sees_money: bool


def gate_lines(user: User, projects: Sequence[Project]) -> list[GateLine]:
    """The lines of those of `projects` of which `user` may see one thing at least. Two queries."""
    keys = [project.pk for project in projects]
    found = (
        Project.objects.filter(pk__in=keys)
        .select_related("gate_figures")
        .annotate(
            head=Subquery(Stream.objects.filter(pk=OuterRef("uuid")).values("head_seq")),
            sees_gates=Exists(_holding(user, "governance.view")) | Exists(_owning(user)),
            sees_money=Exists(_holding(user, "case.view")) | Exists(_owning(user)),
            has_board=Exists(Oversight.objects.filter(project=OuterRef("pk"))),
            has_case=Exists(BusinessCase.objects.filter(project=OuterRef("pk"))),
        )
        .filter(Q(sees_gates=True) | Q(sees_money=True), Q(has_board=True) | Q(has_case=True))
    )
    rows = {row.pk: row for row in found}
    if not rows:
        return []
    asked = _asked([pk for pk, row in rows.items() if row.sees_gates])
    lines = []
    for project in projects:
        row = rows.get(project.pk)
        if row is None:
            continue
        figures = getattr(row, "gate_figures", None)
        is_old = figures is None or figures.head_seq != (row.head or 0) or figures.day != clock.today(project.time_zone)
        lines.append(
            GateLine(
                project,
                figures,
                asked.get(project.pk),
                is_old,
                row.has_board,
                row.sees_gates,
                row.sees_money,
            )
        )
    return lines


def by_gate(user: User) -> Case:
    """The day of the next gate, where `user` may know it."""
    return Case(When(_sees(user, "governance.view"), then=F("gate_figures__gate_on")))


def by_decision(user: User) -> Case:
    """The day by which the first decision is due, where `user` may know it."""
    asked = Decision.objects.filter(project=OuterRef("pk"), state=DecisionState.ASKED).order_by("decide_by")
    return Case(When(_sees(user, "governance.view"), then=Subquery(asked.values("decide_by")[:1])))


def by_spent(user: User) -> Case:
    """What was spent, where `user` may know it."""
    return Case(When(_sees(user, "case.view"), then=F("gate_figures__spent")))


def _sees(user: User, capability: str) -> Q:
    return Q(Exists(_holding(user, capability))) | Q(Exists(_owning(user)))


def old_first(lines: Sequence[GateLine]) -> list[GateLine]:
    """The lines whose figures are old, those that have none first, then the longest not computed."""
    never = [line for line in lines if line.figures is None]
    before = [(line.figures.computed_at, line.project.pk, line) for line in lines if line.figures and line.is_old]
    return never + [line for _at, _pk, line in sorted(before, key=lambda each: each[:2])]


def _asked(keys: Sequence[int]) -> Mapping[int, AskedOf]:
    found: dict[int, list[date]] = defaultdict(list)
    rows = Decision.objects.filter(project__in=keys, state=DecisionState.ASKED).order_by("decide_by")
    for project, day in rows.values_list("project_id", "decide_by"):
        found[project].append(day)
    return {project: AskedOf(len(days), days[0]) for project, days in found.items()}


def _holding(user: User, capability: str) -> QuerySet[Any, Any]:
    return Membership.objects.current().filter(
        project=OuterRef("pk"), user=user, role__in=capabilities[capability].roles
    )


def _owning(user: User) -> QuerySet[Any, Any]:
    return OrganizationMembership.objects.current().filter(
        organization=OuterRef("organization"), user=user, role=OrganizationRole.OWNER
    )
