"""What stands under one point of a case: its lines with their sums, what the project knows about it.

Two queries at most for each point, five for the need (the results of the gap analysis take four).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from businesscase.choices import AssumptionKind, BenefitKind, Category
from businesscase.domain.completeness import kinds_of_benefit
from businesscase.domain.content import CaseContent, Scenario
from businesscase.domain.figures import Figures, figures_by_scenario
from businesscase.domain.money import ZERO, total
from businesscase.domain.parts import PhaseSum, benefit_sums, by_phase, cost_sums
from businesscase.domain.risks import Level, level_of
from businesscase.models import (
    Assumption,
    BenefitLine,
    BusinessCase,
    CostLine,
    InterestedParty,
    Measure,
    Risk,
)
from businesscase.selectors.content import benefit_item, cost_item
from gapanalysis.domain.answers import Value
from gapanalysis.selectors.results import results_of
from projects.choices import ProjectRole
from projects.models import Membership, Project

SHOWN_GAPS = 5
SHOWN_RISKS = 8
Sums = dict[str, Decimal]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of cost or benefit and what it comes to within the horizon, by scenario; no sums for one in words."""

    row: CostLine | BenefitLine
    sums: Sums


@dataclass(frozen=True, slots=True)
class Group:
    """The lines of one category of cost or kind of benefit."""

    key: str
    title: str
    lines: tuple[Line, ...]
    sums: Sums


@dataclass(frozen=True, slots=True)
class Table:
    """All groups, also those without lines, and what they come to together."""

    groups: tuple[Group, ...]
    sums: Sums
    phases: tuple[PhaseSum, ...]
    count: int


def costs_of(case: BusinessCase, content: CaseContent) -> Table:
    """The costs by category. One query; `content` gives horizon and kind."""
    rows = list(CostLine.objects.filter(case=case).select_related("risk"))
    whole = replace(content, costs=tuple(cost_item(row) for row in rows), benefits=())
    by_ref = {
        scenario.value: {each.item.ref: each.amount for each in cost_sums(whole, scenario)} for scenario in Scenario
    }
    lines = [Line(row, {name: found[row.ref] for name, found in by_ref.items()}) for row in rows]
    groups = tuple(
        _group(category.value, str(category.label), [each for each in lines if _category(each) == category])
        for category in Category
    )
    return Table(groups, _sums(lines), tuple(by_phase(whole)), len(lines))


def benefits_of(case: BusinessCase, content: CaseContent) -> tuple[Table, dict[Scenario, Figures], int]:
    """The benefits by the nine kinds that are named, what all of the case comes to, and how many kinds have one."""
    rows = list(BenefitLine.objects.filter(case=case).select_related("confirmed_by"))
    costs = tuple(cost_item(row) for row in CostLine.objects.filter(case=case).select_related("risk"))
    whole = replace(content, costs=costs, benefits=tuple(benefit_item(row) for row in rows))
    by_ref = {
        scenario.value: {each.item.ref: each.amount for each in benefit_sums(whole, scenario)} for scenario in Scenario
    }
    lines = [Line(row, {name: found[row.ref] for name, found in by_ref.items() if row.ref in found}) for row in rows]
    groups = tuple(
        _group(kind.value, str(kind.label), [each for each in lines if _kind(each) == kind])
        for kind in BenefitKind
        if kind != BenefitKind.RETURN
    )
    table = Table(groups, _sums(lines), tuple(by_phase(whole)), len(lines))
    return table, figures_by_scenario(whole), kinds_of_benefit(whole)


def _category(line: Line) -> str:
    return line.row.category if isinstance(line.row, CostLine) else ""


def _kind(line: Line) -> str:
    return line.row.kind if isinstance(line.row, BenefitLine) else ""


def _group(key: str, title: str, lines: Sequence[Line]) -> Group:
    return Group(key, title, tuple(lines), _sums(lines))


def _sums(lines: Iterable[Line]) -> Sums:
    found = list(lines)
    return {scenario.value: total(each.sums.get(scenario.value, ZERO) for each in found) for scenario in Scenario}


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What the case rests on, and what it cannot choose."""

    assumptions: tuple[Assumption, ...]
    constraints: tuple[Assumption, ...]


def assumptions_of(case: BusinessCase) -> Assumptions:
    """Assumptions and constraints. One query."""
    rows = list(Assumption.objects.filter(case=case).select_related("owner"))
    return Assumptions(
        tuple(row for row in rows if row.kind == AssumptionKind.ASSUMPTION),
        tuple(row for row in rows if row.kind == AssumptionKind.CONSTRAINT),
    )


def interested_of(case: BusinessCase) -> list[InterestedParty]:
    """The interested parties, those with most influence first. One query."""
    order = {"high": 0, "medium": 1, "low": 2}
    rows = list(InterestedParty.objects.filter(case=case))
    return sorted(rows, key=lambda row: (order[row.influence], order[row.interest], row.position))


def measures_of(case: BusinessCase) -> tuple[list[Measure], list[str]]:
    """How results will be judged, and the benefits that no measure names. Two queries."""
    measures = list(Measure.objects.filter(case=case).select_related("owner"))
    named = " ".join(row.what.casefold() for row in measures)
    benefits = BenefitLine.objects.filter(case=case).values_list("title", flat=True)
    return measures, [title for title in benefits if title.casefold() not in named]


def people_of(project: Project) -> list[tuple[str, list[str]]]:
    """Who leads, decides and oversees: the names by role, in the order of the roles. One query."""
    roles = (ProjectRole.TOP_MANAGEMENT, ProjectRole.CHAIR, ProjectRole.COMMITTEE, ProjectRole.MANAGER)
    names: dict[str, list[str]] = {role: [] for role in roles}
    found = Membership.objects.current().filter(project=project, role__in=roles).order_by("user__name", "pk")
    for role, name, email in found.values_list("role", "user__name", "user__email"):
        names[role].append(name or email)
    return [(str(role.label), names[role]) for role in roles]


@dataclass(frozen=True, slots=True)
class RiskLine:
    """A risk of the register and how serious it is."""

    row: Risk
    level: Level


@dataclass(frozen=True, slots=True)
class Register:
    """The open risks, the most serious first, and how many there are of each kind."""

    top: tuple[RiskLine, ...]
    open: int
    by_category: dict[str, int]
    by_level: dict[str, int]


def risks_of(project: Project) -> Register:
    """The register as the case takes it. One query."""
    rows = [
        RiskLine(row, level_of(row.probability, row.impact))
        for row in Risk.objects.filter(project=project).open().select_related("owner")
    ]
    rows.sort(key=lambda each: (-each.row.probability * each.row.impact, each.row.pk))
    categories = [each.row.category for each in rows]
    levels = [each.level for each in rows]
    return Register(
        top=tuple(rows[:SHOWN_RISKS]),
        open=len(rows),
        by_category={name: categories.count(name) for name in dict.fromkeys(categories)},
        by_level={level.value: levels.count(level) for level in (Level.HIGH, Level.MEDIUM, Level.LOW)},
    )


@dataclass(frozen=True, slots=True)
class Findings:
    """What the latest gap analysis says: of so many requirements asked, how many conform, and the heaviest gaps."""

    title: str
    key: str
    asked: int
    conform: int
    minor: int
    major: int
    gaps: tuple[tuple[str, str], ...]


def findings_of(project: Project) -> Findings | None:
    """The state of the latest assessment; None before there is one. Four queries."""
    found = results_of(project, edition=project.edition)
    if found is None:
        return None
    whole = found.now.whole
    return Findings(
        title=found.now.assessment.title,
        key=found.now.assessment.key,
        asked=whole.asked,
        conform=whole.of(Value.CONFORMS),
        minor=whole.of(Value.MINOR),
        major=whole.of(Value.MAJOR) + whole.of(Value.EXCLUDED),
        gaps=tuple((line.gap.ref, str(line.question.text)) for line in found.gaps(found.now, None)[:SHOWN_GAPS]),
    )
