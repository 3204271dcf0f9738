"""The board paper as one value: what a case says and comes to, as a draft or as the version that was submitted.

The printed page and the PDF are made of it alone; nothing on them is read anywhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from businesscase.choices import APPROVED_STATES, CaseKind, VersionState
from businesscase.domain.content import CaseContent, Scenario, content_from_plain
from businesscase.domain.figures import Figures, figures_by_scenario
from businesscase.domain.flow import MonthFlow
from businesscase.domain.irr import Rates
from businesscase.domain.months import Month, parse_month
from businesscase.models import Approval, BusinessCase, CaseVersion, Release
from businesscase.selectors import approved_version, case_of
from businesscase.selectors.content import content_of
from businesscase.selectors.standing import Standing, standing_of
from common import clock
from projects.models import Project

ENDED = (VersionState.CHANGES, VersionState.REJECTED, VersionState.WITHDRAWN, VersionState.SUPERSEDED)


@dataclass(frozen=True)
class Paper:
    """One of the two cases on paper. `version` is None for the draft.

    `in_force` is the approved version that holds now. `standing` says what happened since, and comes with the draft of
    the case for the implementation alone.
    """

    project: Project
    case: BusinessCase
    content: CaseContent
    figures: Mapping[Scenario, Figures]
    today: date
    version: CaseVersion | None = None
    approvals: tuple[Approval, ...] = ()
    releases: tuple[Release, ...] = ()
    in_force: CaseVersion | None = None
    standing: Standing | None = None

    @property
    def is_draft(self) -> bool:
        """Whether it is not frozen."""
        return self.version is None

    @property
    def is_small(self) -> bool:
        """Whether it is the case for the gap analysis."""
        return self.case.kind == CaseKind.GAP

    @property
    def is_waiting(self) -> bool:
        """Whether it lies with its approvers."""
        return self.version is not None and self.version.state == VersionState.SUBMITTED

    @property
    def is_approved(self) -> bool:
        """Whether it holds."""
        return self.version is not None and self.version.state in APPROVED_STATES

    @property
    def is_over(self) -> bool:
        """Whether it is a version that does not hold, or holds no more."""
        return self.version is not None and self.version.state in ENDED

    @property
    def sha256(self) -> str:
        """The hash of what was frozen; a draft has none."""
        return self.version.sha256 if self.version is not None else ""

    @property
    def expected(self) -> Figures:
        """What it comes to as expected."""
        return self.figures[Scenario.LIKELY]

    @property
    def cautious(self) -> Figures:
        """What it comes to where costs are high and benefits low."""
        return self.figures[Scenario.LOW]

    @property
    def good(self) -> Figures:
        """What it comes to where costs are low and benefits high."""
        return self.figures[Scenario.HIGH]

    @property
    def has_money(self) -> bool:
        """Whether anything is counted."""
        return bool(self.expected.cost or self.expected.benefit)

    @property
    def is_counted(self) -> bool:
        """Whether there is something on both sides to judge by."""
        return bool(self.expected.cost and self.expected.benefit)

    def month_at(self, number: int | None) -> Month | None:
        """The month with a number (1-based) of the horizon."""
        return None if number is None else self.content.first_month + number - 1

    @cached_property
    def approved_content(self) -> CaseContent | None:
        """What was approved, beside a draft that goes on from it."""
        if self.version is not None or self.in_force is None:
            return None
        return content_from_plain(self.in_force.content)


def paper_of(project: Project, kind: str, version: CaseVersion | None = None) -> Paper | None:
    """The paper of one case of `project`, of its draft or of a version of it; None where the case was not begun."""
    case = version.case if version is not None else case_of(project, kind)
    if case is None:
        return None
    today = clock.today(project.time_zone)
    in_force = approved_version(case)
    if version is None:
        content = content_of(case)
        standing = None if case.is_small else standing_of(project, case=case, content=content)
        return Paper(project, case, content, figures_by_scenario(content), today, in_force=in_force, standing=standing)
    return Paper(
        project,
        case,
        content_from_plain(version.content),
        {each: kept_figures(version.figures["scenarios"][each]) for each in Scenario},
        today,
        version=version,
        approvals=tuple(
            Approval.objects.filter(case_version=version).select_related("approver").prefetch_related("conditions")
        ),
        releases=tuple(Release.objects.filter(case_version=version).select_related("released_by")),
        in_force=in_force,
    )


def kept_figures(plain: Mapping[str, Any]) -> Figures:
    """The figures of one scenario as they were kept with a version."""

    def decimal(name: str) -> Decimal | None:
        return None if plain[name] is None else Decimal(plain[name])

    return Figures(
        scenario=str(plain.get("scenario", "")),
        flow=tuple(
            MonthFlow(parse_month(each["month"]), Decimal(each["cost"]), Decimal(each["benefit"]))
            for each in plain["cash_flow"]
        ),
        cost=Decimal(plain["cost"]),
        benefit=Decimal(plain["benefit"]),
        npv=Decimal(plain["npv"]),
        rates=Rates(
            decimal("irr_per_year"), str(plain["irr_reason"] or ""), tuple(Decimal(each) for each in plain["irr_roots"])
        ),
        roi=decimal("roi"),
        payback_month=plain["payback_month"],
        discounted_payback_month=plain["discounted_payback_month"],
        lowest=Decimal(plain["lowest"]),
        lowest_month=plain["lowest_month"],
    )
