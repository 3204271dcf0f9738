"""The tables of the board paper, as rows of words and amounts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from businesscase.choices import (
    AssumptionKind,
    BenefitKind,
    Category,
    Grade,
    Impact,
    Probability,
    RiskCategory,
    RiskResponse,
    RiskState,
)
from businesscase.domain.content import AssumptionItem, BenefitItem, CostItem, Estimate, PhaseFact, RiskItem
from businesscase.domain.money import ZERO, exact, total
from businesscase.domain.parts import ServiceCost, benefit_sums, by_phase, by_service, cost_sums
from businesscase.domain.risks import Cell, level_of, matrix_of, score
from businesscase.paper import Paper
from businesscase.paper_words import span_words
from businesscase.templatetags.case_ui import amount_exact, month, percent
from phases.choices import PHASE_NAMES

PHASES = range(5)


@dataclass(frozen=True, slots=True)
class CostRow:
    """A line of cost. `estimate` is what is expected, in days or money; `amount` what it comes to in all."""

    item: CostItem
    when: str
    estimate: str
    range: str
    amount: Decimal

    @property
    def note(self) -> str:
        """What else stands to it: role, service, source."""
        return ". ".join(part for part in (self.item.role, self.item.service, self.item.source) if part)


@dataclass(frozen=True, slots=True)
class CostGroup:
    """The lines of one category."""

    title: str
    rows: tuple[CostRow, ...]

    @property
    def amount(self) -> Decimal:
        """What they come to together."""
        return total(row.amount for row in self.rows)


@dataclass(frozen=True, slots=True)
class BenefitRow:
    """A benefit. `amount` and `a_year` only where it stands in figures."""

    item: BenefitItem
    kind: str
    when: str
    range: str
    counted: str
    a_year: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class YearRow:
    """A calendar year within the horizon; `running` is the cumulative flow at its end."""

    year: int
    cost: Decimal
    benefit: Decimal
    running: Decimal

    @property
    def net(self) -> Decimal:
        """Benefit less cost."""
        return self.benefit - self.cost


@dataclass(frozen=True, slots=True)
class PhaseRow:
    """A phase: when it runs, what it costs within the horizon, what its benefits bring in a full year and in all."""

    number: int
    name: str
    when: str
    cost: Decimal
    a_year: Decimal
    benefit: Decimal
    tolerance: Decimal | None

    @property
    def label(self) -> str:
        """Number and name."""
        return f"{self.number} {self.name}"


@dataclass(frozen=True, slots=True)
class RiskRow:
    """A risk of the register."""

    item: RiskItem
    category: str
    level: str
    score: int
    rating: str
    response: str
    residual: str


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A row of the matrix: one step of probability."""

    word: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class AssumptionTable:
    """Assumptions, or constraints: of which columns any of them says something."""

    one: str
    title: str
    rows: tuple[AssumptionItem, ...]

    @property
    def has_what_if(self) -> bool:
        """Whether it is said for any what follows where it does not hold."""
        return any(row.what_if for row in self.rows)

    @property
    def has_check(self) -> bool:
        """Whether any is checked, or has an owner."""
        return any(row.check or row.owner for row in self.rows)


@dataclass(frozen=True, slots=True)
class InterestedRow:
    """An interested party, its grades in words."""

    name: str
    interest: str
    influence: str
    wants: str
    involvement: str


def range_words(estimate: Estimate | None) -> str:
    """From where to where an estimate goes: `40 to 70`; nothing where all three points are one."""
    if estimate is None or estimate.low == estimate.high:
        return ""
    return _("%(low)s to %(high)s") % {"low": amount_exact(estimate.low), "high": amount_exact(estimate.high)}


def cost_groups(paper: Paper) -> list[CostGroup]:
    """The costs by category, in its order; categories without a line are left out."""
    rows: dict[str, list[CostRow]] = defaultdict(list)
    for line in cost_sums(paper.content):
        item = line.item
        if isinstance(item, CostItem):
            rows[item.category].append(
                CostRow(item, _cost_when(item), _cost_estimate(item), range_words(item.estimate), line.amount)
            )
    return [CostGroup(str(each.label), tuple(rows[each])) for each in Category if rows[each]]


def _cost_when(item: CostItem) -> str:
    if item.rhythm == "once":
        return span_words(item.first_month, item.last_month)
    words = {
        "monthly": _("monthly from %(first)s"),
        "quarterly": _("every quarter from %(first)s"),
        "yearly": _("every year from %(first)s"),
    }
    said = words[item.rhythm] % {"first": month(item.first_month)}
    return (
        said if item.last_month is None else _("%(said)s to %(last)s") % {"said": said, "last": month(item.last_month)}
    )


def _cost_estimate(item: CostItem) -> str:
    said = amount_exact(item.estimate.likely)
    if item.day_rate is None:
        return said
    return _("%(days)s days at %(rate)s") % {"days": said, "rate": amount_exact(item.day_rate)}


def benefits_in_figures(paper: Paper) -> list[BenefitRow]:
    """Benefits in money, as they stand in the case."""
    return [
        BenefitRow(
            line.item,
            _kind(line.item),
            _benefit_when(line.item),
            range_words(line.item.estimate),
            percent(line.item.confidence),
            line.a_year,
            line.amount,
        )
        for line in benefit_sums(paper.content)
        if isinstance(line.item, BenefitItem)
    ]


def benefits_in_words(paper: Paper) -> list[BenefitRow]:
    """Benefits with an indicator."""
    return [
        BenefitRow(item, _kind(item), "", "", "", ZERO, ZERO) for item in paper.content.benefits if item.form == "words"
    ]


def _kind(item: BenefitItem) -> str:
    return str(BenefitKind(item.kind).label)


def _benefit_when(item: BenefitItem) -> str:
    said = [month(item.from_month)]
    if item.until_month is not None:
        said = [span_words(item.from_month or item.until_month, item.until_month)]
    if item.ramp_months > 1:
        said.append(
            ngettext("whole after %(count)d month", "whole after %(count)d months", item.ramp_months)
            % {"count": item.ramp_months}
        )
    return ", ".join(said)


def years(paper: Paper) -> list[YearRow]:
    """The expected cash flow by calendar year."""
    costs: dict[int, Decimal] = defaultdict(lambda: ZERO)
    benefits: dict[int, Decimal] = defaultdict(lambda: ZERO)
    rows, running = [], ZERO
    with localcontext(exact()):
        for each in paper.expected.flow:
            costs[each.month // 12] += each.cost
            benefits[each.month // 12] += each.benefit
        for year in sorted(costs):
            running += benefits[year] - costs[year]
            rows.append(YearRow(year, costs[year], benefits[year], running))
    return rows


def phase_rows(paper: Paper) -> list[PhaseRow]:
    """Phases that cost or bring something, or run within the plan."""
    known = {each.number: each for each in paper.content.known.phases}
    rows = []
    for each in by_phase(paper.content):
        fact = known.get(each.phase)
        if fact is None and not each.cost and not each.benefit:
            continue
        name = fact.name if fact is not None else phase_name(paper, each.phase)
        when = _days(each.phase, fact)
        tolerance = fact.tolerance if fact is not None else None
        rows.append(PhaseRow(each.phase, name, when, each.cost, each.a_year, each.benefit, tolerance))
    return rows


def phase_name(paper: Paper, number: int) -> str:
    """What a phase was called when the case was frozen; what it usually is where the plan did not know it."""
    for fact in paper.content.known.phases:
        if fact.number == number:
            return fact.name
    return str(PHASE_NAMES[number])


def _days(number: int, fact: PhaseFact | None) -> str:
    if fact is None or not fact.start or not fact.end:
        return str(_("after that")) if number == PHASES[-1] else str(_("no dates yet"))
    first, last = (dateformat.format(date.fromisoformat(each), "j M Y") for each in (fact.start, fact.end))
    return _("%(first)s to %(last)s") % {"first": first, "last": last}


def services(paper: Paper) -> list[ServiceCost]:
    """What each service of the scope costs; nothing where there is one at most."""
    rows = by_service(paper.content)
    return rows if len(rows) > 1 else []


def open_risks(paper: Paper) -> list[RiskRow]:
    """Risks that may still happen, the gravest first."""
    rows = [_risk_row(each) for each in paper.content.risks if each.state == RiskState.OPEN]
    return sorted(rows, key=lambda row: (-row.score, row.item.ref))


def settled_risks(paper: Paper) -> list[RiskItem]:
    """Risks that happened or were closed."""
    return [each for each in paper.content.risks if each.state != RiskState.OPEN]


def _risk_row(item: RiskItem) -> RiskRow:
    residual = ""
    if item.residual_probability and item.residual_impact:
        residual = _rating(item.residual_probability, item.residual_impact)
    return RiskRow(
        item,
        str(RiskCategory(item.category).label),
        str(level_of(item.probability, item.impact)),
        score(item.probability, item.impact),
        _rating(item.probability, item.impact),
        str(RiskResponse(item.response).label) if item.response else "",
        residual,
    )


def _rating(probability: int, impact: int) -> str:
    words = {"low": _("Low"), "medium": _("Medium"), "high": _("High")}
    return words[str(level_of(probability, impact))]


def risk_matrix(rows: Iterable[RiskRow]) -> list[MatrixRow]:
    """Where open risks stand now."""
    cells = matrix_of((row.item.ref, row.item.probability, row.item.impact) for row in rows)
    return [MatrixRow(str(Probability(line[0].probability).label), tuple(line)) for line in cells]


def impact_words() -> Sequence[str]:
    """The heads of the matrix."""
    return [str(each.label) for each in Impact]


def interested_rows(paper: Paper) -> list[InterestedRow]:
    """Interested parties, those with the most influence first."""
    order = [Grade.HIGH, Grade.MEDIUM, Grade.LOW]
    found = sorted(paper.content.interested, key=lambda each: order.index(Grade(each.influence)))
    return [
        InterestedRow(
            each.name, str(Grade(each.interest).label), str(Grade(each.influence).label), each.wants, each.involvement
        )
        for each in found
    ]


def assumption_tables(paper: Paper) -> list[AssumptionTable]:
    """Assumptions, then constraints; without rows, no table."""
    words = {
        AssumptionKind.ASSUMPTION: (_("Assumption"), _("Assumptions")),
        AssumptionKind.CONSTRAINT: (_("Constraint"), _("Constraints")),
    }
    found = [
        AssumptionTable(one, many, tuple(each for each in paper.content.assumptions if each.kind == kind))
        for kind, (one, many) in words.items()
    ]
    return [table for table in found if table.rows]
