"""What an answer is in a cell of a file, and how what people type is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gapanalysis.choices import AnswerValue, Instrument
from gapanalysis.domain.answer_file import (
    NO_ANSWER,
    NOT_A_RATING,
    NOT_A_RUNG,
    NOT_AN_ANSWER,
    STEPS,
    answer_cell,
    read_answer,
    rungs_of,
)
from gapanalysis.domain.answers import Value
from gapanalysis.domain.ladder import RUNGS


@pytest.mark.parametrize(
    ("instrument", "typed", "read"),
    [
        ("requirement", "  Minor\n GAP ", ("minor gap", "")),
        ("requirement", "Excluded: conformity cannot be claimed", ("excluded", "")),
        ("requirement", "", ("unanswered", "")),
        ("requirement", "not applicable", ("not applicable", NOT_AN_ANSWER)),
        ("requirement", "minor", ("minor", NOT_AN_ANSWER)),
        ("ladder", "Operated; defined", ("defined, operated", "")),
        ("ladder", "defined\ndocumented", ("defined, documented", "")),
        ("ladder", "none", ("none", "")),
        ("ladder", "", ("", "")),
        ("ladder", "defined, flown", ("defined", NOT_A_RUNG)),
        ("ladder", "none, defined", ("defined", NOT_A_RUNG)),
        ("readiness", "3", ("3", "")),
        ("readiness", "", ("", "")),
        ("readiness", "5", ("5", NOT_A_RATING)),
        ("readiness", "2.5", ("2.5", NOT_A_RATING)),
        ("survey", "", ("", "")),
        ("survey", "yes", ("yes", NO_ANSWER)),
    ],
)
def test_people_may_type_it_their_way_and_nothing_is_guessed(
    instrument: str, typed: str, read: tuple[str, str]
) -> None:
    assert read_answer(instrument, typed) == read


@given(
    st.sampled_from(list(Instrument.values)),
    st.sampled_from(list(Value)),
    st.sets(st.sampled_from(RUNGS)),
    st.none() | st.integers(0, 4),
    st.booleans(),
)
def test_what_is_written_is_read_as_it_is(
    instrument: str, value: Value, rungs: set[str], rating: int | None, is_answered: bool
) -> None:
    cell = answer_cell(instrument, value=value, rungs=rungs, rating=rating, is_answered=is_answered)
    assert read_answer(instrument, cell) == (cell, "")
    assert set(rungs_of(cell)) == (rungs if instrument == "ladder" else set(rungs_of(cell)))


def test_the_list_to_pick_from_has_every_answer_and_ladders_from_the_bottom_up() -> None:
    assert all(read_answer("requirement", value)[1] == "" for value in AnswerValue.values)
    assert all(read_answer("requirement", str(label))[1] == "" for label in AnswerValue.labels)
    assert (STEPS[0], STEPS[1], len(STEPS)) == ("defined", "defined, documented", 7)
    assert all(read_answer("ladder", step) == (step, "") for step in STEPS)
