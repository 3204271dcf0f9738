"""A phase closes when its achievement analysis is locked, or for a reason that the trail keeps."""

import pytest

from audittrail.models import Event
from common.exceptions import RuleBroken
from gapanalysis.closing import missing_analysis
from phases.models import Phase, PhaseActivity
from phases.selectors.phase_end import phase_end
from phases.services.lifecycle import close_phase, start_phase
from tests.cast import Cast
from tests.gapanalysis.conftest import give, make, move
from tests.governance.overseen import let_pass


@pytest.fixture
def phase_1(cast: Cast, questionnaire) -> Cast:
    """Phase 1 is under way, all that it asks for is verified, and the committee said go."""
    let_pass(cast, 0, 1)
    close_phase(acting_user=cast.mara, project=cast.project, number=0, reason="Agreed")
    start_phase(acting_user=cast.mara, project=cast.project, number=1)
    PhaseActivity.objects.filter(project=cast.project, phase_number=1).update(status="verified")
    return cast


def test_a_phase_whose_analysis_was_not_started_does_not_close(phase_1: Cast) -> None:
    with pytest.raises(RuleBroken) as refused:
        close_phase(acting_user=phase_1.mara, project=phase_1.project, number=1)
    assert str(refused.value) == "The achievement analysis of phase 1 has not been started."
    assert refused.value.field == "reason"
    assert Phase.objects.get(project=phase_1.project, number=1).state == "active"


def test_one_that_is_not_locked_is_named_with_what_to_do(phase_1: Cast) -> None:
    assessment = move(phase_1, make(phase_1, "end of phase 1", title="After a year"), "in progress")
    assert missing_analysis(phase_1.project, 1) == (
        "After a year is not locked yet: answer it, hand it to review, lock it."
    )
    move(phase_1, assessment, "in review")
    assert missing_analysis(phase_1.project, 1) == "After a year is in review. Lock it first."


def test_once_it_is_locked_the_phase_closes_without_a_word(phase_1: Cast) -> None:
    assessment = move(phase_1, make(phase_1, "end of phase 1"), "in progress")
    give(phase_1, assessment, "Q-5.2.1-01", "conforms")
    move(phase_1, assessment, "in review", "locked")
    close_phase(acting_user=phase_1.mara, project=phase_1.project, number=1)
    event = Event.objects.get(stream_id=phase_1.project.uuid, action="close phase", key="1")
    assert "closed without" not in event.content["changes"]


def test_a_reason_closes_it_all_the_same_and_the_trail_says_without_what(phase_1: Cast) -> None:
    close_phase(acting_user=phase_1.mara, project=phase_1.project, number=1, reason="The assessor is ill until May.")
    event = Event.objects.get(stream_id=phase_1.project.uuid, action="close phase", key="1")
    assert event.content["reason"] == "The assessor is ill until May."
    assert event.content["changes"]["closed without"] == [None, "Achievement analysis locked"]


def test_the_analysis_of_another_phase_does_not_serve(phase_1: Cast) -> None:
    assessment = move(phase_1, make(phase_1, "end of phase 2"), "in progress")
    give(phase_1, assessment, "Q-5.2.1-01", "conforms")
    move(phase_1, assessment, "in review", "locked")
    assert missing_analysis(phase_1.project, 1) == "The achievement analysis of phase 1 has not been started."
    assert missing_analysis(phase_1.project, 2) == ""


@pytest.mark.parametrize("phase", [0, 4])
def test_initiation_and_operation_have_none(cast: Cast, phase: int) -> None:
    assert missing_analysis(cast.project, phase) == ""


def test_the_page_of_the_phase_end_asks_why_it_ends_without(phase_1: Cast, sign_in) -> None:
    found = phase_end(phase_1.project, 1)
    assert (found.may_close, found.asks_why, bool(found.going_on)) == (True, True, False)
    page = sign_in(phase_1.mara).get("/projects/alder/phases/1/end/").content.decode()
    assert "The achievement analysis of phase 1 has not been started." in page
    assert '<a href="/projects/alder/gap/">Achievement analysis locked</a>' in page
    assert "Or say below why the phase ends without it." in page


def test_closing_from_the_board_is_held_by_the_same_check(phase_1: Cast, sign_in) -> None:
    client = sign_in(phase_1.mara)
    version = Phase.objects.get(project=phase_1.project, number=1).version
    answer = client.post("/projects/alder/phases/1/state/", {"action": "close", "version": version, "reason": ""})
    assert answer.status_code == 422
    assert "The achievement analysis of phase 1 has not been started." in answer.content.decode()
