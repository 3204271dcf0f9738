"""What higher apps put into the calendars of a project, in their `AppConfig.ready()`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import User
from common.registry import Registry
from projects.models import Project


@dataclass(frozen=True, slots=True)
class CalendarThing:
    """Something with a day in a project's calendar. `kind` and `key` name it as the trail does.

    What takes hours of somebody's day has `starts_at` and `ends_at`. `uid` stays the same for the same thing, `version`
    grows with it, `since` is when it came to be.
    """

    kind: str
    key: str
    uid: str
    day: date
    title: str
    lines: tuple[str, ...]
    path: str
    version: int
    since: datetime
    starts_at: datetime | None = None
    ends_at: datetime | None = None


calendar_parts: Registry[Callable[[Project, User, str], Sequence[CalendarThing]]] = Registry("parts of the calendar")


def register_calendar_part(key: str, things: Callable[[Project, User, str], Sequence[CalendarThing]]) -> None:
    """Let a project's calendar hold days of another kind.

    `things(project, user, content)` gives them for one's own dates or for the plan, in at most two queries.
    """
    calendar_parts.register(key, things)
