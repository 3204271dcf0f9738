"""What the system knows already when somebody starts an assessment."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count

from gapanalysis.choices import PHASE_OF, AssessmentKind, Instrument
from gapanalysis.models import Assessment, Question, Questionnaire
from gapanalysis.selectors import assessments_of, newest_questionnaire
from phases.choices import PhaseState
from phases.models import Phase, PlanRules
from projects.models import Project


@dataclass(frozen=True, slots=True)
class Starting:
    """The kind that comes next, the locked assessments, oldest first, and the version of the questions that a fresh
    one takes, with how many requirement questions it has (for very small providers: `small_count`)."""

    kind: str
    locked: Sequence[Assessment]
    has_baseline: bool
    is_small: bool
    scope: str
    questionnaire: Questionnaire | None
    count: int
    small_count: int


def starting_point(project: Project) -> Starting:
    """Five queries, whatever the project holds."""
    there = list(assessments_of(project))
    kinds = {each.kind for each in there}
    states = dict(Phase.objects.filter(project=project).values_list("number", "state"))
    rules = PlanRules.objects.filter(project=project).first()
    questionnaire = newest_questionnaire()
    counts = dict(
        Question.objects.filter(questionnaire=questionnaire, instrument=Instrument.REQUIREMENT)
        .values_list("is_small")
        .annotate(Count("pk"))
        .order_by()
    )
    return Starting(
        kind=_next_kind(kinds, states),
        locked=[each for each in there if each.is_locked],
        has_baseline=AssessmentKind.BASELINE in kinds,
        is_small=bool(rules and rules.very_small),
        scope=project.scope_statement,
        questionnaire=questionnaire,
        count=sum(counts.values()),
        small_count=counts.get(True, 0),
    )


def _next_kind(kinds: set[str], states: dict[int, str]) -> str:
    """The baseline first; then the end of the phase that is in review; else one between times."""
    if AssessmentKind.BASELINE not in kinds:
        return AssessmentKind.BASELINE
    for kind, phase in PHASE_OF.items():
        if kind not in kinds and states.get(phase) == PhaseState.IN_REVIEW:
            return kind
    if states.get(3) == PhaseState.CLOSED and AssessmentKind.READINESS not in kinds:
        return AssessmentKind.READINESS
    return AssessmentKind.AD_HOC
