"""A small questionnaire, and assessments of Alder made with it."""

from pathlib import Path

import pytest

from gapanalysis.models import Answer, Assessment, Questionnaire
from gapanalysis.services.answers import AnswerChange, give_answers
from gapanalysis.services.assessments import AssessmentPlan, move_assessment, start_assessment
from gapanalysis.services.questionnaires import load_questionnaire
from tests.cast import Cast

PACK = Path(__file__).parent / "pack"


@pytest.fixture
def questionnaire(db) -> Questionnaire:
    """The questions of the tests: nine requirements, a ladder, a survey point, a readiness factor."""
    return load_questionnaire(folder=PACK)[0]


def make(cast: Cast, kind: str = "baseline", **values) -> Assessment:
    """A draft of Alder's that Mara started."""
    started_from = values.pop("started_from", None)
    plan = AssessmentPlan(kind=kind, title=values.pop("title", kind.capitalize()), **values)
    return start_assessment(acting_user=cast.mara, project=cast.project, plan=plan, started_from=started_from)


def move(cast: Cast, assessment: Assessment, *states: str) -> Assessment:
    """Bring it through `states`."""
    for state in states:
        assessment = move_assessment(
            acting_user=cast.mara,
            project=cast.project,
            assessment=assessment,
            version=Assessment.objects.get(pk=assessment.pk).version,
            state=state,
        )
    return assessment


def answer_of(assessment: Assessment, ref: str) -> Answer:
    """The row of one question, fresh."""
    return Answer.objects.select_related("question", "before").get(assessment=assessment, question__ref=ref)


def give(cast: Cast, assessment: Assessment, ref: str, value: str, *, who: str = "mara", **more) -> Answer:
    """Answer one question."""
    row = answer_of(assessment, ref)
    change = AnswerChange(row.pk, more.pop("version", row.version), value=value, **more)
    (answer,) = give_answers(
        acting_user=cast.people[who], project=cast.project, assessment=assessment, changes=[change]
    )
    return answer


@pytest.fixture
def baseline(cast: Cast, questionnaire: Questionnaire) -> Assessment:
    """Alder's baseline, open for answers."""
    return move(cast, make(cast), "in progress")


@pytest.fixture
def locked(cast: Cast, baseline: Assessment) -> Assessment:
    """Alder's baseline, locked: a conforming answer, a minor and a major gap, the rest unanswered."""
    give(cast, baseline, "Q-5.2.1-01", "conforms", note="Signed in February.")
    give(cast, baseline, "Q-5.2.1-02", "conforms")
    give(cast, baseline, "Q-8.5.1.3-01", "minor gap", note="Standard changes carry no way back.")
    give(cast, baseline, "Q-8.6.1-01", "major gap")
    return move(cast, baseline, "in review", "locked")
