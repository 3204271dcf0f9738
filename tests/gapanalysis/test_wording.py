"""What the trail says of gap analyses, in sentences, from real acts."""

from gapanalysis.models import Assessment
from gapanalysis.services.assessments import AssessmentPlan, change_assessment
from gapanalysis.services.targets import TargetWish, set_targets
from phases.services.lifecycle import close_phase, start_phase
from tests.cast import Cast
from tests.gapanalysis.conftest import make, move
from tests.gapanalysis.test_assessors import assign
from tests.phases.test_wording import said


def test_an_assessment_is_started_given_and_opened(cast: Cast, questionnaire) -> None:
    assessment = make(cast)
    assert said(cast) == "Mara Moss started Baseline with 12 questions"
    assign(cast, assessment, {"petra": ["8.5.1"]})
    assert said(cast) == "Mara Moss asked Petra Pohl to answer Baseline"
    move(cast, assessment, "in progress")
    assert said(cast) == "Mara Moss opened Baseline"


def test_a_change_of_its_words_is_said(cast: Cast, baseline: Assessment) -> None:
    plan = AssessmentPlan(kind="baseline", title="Baseline", scope="Desk and network")
    fresh = Assessment.objects.get(pk=baseline.pk)
    change_assessment(acting_user=cast.mara, project=cast.project, assessment=fresh, version=fresh.version, plan=plan)
    assert said(cast) == "Mara Moss changed gap analysis Baseline: scope from nothing to Desk and network"


def test_targets_are_counted(cast: Cast, questionnaire) -> None:
    wishes = [TargetWish("clause", "8", 0, 70), TargetWish("clause", "9", 0, 60)]
    set_targets(acting_user=cast.mara, project=cast.project, wishes=wishes)
    assert said(cast) == "Mara Moss set 2 targets"


def test_a_phase_that_closes_without_its_analysis_says_so(cast: Cast, questionnaire) -> None:
    close_phase(acting_user=cast.mara, project=cast.project, number=0, reason="Agreed")
    assert said(cast).startswith("Mara Moss closed phase 0")
    start_phase(acting_user=cast.mara, project=cast.project, number=1)
    close_phase(acting_user=cast.mara, project=cast.project, number=1, reason="Agreed")
    assert said(cast).partition(" for the reason given, without: ")[2].split(", ") == [
        "A committee oversees the project",
        "Achievement analysis locked",
    ]
