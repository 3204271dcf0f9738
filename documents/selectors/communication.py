"""Reads of the communication and training plan: what is due, what waits for a look, the whole of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from common import clock
from documents.choices import LineState
from documents.models import CommunicationLine
from projects.models import Project

SOON = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class LineQuery:
    """What the plan is asked for; "" and None are everything. `state` "" leaves out what was dropped."""

    text: str = ""
    kind: str = ""
    state: str = ""
    phase: int | None = None


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A line as it stands today."""

    row: CommunicationLine
    today: date

    @property
    def is_planned(self) -> bool:
        """Whether it is still to be done, for the first time or again."""
        return self.row.state == LineState.PLANNED

    @property
    def days_late(self) -> int:
        """How many days it is overdue (0: it is not)."""
        if not self.is_planned or self.row.due is None:
            return 0
        return max(0, (self.today - self.row.due).days)

    @property
    def is_due(self) -> bool:
        """Whether it is overdue, or due within a month."""
        return self.is_planned and self.row.due is not None and self.row.due <= self.today + SOON

    @property
    def waits_for_check(self) -> bool:
        """Whether it was done and the day came to look whether it arrived."""
        row = self.row
        return row.state != LineState.DROPPED and row.check_on is not None and row.check_on <= self.today

    @property
    def has_no_day(self) -> bool:
        """Whether it is planned without a day."""
        return self.is_planned and self.row.due is None


@dataclass(frozen=True, slots=True)
class CommunicationPlan:
    """All lines, by day; those without one last."""

    lines: Sequence[PlanLine]

    @property
    def counted(self) -> list[PlanLine]:
        """All that were not dropped."""
        return [line for line in self.lines if line.row.state != LineState.DROPPED]

    @property
    def due(self) -> list[PlanLine]:
        """What is overdue or due within a month, the oldest first."""
        return [line for line in self.lines if line.is_due]

    @property
    def late(self) -> list[PlanLine]:
        """What is overdue."""
        return [line for line in self.lines if line.days_late]

    @property
    def to_check(self) -> list[PlanLine]:
        """What was done and waits for a look, the oldest first."""
        return sorted(
            (line for line in self.lines if line.waits_for_check), key=lambda line: line.row.check_on or date.max
        )

    @property
    def not_arrived(self) -> list[PlanLine]:
        """What did not arrive, or only partly, and was not repeated."""
        return [line for line in self.counted if line.row.effect in ("no", "partly")]

    def asked(self, query: LineQuery) -> list[PlanLine]:
        """The lines that fit."""
        words = query.text.casefold().split()
        lines = [line for line in self.lines if line.row.state == query.state] if query.state else self.counted
        return [
            line
            for line in lines
            if (not query.kind or line.row.kind == query.kind)
            and (query.phase is None or line.row.phase_number == query.phase)
            and all(word in _words(line.row) for word in words)
        ]


def plan_of(project: Project) -> CommunicationPlan:
    """The plan of a project. One query."""
    today = clock.today(project.time_zone)
    rows = CommunicationLine.objects.filter(project=project).select_related("sender", "checked_by")
    lines = [PlanLine(row, today) for row in rows]
    lines.sort(key=lambda line: (not line.is_planned, line.row.due is None, line.row.due or date.max, line.row.pk))
    return CommunicationPlan(lines)


def line_of(project: Project, key: str) -> PlanLine | None:
    """The line that `key` names. One query."""
    row = CommunicationLine.objects.filter(project=project, key=key).select_related("sender", "checked_by").first()
    return PlanLine(row, clock.today(project.time_zone)) if row is not None else None


def _words(row: CommunicationLine) -> str:
    return f"{row.key} {row.audience} {row.message} {row.channel} {row.from_whom} {row.timing}".casefold()
