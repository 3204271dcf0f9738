"""What stands after each assessment, what has changed, and which gaps come first."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gapanalysis.domain.answers import GAPS, Value, is_worse
from gapanalysis.domain.gaps import Gap, by_weight
from gapanalysis.domain.history import Change, Look, Word, change_between, unchanged_since, words_of

SAID = st.none() | st.sampled_from([value for value in Value if value != Value.UNANSWERED])
REFS = st.sampled_from(["Q1", "Q2", "Q3", "Q4"])
LOCKED = st.none() | st.integers(1, 27).map(lambda day: datetime(2026, 3, day, tzinfo=UTC))
LOOKS = st.lists(st.builds(Look, st.dictionaries(REFS, SAID), LOCKED), max_size=5)
WORDS = st.builds(Word, SAID, st.integers(0, 3), st.booleans())

calm = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)


def at(day: int) -> datetime:
    """A moment of locking."""
    return datetime(2026, 3, day, tzinfo=UTC)


def test_what_was_not_asked_again_stands_as_it_was() -> None:
    after = words_of([Look({"Q1": Value.CONFORMS}, at(1)), Look({"Q2": Value.MINOR}, at(2))])[1]
    assert after["Q1"] == Word(Value.CONFORMS, said_in=0, is_asked=False)
    assert after["Q2"] == Word(Value.MINOR, said_in=1, is_asked=True)


def test_what_was_asked_again_and_nobody_looked_at_does_not_count() -> None:
    after = words_of([Look({"Q1": Value.CONFORMS}, at(1)), Look({"Q1": None}, None)])[1]
    assert after["Q1"] == Word(None, said_in=1, is_asked=True, waiting=Value.CONFORMS)


def test_an_assessment_that_is_not_locked_leaves_nothing_behind() -> None:
    looks = [Look({"Q1": Value.MAJOR}, at(1)), Look({"Q1": Value.CONFORMS}, None), Look({"Q2": None}, None)]
    assert words_of(looks)[2]["Q1"] == Word(Value.MAJOR, said_in=0, is_asked=False)


def test_what_nobody_looked_at_before_locking_does_not_count_later_either() -> None:
    after = words_of([Look({"Q1": Value.CONFORMS}, at(1)), Look({"Q1": None}, at(2)), Look({}, None)])[2]
    assert after["Q1"] == Word(None, said_in=1, is_asked=False, waiting=Value.CONFORMS)


def test_a_locked_question_without_an_answer_stays_open_until_somebody_answers() -> None:
    looks = [Look({"Q1": None}, at(1)), Look({"Q2": Value.MINOR}, at(2)), Look({"Q1": Value.MINOR}, at(3))]
    after = words_of(looks)
    assert after[1]["Q1"] == Word(None, said_in=0, is_asked=False)
    assert after[2]["Q1"] == Word(Value.MINOR, said_in=2, is_asked=True)


def test_what_is_locked_says_the_same_when_an_older_one_is_locked_after_it() -> None:
    baseline, phase_end = Look({"Q1": Value.MAJOR}, at(1)), Look({"Q2": Value.MINOR}, at(5))
    open_then = words_of([baseline, Look({"Q1": Value.CONFORMS}, None), phase_end])[2]
    locked_later = words_of([baseline, Look({"Q1": Value.CONFORMS}, at(9)), phase_end])[2]
    assert locked_later == open_then
    assert locked_later["Q1"].said == Value.MAJOR


@calm
@given(LOOKS)
def test_every_question_asked_so_far_has_one_word(looks: list[Look[Value]]) -> None:
    for place, (look, words) in enumerate(zip(looks, words_of(looks), strict=True)):
        earlier = [
            other
            for other in looks[:place]
            if other.locked_at and (look.locked_at is None or other.locked_at <= look.locked_at)
        ]
        assert set(words) == {ref for one in [*earlier, look] for ref in one.answers}
        assert {ref: word.said for ref, word in words.items() if word.is_asked} == look.answers


@calm
@given(LOOKS, st.integers(0, 4))
def test_locking_others_later_changes_nothing_that_is_locked(looks: list[Look[Value]], which: int) -> None:
    locked_later = [
        Look(look.answers, at(28)) if place == which and look.locked_at is None else look
        for place, look in enumerate(looks)
    ]
    for look, before, after in zip(looks, words_of(looks), words_of(locked_later), strict=True):
        if look.locked_at is not None:
            assert after == before


@calm
@given(LOOKS)
def test_nothing_counts_that_nobody_said(looks: list[Look[Value]]) -> None:
    for words in words_of(looks):
        for ref, word in words.items():
            if word.said is not None:
                assert looks[word.said_in].answers[ref] == word.said
            if word.waiting is not None:
                assert word.said is None


@pytest.mark.parametrize(
    ("before", "now", "change"),
    [
        (Word(Value.MAJOR, 0, True), Word(Value.MINOR, 1, True), Change.BETTER),
        (Word(Value.CONFORMS, 0, True), Word(Value.MINOR, 1, True), Change.WORSE),
        (Word(Value.MINOR, 0, True), Word(Value.MINOR, 1, True), Change.SAME),
        (Word(Value.MINOR, 0, True), Word(Value.MINOR, 0, False), Change.STANDS),
        (Word(None, 0, True), Word(Value.MINOR, 1, True), Change.FIRST),
        (None, Word(Value.MINOR, 1, True), Change.FIRST),
        (Word(Value.CONFORMS, 0, True), Word(None, 1, True, Value.CONFORMS), Change.OPEN),
    ],
)
def test_a_change_has_one_name(before: Word[Value] | None, now: Word[Value], change: Change) -> None:
    assert change_between(before, now) == change


@calm
@given(WORDS, WORDS)
def test_better_one_way_is_worse_the_other_way(one: Word[Value], other: Word[Value]) -> None:
    there, back = change_between(one, other), change_between(other, one)
    assert (there == Change.BETTER) == (back == Change.WORSE)
    assert (there == Change.SAME) == (back == Change.SAME)
    if there == Change.WORSE:
        assert one.said is not None
        assert other.said is not None
        assert is_worse(other.said, one.said)


def test_a_gap_is_unchanged_since_the_first_assessment_that_said_it() -> None:
    minor, major, unseen = Word(Value.MINOR, 1, True), Word(Value.MAJOR, 0, True), Word(None, 2, True)
    assert unchanged_since([major, minor, unseen, Word(Value.MINOR, 3, True)]) == 1
    assert unchanged_since([Word(Value.MINOR, 0, True), None, Word(Value.MINOR, 0, False)]) == 0
    assert unchanged_since([minor, unseen]) is None
    assert unchanged_since([]) is None


@calm
@given(st.lists(SAID, min_size=1, max_size=6))
def test_between_since_and_now_nothing_else_was_said(said: list[Value | None]) -> None:
    since = unchanged_since([Word(value, place, True) for place, value in enumerate(said)])
    if since is None:
        assert said[-1] is None
    else:
        assert {value for value in said[since:] if value is not None} == {said[-1]}
        earlier = [value for value in said[:since] if value is not None]
        assert not earlier or earlier[-1] != said[-1]


def test_key_activities_weigh_more() -> None:
    gaps = [
        Gap("minor", Value.MINOR, 1),
        Gap("key minor", Value.MINOR, 2, is_key=True),
        Gap("major", Value.MAJOR, 3),
        Gap("key major", Value.MAJOR, 4, is_key=True),
        Gap("excluded", Value.EXCLUDED, 5),
        Gap("fine", Value.CONFORMS, 6, is_key=True),
    ]
    assert [gap.ref for gap in by_weight(gaps)] == ["key major", "excluded", "major", "key minor", "minor"]


def test_of_equal_weight_what_became_worse_comes_first() -> None:
    gaps = [
        Gap("many", Value.MAJOR, 1, activities=9),
        Gap("worse", Value.MAJOR, 2, activities=1, is_worse=True),
        Gap("few", Value.MAJOR, 0, activities=1),
    ]
    assert [gap.ref for gap in by_weight(gaps)] == ["worse", "many", "few"]


@calm
@given(st.lists(st.builds(Gap, st.just("Q"), st.sampled_from(list(Value)), st.integers(0, 400))))
def test_the_list_holds_every_gap_and_nothing_else(gaps: list[Gap]) -> None:
    found = by_weight(gaps)
    assert len(found) == sum(gap.value in GAPS for gap in gaps)
    assert [gap.weight for gap in found] == sorted((gap.weight for gap in found), reverse=True)
