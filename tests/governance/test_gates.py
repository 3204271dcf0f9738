"""What people say of gates: attested, waived, asked for otherwise; and phases that wait for their gate."""

import json
from datetime import date
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from audittrail.models import Event
from audittrail.sentences import sentence
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from governance.models import Action, Attestation, CriterionRule, Gate, Seat, Waiver
from governance.selectors.gates import CriterionStanding, gate_standing
from governance.services.gates import attest, end_waiver, plan_gate, set_rule, waive
from phases.services.lifecycle import close_phase, start_phase
from tests.cast import Cast
from tests.governance.overseen import decided, let_pass, overseen

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("moved")]


def line(cast: Cast, number: int, key: str) -> CriterionStanding:
    """How one criterion stands."""
    return next(each for each in gate_standing(cast.project, number).criteria if each.key == key)


def said(cast: Cast) -> str:
    """The newest sentence of the trail."""
    return sentence(Event.objects.filter(stream_id=cast.project.uuid).order_by("-seq")[0]).text


def at(cast: Cast, who: str, number: int, key: str) -> dict:
    """Who says something of which criterion."""
    return {"acting_user": cast.people[who], "project": cast.project, "number": number, "key": key}


def test_the_newest_word_of_a_person_counts_and_all_are_kept(cast: Cast) -> None:
    attest(**at(cast, "toma", 0, "entry-b"), holds=False, note="Nobody has told staff")
    assert line(cast, 0, "entry-b").state == "not met"
    assert said(cast) == "Toma Tate said at G0 that this does not hold: Top management stands behind it in person"
    attest(**at(cast, "mara", 0, "entry-b"), holds=True, note="Told on Monday")
    found = line(cast, 0, "entry-b")
    assert (found.state, found.as_plain()["met"], found.as_plain()["source"]) == ("met", True, "Mara Moss")
    assert said(cast) == "Mara Moss attested at G0: Top management stands behind it in person"
    assert Attestation.objects.count() == 2


@pytest.mark.parametrize(
    ("who", "key", "note", "error", "words"),
    [
        ("cora", "entry-a", "x", NotPermitted, "attest criteria"),
        ("mara", "entry-a", "  ", RuleBroken, "Say in a line what you rest this on"),
        ("mara", "entry-z", "x", RuleBroken, "Gate 0 does not ask for this"),
        ("mara", "key-verified", "x", RuleBroken, "Gate 0 does not ask for this"),
    ],
)
def test_nobody_attests_without_a_note_or_what_is_not_asked(cast: Cast, who, key, note, error, words) -> None:
    with pytest.raises(error, match=words):
        attest(**at(cast, who, 0, key), holds=True, note=note)
    assert not Attestation.objects.exists()
    assert not Gate.objects.exists()


def test_nobody_attests_what_the_record_says(cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="read from the record"):
        attest(**at(cast, "mara", 1, "key-verified"), holds=True, note="All done")


def test_the_chair_lets_a_criterion_pass_and_asks_for_it_again(cast: Cast) -> None:
    waiver = waive(**at(cast, "chen", 1, "lessons-captured"), why="The team is new")
    found = line(cast, 1, "lessons-captured")
    assert (found.state, found.passes, found.as_plain()["met"]) == ("waived", True, "waived")
    assert line(cast, 2, "lessons-captured").state == "not met"
    assert said(cast) == "Chen Chair waived at G1: Lessons of the phase captured"
    with pytest.raises(RuleBroken, match="waived already"):
        waive(**at(cast, "chen", 1, "lessons-captured"), why="Again")
    with pytest.raises(StaleWrite):
        end_waiver(**at(cast, "chen", 1, "lessons-captured"), version=waiver.version + 1, why="They have time")
    end_waiver(**at(cast, "chen", 1, "lessons-captured"), version=waiver.version, why="They have time")
    assert line(cast, 1, "lessons-captured").state == "not met"
    assert said(cast) == "Chen Chair asked again at G1 for: Lessons of the phase captured"
    with pytest.raises(StaleWrite, match="not waived any more"):
        end_waiver(**at(cast, "chen", 1, "lessons-captured"), version=1, why="Twice")


@pytest.mark.parametrize(
    ("who", "key", "why", "error", "words"),
    [
        ("mara", "lessons-captured", "x", NotPermitted, "waive criteria"),
        ("chen", "key-verified", "x", RuleBroken, "Key activities verified: this cannot be waived"),
        ("chen", "achievement-analysis", "x", RuleBroken, "this cannot be waived"),
        ("chen", "lessons-captured", "", RuleBroken, "Say why the gate may pass without it"),
        ("chen", "conditions-met", "x", RuleBroken, "There is nothing to waive"),
    ],
)
def test_a_waiver_that_cannot_be_is_refused(cast: Cast, who, key, why, error, words) -> None:
    with pytest.raises(error, match=words):
        waive(**at(cast, who, 1, key), why=why)
    assert not Waiver.objects.exists()


def test_a_project_asks_for_another_threshold_or_not_at_all(cast: Cast) -> None:
    rule = set_rule(**at(cast, "chen", 1, "others-done"), version=0, threshold=Decimal(70), why="First phase")
    found = line(cast, 1, "others-done")
    assert (found.threshold, found.reading.threshold[:3]) == (Decimal(70), "70%")
    assert said(cast) == "Chen Chair set the threshold at G1 to 70: Other activities done"
    assert line(cast, 2, "others-done").threshold == Decimal(85)
    with pytest.raises(StaleWrite):
        set_rule(**at(cast, "chen", 1, "others-done"), version=0, threshold=Decimal(60), why="Second tab")
    set_rule(**at(cast, "chen", 1, "others-done"), version=rule.version, is_used=False, why="Counted elsewhere")
    assert "others-done" not in {each.key for each in gate_standing(cast.project, 1).criteria}
    assert said(cast) == "Chen Chair left out at G1: Other activities done"
    with pytest.raises(RuleBroken, match="not used at this gate"):
        waive(**at(cast, "chen", 1, "others-done"), why="x")
    set_rule(**at(cast, "chen", 1, "others-done"), version=rule.version + 1, why="As usual after all")
    assert line(cast, 1, "others-done").threshold == Decimal(85)


@pytest.mark.parametrize(
    ("who", "key", "values", "error", "words"),
    [
        ("mara", "others-done", {"threshold": Decimal(1)}, NotPermitted, "waive criteria"),
        ("chen", "key-verified", {"is_used": False}, RuleBroken, "no gate goes without this"),
        ("chen", "key-verified", {"threshold": Decimal(5)}, RuleBroken, "no threshold to set"),
        ("chen", "others-done", {"threshold": Decimal(101)}, RuleBroken, "from 0 to 100"),
        ("chen", "lessons-captured", {"threshold": Decimal("1.5")}, RuleBroken, "whole number"),
        ("chen", "others-done", {"threshold": Decimal(85)}, RuleBroken, "This is as it was"),
        ("chen", "others-done", {"threshold": Decimal(5), "why": ""}, RuleBroken, "Say why this project"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(cast: Cast, who, key, values, error, words) -> None:
    with pytest.raises(error, match=words):
        set_rule(**at(cast, who, 1, key), version=0, **{"why": "Ours", **values})
    assert not CriterionRule.objects.exists()


def test_a_gate_is_planned_once_its_last_word_was_seen(cast: Cast) -> None:
    who = {"acting_user": cast.mara, "project": cast.project, "number": 1}
    attest(**at(cast, "mara", 1, "means-committed"), holds=True, note="Budget line 4711")
    gate = plan_gate(**who, version=0, planned_on=date(2026, 7, 1), note="After the audit")
    assert (gate.planned_on, gate.note, gate.version) == (date(2026, 7, 1), "After the audit", 2)
    assert said(cast) == "Mara Moss planned G1 for 1 Jul 2026"
    with pytest.raises(StaleWrite):
        plan_gate(**who, version=0, planned_on=None)
    with pytest.raises(RuleBroken, match="after the project's start"):
        plan_gate(**who, version=2, planned_on=date(2020, 1, 1))


def test_what_a_gate_rests_on_stays_once_it_passed(cast: Cast) -> None:
    decided(cast, 1, "hold")
    attest(**at(cast, "mara", 1, "means-committed"), holds=True, note="Said by the board")
    decided(cast, 1, "go")
    for act in (
        lambda: attest(**at(cast, "mara", 1, "means-committed"), holds=False, note="Gone"),
        lambda: waive(**at(cast, "chen", 1, "lessons-captured"), why="x"),
        lambda: set_rule(**at(cast, "chen", 1, "others-done"), version=0, threshold=Decimal(1), why="x"),
        lambda: plan_gate(acting_user=cast.mara, project=cast.project, number=1, version=1, planned_on=None),
    ):
        with pytest.raises(RuleBroken, match=r"Gate 1 was decided \(D-02\)"):
            act()


def test_a_phase_that_a_committee_oversees_closes_after_its_gate_and_no_other_way(cast: Cast) -> None:
    overseen(cast)
    everything = {"acting_user": cast.mara, "project": cast.project, "number": 0, "reason": "We want to go on"}
    with pytest.raises(RuleBroken, match="Gate 0 is not decided: only the committee lets this phase close"):
        close_phase(**everything)
    decided(cast, 0, "hold")
    with pytest.raises(RuleBroken, match=r"Gate 0 was decided \(D-01\): hold"):
        close_phase(**everything)
    decided(cast, 0, "go with conditions")
    assert close_phase(**everything).state == "closed"
    start_phase(acting_user=cast.mara, project=cast.project, number=1)
    with pytest.raises(RuleBroken, match="Gate 1 is not decided"):
        close_phase(**{**everything, "number": 1})


def test_where_no_committee_oversees_a_phase_closes_for_a_reason(cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="Nobody decides at gates here"):
        close_phase(acting_user=cast.mara, project=cast.project, number=0)
    close_phase(acting_user=cast.mara, project=cast.project, number=0, reason="We are three people")
    event = Event.objects.get(stream_id=cast.project.uuid, action="close phase")
    assert "A committee oversees the project" in event.content["changes"]["closed without"][1]


def shown(*arguments: str) -> dict:
    """What show_gate prints."""
    out = StringIO()
    call_command("show_gate", *arguments, stdout=out)
    return json.loads(out.getvalue())


def test_show_gate_prints_criteria_and_the_decision_with_conditions_and_dissent(cast: Cast) -> None:
    found = shown("alder", "g0", "--format", "json")
    assert (found["gate"], found["decision"]) == ("G0", None)
    assert [set(each) for each in found["criteria"]] == [
        {"key", "title", "met", "value", "threshold", "source"} for _each in range(5)
    ]
    let_pass(cast)
    kept = [{**each, "met": True} for each in found["criteria"]]
    gate = decided(cast, 0, "go with conditions", frozen={"criteria": kept})
    Seat.objects.create(project=cast.project, decision=gate, member=cast.cora, choice="against", words="Too early")
    Action.objects.create(
        project=cast.project,
        ref="A-01",
        source="condition",
        decision=gate,
        text="Name three people",
        owner=cast.parties["mara"],
        due=date(2026, 4, 1),
    )
    found = shown("alder", "G0")
    assert [each["met"] for each in found["criteria"]] == [True] * 5
    assert found["decision"] == {
        "outcome": "go with conditions",
        "decided_on": "2026-03-02",
        "conditions": [
            {
                "ref": "A-01",
                "text": "Name three people",
                "owner": "Mara Moss",
                "due": "2026-04-01",
                "state": "open",
                "met_on": None,
            }
        ],
        "dissent": [{"member": "Cora Cole", "words": "Too early"}],
    }


@pytest.mark.parametrize(
    ("arguments", "words"), [(("alder", "G7"), "no gate 'G7'"), (("nowhere", "G1"), "no project 'nowhere'")]
)
def test_show_gate_says_what_is_not_there(cast: Cast, arguments: tuple[str, str], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        shown(*arguments)
