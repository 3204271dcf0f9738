"""Who was at the top of a project when, and how long proof of commitment stays fresh. No Django."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Strength(StrEnum):
    """What the proof of a point is worth today: none at all, only old, or recent."""

    NONE = "none"
    OLD = "old"
    FRESH = "fresh"


@dataclass(frozen=True, slots=True)
class Term:
    """A role that somebody held from an instant until another; None: still."""

    role: str
    since: datetime
    until: datetime | None = None

    def holds_at(self, instant: datetime) -> bool:
        """Whether it held at `instant`."""
        return self.since <= instant and (self.until is None or instant < self.until)


@dataclass(frozen=True, slots=True)
class Leaders:
    """The people at the top of a project, by user: each with the roles they hold or held, the higher first."""

    terms: Mapping[int, Sequence[Term]]

    def role_at(self, user: int | None, instant: datetime | None) -> str:
        """In which role `user` acted at `instant`; "" where they were not at the top then."""
        if user is None or instant is None:
            return ""
        return next((term.role for term in self.terms.get(user, ()) if term.holds_at(instant)), "")

    @property
    def people(self) -> frozenset[int]:
        """All of them, of today and before."""
        return frozenset(self.terms)


def months_before(day: date, months: int) -> date:
    """The same day `months` earlier, or the last of that month."""
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(years, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def strength_of(days: Sequence[date | None], today: date, fresh_months: int) -> Strength:
    """What proof of these days is worth `today`, where it is fresh for so many months. A day that lies ahead, or none,
    shows nothing yet.
    """
    past = [day for day in days if day is not None and day <= today]
    if not past:
        return Strength.NONE
    return Strength.FRESH if max(past) >= months_before(today, fresh_months) else Strength.OLD
