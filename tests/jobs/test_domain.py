"""When recurring work is due, and who shows no life."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.domain import Daily, Every, Sightings

START = datetime(2020, 1, 1, tzinfo=UTC)
INSTANTS = st.integers(0, 20 * 365 * 86_400_000).map(lambda part: START + timedelta(milliseconds=part))
DAILY = st.builds(Daily, st.integers(0, 23), st.integers(0, 59))
EVERY = st.builds(Every, st.timedeltas(timedelta(seconds=1), timedelta(days=9)))


def test_a_daily_slot_is_the_last_one_that_has_come() -> None:
    nightly = Daily(1, 30)
    assert nightly.slot(datetime(2026, 3, 2, 1, 30, tzinfo=UTC)) == datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
    assert nightly.slot(datetime(2026, 3, 2, 1, 29, 59, tzinfo=UTC)) == datetime(2026, 3, 1, 1, 30, tzinfo=UTC)
    assert nightly.following(datetime(2026, 3, 2, 9, tzinfo=UTC)) == datetime(2026, 3, 3, 1, 30, tzinfo=UTC)


def test_a_slot_is_the_same_instant_in_every_zone() -> None:
    here = datetime(2026, 3, 29, 4, 0, tzinfo=timezone(timedelta(hours=2)))
    assert Daily(1, 30).slot(here) == Daily(1, 30).slot(here.astimezone(UTC))


def test_a_period_is_counted_from_a_fixed_instant() -> None:
    assert Every(timedelta(minutes=5)).slot(datetime(2026, 3, 2, 9, 3, 7, tzinfo=UTC)) == datetime(
        2026, 3, 2, 9, 0, tzinfo=UTC
    )


def test_a_period_under_a_second_is_refused() -> None:
    with pytest.raises(ValueError, match="once a second"):
        Every(timedelta(milliseconds=999))


@given(DAILY | EVERY, INSTANTS)
def test_now_lies_between_a_slot_and_the_following_one(schedule: Daily | Every, now: datetime) -> None:
    assert schedule.slot(now) <= now < schedule.following(now)


@given(DAILY | EVERY, INSTANTS, st.timedeltas(timedelta(0), timedelta(days=30)))
def test_a_clock_that_goes_back_and_forth_meets_the_same_slots(
    schedule: Daily | Every, now: datetime, later: timedelta
) -> None:
    first, then = schedule.slot(now), schedule.slot(now + later)
    assert first <= then
    assert schedule.slot(first) == first
    assert schedule.slot(now) == first


def test_a_sign_that_stays_the_same_for_long_is_lost() -> None:
    sightings: Sightings[str] = Sightings(patience=30)
    assert sightings.lost({"a": 1, "b": 1}, at=0) == []
    assert sightings.lost({"a": 2, "b": 1}, at=29.9) == []
    assert sightings.lost({"a": 2, "b": 1}, at=30) == ["b"]
    assert sightings.lost({"a": 2}, at=60) == ["a"]


def test_what_has_ended_is_forgotten() -> None:
    sightings: Sightings[str] = Sightings(patience=30)
    sightings.lost({"a": 1}, at=0)
    sightings.lost({}, at=10)
    assert sightings.lost({"a": 1}, at=40) == []


@given(st.lists(st.tuples(st.floats(0, 20), st.integers(0, 3)), min_size=1))
def test_nobody_is_lost_whose_sign_moved_within_the_patience(steps: list[tuple[float, int]]) -> None:
    sightings: Sightings[str] = Sightings(patience=30)
    at = moved_at = 0.0
    before = None
    for pause, sign in steps:
        at += pause
        if sign != before:
            moved_at, before = at, sign
        assert bool(sightings.lost({"a": sign}, at=at)) == (at - moved_at >= 30)
