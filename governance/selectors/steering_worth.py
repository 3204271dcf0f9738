"""What the committee's page shows of money, risks and the gap to the standard: read as they stand now."""

from businesscase.choices import RiskState
from businesscase.domain.months import first_day
from businesscase.models import Risk
from businesscase.selectors.risks import line_of
from businesscase.selectors.standing import OPERATION, Reading, standing_of
from gapanalysis.domain.answers import Value
from gapanalysis.selectors.results import results_of
from governance.domain.board import AssessmentFigures, Money, PhaseMoney, RiskLine
from governance.selectors.steering_record import Moment
from phases.choices import PHASE_NAMES
from projects.models import Project

MOST_RISKS = 5


def money_of(project: Project) -> Money | None:
    """The money of phases 0 to 3; None where the case was not begun or has no costs yet. Two queries."""
    found = standing_of(project, Reading.AMOUNTS)
    if found is None or not found.now.cost:
        return None
    beyond = {each.phase for each in found.beyond}
    return Money(
        currency=found.content.currency,
        phases=tuple(
            PhaseMoney(
                each.phase,
                str(PHASE_NAMES[each.phase]),
                each.plan,
                each.actual,
                each.forecast,
                each.phase in beyond,
                found.reasons.get(each.phase, ""),
            )
            for each in found.outlooks
            if each.phase != OPERATION
        ),
        approved=str(found.in_force.number) if found.in_force is not None else "",
        until=first_day(found.actuals.until) if found.actuals.until is not None else None,
        health=str(found.health.value),
        benefits_planned=sum((each.benefit_plan_to_date for each in found.outlooks), start=found.spent * 0),
        benefits_confirmed=sum((each.benefit_to_date for each in found.outlooks), start=found.spent * 0),
        payback=first_day(found.payback) if found.payback is not None else None,
    )


def risks_of(moment: Moment) -> tuple[tuple[RiskLine, ...], int]:
    """The most serious open risks of those reported by then, and how many are open. One query."""
    rows = Risk.objects.filter(project=moment.project, state=RiskState.OPEN).select_related("owner")
    lines = [line_of(each, moment.project.time_zone) for each in rows if moment.has(each.reported_at)]
    lines.sort(key=lambda line: (-line.score, line.trend != "rising", line.risk.pk))
    return (
        tuple(
            RiskLine(
                ref=line.risk.ref,
                title=line.risk.title,
                level=str(line.level),
                score=line.score,
                trend=str(line.trend),
                response=line.risk.response_text,
                owner=line.risk.owner.name if line.risk.owner is not None else "",
            )
            for line in lines[:MOST_RISKS]
        ),
        len(lines),
    )


def assessments_at(moment: Moment) -> tuple[AssessmentFigures, ...]:
    """What each assessment that was locked by then says of the project's edition, oldest first. Five queries."""
    found = results_of(moment.project, edition=moment.project.edition)
    lines = []
    for column in found.columns if found is not None else ():
        locked_at = column.assessment.locked_at
        if locked_at is None or not moment.has(locked_at) or not column.whole.asked:
            continue
        lines.append(
            AssessmentFigures(
                title=column.assessment.title,
                day=moment.day_of(locked_at),
                conforms=column.whole.of(Value.CONFORMS),
                minor=column.whole.of(Value.MINOR),
                major=column.whole.of(Value.MAJOR),
                no_case=column.whole.of(Value.NO_CASE),
                excluded=column.whole.of(Value.EXCLUDED),
                unanswered=column.whole.of(Value.UNANSWERED),
            )
        )
    return tuple(lines)
