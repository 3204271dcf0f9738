"""The one source of time. Everything that asks what time it is asks here.

Demo history and tests run the services under a moved clock (`moved_to`), so nothing else in the project may
call `timezone.now()`, `date.today()` or use `auto_now`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_moved: ContextVar[datetime | None] = ContextVar("smsplan_clock", default=None)


def now() -> datetime:
    """The present instant, in UTC."""
    return _moved.get() or datetime.now(UTC)


def today(time_zone: str = "UTC") -> date:
    """The present day in `time_zone` (an IANA name): the day that deadlines are measured against."""
    return now().astimezone(ZoneInfo(time_zone)).date()


def day_of(instant: datetime, time_zone: str) -> date:
    """The day of `instant` in `time_zone`."""
    return instant.astimezone(ZoneInfo(time_zone)).date()


def start_of(day: date, time_zone: str) -> datetime:
    """The first instant of `day` in `time_zone`, in UTC."""
    return datetime.combine(day, time.min, tzinfo=ZoneInfo(time_zone)).astimezone(UTC)


def end_of(day: date, time_zone: str) -> datetime:
    """The first instant after `day` in `time_zone`, in UTC."""
    return start_of(day + timedelta(days=1), time_zone)


@contextmanager
def moved_to(instant: datetime) -> Iterator[None]:
    """Let `now()` answer `instant` inside the block. Raises ValueError for an instant without a time zone."""
    if instant.tzinfo is None:
        raise ValueError("the clock needs an instant with a time zone")
    token = _moved.set(instant.astimezone(UTC))
    try:
        yield
    finally:
        _moved.reset(token)
