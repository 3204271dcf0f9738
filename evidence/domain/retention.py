"""From what day something that no longer counts may be disposed of. Pure arithmetic of days."""

from calendar import monthrange
from datetime import date


def months_before(day: date, months: int) -> date:
    """The same day of the month `months` before, or the last of a month that is too short for it."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def kept_until(left: date, months: int) -> date:
    """The first day on which what left on `left` has been kept for `months` whole months.

    Where that month has no such day it is the first of the next one: rather a day too long than one too short.
    So `kept_until(left, n) <= today` says the same as `left <= months_before(today, n)`.
    """
    year, month = divmod(left.year * 12 + left.month - 1 + months, 12)
    if left.day <= monthrange(year, month + 1)[1]:
        return date(year, month + 1, left.day)
    year, month = divmod(year * 12 + month + 1, 12)
    return date(year, month + 1, 1)
