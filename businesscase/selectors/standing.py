"""How the case for the implementation stands: does it still pay, what was approved, and where money runs away.

One value for the overview, the dashboard, closing checks, the board paper and gates.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, localcontext
from enum import StrEnum
from functools import cached_property

from businesscase.choices import APPROVED_STATES, VersionState
from businesscase.domain.content import CaseContent, Scenario, content_from_plain
from businesscase.domain.figures import Figures, figures_by_scenario, figures_of
from businesscase.domain.money import exact, total
from businesscase.domain.months import Month
from businesscase.domain.outlook import Actuals, Bounds, PhaseOutlook, costs_by_phase, expected_flow, phase_outlooks
from businesscase.domain.tornado import Ahead
from businesscase.models import Approval, BusinessCase, CaseVersion, Condition, PhaseMoney
from businesscase.selectors.content import content_of, lines_of, plan_known, settings_of
from businesscase.selectors.standing_rows import Rows, case_and_versions, rows_of
from common import clock
from phases.choices import PhaseState
from phases.models import Phase
from projects.models import Project

OPERATION = 4


class Health(StrEnum):
    """A case in one word. `UNKNOWN`: nothing was approved yet, or there are no figures to judge by."""

    UNKNOWN = "unknown"
    ON_TRACK = "on track"
    AT_RISK = "at risk"
    OFF_TRACK = "off track"


@dataclass(frozen=True)
class Standing:
    """A case, what was approved, what happened since, and what comes of it.

    `content` is the draft as it stands, `approved` the version in force. `figures` hold what happened so far, and from
    then on the estimates of the draft, by scenario; before the first actuals they are the draft's own.
    `conditions` are those of the version in force.
    """

    case: BusinessCase
    today: date
    content: CaseContent
    in_force: CaseVersion | None
    waiting: CaseVersion | None
    approved: CaseContent | None
    actuals: Actuals
    phases: tuple[Phase, ...]
    money: Mapping[int, PhaseMoney]
    conditions: tuple[Condition, ...]

    @cached_property
    def closed(self) -> frozenset[int]:
        """The phases that are closed: only what recurs is to come of them."""
        return frozenset(each.number for each in self.phases if each.state == PhaseState.CLOSED)

    @cached_property
    def running(self) -> Phase | None:
        """The phase that runs; else the next one; None after the last."""
        return next((each for each in self.phases if each.number not in self.closed), None)

    @cached_property
    def remaining(self) -> dict[int, Decimal]:
        """What somebody said is still to come, by phase."""
        return {number: row.remaining for number, row in self.money.items() if row.remaining is not None}

    @cached_property
    def reasons(self) -> dict[int, str]:
        """Why a phase costs something else than was approved, by phase; those that say why."""
        return {number: row.reason for number, row in self.money.items() if row.reason.strip()}

    @cached_property
    def figures(self) -> dict[Scenario, Figures]:
        """What the case comes to now, by scenario."""
        if self.actuals.until is None:
            return figures_by_scenario(self.content)
        return {
            each: figures_of(
                expected_flow(self.content, self.actuals, remaining=self.remaining, closed=self.closed, scenario=each),
                self.content.discount_rate,
                each,
            )
            for each in Scenario
        }

    @property
    def now(self) -> Figures:
        """What it comes to as expected."""
        return self.figures[Scenario.LIKELY]

    @cached_property
    def ahead(self) -> Ahead:
        """What of the case is still open: what an estimate can still move."""
        until = self.actuals.until
        if until is None:
            return Ahead(self.now.flow, self.content.first_month - 1)
        likely = costs_by_phase(self.content)
        weights = {}
        for phase, said in self.remaining.items():
            expected = total(amount for (of, month), amount in likely.items() if of == phase and month > until)
            if expected and phase not in self.closed:
                with localcontext(exact()):
                    weights[phase] = said / expected
        return Ahead(self.now.flow, until, self.closed, weights)

    @cached_property
    def approved_figures(self) -> dict[Scenario, Figures]:
        """What was approved, by scenario; nothing where no version is."""
        return figures_by_scenario(self.approved) if self.approved is not None else {}

    @property
    def then(self) -> Figures | None:
        """What was approved, as expected then."""
        return self.approved_figures.get(Scenario.LIKELY)

    @cached_property
    def outlooks(self) -> tuple[PhaseOutlook, ...]:
        """Phases 0 to 4: approved, spent, to come. Without an approved version the plan is that of the draft."""
        return tuple(
            phase_outlooks(
                self.approved or self.content,
                self.content,
                self.actuals,
                tolerances={number: row.tolerance for number, row in self.money.items()},
                remaining=self.remaining,
                closed=self.closed,
            )
        )

    @property
    def plan(self) -> Decimal:
        """What all phases together were approved with."""
        return total(each.plan for each in self.outlooks)

    @property
    def forecast(self) -> Decimal:
        """What all phases together will have cost."""
        return total(each.forecast for each in self.outlooks)

    @property
    def spent(self) -> Decimal:
        """What was spent so far, in all phases."""
        return total(each.actual for each in self.outlooks)

    @property
    def to_implement_as_approved(self) -> Decimal:
        """What phases 0 to 3 were approved with: all but operation."""
        return total(each.plan for each in self.outlooks if each.phase != OPERATION)

    @property
    def to_implement(self) -> Decimal:
        """What phases 0 to 3 will have cost."""
        return total(each.forecast for each in self.outlooks if each.phase != OPERATION)

    @property
    def beyond(self) -> tuple[PhaseOutlook, ...]:
        """Phases that leave their tolerance. Without an approved version there is nothing to leave."""
        return self._within(Bounds.BEYOND)

    @property
    def near(self) -> tuple[PhaseOutlook, ...]:
        """Phases that use four fifths of their tolerance or more, and keep to it."""
        return self._within(Bounds.NEAR)

    def _within(self, bounds: Bounds) -> tuple[PhaseOutlook, ...]:
        return tuple(each for each in self.outlooks if each.bounds == bounds) if self.approved is not None else ()

    @property
    def unexplained(self) -> tuple[PhaseOutlook, ...]:
        """Phases that leave their tolerance, and nobody said why."""
        return tuple(each for each in self.beyond if each.phase not in self.reasons)

    @property
    def open_conditions(self) -> tuple[Condition, ...]:
        """Conditions of the approval that are not met yet."""
        return tuple(each for each in self.conditions if each.met_on is None)

    @property
    def overdue_conditions(self) -> tuple[Condition, ...]:
        """Those of them whose day is over."""
        return tuple(each for each in self.open_conditions if each.due is not None and each.due < self.today)

    @property
    def is_counted(self) -> bool:
        """Whether there is something on both sides to judge by: costs, and benefits in figures."""
        return bool(self.now.cost) and bool(self.now.benefit)

    @property
    def pays(self) -> bool | None:
        """Whether it is worth more than it costs, at its discount rate; None while only one side is counted."""
        return self.now.npv >= 0 if self.is_counted else None

    @property
    def payback(self) -> Month | None:
        """The month from which it has paid back as expected now; None where it does not within the horizon."""
        return month_at(self.content, self.now.payback_month)

    @property
    def approved_payback(self) -> Month | None:
        """The same as it was approved."""
        return month_at(self.approved, self.then.payback_month) if self.approved and self.then else None

    @property
    def months_later(self) -> int | None:
        """How many months later than approved it pays back (below zero: earlier); None where one of both never does."""
        if self.payback is None or self.approved_payback is None:
            return None
        return self.payback - self.approved_payback

    @property
    def health(self) -> Health:
        """Off track: it no longer pays, or a phase leaves its tolerance and nobody said why. At risk: a phase is near
        its tolerance or leaves it for a reason, the case pays back later than approved, or a condition is overdue."""
        if self.approved is None or not self.is_counted:
            return Health.UNKNOWN
        if not self.pays or self.unexplained:
            return Health.OFF_TRACK
        later = self.approved_payback is not None and (self.payback is None or self.payback > self.approved_payback)
        if later or self.near or self.beyond or self.overdue_conditions:
            return Health.AT_RISK
        return Health.ON_TRACK


def month_at(content: CaseContent, number: int | None) -> Month | None:
    """The month with a number (1-based) of a case's horizon."""
    return content.first_month + number - 1 if number is not None else None


class Reading(StrEnum):
    """How much of a draft is read: all of it but the gap analysis, its lines of money, or their amounts alone."""

    ALL = "all"
    LINES = "lines"
    AMOUNTS = "amounts"


def standing_of(
    project: Project,
    reading: Reading = Reading.ALL,
    *,
    case: BusinessCase | None = None,
    content: CaseContent | None = None,
) -> Standing | None:
    """How the case for the implementation stands; None where it was not begun.

    Its draft is read without the gap analysis, which does not touch its figures. Two queries for the amounts alone, two
    more for the lines with their words, seven more for all. What the caller has read already, `case` and its draft as
    `content`, is taken from there.
    """
    read, versions = case_and_versions(project)
    found = case or read
    if found is None:
        return None
    in_force = next((each for each in reversed(versions) if each.state in APPROVED_STATES), None)
    rows = rows_of(found, in_force, with_lines=reading == Reading.AMOUNTS)
    return Standing(
        case=found,
        today=clock.today(project.time_zone),
        content=content or _content(found, rows, reading),
        in_force=in_force,
        waiting=next((each for each in versions if each.state == VersionState.SUBMITTED), None),
        approved=content_from_plain(in_force.content) if in_force is not None else None,
        actuals=rows.actuals,
        phases=tuple(rows.phases),
        money=rows.money,
        conditions=tuple(rows.conditions),
    )


def _content(case: BusinessCase, rows: Rows, reading: Reading) -> CaseContent:
    if reading == Reading.AMOUNTS:
        return replace(settings_of(case), costs=tuple(rows.costs), benefits=tuple(rows.benefits))
    tolerances = {number: row.tolerance for number, row in rows.money.items()}
    known = plan_known(case.project, rows.phases, tolerances)
    return content_of(case, known=known) if reading == Reading.ALL else lines_of(case, known=known)


def actuals_of(case: BusinessCase) -> Actuals:
    """What was spent and confirmed of a case, as the arithmetic takes it. One query."""
    return rows_of(case, None).actuals


def approvals_of(version: CaseVersion | None) -> tuple[Approval, ...]:
    """What the approvers of a version said. One query."""
    if version is None:
        return ()
    return tuple(Approval.objects.filter(case_version=version).select_related("approver"))
