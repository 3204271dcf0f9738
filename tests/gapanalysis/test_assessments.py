"""Starting an assessment, who answers it, and its way to being locked."""

from datetime import date

import pytest
from django.db import connection

from audittrail.models import Event
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from gapanalysis.models import Answer, Assessment
from gapanalysis.services.assessments import AssessmentPlan, change_assessment, set_assessors, start_assessment
from gapanalysis.verification import check_locked
from tests.cast import NOW, Cast
from tests.gapanalysis.conftest import answer_of, give, make, move

ALL = [
    "Q-4.1-01",
    "Q-5.2.1-01",
    "Q-5.2.1-02",
    "Q-8.5.1.3-01",
    "Q-8.5.1.3-02",
    "Q-8.6.1-01",
    "Q-8.6.1-02",
    "Q-9.2-01",
    "Q-11-4.1.4-01",
    "L-01",
    "SV-a",
    "RF-a",
]


def asked(assessment: Assessment) -> dict[str, str]:
    rows = Answer.objects.filter(assessment=assessment).order_by("question__position")
    return dict(rows.values_list("question__ref", "asked"))


def test_a_baseline_asks_everything(cast: Cast, questionnaire) -> None:
    assessment = make(cast)
    assert asked(assessment) == dict.fromkeys(ALL, "all")
    assert (assessment.key, assessment.state, assessment.questionnaire) == ("baseline", "draft", questionnaire)


def test_starting_one_is_one_event_in_words(cast: Cast, questionnaire) -> None:
    make(cast)
    event = Event.objects.order_by("-pk").first()
    assert (event.action, event.kind, event.key) == ("start assessment", "assessment", "baseline")


def test_a_very_small_entity_is_asked_its_part_and_all_of_the_other_instruments(cast: Cast, questionnaire) -> None:
    assert list(asked(make(cast, small=True))) == [
        "Q-4.1-01",
        "Q-5.2.1-01",
        "Q-8.5.1.3-01",
        "Q-8.6.1-01",
        "L-01",
        "SV-a",
        "RF-a",
    ]


def test_a_phase_end_asks_for_its_activities_earlier_gaps_and_a_check(cast: Cast, locked: Assessment) -> None:
    found = asked(make(cast, "end of phase 1", started_from=locked))
    requirements = {ref: why for ref, why in found.items() if ref.startswith("Q-")}
    assert requirements == {
        "Q-5.2.1-01": "phase",
        "Q-5.2.1-02": "phase",
        "Q-8.5.1.3-01": "phase",
        "Q-8.5.1.3-02": "phase",
        "Q-8.6.1-01": "phase",
    } | {ref: why for ref, why in requirements.items() if why == "earlier gap"}


def test_one_that_starts_from_an_earlier_one_has_its_answers_beside(cast: Cast, locked: Assessment) -> None:
    interim = make(cast, "ad hoc", title="Interim", started_from=locked)
    row = answer_of(interim, "Q-8.5.1.3-01")
    assert (row.value, row.reading, row.before.value) == ("unanswered", "open", "minor gap")
    assert (answer_of(interim, "Q-9.2-01").reading, interim.key) == ("new", "interim")


def test_there_is_one_baseline(cast: Cast, baseline: Assessment) -> None:
    with pytest.raises(RuleBroken, match="has its baseline"):
        make(cast)


def test_two_with_one_title_get_keys_of_their_own(cast: Cast, questionnaire) -> None:
    assert [make(cast, "ad hoc", title="After the move").key for _turn in range(2)] == [
        "after-the-move",
        "after-the-move-2",
    ]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"kind": "guess"}, "kind"),
        ({"starts_on": date(2026, 3, 9), "ends_on": date(2026, 3, 8)}, "ends_on"),
        ({"scope": "x" * 4001}, "scope"),
    ],
)
def test_bad_input_is_refused_at_its_field(cast: Cast, questionnaire, values: dict, field: str) -> None:
    plan = AssessmentPlan(**{"kind": "ad hoc", "title": "Interim", **values})
    with pytest.raises(RuleBroken) as refused:
        start_assessment(acting_user=cast.mara, project=cast.project, plan=plan)
    assert refused.value.field == field
    assert not Assessment.objects.exists()


def test_it_needs_questions(cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="load_content"):
        make(cast)


@pytest.mark.parametrize("who", ["tim", "petra", "audra", "bruno"])
def test_only_managers_start_one(cast: Cast, questionnaire, who: str) -> None:
    with pytest.raises(NotPermitted):
        start_assessment(
            acting_user=cast.people[who], project=cast.project, plan=AssessmentPlan(kind="baseline", title="Baseline")
        )


def test_an_assessment_of_another_project_cannot_be_continued(cast: Cast, locked: Assessment) -> None:
    with pytest.raises(Assessment.DoesNotExist):
        start_assessment(
            acting_user=cast.bruno,
            project=cast.other,
            plan=AssessmentPlan(kind="ad hoc", title="Stolen"),
            started_from=locked,
        )


def test_its_states_follow_one_another(cast: Cast, baseline: Assessment) -> None:
    with pytest.raises(RuleBroken, match="cannot become locked"):
        move(cast, baseline, "locked")
    with pytest.raises(RuleBroken, match="Nothing has been answered"):
        move(cast, baseline, "in review", "locked")
    give(cast, baseline, "Q-4.1-01", "conforms")
    assert move(cast, baseline, "in progress", "in review", "locked").locked_at == NOW


def test_the_chair_locks_and_does_not_plan(cast: Cast, baseline: Assessment) -> None:
    from gapanalysis.services.assessments import move_assessment

    give(cast, baseline, "Q-4.1-01", "conforms")
    ready = move(cast, baseline, "in review")
    with pytest.raises(NotPermitted):
        move_assessment(
            acting_user=cast.chen, project=cast.project, assessment=ready, version=ready.version, state="in progress"
        )
    locked = move_assessment(
        acting_user=cast.chen, project=cast.project, assessment=ready, version=ready.version, state="locked"
    )
    assert locked.locked_by == cast.chen


def test_what_is_locked_never_changes_again(cast: Cast, locked: Assessment) -> None:
    before = answer_of(locked, "Q-8.6.1-01")
    with pytest.raises(NotPermitted, match="locked"):
        give(cast, locked, "Q-8.6.1-01", "conforms")
    with pytest.raises(RuleBroken, match="locked"):
        change_assessment(
            acting_user=cast.mara,
            project=cast.project,
            assessment=locked,
            version=locked.version,
            plan=AssessmentPlan(kind="baseline", title="Other"),
        )
    with pytest.raises(RuleBroken, match="locked"):
        set_assessors(acting_user=cast.mara, project=cast.project, assessment=locked, given={})
    assert answer_of(locked, "Q-8.6.1-01").version == before.version
    assert list(check_locked(False)) == []


def test_verify_names_a_locked_one_that_was_altered(cast: Cast, locked: Assessment) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE gapanalysis_answer SET value = 'conforms' WHERE value = 'major gap'")
    assert list(check_locked(False)) == ["baseline of alder was changed after it was locked"]


def test_a_stale_change_shows_both_texts(cast: Cast, baseline: Assessment) -> None:
    def change(title: str) -> Assessment:
        return change_assessment(
            acting_user=cast.mara,
            project=cast.project,
            assessment=baseline,
            version=baseline.version,
            plan=AssessmentPlan(kind="baseline", title=title),
        )

    change("Baseline, March")
    with pytest.raises(StaleWrite) as stale:
        change("Baseline, April")
    assert (stale.value.current, stale.value.sent) == ({"title": "Baseline, March"}, {"title": "Baseline, April"})


def test_assessors_are_parties_of_the_project_with_sections_that_are_there(cast: Cast, baseline: Assessment) -> None:
    given = {cast.parties["tim"]: ["8.6"], cast.parties["petra"]: []}
    set_assessors(acting_user=cast.mara, project=cast.project, assessment=baseline, given=given)
    events = Event.objects.count()
    set_assessors(acting_user=cast.mara, project=cast.project, assessment=baseline, given=given)
    assert Event.objects.count() == events
    with pytest.raises(RuleBroken, match="no section 12"):
        set_assessors(
            acting_user=cast.mara, project=cast.project, assessment=baseline, given={cast.parties["tim"]: ["12"]}
        )
