"""The register of findings: the list, its counts, what is late, and what rises to the committee."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from audits.choices import FindingState, Grade, StepState
from audits.domain.correcting import NONCONFORMITIES, SETTLED, rises
from audits.models import AuditFinding, CorrectiveAction
from common import clock
from phases.selectors.clauses import is_within
from projects.models import Party, Project
from projects.permissions import Access

OPEN, LATE, VERIFY, SETTLED_VIEW, ALL = "open", "late", "verify", "settled", "all"
VIEWS = (OPEN, LATE, VERIFY, SETTLED_VIEW, ALL)
SOON = 14
#: Being late is about the work: once its effect is awaited, a day that has gone by says nothing any more.
AT_WORK = (FindingState.OPEN, FindingState.ACTING)
WEIGHT = {Grade.MAJOR: 0, Grade.MINOR: 1, Grade.OBSERVATION: 2, Grade.OPPORTUNITY: 3}


@dataclass(frozen=True, slots=True)
class FindingQuery:
    """What somebody wants of the register. `clause` is edition and number; `mine`: what they own or act on."""

    view: str = OPEN
    grade: str = ""
    source: str = ""
    clause: str = ""
    mine: bool = False


@dataclass(frozen=True, slots=True)
class FindingLine:
    """A finding as its reader finds it. `due` is its own day, else that of its next action."""

    finding: AuditFinding
    due: date | None
    days_left: int | None
    steps: int
    steps_done: int
    is_mine: bool = False

    @property
    def is_at_work(self) -> bool:
        """Whether something is still to be corrected."""
        return self.finding.state in AT_WORK

    @property
    def is_settled(self) -> bool:
        """Whether nothing is to be done any more."""
        return self.finding.state in SETTLED

    @property
    def days_late(self) -> int | None:
        """How many days ago it was due, where it is still worked on."""
        left = self.days_left
        return -left if left is not None and left < 0 and self.is_at_work else None

    @property
    def days_near(self) -> int | None:
        """How many days are left, where that is few."""
        left = self.days_left
        return left if left is not None and 0 <= left <= SOON and self.is_at_work else None

    @property
    def rises(self) -> bool:
        """Whether the committee hears of it."""
        return rises(self.finding.grade, self.days_late or 0)


def with_due(rows: "QuerySet[AuditFinding]") -> "QuerySet[Any]":
    """`rows` with `by`, the day by which something is due: the finding's, else that of its next open action."""
    steps = CorrectiveAction.objects.filter(finding=OuterRef("pk"), state=StepState.OPEN).order_by("due").values("due")
    return rows.annotate(by=Coalesce(F("due"), Subquery(steps[:1])))


def findings_of(project: Project, access: Access, query: FindingQuery) -> list[FindingLine]:
    """The findings of `project`: the gravest first, then by their day; settled ones with the newest first.

    Two queries.
    """
    today = clock.today(project.time_zone)
    rows = with_due(AuditFinding.objects.filter(project=project)).select_related("owner", "raised_by")
    rows = rows.annotate(
        steps=Count("corrective_actions", filter=~Q(corrective_actions__state=StepState.DROPPED)),
        steps_done=Count("corrective_actions", filter=Q(corrective_actions__state=StepState.DONE)),
    )
    rows = _of_view(rows, query.view, today)
    if query.grade == "nonconformity":
        rows = rows.filter(grade__in=NONCONFORMITIES)
    elif query.grade:
        rows = rows.filter(grade=query.grade)
    if query.source:
        rows = rows.filter(source=query.source)
    own = own_parties(project, access)
    if query.mine:
        acting = CorrectiveAction.objects.filter(project=project, owner__in=own, state=StepState.OPEN)
        rows = rows.filter(Q(owner__in=own) | Q(pk__in=acting.values("finding")))
    found = [_line(row, project, today, own) for row in rows]
    if query.clause:
        edition, _colon, number = query.clause.partition(":")
        found = [
            line
            for line in found
            if line.finding.edition == edition and any(is_within(each, number) for each in line.finding.clauses)
        ]
    if query.view == SETTLED_VIEW:
        return sorted(found, key=lambda line: -line.finding.pk)
    return sorted(found, key=_rank)


def finding_counts(project: Project) -> dict[str, int]:
    """How many findings each view holds, and how many open ones are major or minor. One query."""
    today = clock.today(project.time_zone)
    is_open = ~Q(state__in=SETTLED)
    counts: dict[str, int] = with_due(AuditFinding.objects.filter(project=project)).aggregate(
        open=Count("pk", filter=is_open),
        late=Count("pk", filter=Q(state__in=AT_WORK, by__lt=today)),
        verify=Count("pk", filter=Q(state=FindingState.VERIFYING)),
        settled=Count("pk", filter=Q(state__in=SETTLED)),
        all=Count("pk"),
        major=Count("pk", filter=is_open & Q(grade=Grade.MAJOR)),
        minor=Count("pk", filter=is_open & Q(grade=Grade.MINOR)),
    )
    return counts


def for_committee(project: Project, day: date | None = None) -> list[FindingLine]:
    """Nonconformities that are so late that the committee hears of them, the gravest and latest first. One query.

    Late on `day` (default today), by what they are now.
    """
    today = day or clock.today(project.time_zone)
    rows = with_due(AuditFinding.objects.filter(project=project, grade__in=NONCONFORMITIES, state__in=AT_WORK))
    rows = rows.filter(by__lt=today).select_related("owner")
    lines = [_line(row, project, today, frozenset()) for row in rows]
    return sorted((line for line in lines if line.rises), key=_rank)


def open_majors(project: Project) -> list[AuditFinding]:
    """Major nonconformities that are not settled, the oldest first. One query."""
    return list(AuditFinding.objects.filter(project=project, grade=Grade.MAJOR).unsettled().order_by("pk"))


def findings_on(project: Project, edition: str, clause: str) -> list[AuditFinding]:
    """Findings on a clause of `edition` or one below it, the newest first. One query."""
    rows = AuditFinding.objects.filter(project=project, edition=edition).select_related("owner").order_by("-pk")
    return [row for row in rows if any(is_within(each, clause) for each in row.clauses)]


def finding_of(project: Project, ref: str, access: Access) -> FindingLine | None:
    """The finding that `ref` names. Two queries."""
    rows = with_due(AuditFinding.objects.filter(project=project, ref=ref))
    row = rows.select_related("owner", "raised_by", "audit", "external_audit", "check_item").first()
    if row is None:
        return None
    return _line(row, project, clock.today(project.time_zone), own_parties(project, access))


def own_parties(project: Project, access: Access) -> frozenset[int]:
    """The parties of `project` that the reader is or belongs to. One query."""
    if access.user_id is None:
        return frozenset()
    mine = Q(user=access.user_id) | Q(group_members__person__user=access.user_id)
    return frozenset(Party.objects.filter(mine, project=project).values_list("pk", flat=True))


def _of_view(rows: "QuerySet[Any]", view: str, today: date) -> "QuerySet[Any]":
    if view == OPEN:
        return rows.exclude(state__in=SETTLED)
    if view == LATE:
        return rows.filter(state__in=AT_WORK, by__lt=today)
    if view == VERIFY:
        return rows.filter(state=FindingState.VERIFYING)
    return rows.filter(state__in=SETTLED) if view == SETTLED_VIEW else rows


def _line(row: Any, project: Project, today: date, own: Collection[int]) -> FindingLine:
    row.project = project
    by: date | None = row.by
    return FindingLine(
        row,
        by,
        (by - today).days if by is not None else None,
        getattr(row, "steps", 0),
        getattr(row, "steps_done", 0),
        row.owner_id is not None and row.owner_id in own,
    )


def _rank(line: FindingLine) -> tuple[bool, int, date, int]:
    return (line.is_settled, WEIGHT[Grade(line.finding.grade)], line.due or date.max, line.finding.pk)
