"""What criteria read from the record of a project."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from common import clock
from documents.models import Document
from evidence.models import ActivityEvidence, EvidenceItem
from gapanalysis.models import Answer, Assessment
from gapanalysis.services.questionnaires import load_questionnaire
from governance.choices import ActionSource, ActionState, DecisionKind, DecisionState
from governance.models import Action, Lesson, Oversight
from governance.registries import GateCriterion, Reading, gate_criteria, register_gate_criterion
from governance.selectors.gates import CriterionStanding, gate_standing
from phases.models import PhaseActivity
from tests.businesscase.ready import two_versions
from tests.cast import Cast
from tests.evidence.conftest import add as add_item
from tests.gapanalysis.conftest import PACK, give, make, move
from tests.governance.overseen import decided, overseen

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("moved")]

FIRST = [
    "key-verified",
    "others-done",
    "sample-verified",
    "blocks-explained",
    "achievement-analysis",
    "documents-in-force",
    "done-with-proof",
    "cost-within",
    "outcomes-confirmed",
    "conditions-met",
    "lessons-captured",
    "means-committed",
]


def at(cast: Cast, number: int) -> dict[str, CriterionStanding]:
    """How the criteria of a gate stand, by key."""
    return {each.key: each for each in gate_standing(cast.project, number).criteria}


def test_each_gate_asks_for_what_the_practice_says(cast: Cast) -> None:
    assert list(at(cast, 0)) == ["entry-a", "entry-b", "entry-c", "entry-d", "entry-e"]
    assert list(at(cast, 1)) == list(at(cast, 2)) == FIRST
    assert set(at(cast, 3)) == {*FIRST, "successor-named", "internal-audit", "management-review"}
    assert set(at(cast, 4)) == {
        "nothing-unmet",
        "months-of-records",
        "conditions-met",
        "successor-named",
        "no-major-nonconformity",
    }


def test_an_untouched_phase_passes_nothing_that_asks_for_work(cast: Cast) -> None:
    standing = gate_standing(cast.project, 1)
    assert [each.key for each in standing.criteria if each.passes] == [
        "blocks-explained",
        "done-with-proof",
        "conditions-met",
    ]
    assert standing.may_go is False
    key = at(cast, 1)["key-verified"]
    assert (key.state, key.reading.value, key.reading.threshold) == ("not met", "0 of 18", "all 18")
    assert key.as_plain()["source"] == "Board"


def test_a_finished_phase_meets_what_is_read_from_the_plan(cast: Cast) -> None:
    PhaseActivity.objects.filter(project=cast.project, phase_number=1).update(status="verified")
    found = at(cast, 1)
    assert {key for key in FIRST[:4] if found[key].state == "met"} == set(FIRST[:4])
    assert found["done-with-proof"].state == "not met"
    row = PhaseActivity.objects.filter(project=cast.project, phase_number=1, activity__is_key=True)[0]
    row.status = "done"
    row.save()
    assert at(cast, 1)["key-verified"].reading.detail == "1 is not verified yet"


def test_a_block_is_explained_by_a_reason_or_a_note_or_is_still_young(cast: Cast) -> None:
    old = clock.now() - timedelta(days=12)
    rows = PhaseActivity.objects.filter(project=cast.project, phase_number=1, activity__ref="CH.i")
    rows.update(status="blocked", status_since=old, reason="", note="")
    found = at(cast, 1)["blocks-explained"]
    assert (found.state, found.reading.value, found.reading.detail) == (
        "not met",
        "1",
        "CH.i: no reason given for 12 days",
    )
    for change in ({"note": "Asked the supplier"}, {"note": "", "status_since": clock.now()}):
        rows.update(**change)
        assert at(cast, 1)["blocks-explained"].state == "met"


def test_the_achievement_analysis_must_be_locked(cast: Cast) -> None:
    load_questionnaire(folder=PACK)
    assert at(cast, 1)["achievement-analysis"].reading.detail == "it has not been started"
    assessment = move(cast, make(cast, "end of phase 1"), "in progress")
    give(cast, assessment, "Q-5.2.1-01", "conforms")
    found = at(cast, 1)["achievement-analysis"]
    assert (found.state, found.reading.detail) == ("not met", "End of phase 1 is not locked")
    assert found.reading.value.startswith("1 of ")
    move(cast, assessment, "in review", "locked")
    assert at(cast, 1)["achievement-analysis"].state == "met"
    assert at(cast, 2)["achievement-analysis"].state == "not met"


def test_an_unmet_requirement_and_one_that_nobody_answered_hold_up_the_audit(cast: Cast) -> None:
    load_questionnaire(folder=PACK)
    assert at(cast, 4)["nothing-unmet"].reading.detail == "no assessment is locked yet"
    assessment = move(cast, make(cast), "in progress")
    asked = Answer.objects.filter(assessment=assessment, question__instrument="requirement")
    rows = [row.pk for row in asked.select_related("question") if row.question.clauses_2018]
    Answer.objects.filter(pk__in=rows[:-1]).update(value="conforms")
    Answer.objects.filter(pk=rows[0]).update(value="major gap")
    Assessment.objects.update(state="locked", locked_at=clock.now(), frozen_sha256="0" * 64)
    found = at(cast, 4)["nothing-unmet"]
    assert (found.state, found.reading.value) == ("not met", f"2 of {len(rows)}")
    assert found.reading.detail == "as of Baseline; 1 major gap; 1 not answered yet"
    Answer.objects.filter(pk__in=rows).update(value="conforms")
    assert at(cast, 4)["nothing-unmet"].state == "met"


def test_no_document_here_is_said_and_not_passed_over(cast: Cast) -> None:
    found = at(cast, 1)["documents-in-force"]
    assert (found.state, found.reading.value) == ("not met", "–")
    Document.objects.create(project=cast.project, key="own", number="DOC-001", title="Own", kind="policy")
    found = at(cast, 1)["documents-in-force"]
    assert found.state == "not met"
    assert found.reading.plain > 3
    assert found.reading.detail.endswith("more")


def test_what_is_done_needs_proof_that_counts(cast: Cast) -> None:
    rows = PhaseActivity.objects.filter(project=cast.project, phase_number=1, activity__component="CH")
    first, second = rows.order_by("activity__position")[:2]
    rows.filter(pk__in=[first.pk, second.pk]).update(status="done")
    assert at(cast, 1)["done-with-proof"].reading.value == "0 of 2"
    item = add_item(cast)
    ActivityEvidence.objects.create(project=cast.project, item=item, activity=first.activity)
    found = at(cast, 1)["done-with-proof"]
    assert (found.state, found.reading.value, found.reading.threshold) == ("not met", "1 of 2", "85%, 2")
    EvidenceItem.objects.filter(pk=item.pk).update(state="withdrawn")
    assert at(cast, 1)["done-with-proof"].reading.value == "0 of 2"


def test_cost_is_held_against_what_was_approved(cast: Cast) -> None:
    found = at(cast, 1)["cost-within"]
    assert (found.state, found.reading.detail) == ("not met", "no version of the business case is approved")
    two_versions(cast)
    found = at(cast, 1)["cost-within"]
    assert found.reading.threshold == "up to +10%"
    # The draft has grown since: people and a training that nobody approved.
    assert found.state == "not met"
    assert found.reading.value.startswith("+")


def test_conditions_of_earlier_gates_are_met_or_dropped_and_others_when_they_are_due(cast: Cast) -> None:
    gate = decided(cast, 0, "go with conditions")
    values = {"project": cast.project, "source": ActionSource.CONDITION}
    late = Action.objects.create(ref="A-01", decision=gate, text="Name three", due=date(2026, 9, 1), **values)
    question = decided(cast, 0)
    type(question).objects.filter(pk=question.pk).update(kind=DecisionKind.QUESTION, gate_number=None)
    Action.objects.create(ref="A-02", decision=question, text="Later", due=date(2026, 9, 1), **values)
    found = at(cast, 1)["conditions-met"]
    assert (found.state, found.reading.value, found.reading.detail) == ("not met", "0 of 1", "open: A-01")
    late.state, late.done_on = ActionState.DONE, date(2026, 3, 1)
    late.save()
    assert at(cast, 1)["conditions-met"].reading.value == "1 of 1"
    type(gate).objects.filter(pk=gate.pk).update(state=DecisionState.REOPENED)
    assert at(cast, 1)["conditions-met"].reading.value == "0 of 0"


def test_lessons_outcomes_and_who_takes_over_are_counted(cast: Cast) -> None:
    Lesson.objects.create(project=cast.project, ref="L-01", phase_number=1, happened="Late")
    assert at(cast, 1)["lessons-captured"].state == "met"
    assert at(cast, 2)["lessons-captured"].state == "not met"
    # The catalogue states 14; two of them have no work in this phase.
    assert at(cast, 1)["outcomes-confirmed"].reading.value == "0 of 12"
    assert at(cast, 3)["successor-named"].state == "not met"
    overseen(cast)
    Oversight.objects.update(successor="Service management board")
    found = at(cast, 3)["successor-named"]
    assert (found.state, found.reading.detail) == ("met", "Service management board")


def test_the_record_stands_beside_what_people_attest(cast: Cast) -> None:
    found = at(cast, 0)
    assert found["entry-a"].title == "The decision to build an SMS to ISO/IEC 20000-1 has been taken"
    assert found["entry-a"].state == "not said"
    assert found["entry-b"].beside.words == "top management here: Toma Tate"
    assert found["entry-e"].beside.words == "no committee oversees this project yet"
    overseen(cast)
    assert at(cast, 0)["entry-e"].beside.words == (
        "Steering committee has 2 members; its terms are not agreed; it met 0 times"
    )
    assert at(cast, 1)["means-committed"].title == "People and funds for phase 2 committed"


def test_a_source_that_cannot_be_read_holds_the_gate_up_and_takes_nothing_with_it(cast: Cast, caplog) -> None:
    def broken(_project: object, _gate: int, _threshold: Decimal | None, _day: date) -> Reading:
        raise RuntimeError

    register_gate_criterion("broken", GateCriterion("Broken", (2,), broken))
    try:
        standing = gate_standing(cast.project, 2)
        (found,) = [each for each in standing.criteria if each.key == "broken"]
    finally:
        gate_criteria.remove("broken")
    assert (found.state, found.passes, found.as_plain()["met"]) == ("gone", False, False)
    assert len(standing.criteria) == len(FIRST) + 1
    assert "broken" in caplog.text


def test_a_computed_criterion_takes_the_place_of_the_attested_one_with_its_key() -> None:
    attested = gate_criteria["means-committed"]
    computed = GateCriterion("Audit", (3,), lambda *_args: Reading(True, "1"))
    register_gate_criterion("means-committed", computed, order=60)
    try:
        assert gate_criteria["means-committed"] is computed
    finally:
        gate_criteria.remove("means-committed")
        register_gate_criterion("means-committed", attested, order=60)
