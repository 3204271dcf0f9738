"""What became of the money of a case: what was approved, was spent and confirmed, and is to come."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from businesscase.choices import Category
from businesscase.domain.content import CaseContent, Scenario, content_from_plain
from businesscase.domain.flow import benefits_by_line, costs_by_line, sum_within
from businesscase.domain.money import ZERO, add_to, total
from businesscase.domain.months import Month, month_of
from businesscase.domain.outlook import Actuals, PhaseOutlook, phase_outlooks
from businesscase.models import ActualCost, BenefitLine, BusinessCase, CaseVersion, CostLine, PhaseMoney
from businesscase.selectors import approved_version
from businesscase.selectors.content import benefit_item, cost_item
from businesscase.selectors.standing import actuals_of
from phases.choices import PhaseState
from phases.models import Phase


@dataclass(frozen=True)
class CaseMoney:
    """The money of a case. `plan` is the content that was approved, the lines as they stand where none was.

    `current` holds the lines as they stand, without texts; `settled` what was said about a phase.
    """

    case: BusinessCase
    version: CaseVersion | None
    plan: CaseContent
    current: CaseContent
    actuals: Actuals
    settled: Mapping[int, PhaseMoney]
    closed: frozenset[int]
    outlooks: Sequence[PhaseOutlook]

    @property
    def until(self) -> Month | None:
        """The last month for which all costs are in."""
        return self.actuals.until

    def outlook(self, phase: int) -> PhaseOutlook:
        """That of one phase."""
        return self.outlooks[phase]

    def reason(self, phase: int) -> str:
        """Why a phase costs something else than was approved, as it was said; "" where nothing was."""
        settled = self.settled.get(phase)
        return settled.reason if settled is not None else ""


@dataclass(frozen=True, slots=True)
class LineMoney:
    """One cost line: what was approved, what was spent, and what its lines as they stand still hold."""

    ref: str
    title: str
    category: str
    phase: int
    plan: Decimal
    actual: Decimal
    remaining: Decimal

    @property
    def category_name(self) -> str:
        """The category in words."""
        return str(Category(self.category).label)

    @property
    def forecast(self) -> Decimal:
        """What it will have cost."""
        return self.actual + self.remaining

    @property
    def deviation(self) -> Decimal:
        """Forecast less plan: above zero is dearer."""
        return self.forecast - self.plan


@dataclass(frozen=True, slots=True)
class MonthMoney:
    """What was spent in one month, by phase, and what was planned for it."""

    month: Month
    by_phase: Mapping[int, Decimal]
    plan: Decimal

    @property
    def actual(self) -> Decimal:
        """All phases together."""
        return total(self.by_phase.values())


def lines_content(case: BusinessCase) -> CaseContent:
    """The draft's costs and benefits alone, for figures that need no texts. Two queries."""
    return CaseContent(
        kind=case.kind,
        currency=case.project.currency,
        first_month=month_of(case.first_month),
        months=case.months,
        discount_rate=case.discount_rate.normalize(),
        costs=tuple(cost_item(row) for row in CostLine.objects.filter(case=case).select_related("risk")),
        benefits=tuple(
            benefit_item(row) for row in BenefitLine.objects.filter(case=case).select_related("confirmed_by")
        ),
        services=tuple(str(each) for each in case.project.services),
    )


def money_of(case: BusinessCase) -> CaseMoney:
    """All of it. Seven queries, whatever the number of lines, months and amounts."""
    current = lines_content(case)
    version = approved_version(case)
    actuals = actuals_of(case)
    plan = content_from_plain(version.content) if version is not None else current
    settled = {row.phase_number: row for row in PhaseMoney.objects.filter(case=case)}
    closed = frozenset(
        Phase.objects.filter(project=case.project, state=PhaseState.CLOSED).values_list("number", flat=True)
    )
    outlooks = phase_outlooks(
        plan,
        current,
        actuals,
        tolerances={phase: row.tolerance for phase, row in settled.items()},
        remaining={phase: row.remaining for phase, row in settled.items() if row.remaining is not None},
        closed=closed,
    )
    return CaseMoney(case, version, plan, current, actuals, settled, closed, outlooks)


def months_of(money: CaseMoney, until: Month) -> list[MonthMoney]:
    """Every month up to `until` in which something was spent or planned, the newest first."""
    plan: dict[Month, Decimal] = {}
    for _item, flow in costs_by_line(money.plan, Scenario.LIKELY):
        add_to(plan, flow)
    spent: dict[Month, dict[int, Decimal]] = {}
    for (phase, month), amount in money.actuals.costs.items():
        add_to(spent.setdefault(month, {}), {phase: amount})
    found = sorted({*spent, *(month for month in plan if month <= until)}, reverse=True)
    return [MonthMoney(month, spent.get(month, {}), plan.get(month, ZERO)) for month in found]


def lines_of(money: CaseMoney, phase: int | None = None) -> list[LineMoney]:
    """The cost lines of the case or of one phase: those that were approved, and those that came since.

    What was booked on a category and no line stands in rows of their own, which have no ref. Of closed phases only what
    recurs is to come, as in the outlook of a phase. One query.
    """
    after = money.until if money.until is not None else money.current.first_month - 1
    plan = {item.ref: sum_within(flow, money.plan) for item, flow in costs_by_line(money.plan, Scenario.LIKELY)}
    ahead = {
        item.ref: total(amount for month, amount in flow.items() if after < month <= money.current.last_month)
        for item, flow in costs_by_line(money.current, Scenario.LIKELY)
    }
    spent: dict[str, Decimal] = {}
    loose: dict[tuple[int, str], Decimal] = {}
    for row in ActualCost.objects.filter(case=money.case).select_related("cost_line"):
        if row.cost_line is not None:
            add_to(spent, {row.cost_line.ref: row.amount})
        else:
            add_to(loose, {(row.phase_number, row.category): row.amount})
    items = {item.ref: item for item in (*money.plan.costs, *money.current.costs)}
    lines = [
        LineMoney(
            ref,
            item.title,
            item.category,
            item.phase,
            plan.get(ref, ZERO),
            spent.get(ref, ZERO),
            ZERO if item.phase in money.closed and item.rhythm == "once" else ahead.get(ref, ZERO),
        )
        for ref, item in items.items()
    ]
    lines += [LineMoney("", "", category, of, ZERO, amount, ZERO) for (of, category), amount in sorted(loose.items())]
    return [line for line in lines if phase is None or line.phase == phase]


def benefits_planned(content: CaseContent) -> dict[str, Mapping[Month, Decimal]]:
    """What each benefit in figures is to bring, by month."""
    return {item.ref: flow for item, flow in benefits_by_line(content, Scenario.LIKELY)}
