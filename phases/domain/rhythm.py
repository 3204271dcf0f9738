"""When something that comes round is due next. No Django."""

from calendar import monthrange
from datetime import date

MONTHS = {"monthly": 1, "quarterly": 3, "yearly": 12}
# Our own practice guidance: what goes on is looked at every month, what reviews it every quarter.
USUAL = {"operate": "monthly", "review": "quarterly"}


def months_after(day: date, months: int) -> date:
    """The same day `months` later, or the last of a month that is too short for it."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def next_due(first: date, rhythm: str, after: date) -> date:
    """The first day after `after` in the rhythm that begins with `first`: the day of the month of `first` is kept.

    Raises KeyError for a rhythm that is none.
    """
    step = MONTHS[rhythm]
    passed = (after.year - first.year) * 12 + after.month - first.month
    count = max(0, passed // step)
    while (due := months_after(first, count * step)) <= after:
        count += 1
    return due
