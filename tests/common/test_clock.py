"""The one source of time."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from common import clock

AT = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)


def test_it_tells_the_present_in_utc() -> None:
    assert clock.now().tzinfo is UTC
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)  # noqa: TID251 (the clock is compared with the real one)


def test_it_stands_where_it_was_moved_to_and_goes_back() -> None:
    with clock.moved_to(AT):
        assert clock.now() == AT
        with clock.moved_to(AT + timedelta(days=1)):
            assert clock.now() == AT + timedelta(days=1)
        assert clock.now() == AT
    assert clock.now() > AT


def test_it_goes_back_after_an_error() -> None:
    with pytest.raises(RuntimeError), clock.moved_to(AT):
        raise RuntimeError
    assert clock.now() != AT


def test_it_refuses_an_instant_without_a_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"), clock.moved_to(datetime(2026, 3, 2)):  # noqa: DTZ001 (what the clock must refuse)
        pass


def test_it_turns_every_instant_into_utc() -> None:
    with clock.moved_to(datetime(2026, 3, 3, 1, 30, tzinfo=timezone(timedelta(hours=2)))):
        assert clock.now() == AT
        assert clock.now().utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("UTC", date(2026, 3, 2)),
        ("Europe/Vienna", date(2026, 3, 3)),
        ("America/New_York", date(2026, 3, 2)),
        ("Pacific/Kiritimati", date(2026, 3, 3)),
        ("Pacific/Pago_Pago", date(2026, 3, 2)),
    ],
)
def test_it_knows_which_day_it_is_somewhere(zone: str, day: date) -> None:
    with clock.moved_to(AT):
        assert clock.today(zone) == day


def test_a_day_begins_at_midnight_of_its_place() -> None:
    assert clock.start_of(date(2026, 3, 2), "Europe/Vienna") == datetime(2026, 3, 1, 23, tzinfo=UTC)


def test_a_day_on_which_the_clocks_change_has_its_own_length() -> None:
    day = date(2026, 3, 29)
    length = clock.end_of(day, "Europe/Vienna") - clock.start_of(day, "Europe/Vienna")
    assert length == timedelta(hours=23)
