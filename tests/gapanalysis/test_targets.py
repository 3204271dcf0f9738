"""Targets: what can be set, who may, what the trail says."""

import pytest

from audittrail.models import Event
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from gapanalysis.models import Target
from gapanalysis.selectors.targets import Targets, aims_of, process_key, targets_of
from gapanalysis.services.targets import TargetWish, set_targets
from tests.cast import Cast

URL = "/projects/alder/gap/targets/"


def wish(cast: Cast, *wishes: TargetWish, who: str = "mara") -> int:
    return set_targets(acting_user=cast.people[who], project=cast.project, wishes=wishes)


def test_it_can_be_set_for_chapters_clauses_and_processes(cast: Cast, questionnaire) -> None:
    aims = {aim.name: aim.title for aim in aims_of(cast.project)}
    assert aims["clause:8"] == "Operation of the SMS"
    assert aims["clause:8.5.1"] == "Change management"
    assert "process:change-management" in aims


def test_a_manager_sets_several_at_once_in_one_event(cast: Cast, questionnaire) -> None:
    assert wish(cast, TargetWish("clause", "8", 0, 70), TargetWish("process", "change-management", 0, 4)) == 2
    assert targets_of(cast.project) == Targets({"8": 70}, {"change-management": 4})
    event = Event.objects.get(stream_id=cast.project.uuid, action="set targets")
    assert event.content["changes"] == {
        "8 Operation of the SMS": [None, 70],
        "Change management": [None, 4],
    }


def test_a_clause_takes_the_target_of_what_holds_it() -> None:
    targets = Targets({"8": 70, "8.5.1": 90}, {})
    assert [targets.for_clause(one) for one in ("8.5.1.3", "8.5.1", "8.6", "9")] == [90, 90, 70, None]


def test_it_is_changed_and_taken_away_and_the_same_again_is_no_change(cast: Cast, questionnaire) -> None:
    wish(cast, TargetWish("clause", "8", 0, 70))
    assert wish(cast, TargetWish("clause", "8", 1, 70)) == 0
    assert wish(cast, TargetWish("clause", "8", 1, 80)) == 1
    assert wish(cast, TargetWish("clause", "8", 2, None)) == 1
    assert targets_of(cast.project) == Targets()


def test_who_saw_an_older_one_is_told_and_nothing_is_written(cast: Cast, questionnaire) -> None:
    wish(cast, TargetWish("clause", "8", 0, 70))
    wish(cast, TargetWish("clause", "8", 1, 75))
    with pytest.raises(StaleWrite) as stale:
        wish(cast, TargetWish("clause", "9", 0, 50), TargetWish("clause", "8", 1, 90))
    assert stale.value.current == {"8 Operation of the SMS": "75"}
    assert targets_of(cast.project).clauses == {"8": 75}


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (TargetWish("clause", "8", 0, 101), "write a number from 0 to 100"),
        (TargetWish("process", "change-management", 0, 8), "write a number from 0 to 7"),
        (TargetWish("clause", "12", 0, 50), "No question asks about 12."),
    ],
)
def test_what_is_out_of_range_or_unknown_is_refused(cast: Cast, questionnaire, one: TargetWish, said: str) -> None:
    with pytest.raises(RuleBroken, match=said):
        wish(cast, one)
    assert not Target.objects.exists()


def test_others_may_not(cast: Cast, questionnaire) -> None:
    with pytest.raises(NotPermitted):
        wish(cast, TargetWish("clause", "8", 0, 70), who="petra")


def test_a_process_keeps_its_key_whatever_its_place() -> None:
    assert process_key("Change management") == "change-management"
    assert len(process_key("Design and transition of new or changed services")) <= 30


def test_the_page_keeps_what_was_typed_beside_what_is_wrong(cast: Cast, questionnaire, sign_in) -> None:
    typed = {"clause:8": "all", "version:clause:8": "0", "clause:9": "60", "version:clause:9": "0"}
    answer = sign_in(cast.mara).post(URL, typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "write a number from 0 to 100" in page
    assert 'value="all"' in page
    assert 'value="60"' in page
    assert not Target.objects.exists()


def test_the_page_saves_and_shows_what_was_set(cast: Cast, questionnaire, sign_in) -> None:
    client = sign_in(cast.mara)
    answer = client.post(URL, {"clause:8": "60 %", "version:clause:8": "0"}, follow=True)
    assert "1 target was set." in answer.content.decode()
    assert targets_of(cast.project).clauses == {"8": 60}
    assert 'name="clause:8"' not in sign_in(cast.petra).get(URL).content.decode()
