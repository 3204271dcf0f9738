"""Months as their first days."""

from datetime import date


def months_to(last: date, count: int) -> list[date]:
    """The first days of `count` months, the last of them that of `last`."""
    place = last.year * 12 + last.month - 1
    return [date(each // 12, each % 12 + 1, 1) for each in range(place - count + 1, place + 1)]
