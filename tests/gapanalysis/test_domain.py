"""Roll-up, ladders, what is asked and what follows."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapanalysis.domain.answers import RANK, Value, is_worse
from gapanalysis.domain.ladder import RUNGS, Rung, standing_of
from gapanalysis.domain.proposals import PlanRow, Proposed, proposals_for
from gapanalysis.domain.rollup import Tally, roll_up, tally, with_parents
from gapanalysis.domain.selection import Candidate, at_phase_end, everything

VALUES = st.sampled_from(list(Value))
ANSWERS = st.dictionaries(st.text("Q0123456789", min_size=1, max_size=4), VALUES)


def test_a_clause_is_as_weak_as_its_weakest_answer() -> None:
    found = tally([Value.CONFORMS, Value.CONFORMS, Value.MINOR, Value.UNANSWERED])
    assert (found.standing, found.conforming_percent, found.answered_percent) == (Value.MINOR, 50, 75)
    assert (found.gaps, found.may_claim) == (1, False)


def test_nothing_asked_has_no_standing_and_no_share() -> None:
    assert (Tally().standing, Tally().conforming_percent, Tally().answered_percent) == (None, None, None)
    assert not Tally().may_claim


def test_a_question_of_two_clauses_counts_once_in_each_and_once_above() -> None:
    answers = {"Q1": Value.MAJOR, "Q2": Value.CONFORMS}
    places = {"Q1": with_parents(["8.5.1.3", "8.5.2"]), "Q2": with_parents(["8.5.1.3"])}
    found = roll_up(answers, places)
    assert {clause: one.asked for clause, one in found.items()} == {
        "8": 2,
        "8.5": 2,
        "8.5.1": 2,
        "8.5.1.3": 2,
        "8.5.2": 1,
    }


@given(st.lists(VALUES))
def test_the_shares_and_the_word_agree(values: list[Value]) -> None:
    found = tally(values)
    assert found.asked == len(values)
    assert found.standing == (max(values, key=RANK.__getitem__) if values else None)
    assert found.may_claim == (bool(values) and set(values) == {Value.CONFORMS})
    assert (found.conforming_percent == 100) == found.may_claim


@given(st.lists(VALUES), st.lists(VALUES), st.lists(VALUES))
def test_parts_add_up_in_any_order(first: list[Value], second: list[Value], third: list[Value]) -> None:
    one, two, three = tally(first), tally(second), tally(third)
    whole = tally([*third, *first, *second])
    for found in ((one + two) + three, one + (two + three)):
        assert {value: found.of(value) for value in Value} == {value: whole.of(value) for value in Value}


@given(st.lists(VALUES), VALUES.filter(lambda value: value != Value.CONFORMS))
def test_answering_without_conforming_raises_no_share_of_conformity(values: list[Value], answer: Value) -> None:
    before, after = tally([*values, Value.UNANSWERED]), tally([*values, answer])
    assert after.conforming_percent == before.conforming_percent


@given(ANSWERS)
def test_the_whole_is_as_weak_as_its_weakest_part(answers: dict[str, Value]) -> None:
    parts = roll_up(answers, {ref: [ref[0]] for ref in answers})
    whole = tally(answers.values())
    assert whole.asked == sum(part.asked for part in parts.values())
    if answers:
        assert whole.standing == max((part.standing for part in parts.values()), key=RANK.__getitem__)


@pytest.mark.parametrize(
    ("now", "before", "worse"),
    [
        (Value.MINOR, Value.CONFORMS, True),
        (Value.MAJOR, Value.MINOR, True),
        (Value.CONFORMS, Value.MAJOR, False),
        (Value.MINOR, Value.MINOR, False),
        (Value.UNANSWERED, Value.CONFORMS, False),
        (Value.MAJOR, Value.UNANSWERED, False),
    ],
)
def test_a_regression_is_a_weaker_answer_than_before(now: Value, before: Value, worse: bool) -> None:
    assert is_worse(now, before) is worse


def test_a_rung_above_a_gap_is_shown_and_does_not_count() -> None:
    found = standing_of({Rung.DEFINED, Rung.OPERATED, Rung.MEASURED})
    assert (found.level, found.above, found.missing) == (1, (Rung.OPERATED, Rung.MEASURED), Rung.DOCUMENTED)


@given(st.sets(st.sampled_from(RUNGS)))
def test_a_level_has_no_gap_below_it(ticked: set[Rung]) -> None:
    found = standing_of(ticked)
    assert set(RUNGS[: found.level]) <= ticked
    assert found.missing not in ticked
    assert set(RUNGS[: found.level]) | set(found.above) == ticked
    assert (found.missing is None) == (found.level == 7)


@given(st.sets(st.sampled_from(RUNGS)), st.sampled_from(RUNGS))
def test_one_tick_more_never_lowers_a_level(ticked: set[Rung], rung: Rung) -> None:
    assert standing_of(ticked | {rung}).level >= standing_of(ticked).level


def candidates(count: int) -> list[Candidate]:
    return [Candidate(f"Q{number:03}", frozenset({f"A.{number}"}), number % 3 == 0) for number in range(count)]


def test_a_very_small_entity_is_asked_its_part() -> None:
    assert len(everything(candidates(9), small=False)) == 9
    assert list(everything(candidates(9), small=True)) == ["Q000", "Q003", "Q006"]


def test_a_phase_end_asks_for_its_activities_earlier_gaps_and_a_tenth_of_the_rest() -> None:
    questions = candidates(40)
    earlier = {question.ref: Value.CONFORMS for question in questions[:35]}
    earlier |= {"Q001": Value.MINOR, "Q002": Value.NO_CASE, "Q003": Value.UNANSWERED}
    asked = at_phase_end(questions, phase_activities={"A.0", "A.39"}, earlier=earlier, seed="alder 1")
    assert {ref: why for ref, why in asked.items() if why != "check"} == {
        "Q000": "phase",
        "Q039": "phase",
        "Q001": "earlier gap",
        "Q002": "earlier gap",
        "Q003": "earlier gap",
    }
    assert sum(why == "check" for why in asked.values()) == 4  # of 31 that conformed


@given(st.integers(0, 60), st.integers(0, 60), st.text(max_size=5))
def test_the_draw_is_a_tenth_rounded_up_and_always_the_same(count: int, conformed: int, seed: str) -> None:
    questions = candidates(count)
    earlier = {question.ref: Value.CONFORMS for question in questions[:conformed]}
    asked: list[Any] = [
        at_phase_end(order, phase_activities=set(), earlier=earlier, seed=seed)
        for order in (questions, questions[::-1])
    ]
    assert asked[0] == asked[1]
    assert len(asked[0]) == -(-len(earlier) // 10)


def row(ref: str = "CH.i", phase: int = 1, status: str = "not started", **more: Any) -> PlanRow:
    return PlanRow(
        ref, phase, status, "establish", more.get("key", False), more.get("improve", False), more.get("closed", False)
    )


def what(value: Value, *rows: PlanRow, current: int = 1) -> list[tuple[int, Proposed]]:
    found = proposals_for(question="Q", value=value, activities=["CH.i"], rows=rows, current_phase=current)
    return [(proposal.phase, proposal.what) for proposal in found]


def test_what_conforms_is_already_met_now_and_only_improved_later() -> None:
    assert what(Value.CONFORMS, row(phase=1), row(phase=2), row(phase=3, improve=True)) == [
        (1, Proposed.ALREADY_MET),
        (2, Proposed.IMPROVE_ONLY),
    ]
    assert what(Value.CONFORMS, row(phase=1, status="done")) == []


def test_a_minor_gap_reopens_what_was_said_to_be_done() -> None:
    assert what(Value.MINOR, row(status="verified"), row(phase=2)) == [(1, Proposed.REOPEN)]


def test_a_major_gap_makes_a_row_key_and_gives_it_time_or_an_earlier_start() -> None:
    assert what(Value.MAJOR, row(phase=1), row(phase=2)) == [(1, Proposed.MORE_TIME), (1, Proposed.KEY)]
    assert what(Value.MAJOR, row(phase=2, key=True), current=1) == [(2, Proposed.START_EARLIER)]
    assert what(Value.MAJOR, row(status="done"), row(phase=2)) == [(1, Proposed.REOPEN)]


@pytest.mark.parametrize("value", [Value.NO_CASE, Value.UNANSWERED])
def test_nothing_follows_where_nothing_was_seen(value: Value) -> None:
    assert what(value, row(), row(phase=2, status="done")) == []


@given(VALUES, st.sampled_from(["not started", "in progress", "blocked", "done", "verified", "not applicable"]))
def test_closed_phases_and_other_activities_are_never_touched(value: Value, status: str) -> None:
    assert what(value, row(status=status, closed=True), row(ref="CH.j", status=status)) == []
    assert what(value, row(status="not applicable")) == []
