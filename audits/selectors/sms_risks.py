"""The register of risks to the SMS and its services: the list, where each stands, what waits."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from accounts.models import User
from audits.choices import RiskKind, SmsRiskState, Treatment
from audits.models import SmsRisk
from businesscase.domain.risks import Cell, Level, Trend, level_of, matrix_of, score
from common import clock
from common.highlight import contains_all, search_words
from phases.domain.figures import SOON_DAYS
from projects.models import Project

OPEN, OPPORTUNITIES, ALL = "open", "opportunities", "all"
VIEWS = (OPEN, OPPORTUNITIES, "happened", "closed", ALL)
WORK_DAYS = 7
"""A look waits in My work from so many days before its day."""


@dataclass(frozen=True, slots=True)
class SmsRiskQuery:
    """What the register is asked for; `probability` and `impact` name a cell of the matrix."""

    view: str = OPEN
    text: str = ""
    need: str = ""
    probability: int | None = None
    impact: int | None = None

    @property
    def is_narrowed(self) -> bool:
        """Whether it leaves something out, beside what its tab does."""
        return bool(self.text or self.need or self.probability or self.impact)


@dataclass(frozen=True, slots=True)
class SmsRiskLine:
    """A risk as it stands today. `needs` says what it waits for: treatment, acceptance, an owner, a look."""

    row: SmsRisk
    level: Level
    left: Level | None
    trend: Trend
    days_late: int | None
    days_near: int | None
    needs: tuple[str, ...]

    @property
    def is_open(self) -> bool:
        """Whether it may still happen."""
        return self.row.state == SmsRiskState.OPEN

    @property
    def is_risk(self) -> bool:
        """Whether it would harm."""
        return self.row.kind == RiskKind.RISK


@dataclass(frozen=True, slots=True)
class SmsRiskRegister:
    """All risks and opportunities, and those that were asked for, the most serious first."""

    lines: Sequence[SmsRiskLine]
    found: Sequence[SmsRiskLine]
    counts: Mapping[str, int]

    @property
    def risks(self) -> list[SmsRiskLine]:
        """The risks that may still happen."""
        return [line for line in self.lines if line.is_open and line.is_risk]

    def needing(self, need: str) -> int:
        """How many open ones wait for `need`."""
        return sum(need in line.needs for line in self.lines)

    def of_level(self, level: Level) -> int:
        """How many open risks have this level."""
        return sum(line.level is level for line in self.risks)

    def matrix(self) -> tuple[tuple[Cell, ...], ...]:
        """Where the open risks stand."""
        return matrix_of((line.row.ref, line.row.probability, line.row.impact) for line in self.risks)


def line_of(row: SmsRisk, project: Project) -> SmsRiskLine:
    """How `row` stands today. No query."""
    row.project = project
    is_open = row.state == SmsRiskState.OPEN
    now = score(row.probability, row.impact)
    was = score(row.was_probability, row.was_impact) if row.was_probability and row.was_impact else now
    days = (row.review_on - clock.today(project.time_zone)).days if row.review_on is not None and is_open else None
    late = -days if days is not None and days < 0 else None
    level = level_of(row.probability, row.impact)
    needs = [
        need
        for need, holds in (
            ("treatment", row.treatment == Treatment.UNDECIDED),
            ("acceptance", row.treatment != Treatment.UNDECIDED and row.accepted_at is None),
            ("owner", row.owner_id is None),
            ("look", late is not None),
        )
        if holds and is_open
    ]
    return SmsRiskLine(
        row,
        level,
        level_of(row.residual_probability, row.residual_impact)
        if row.residual_probability and row.residual_impact
        else None,
        Trend.RISING if now > was else Trend.FALLING if now < was else Trend.STEADY,
        days_late=late,
        days_near=days if days is not None and 0 <= days <= SOON_DAYS else None,
        needs=tuple(needs),
    )


def sms_risks_of(project: Project, query: SmsRiskQuery | None = None) -> SmsRiskRegister:
    """The register of `project`. One query."""
    asked = query or SmsRiskQuery(view=ALL)
    rows = SmsRisk.objects.filter(project=project).select_related("owner", "accepted_by")
    lines = sorted((line_of(row, project) for row in rows), key=_weight)
    counts: Counter[str] = Counter(_views_of(line) for line in lines)
    return SmsRiskRegister(
        lines,
        [line for line in lines if _fits(line, asked)],
        {view: counts[view] for view in VIEWS} | {ALL: len(lines)},
    )


def sms_risk_of(project: Project, ref: str) -> SmsRiskLine | None:
    """The risk `ref`. One query."""
    row = SmsRisk.objects.filter(project=project, ref=ref).select_related("owner", "accepted_by").first()
    return line_of(row, project) if row is not None else None


def looks_waiting(user: User, projects: Collection[int]) -> list[SmsRisk]:
    """The open risks of `user`, alone or in a group, in `projects` (ids) that have a day for a look. One query."""
    return list(
        SmsRisk.objects.filter(project__in=list(projects), state=SmsRiskState.OPEN, review_on__isnull=False)
        .filter(Q(owner__user=user) | Q(owner__group_members__person__user=user))
        .distinct()
        .order_by("review_on", "pk")
    )


def _views_of(line: SmsRiskLine) -> str:
    if not line.is_open:
        return str(line.row.state)
    return OPEN if line.is_risk else OPPORTUNITIES


def _weight(line: SmsRiskLine) -> tuple[object, ...]:
    row = line.row
    return (not line.is_open, not line.is_risk, -score(row.probability, row.impact), row.pk)


def _fits(line: SmsRiskLine, query: SmsRiskQuery) -> bool:
    row = line.row
    said = f"{row.ref} {row.title} {row.clause} {row.service} {row.cause} {row.effect} {row.treatment_words}"
    return (
        (query.view == ALL or _views_of(line) == query.view)
        and (not query.need or query.need in line.needs)
        and (query.probability is None or row.probability == query.probability)
        and (query.impact is None or row.impact == query.impact)
        and contains_all(said, search_words(query.text))
    )
