"""The draft of a case, read from its rows into one value.

Twelve queries at most, whatever the number of lines.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from businesscase.choices import CaseKind
from businesscase.domain.content import (
    AssumptionItem,
    BenefitItem,
    CaseContent,
    CostItem,
    Estimate,
    InterestedItem,
    Known,
    MeasureItem,
    PhaseFact,
    RiskItem,
    content_to_plain,
)
from businesscase.domain.months import month_of
from businesscase.models import (
    Assumption,
    BenefitLine,
    BusinessCase,
    CaseSection,
    CostLine,
    InterestedParty,
    Measure,
    PhaseMoney,
    Risk,
)
from common.canonical import sha256_of
from gapanalysis.domain.answers import Value
from gapanalysis.domain.rollup import Tally
from gapanalysis.selectors.results import results_of
from phases.models import Phase
from projects.models import Project

SHOWN_GAPS = 10


def settings_of(case: BusinessCase) -> CaseContent:
    """The draft without its lines and words. No query."""
    project = case.project
    return CaseContent(
        kind=case.kind,
        currency=project.currency,
        first_month=month_of(case.first_month),
        months=case.months,
        discount_rate=case.discount_rate.normalize(),
        conformity=case.conformity,
        services=tuple(str(each) for each in project.services),
    )


def lines_of(case: BusinessCase, *, known: Known) -> CaseContent:
    """The draft with nothing but its lines of money. Two queries."""
    return replace(
        settings_of(case),
        costs=tuple(cost_item(row) for row in CostLine.objects.filter(case=case).select_related("risk")),
        benefits=tuple(
            benefit_item(row) for row in BenefitLine.objects.filter(case=case).select_related("confirmed_by")
        ),
        known=known,
    )


def content_of(case: BusinessCase, *, known: Known | None = None) -> CaseContent:
    """The draft as it stands now. With `known`, what the project says is not read again."""
    project = case.project
    return replace(
        lines_of(case, known=known if known is not None else known_of(project, case)),
        sections={
            point: text
            for point, text in CaseSection.objects.filter(case=case).order_by("point").values_list("point", "text")
            if text.strip()
        },
        assumptions=tuple(
            AssumptionItem(row.ref, row.kind, row.text, row.what_if, row.check_how, _name(row.owner))
            for row in Assumption.objects.filter(case=case).select_related("owner")
        ),
        interested=tuple(
            InterestedItem(row.ref, row.name, row.interest, row.influence, row.wants, row.involvement)
            for row in InterestedParty.objects.filter(case=case)
        ),
        measures=tuple(
            MeasureItem(row.ref, row.what, row.how, row.when, _name(row.owner))
            for row in Measure.objects.filter(case=case).select_related("owner")
        ),
        risks=() if case.is_small else risk_items(project),
    )


def content_sha256(content: CaseContent) -> str:
    """The hash of a content: equal content, equal hash."""
    return sha256_of(content_to_plain(content))


def _name(party: object) -> str:
    return str(party) if party is not None else ""


def cost_item(row: CostLine) -> CostItem:
    """A cost line as the arithmetic takes it."""
    return CostItem(
        ref=row.ref,
        title=row.title,
        category=row.category,
        phase=row.phase_number,
        rhythm=row.rhythm,
        first_month=month_of(row.first_month),
        last_month=month_of(row.last_month) if row.last_month else None,
        estimate=Estimate(row.low, row.likely, row.high),
        day_rate=row.day_rate,
        role=row.role,
        service=row.service,
        source=row.source,
        risk=row.risk.ref if row.risk else "",
    )


def benefit_item(row: BenefitLine) -> BenefitItem:
    """A benefit as the arithmetic takes it."""
    estimate = None
    if row.low is not None and row.likely is not None and row.high is not None:
        estimate = Estimate(row.low, row.likely, row.high)
    return BenefitItem(
        ref=row.ref,
        kind=row.kind,
        form=row.form,
        title=row.title,
        phase=row.phase_number,
        description=row.description,
        estimate=estimate,
        from_month=month_of(row.from_month) if row.from_month else None,
        ramp_months=row.ramp_months,
        until_month=month_of(row.until_month) if row.until_month else None,
        confidence=Decimal(row.confidence) / 100,
        service=row.service,
        source=row.source,
        confirmed_by=_name(row.confirmed_by),
        indicator=row.indicator,
        baseline=row.baseline,
        target=row.target,
    )


def risk_items(project: Project) -> tuple[RiskItem, ...]:
    """The risks of the register, as they stand. One query."""
    return tuple(
        RiskItem(
            ref=row.ref,
            title=row.title,
            category=row.category,
            cause=row.cause,
            event=row.event,
            effect=row.effect,
            probability=row.probability,
            impact=row.impact,
            state=row.state,
            response=row.response,
            response_text=row.response_text,
            response_cost=row.response_cost,
            owner=_name(row.owner),
            residual_probability=row.residual_probability,
            residual_impact=row.residual_impact,
        )
        for row in Risk.objects.filter(project=project).select_related("owner")
    )


def plan_known(project: Project, phases: Iterable[Phase], tolerances: Mapping[int, Decimal]) -> Known:
    """What the project says by itself, but for its gap analysis. No query."""
    return Known(
        project=project.name,
        organization=project.organization.name,
        scope="" if project.scope_is_missing else project.scope_statement,
        edition=project.edition,
        phases=tuple(
            PhaseFact(
                number=phase.number,
                name=str(phase.name),
                start=phase.start.isoformat() if phase.start else "",
                end=phase.end.isoformat() if phase.end else "",
                tolerance=tolerances.get(phase.number, Decimal("0.1")).normalize(),
            )
            for phase in phases
        ),
    )


def known_of(project: Project, case: BusinessCase) -> Known:
    """What the project says by itself: scope, phases and their tolerances, readiness and the heaviest gaps."""
    tolerances = dict(PhaseMoney.objects.filter(case=case).values_list("phase_number", "tolerance"))
    plan = plan_known(project, Phase.objects.filter(project=project), tolerances)
    found = results_of(project, edition=project.edition) if case.kind == CaseKind.IMPLEMENTATION else None
    whole = found.now.whole if found is not None else Tally()
    return replace(
        plan,
        assessment=found.now.assessment.title if found is not None else "",
        asked=whole.asked,
        conform=whole.of(Value.CONFORMS),
        minor_gaps=whole.of(Value.MINOR),
        major_gaps=whole.of(Value.MAJOR) + whole.of(Value.EXCLUDED),
        gaps=tuple(f"{line.gap.ref} {line.question.text}" for line in found.gaps(found.now, None)[:SHOWN_GAPS])
        if found is not None
        else (),
    )
