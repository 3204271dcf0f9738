"""What was spent and confirmed, what is still to come, and how far that is from what was approved."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from enum import StrEnum

from businesscase.domain.content import CaseContent, Scenario
from businesscase.domain.flow import Flow, MonthFlow, benefits_by_line, cash_flow, costs_by_line, spread
from businesscase.domain.money import ZERO, add_to, cents, exact, total
from businesscase.domain.months import Month

PHASES = range(5)
SHARE = Decimal("0.0001")
NEAR = Decimal("0.8")


class Bounds(StrEnum):
    """Where a phase stands against its tolerance: `NEAR` from four fifths of it."""

    WITHIN = "within"
    NEAR = "near"
    BEYOND = "beyond"


@dataclass(frozen=True)
class Actuals:
    """What is known of the past: costs by phase and month, confirmed benefits by ref of their line and month.

    `until` is the last month for which all costs are in; None where there is none yet.
    """

    until: Month | None = None
    costs: Mapping[tuple[int, Month], Decimal] = field(default_factory=dict)
    benefits: Mapping[tuple[str, Month], Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PhaseOutlook:
    """Money of one phase. `plan` is what was approved, `forecast` what is spent plus what is still to come.

    `share` is the deviation as a part of the plan, None without a plan. Of closed phases only what recurs is to come.
    """

    phase: int
    plan: Decimal
    actual: Decimal
    remaining: Decimal
    tolerance: Decimal
    benefit_plan_to_date: Decimal = ZERO
    benefit_to_date: Decimal = ZERO

    @property
    def forecast(self) -> Decimal:
        """What the phase will have cost."""
        return self.actual + self.remaining

    @property
    def deviation(self) -> Decimal:
        """Forecast less plan: above zero is dearer."""
        return self.forecast - self.plan

    @property
    def share(self) -> Decimal | None:
        """The deviation as a fraction of the plan, with four places."""
        if not self.plan:
            return None
        with localcontext(exact()):
            return (self.deviation / self.plan).quantize(SHARE)

    @property
    def bounds(self) -> Bounds:
        """Whether the phase keeps to its tolerance. Money without a plan is beyond it; cheaper is within."""
        with localcontext(exact()):
            allowed = self.plan * self.tolerance
            if self.deviation > allowed:
                return Bounds.BEYOND
            if self.deviation > 0 and self.deviation >= allowed * NEAR:
                return Bounds.NEAR
        return Bounds.WITHIN


def costs_by_phase(
    content: CaseContent, scenario: Scenario = Scenario.LIKELY, *, closed: frozenset[int] = frozenset()
) -> dict[tuple[int, Month], Decimal]:
    """The cost of each phase and month, within the horizon. Of phases that are `closed` only what recurs: a licence
    goes on when the phase that brought it is over."""
    sums: dict[tuple[int, Month], Decimal] = {}
    for item, flow in costs_by_line(content, scenario):
        if item.phase in closed and item.rhythm == "once":
            continue
        inside = {(item.phase, month): amount for month, amount in flow.items() if month <= content.last_month}
        add_to(sums, inside)
    return sums


def phase_outlooks(
    approved: CaseContent,
    current: CaseContent,
    actuals: Actuals,
    *,
    tolerances: Mapping[int, Decimal],
    remaining: Mapping[int, Decimal],
    closed: frozenset[int] = frozenset(),
) -> list[PhaseOutlook]:
    """Phases 0 to 4: what was approved, was spent, and is to come.

    To come is what somebody said (`remaining`), else what the current lines hold for the months after
    `actuals.until`. Of phases that are `closed` only what recurs is to come.
    """
    plan, ahead = costs_by_phase(approved), costs_by_phase(current, closed=closed)
    until = actuals.until if actuals.until is not None else current.first_month - 1
    phase_of = {item.ref: item.phase for item in current.benefits}
    planned_benefits = {
        (item.ref, month): amount
        for item, flow in benefits_by_line(approved, Scenario.LIKELY)
        for month, amount in flow.items()
        if month <= until
    }
    phase_then = {item.ref: item.phase for item in approved.benefits}
    outlooks = []
    for phase in PHASES:
        to_come = total(amount for (of, month), amount in ahead.items() if of == phase and month > until)
        if phase in remaining and phase not in closed:
            to_come = remaining[phase]
        outlooks.append(
            PhaseOutlook(
                phase=phase,
                plan=total(amount for (of, _month), amount in plan.items() if of == phase),
                actual=total(amount for (of, _month), amount in actuals.costs.items() if of == phase),
                remaining=to_come,
                tolerance=tolerances.get(phase, Decimal("0.10")),
                benefit_plan_to_date=total(
                    amount for (ref, _month), amount in planned_benefits.items() if phase_then[ref] == phase
                ),
                benefit_to_date=total(
                    amount for (ref, _month), amount in actuals.benefits.items() if phase_of.get(ref) == phase
                ),
            )
        )
    return outlooks


def expected_flow(
    current: CaseContent,
    actuals: Actuals,
    *,
    remaining: Mapping[int, Decimal],
    closed: frozenset[int] = frozenset(),
    scenario: Scenario = Scenario.LIKELY,
) -> tuple[MonthFlow, ...]:
    """What happened until `actuals.until`, then what `scenario` expects, with what was said to come.

    Of benefits only what was confirmed counts for the past. What was said to come of a phase is laid over its months
    ahead in proportion to its lines there, or evenly over the next three months where it has none; in the other two
    scenarios it is as much dearer or cheaper as its lines are.
    """
    if actuals.until is None:
        return cash_flow(current, scenario)
    until = min(actuals.until, current.last_month)
    costs: Flow = {}
    for (_phase, month), amount in actuals.costs.items():
        add_to(costs, {min(max(month, current.first_month), current.last_month): amount})
    ahead, likely = costs_by_phase(current, scenario, closed=closed), costs_by_phase(current)
    for phase in PHASES:
        said = remaining.get(phase) if phase not in closed else None
        add_to(costs, cost_ahead(current, ahead, likely, phase=phase, until=until, said=said))
    benefits: Flow = {}
    for (_ref, month), amount in actuals.benefits.items():
        if current.first_month <= month <= until:
            add_to(benefits, {month: amount})
    for _item, flow in benefits_by_line(current, scenario):
        add_to(benefits, {month: amount for month, amount in flow.items() if month > until})
    return tuple(
        MonthFlow(month, costs.get(month, ZERO), benefits.get(month, ZERO))
        for month in range(current.first_month, current.last_month + 1)
    )


def cost_ahead(
    current: CaseContent,
    by_phase: Mapping[tuple[int, Month], Decimal],
    likely: Mapping[tuple[int, Month], Decimal],
    *,
    phase: int,
    until: Month,
    said: Decimal | None,
) -> Flow:
    """What a phase costs after `until`: its lines, or what was `said`, laid over their months."""
    flow = {month: amount for (of, month), amount in by_phase.items() if of == phase and month > until}
    if said is None:
        return flow
    expected = total(amount for (of, month), amount in likely.items() if of == phase and month > until)
    return _laid_over(_in_proportion(said, total(flow.values()), expected), flow, until, current.last_month)


def _in_proportion(amount: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    """`amount` as `part` is to `whole`; itself where there is no whole."""
    with localcontext(exact()):
        return cents(amount * part / whole) if whole else amount


def _laid_over(amount: Decimal, flow: Flow, until: Month, last: Month) -> Flow:
    whole = total(flow.values())
    if not whole:
        months = list(range(until + 1, min(until + 3, last) + 1)) or [last]
        return dict(zip(months, spread(amount, len(months)), strict=True))
    laid: Flow = {}
    running = placed = ZERO
    with localcontext(exact()):
        for month in sorted(flow):
            running += flow[month]
            reached = cents(amount * running / whole)
            laid[month] = reached - placed
            placed = reached
    return laid
