"""What the committee is asked, what its members say, and what its chair records."""

from datetime import timedelta

import pytest

from common import clock
from common.canonical import sha256_of
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from common.registry import Registry
from documents.selectors import is_very_small
from evidence.selectors.listing import counts_of
from evidence.selectors.register import register_rows
from governance.exceptions import AlreadyDecided
from governance.models import Attestation, Committee, Decision, Gate, Oversight, Seat
from governance.registries import GateCriterion
from governance.selectors import gate_decision
from governance.selectors.decisions import asked_decisions
from governance.services.decisions import Wish, ask_decision, attach, change_decision, withdraw_decision
from governance.services.meetings import MeetingFacts, plan_meeting
from governance.services.recording import Verdict, record_decision
from governance.services.voting import call_members, cast_vote
from governance.verification_decisions import check_decisions
from phases.models import PlanRules
from projects.choices import ProjectRole
from projects.models import Membership
from projects.permissions import access_to
from projects.services.team import end_role, grant_role
from tests.cast import Cast
from tests.evidence.conftest import add as add_item
from tests.governance.deciding import ask, called, condition, record, seat_of, soon, vote


@pytest.fixture
def one_criterion(monkeypatch: pytest.MonkeyPatch) -> None:
    """Gates that ask for one thing, which a person attests."""
    criteria: Registry[GateCriterion] = Registry("criteria")
    criteria.register("people", GateCriterion("People are committed", gates=(0, 1, 2, 3, 4)))
    monkeypatch.setattr("governance.selectors.gates.gate_criteria", criteria)


def attested(cast: Cast, number: int, who: str = "mara") -> None:
    """Somebody says that the criterion of a gate is met."""
    gate, _made = Gate.objects.get_or_create(project=cast.project, number=number)
    Attestation.objects.create(
        project=cast.project, gate=gate, key="people", holds=True, note="Named.", attested_by=getattr(cast, who)
    )


def left(cast: Cast, who: str, role: str) -> None:
    """Somebody loses their role."""
    membership = Membership.objects.get(project=cast.project, user=getattr(cast, who), role=role)
    end_role(acting_user=cast.mara, project=cast.project, membership_id=membership.pk)


def quorum(cast: Cast, number: int) -> None:
    """A committee with a quorum oversees the project."""
    committee = Committee.objects.create(organization=cast.alder, name="Steering committee", quorum=number)
    Oversight.objects.create(project=cast.project, committee=committee)


def test_a_decision_goes_from_asked_to_decided_with_its_moment(cast: Cast) -> None:
    decision = called(cast, background="The tool")
    assert (decision.ref, decision.kind, decision.state) == ("D-01", "question", "asked")
    vote(cast, decision, "cora", "for", "The quotation holds.")
    made = record(cast, decision, words="As asked.")
    assert (made.state, made.outcome, made.decided_by) == ("decided", "approved", cast.chen)
    stored = Decision.objects.select_related("record__revision").get(pk=made.pk)
    assert stored.frozen is not None
    assert stored.record is not None
    assert stored.record.revision is not None
    assert sha256_of(stored.frozen) == stored.sha256 == stored.record.revision.sha256
    assert [(each["name"], each["chair"], each["choice"]) for each in stored.frozen["seats"]] == [
        ("Chen Chair", True, ""),
        ("Cora Cole", False, "for"),
    ]
    assert stored.frozen["figures"]["phases"]["1"]["applicable"] > 0
    assert list(check_decisions(False)) == []
    Decision.objects.filter(pk=made.pk).update(words="Something else.")
    assert list(check_decisions(False)) == ["decision D-01 of alder says something else than its moment"]
    Decision.objects.filter(pk=made.pk).update(frozen={**stored.frozen, "words": "Something else."})
    assert list(check_decisions(False)) == ["decision D-01 of alder was changed"]


def test_the_second_of_two_chairs_hears_what_the_first_recorded(cast: Cast) -> None:
    grant_role(acting_user=cast.mara, project=cast.project, user=cast.toma, role=ProjectRole.CHAIR)
    decision = called(cast)
    record(cast, decision)
    with pytest.raises(AlreadyDecided, match="Chen Chair has recorded D-01 already: approved"):
        record(cast, decision, "declined", who="toma", words="No.")
    assert Decision.objects.get(pk=decision.pk).outcome == "approved"


def test_nothing_was_decided_in_a_meeting_that_lies_ahead(cast: Cast) -> None:
    facts = MeetingFacts(clock.now() + timedelta(days=2), agenda="1. Money")
    meeting = plan_meeting(acting_user=cast.mara, project=cast.project, facts=facts)
    decision = called(cast, meeting=meeting)
    with pytest.raises(RuleBroken, match=r"M-01 lies ahead") as refused:
        record(cast, decision)
    assert refused.value.field == "meeting"
    with clock.moved_to(meeting.starts_at):
        assert record(cast, decision).meeting == meeting


def test_who_answers_a_call_that_was_renewed_reads_again_first(cast: Cast) -> None:
    decision = called(cast)
    with pytest.raises(StaleWrite, match="The members were called anew meanwhile"):
        cast_vote(acting_user=cast.cora, decision=decision, version=7, choice="for")


def test_who_saw_an_older_version_records_nothing(cast: Cast) -> None:
    decision = ask(cast)
    seen = Decision.objects.get(pk=decision.pk)
    seen.project = cast.project
    call_members(acting_user=cast.mara, decision=decision, version=decision.version)
    with pytest.raises(StaleWrite):
        record_decision(acting_user=cast.chen, decision=seen, version=seen.version, verdict=Verdict("approved"))


def test_members_change_their_word_until_it_is_recorded(cast: Cast) -> None:
    decision = called(cast)
    vote(cast, decision, "cora", "for")
    with pytest.raises(StaleWrite, match="You have answered already: for"):
        cast_vote(acting_user=cast.cora, decision=decision, version=1, choice="against", words="Too dear.")
    with pytest.raises(RuleBroken, match="Say why you are against"):
        vote(cast, decision, "cora", "against")
    assert vote(cast, decision, "cora", "against", "Too dear.").words == "Too dear."
    vote(cast, decision, "chen", "abstain")
    record(cast, decision, "declined", manner="vote", words="Too dear.")
    with pytest.raises(AlreadyDecided):
        vote(cast, decision, "cora", "for")


def test_only_who_was_called_answers(cast: Cast) -> None:
    asked = ask(cast)
    with pytest.raises(RuleBroken, match="not called to D-01 yet"):
        cast_vote(acting_user=cast.cora, decision=asked, version=1, choice="for")
    call_members(acting_user=cast.mara, decision=asked, version=asked.version)
    grant_role(acting_user=cast.mara, project=cast.project, user=cast.toma, role=ProjectRole.COMMITTEE)
    with pytest.raises(RuleBroken, match="joined the committee after the call"):
        cast_vote(acting_user=cast.toma, decision=asked, version=1, choice="for")
    with pytest.raises(NotPermitted):
        cast_vote(acting_user=cast.petra, decision=asked, version=1, choice="for")


def test_who_left_since_the_call_counts_no_more(cast: Cast) -> None:
    quorum(cast, 2)
    decision = called(cast)
    vote(cast, decision, "cora", "against", "No.")
    vote(cast, decision, "chen", "for")
    left(cast, "cora", ProjectRole.COMMITTEE)
    with pytest.raises(NotPermitted):
        vote(cast, decision, "cora", "for")
    (card,) = asked_decisions(cast.project)
    assert (card.tally.members, card.tally.left, card.tally.needed, card.tally.is_carried) == (1, 1, 1, True)
    record(cast, decision, manner="vote", setting="circulation")
    assert seat_of(decision, cast.cora).left_at is not None
    assert list(check_decisions(False)) == []


def test_a_vote_needs_its_quorum_and_its_majority(cast: Cast) -> None:
    quorum(cast, 2)
    decision = called(cast)
    vote(cast, decision, "cora", "for")
    with pytest.raises(RuleBroken, match="2 members must take part in the vote; so far it is 1"):
        record(cast, decision, manner="vote")
    vote(cast, decision, "chen", "against", "Not now.")
    with pytest.raises(RuleBroken, match="not carried: 1 for, 1 against, 0 abstained"):
        record(cast, decision, manner="vote")
    with pytest.raises(RuleBroken, match="Chen Chair said no"):
        record(cast, decision)
    vote(cast, decision, "chen", "for")
    with pytest.raises(RuleBroken, match="The vote is carried"):
        record(cast, decision, "declined", manner="vote", words="No.")
    assert record(cast, decision, manner="vote").manner == "vote"


def test_consensus_by_circulation_needs_the_word_of_all(cast: Cast) -> None:
    decision = called(cast)
    vote(cast, decision, "cora", "for")
    with pytest.raises(RuleBroken, match="1 have not answered"):
        record(cast, decision, setting="circulation")
    vote(cast, decision, "chen", "abstain")
    assert record(cast, decision, setting="circulation").setting == "circulation"


def test_nobody_decides_alone_on_what_they_asked_for(cast: Cast) -> None:
    decision = called(cast, who="chen")
    with pytest.raises(RuleBroken, match="Nobody decides alone on what they report"):
        record(cast, decision)
    vote(cast, decision, "chen", "for")
    with pytest.raises(RuleBroken, match="Nobody decides alone"):
        record(cast, decision)
    vote(cast, decision, "cora", "for")
    made = record(cast, decision)
    assert made.frozen is not None
    assert made.frozen["own_work"] is False


def test_a_very_small_entity_may_and_it_is_kept_as_such(cast: Cast) -> None:
    PlanRules.objects.update_or_create(project=cast.project, defaults={"very_small": True})
    assert is_very_small(cast.project)
    made = record(cast, ask(cast, "chen"))
    assert made.frozen is not None
    assert made.frozen["own_work"] is True


def test_outcomes_ask_for_what_belongs_to_them(cast: Cast, one_criterion: None) -> None:
    decision = called(cast)
    for outcome, values, words in (
        ("go", {}, "Choose what was decided"),
        ("declined", {}, "Say why it is declined"),
        ("sent back", {}, "Say what is missing"),
        ("approved with conditions", {}, "Write at least one condition"),
        ("approved", {"conditions": [condition(cast)]}, "You wrote a condition"),
        ("approved", {"manner": "dice"}, "Choose consensus or vote"),
    ):
        with pytest.raises(RuleBroken, match=words):
            record(cast, decision, outcome, **values)
    gate = ask(cast, title="Close phase 0", gate=0)
    with pytest.raises(RuleBroken, match="Say on which day the gate is met again"):
        record(cast, gate, "hold")
    with pytest.raises(RuleBroken, match="Give a day after today"):
        record(cast, gate, "hold", hold_until=clock.today(cast.project.time_zone))
    assert record(cast, gate, "hold", hold_until=soon(7)).hold_until == soon(7)


def test_a_gate_goes_once_its_criteria_are_met(cast: Cast, one_criterion: None) -> None:
    gate = ask(cast, title="Close phase 1", gate=1)
    with pytest.raises(RuleBroken, match=r"G1 cannot go yet: 1 criterion is open \(People are committed\)"):
        record(cast, gate, "go with conditions", conditions=[condition(cast)])
    attested(cast, 1, "chen")
    with pytest.raises(RuleBroken, match="or attested a criterion of it"):
        record(cast, gate, "go")
    attested(cast, 1)
    made = record(cast, gate, "go with conditions", conditions=[condition(cast)])
    assert made.frozen is not None
    assert [(each["key"], each["met"], each["attested_by"]) for each in made.frozen["criteria"]] == [
        ("people", True, "Mara Moss")
    ]
    assert [(each["ref"], each["owner"]) for each in made.frozen["conditions"]] == [("A-01", "Petra Pohl")]
    assert [(each.ref, each.source) for each in made.actions.all()] == [("A-01", "condition")]


def test_a_gate_is_asked_for_once_and_reopened_by_another(cast: Cast, one_criterion: None) -> None:
    attested(cast, 1)
    first = ask(cast, title="Close phase 1", gate=1)
    with pytest.raises(RuleBroken, match="G1 is asked for already: D-01"):
        ask(cast, title="Close phase 1", gate=1)
    record(cast, first, "go")
    with pytest.raises(RuleBroken, match=r"G1 is decided \(D-01\)"):
        ask(cast, title="Close phase 1", gate=1)
    again = ask(cast, title="Think again", reopens=Decision.objects.get(pk=first.pk))
    assert (again.kind, again.gate_number) == ("gate", 1)
    assert gate_decision(cast.project, 1) == first
    record(cast, again, "stop", words="The money is gone.")
    assert Decision.objects.get(pk=first.pk).state == "reopened"
    assert gate_decision(cast.project, 1) == again
    assert list(check_decisions(False)) == []
    with pytest.raises(RuleBroken, match="Only what is decided can be reopened"):
        ask(cast, reopens=Decision.objects.get(pk=first.pk))


def test_a_hold_is_met_again_without_reopening(cast: Cast, one_criterion: None) -> None:
    record(cast, ask(cast, title="Close phase 1", gate=1), "hold", hold_until=soon(7))
    attested(cast, 1)
    again = record(cast, ask(cast, title="Close phase 1", gate=1), "go")
    assert gate_decision(cast.project, 1) == again


def test_what_is_asked_changes_until_somebody_has_answered(cast: Cast) -> None:
    decision = called(cast)
    wish = Wish("Release 30,000", soon(20))
    changed = change_decision(acting_user=cast.mara, decision=decision, version=decision.version, wish=wish)
    assert (changed.title, changed.money) == ("Release 30,000", "")
    with pytest.raises(StaleWrite):
        change_decision(
            acting_user=cast.mara, decision=decision, version=decision.version, wish=Wish("Release 40,000", soon())
        )
    vote(cast, decision, "cora", "for")
    with pytest.raises(RuleBroken, match="Somebody has answered already"):
        change_decision(acting_user=cast.mara, decision=decision, version=changed.version, wish=wish)
    withdraw_decision(acting_user=cast.mara, decision=decision, version=changed.version, why="Not needed.")
    with pytest.raises(AlreadyDecided, match="D-01 was withdrawn"):
        record(cast, decision)


def test_bad_wishes_are_refused_in_words(cast: Cast) -> None:
    for wish, words in (
        (Wish("", soon()), "Say in one line"),
        (Wish("Release", None), "Say by when"),
        (Wish("Release", soon(-30)), "This day has gone by"),
        (Wish("Release", soon(), gate=7), "Choose a gate"),
    ):
        with pytest.raises(RuleBroken, match=words):
            ask_decision(acting_user=cast.mara, project=cast.project, wish=wish)
    with pytest.raises(NotPermitted):
        ask(cast, "cora")
    with pytest.raises(RuleBroken, match="no item of evidence and no document e-9999"):
        attach(acting_user=cast.mara, decision=ask(cast), key="e-9999")


def test_cards_say_what_their_reader_can_do(cast: Cast, django_assert_num_queries) -> None:
    first, later = called(cast), ask(cast, title="Second", decide_by=soon(30))
    access = access_to(cast.project, cast.cora)
    with django_assert_num_queries(4):
        cards = asked_decisions(cast.project, access)
    assert [card.decision for card in cards] == [first, later]
    assert cards[0].mine == Seat.objects.get(decision=first, member=cast.cora)
    assert (cards[0].may_decide, cards[0].may_prepare, cards[1].mine) == (False, False, None)
    assert asked_decisions(cast.project, access_to(cast.project, cast.chen))[0].may_decide
    assert asked_decisions(cast.other) == []
    assert cards[0].as_plain()["answered"] == 0


def test_the_record_of_a_decision_counts_as_proof_of_it_though_nothing_is_linked(cast: Cast) -> None:
    loose = add_item(cast, title="Loose")
    record(cast, called(cast), words="As asked.")
    kept = Decision.objects.get().record
    assert kept is not None
    access = access_to(cast.project, cast.mara)
    rows = {row.item.key: row for row in register_rows(cast.project, access)}
    assert (rows[kept.key].use, rows[kept.key].proves_nothing) == ("record of a decision", False)
    assert (rows[loose.key].use, rows[loose.key].proves_nothing) == ("", True)
    assert counts_of(cast.project, access).unlinked == 1
