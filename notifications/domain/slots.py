"""When a notice goes: at once, or with the digest at 07:00 of the person's own day. No Django."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

# Values of notifications.choices.Pace.
AT_ONCE, DAILY, WEEKLY, NEVER = "at once", "daily", "weekly", "never"
DIGESTS = frozenset({DAILY, WEEKLY})
HOUR = time(7)
MONDAY = 0

# A mail server that refuses is asked again after these minutes; then the notice is given up.
PAUSES = (2, 10, 60, 6 * 60, 24 * 60)


def goes_at(pace: str, noted: datetime, zone: str) -> datetime:
    """The first instant at which what was noted at `noted` may go to somebody whose day is that of `zone`.

    A digest goes at the first 07:00 after `noted`, a weekly one at the first on a Monday.
    """
    if pace not in DIGESTS:
        return noted
    day = local_day(noted, zone)
    while True:
        slot = slot_of(day, zone)
        if slot > noted and (pace == DAILY or day.weekday() == MONDAY):
            return slot
        day += timedelta(days=1)


def slot_of(day: date, zone: str) -> datetime:
    """07:00 on `day` in `zone`, in UTC."""
    return datetime.combine(day, HOUR, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def slot_after(pace: str, day: date, zone: str) -> datetime:
    """The first digest on a later day than `day`, for what missed the digest of `day`."""
    return goes_at(pace, slot_of(day, zone), zone)


def local_day(instant: datetime, zone: str) -> date:
    """The day of `instant` in `zone`."""
    return instant.astimezone(ZoneInfo(zone)).date()


def pause_after(attempts: int) -> timedelta | None:
    """How long to wait after `attempts` refusals; None where it is given up."""
    return timedelta(minutes=PAUSES[attempts - 1]) if attempts <= len(PAUSES) else None
