"""The register of improvements: the list that was asked for, one, what waits for somebody."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from accounts.models import User
from audits.choices import ImprovementState
from audits.domain.improving import UNSETTLED, Effect, effect_of
from audits.models import Improvement
from common import clock
from common.highlight import contains_all, search_words
from phases.domain.figures import SOON_DAYS
from projects.models import Project

OPEN, ALL = "open", "all"
VIEWS = (OPEN, *ImprovementState.values, ALL)


@dataclass(frozen=True, slots=True)
class ImprovementQuery:
    """What the register is asked for; "" leaves nothing out."""

    view: str = OPEN
    source: str = ""
    priority: str = ""
    owner: str = ""
    text: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether it leaves something out, beside what its tab does."""
        return bool(self.source or self.priority or self.owner or self.text)


@dataclass(frozen=True, slots=True)
class ImprovementLine:
    """An improvement as it stands today; days count where something is still to be done."""

    row: Improvement
    days_late: int | None
    days_near: int | None

    @property
    def effect(self) -> Effect:
        """What it brought, as far as it was measured."""
        return effect_of(self.row.before, self.row.target, self.row.after)

    @property
    def is_unsettled(self) -> bool:
        """Whether it still waits for somebody."""
        return self.row.state in UNSETTLED


@dataclass(frozen=True, slots=True)
class ImprovementRegister:
    """All improvements of a project, and those that were asked for."""

    lines: Sequence[ImprovementLine]
    found: Sequence[ImprovementLine]
    counts: Mapping[str, int]

    @property
    def late(self) -> int:
        """How many are past their day."""
        return sum(line.days_late is not None for line in self.lines)

    @property
    def reached(self) -> int:
        """How many reached their target."""
        return sum(line.row.state == ImprovementState.MEASURED and bool(line.effect.reached) for line in self.lines)

    @property
    def missed(self) -> int:
        """How many were measured and did not."""
        return sum(line.row.state == ImprovementState.MEASURED and line.effect.reached is False for line in self.lines)

    def owners(self) -> list[tuple[str, str]]:
        """Who owns one."""
        found = {str(line.row.owner.pk): line.row.owner.name for line in self.lines if line.row.owner}
        return sorted(found.items(), key=lambda pair: pair[1].casefold())


def line_of(row: Improvement, project: Project) -> ImprovementLine:
    """How `row` stands today. No query."""
    row.project = project
    working = row.state in (ImprovementState.PROPOSED, ImprovementState.APPROVED, ImprovementState.UNDERWAY)
    left = (row.due - clock.today(project.time_zone)).days if row.due is not None and working else None
    return ImprovementLine(
        row,
        days_late=-left if left is not None and left < 0 else None,
        days_near=left if left is not None and 0 <= left <= SOON_DAYS else None,
    )


def improvements_of(project: Project, query: ImprovementQuery | None = None) -> ImprovementRegister:
    """The register: what is urgent first, then what is due, settled ones last with the newest first. One query."""
    asked = query or ImprovementQuery(view=ALL)
    rows = Improvement.objects.filter(project=project).select_related("owner", "finding", "lesson", "review")
    lines = [line_of(row, project) for row in rows]
    lines.sort(key=_weight)
    counts = Counter(line.row.state for line in lines)
    totals = {ALL: len(lines), OPEN: sum(line.is_unsettled for line in lines)}
    return ImprovementRegister(
        lines,
        [line for line in lines if _fits(line, asked)],
        totals | {state: counts[state] for state in ImprovementState.values},
    )


def improvement_of(project: Project, ref: str) -> Improvement | None:
    """The improvement `ref` with what it comes from. One query."""
    row = (
        Improvement.objects.filter(project=project, ref=ref)
        .select_related("owner", "finding", "lesson", "review", "objective", "proposed_by")
        .first()
    )
    if row is not None:
        row.project = project
    return row


def improvements_waiting(user: User, projects: Collection[int]) -> list[Improvement]:
    """What `user` owns, alone or in a group, in `projects` (ids) and has to go on with or to measure. One query."""
    waiting = (ImprovementState.APPROVED, ImprovementState.UNDERWAY, ImprovementState.DONE)
    return list(
        Improvement.objects.filter(project__in=list(projects), state__in=waiting)
        .filter(Q(owner__user=user) | Q(owner__group_members__person__user=user))
        .distinct()
        .order_by("due", "priority", "pk")
    )


def _weight(line: ImprovementLine) -> tuple[object, ...]:
    row = line.row
    if not line.is_unsettled:
        return (1, 0, "", -row.pk)
    return (0, row.priority, row.due.isoformat() if row.due is not None else "9", row.pk)


def _fits(line: ImprovementLine, query: ImprovementQuery) -> bool:
    row = line.row
    said = f"{row.ref} {row.title} {row.description} {row.benefit} {row.effect} {row.state_reason}"
    return (
        (query.view == ALL or (line.is_unsettled if query.view == OPEN else row.state == query.view))
        and (not query.source or row.source == query.source)
        and (not query.priority or str(row.priority) == query.priority)
        and (not query.owner or str(row.owner_id or "nobody") == query.owner)
        and contains_all(said, search_words(query.text))
    )
