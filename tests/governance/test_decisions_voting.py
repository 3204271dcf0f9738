"""How votes are counted."""

from hypothesis import given
from hypothesis import strategies as st

from governance.domain.frozen import contradictions
from governance.domain.voting import Tally, count

SEATS = st.lists(st.tuples(st.sampled_from(["for", "against", "abstain", ""]), st.booleans()), max_size=12)


@given(SEATS, st.none() | st.integers(1, 15))
def test_every_seat_is_counted_once(seats: list[tuple[str, bool]], quorum: int | None) -> None:
    tally = count(seats, quorum)
    assert tally.members + tally.left == len(seats)
    assert 1 <= tally.needed <= max(1, tally.members)
    assert tally.has_quorum == (tally.answered >= tally.needed)
    assert tally.is_carried == (tally.has_quorum and tally.votes_for > tally.votes_against)


@given(SEATS, st.none() | st.integers(1, 15))
def test_who_left_turns_nothing(seats: list[tuple[str, bool]], quorum: int | None) -> None:
    stayed = count([seat for seat in seats if not seat[1]], quorum)
    tally = count(seats, quorum)
    assert (tally.is_carried, tally.has_quorum) == (stayed.is_carried, stayed.has_quorum)


@given(SEATS, st.none() | st.integers(1, 15), st.lists(st.sampled_from(["for", "against", "abstain"]), max_size=12))
def test_what_is_settled_stays_so_whatever_the_others_say(
    seats: list[tuple[str, bool]], quorum: int | None, later: list[str]
) -> None:
    tally = count(seats, quorum)
    answers = iter(later)
    after = count([(choice or (next(answers, "") if not left else ""), left) for choice, left in seats], quorum)
    if tally.is_settled:
        assert after.is_carried == tally.is_carried


def test_a_tie_is_not_carried_and_an_abstention_takes_part() -> None:
    assert not Tally(votes_for=2, votes_against=2, quorum=3).is_carried
    assert Tally(votes_for=1, abstained=2, quorum=3).is_carried
    assert not Tally(votes_for=1, abstained=1, waiting=1, quorum=3).is_carried
    assert not Tally(abstained=3).is_carried


def test_a_moment_that_contradicts_itself_says_how() -> None:
    seat = {"choice": "against", "left": False}
    moment = {"outcome": "go", "manner": "consensus", "quorum": None, "seats": [seat], "conditions": [{}]}
    criteria = [{"met": "waived"}, {"met": False}]
    assert list(contradictions({**moment, "criteria": criteria})) == [
        "goes on although a criterion is not met",
        "has conditions, or lacks them, against its outcome",
        "counts as consensus against a vote",
    ]
    voted = {**moment, "manner": "vote", "criteria": [], "conditions": []}
    assert list(contradictions(voted)) == ["says another outcome than its votes"]
