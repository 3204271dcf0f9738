"""When notices go, for every time zone and on the days on which clocks are changed."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.domain.slots import (
    AT_ONCE,
    DAILY,
    PAUSES,
    WEEKLY,
    goes_at,
    local_day,
    pause_after,
    slot_after,
    slot_of,
)

ZONES = st.sampled_from(
    [
        "UTC",
        "Europe/Vienna",
        "America/New_York",
        "America/Sao_Paulo",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
        "Pacific/Apia",
        "Pacific/Kiritimati",
        "Africa/Casablanca",
    ]
)
INSTANTS = st.datetimes(datetime(2010, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 (the bounds that hypothesis takes have no zone)


@given(noted=INSTANTS, zone=ZONES)
def test_at_once_is_now(noted: datetime, zone: str) -> None:
    assert goes_at(AT_ONCE, noted, zone) == noted


@given(noted=INSTANTS, zone=ZONES)
def test_a_daily_digest_goes_at_seven_within_a_day_or_so(noted: datetime, zone: str) -> None:
    slot = goes_at(DAILY, noted, zone)
    assert noted < slot <= noted + timedelta(hours=49)
    if zone != "Pacific/Apia":
        assert slot.astimezone(ZoneInfo(zone)).strftime("%H:%M") == "07:00"
        assert slot <= noted + timedelta(hours=25)


@given(noted=INSTANTS, zone=ZONES)
def test_a_weekly_digest_goes_on_a_monday_at_seven(noted: datetime, zone: str) -> None:
    slot = goes_at(WEEKLY, noted, zone)
    assert noted < slot <= noted + timedelta(days=7, hours=1)
    assert slot.astimezone(ZoneInfo(zone)).strftime("%a %H:%M") == "Mon 07:00"


@given(noted=INSTANTS, zone=ZONES, pace=st.sampled_from([DAILY, WEEKLY]))
def test_nothing_is_skipped_between_two_instants(noted: datetime, zone: str, pace: str) -> None:
    slot = goes_at(pace, noted, zone)
    just_before = slot - timedelta(seconds=1)
    assert goes_at(pace, max(noted, just_before), zone) == slot


@given(day=st.dates(date(2010, 1, 1), date(2040, 1, 1)), zone=ZONES, pace=st.sampled_from([DAILY, WEEKLY]))
def test_what_missed_a_digest_goes_on_a_later_day(day: date, zone: str, pace: str) -> None:
    slot = slot_after(pace, day, zone)
    assert slot > slot_of(day, zone)
    assert local_day(slot, zone) > local_day(slot_of(day, zone), zone)


@pytest.mark.parametrize(
    ("noted", "zone", "expected"),
    [
        # Vienna: summer time begins on 29 March and ends on 25 October 2026.
        (datetime(2026, 3, 28, 12, tzinfo=UTC), "Europe/Vienna", datetime(2026, 3, 29, 5, tzinfo=UTC)),
        (datetime(2026, 10, 24, 12, tzinfo=UTC), "Europe/Vienna", datetime(2026, 10, 25, 6, tzinfo=UTC)),
        (datetime(2026, 3, 2, 7, 0, tzinfo=UTC), "UTC", datetime(2026, 3, 3, 7, tzinfo=UTC)),
        (datetime(2026, 3, 2, 6, 59, tzinfo=UTC), "UTC", datetime(2026, 3, 2, 7, tzinfo=UTC)),
        (datetime(2026, 3, 2, 18, 0, tzinfo=UTC), "Pacific/Kiritimati", datetime(2026, 3, 3, 17, tzinfo=UTC)),
    ],
)
def test_seven_oclock_is_that_of_the_persons_day(noted: datetime, zone: str, expected: datetime) -> None:
    assert goes_at(DAILY, noted, zone) == expected


def test_pauses_grow_and_end() -> None:
    pauses = [pause_after(attempts) for attempts in range(1, len(PAUSES) + 1)]
    assert pauses == sorted(pauses)
    assert pause_after(len(PAUSES) + 1) is None
