"""Benefits followed month by month: what was planned, what was confirmed, and which months wait for a word."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef

from accounts.models import User
from businesscase.choices import APPROVED_STATES, BenefitForm
from businesscase.domain.content import BenefitItem, Scenario, content_from_plain
from businesscase.domain.flow import benefit_flow, benefit_point
from businesscase.domain.money import ZERO, total
from businesscase.domain.months import Month, month_of
from businesscase.models import ActualBenefit, BenefitLine, BusinessCase, CaseVersion
from businesscase.selectors import approved_version
from businesscase.selectors.content import benefit_item
from common import clock
from phases.choices import PhaseState
from phases.models import Phase
from phases.selectors.my_work import own_parties
from projects.models import Project

EVERY = 3  # months: how often somebody says what an indicator shows


@dataclass(frozen=True, slots=True)
class BenefitMonth:
    """One month of a benefit: what was planned, and the word that was given, if any."""

    month: Month
    plan: Decimal
    word: ActualBenefit | None
    is_due: bool

    @property
    def difference(self) -> Decimal | None:
        """Confirmed less planned; None where no amount was confirmed."""
        return None if self.word is None or self.word.amount is None else self.word.amount - self.plan


@dataclass(frozen=True, slots=True)
class FollowedBenefit:
    """A benefit and its months, the newest first. `item` is what was approved, or the line where it was not."""

    line: BenefitLine
    item: BenefitItem
    is_approved: bool
    months: Sequence[BenefitMonth]

    @property
    def in_figures(self) -> bool:
        """Whether it is counted in money."""
        return self.line.form == BenefitForm.FIGURES

    @property
    def has_begun(self) -> bool:
        """Whether any month of it has a word or waits for one."""
        return any(each.word is not None or each.is_due for each in self.months)

    @property
    def due(self) -> list[BenefitMonth]:
        """The months that wait for a word, the oldest first."""
        return [each for each in reversed(self.months) if each.is_due]

    @property
    def plan(self) -> Decimal:
        """What was planned for the months that have a word or wait for one."""
        return total(each.plan for each in self.months if each.word is not None or each.is_due)

    @property
    def confirmed(self) -> Decimal:
        """What was confirmed until now."""
        return total(each.word.amount for each in self.months if each.word is not None and each.word.amount is not None)

    @property
    def last(self) -> ActualBenefit | None:
        """The newest word."""
        return next((each.word for each in self.months if each.word is not None), None)

    @property
    def difference(self) -> Decimal:
        """Confirmed less planned."""
        return self.confirmed - self.plan


def due_months(
    line: BenefitLine, item: BenefitItem, spoken: Collection[Month], *, now: Month, horizon_end: Month, closed: bool
) -> list[Month]:
    """The months that wait for a word.

    In figures each month from its first one that is over. In words the last month, once its phase has closed and
    nobody said a word for a quarter.
    """
    last = min(now - 1, horizon_end)
    if line.form == BenefitForm.FIGURES:
        if item.from_month is None:
            return []
        until = min(item.until_month or last, last)
        return [month for month in range(item.from_month, until + 1) if month not in spoken]
    if not closed or any(month > last - EVERY for month in spoken):
        return []
    return [last]


def followed_benefits(case: BusinessCase, ref: str = "") -> list[FollowedBenefit]:
    """All benefits of a case, or the one with `ref`, month by month. Four queries."""
    lines = BenefitLine.objects.filter(case=case).select_related("confirmed_by")
    if ref:
        lines = lines.filter(ref=ref)
    found = list(lines.prefetch_related("actuals__confirmed_by"))
    version = approved_version(case)
    content = content_from_plain(version.content) if version is not None else None
    approved = {item.ref: item for item in content.benefits} if content is not None else {}
    closed = set(Phase.objects.filter(project=case.project, state=PhaseState.CLOSED).values_list("number", flat=True))
    now = month_of(clock.today(case.project.time_zone))
    end = month_of(case.first_month) + case.months - 1
    followed = []
    for line in found:
        line.case, line.project = case, case.project
        item = approved.get(line.ref) or benefit_item(line)
        words = {month_of(word.month): word for word in line.actuals.all()}
        due: set[Month] = set()
        if line.ref in approved:
            due = set(due_months(line, item, words, now=now, horizon_end=end, closed=line.phase_number in closed))
        plan = _plan(item, end)
        # Of an indicator something can be said at any time.
        open_now = {min(now, end)} if line.form == BenefitForm.WORDS else set()
        months = sorted({*words, *due, *open_now, *(month for month in plan if month <= min(now, end))}, reverse=True)
        followed.append(
            FollowedBenefit(
                line,
                item,
                line.ref in approved,
                [BenefitMonth(month, plan.get(month, ZERO), words.get(month), month in due) for month in months],
            )
        )
    return followed


def _plan(item: BenefitItem, horizon_end: Month) -> Mapping[Month, Decimal]:
    if item.estimate is None:
        return {}
    return benefit_flow(item, benefit_point(item.estimate, Scenario.LIKELY), horizon_end)


@dataclass(frozen=True, slots=True)
class WaitingBenefit:
    """A benefit that waits for a person's word: its project, and the months."""

    line: BenefitLine
    months: Sequence[Month]


def benefits_waiting_for(user: User, projects: Collection[Project]) -> list[WaitingBenefit]:
    """The benefits of approved cases that `user` is named to confirm, alone or in a group, and which wait for a word.
    Two queries.

    By the line as it stands: who reads My work is asked by what is planned now.
    """
    by_id = {project.pk: project for project in projects}
    closed = Phase.objects.filter(project=OuterRef("project"), number=OuterRef("phase_number"), state=PhaseState.CLOSED)
    approved = CaseVersion.objects.filter(case=OuterRef("case"), state__in=APPROVED_STATES)
    lines = (
        BenefitLine.objects.filter(Exists(approved), project__in=by_id, confirmed_by__in=own_parties(user))
        .annotate(phase_closed=Exists(closed))
        .select_related("case", "confirmed_by")
        .prefetch_related("actuals")
        .order_by("project_id", "position", "pk")
    )
    waiting = []
    for line in lines:
        project = by_id[line.project_id]
        line.project = line.case.project = project
        now = month_of(clock.today(project.time_zone))
        months = due_months(
            line,
            benefit_item(line),
            {month_of(word.month) for word in line.actuals.all()},
            now=now,
            horizon_end=month_of(line.case.first_month) + line.case.months - 1,
            closed=bool(line.phase_closed),
        )
        if months:
            waiting.append(WaitingBenefit(line, months))
    return waiting
