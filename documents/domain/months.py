"""Months: the first days of a run of them, and days that come again."""

from calendar import monthrange
from datetime import date


def months_to(last: date, count: int) -> list[date]:
    """The first days of `count` months, the last of them that of `last`."""
    place = last.year * 12 + last.month - 1
    return [date(each // 12, each % 12 + 1, 1) for each in range(place - count + 1, place + 1)]


def day_after_months(day: date, step: int, after: date) -> date:
    """The first day later than `after` and than `day` of those that come every `step` months from `day`.

    A day that a month does not have is its last.
    """
    months = (after.year - day.year) * 12 + after.month - day.month
    count = max(1, months // step)
    while (found := _moved(day, count * step)) <= after:
        count += 1
    return found


def _moved(day: date, months: int) -> date:
    place = day.year * 12 + day.month - 1 + months
    year, month = place // 12, place % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
