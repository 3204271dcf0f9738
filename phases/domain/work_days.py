"""Which part of a person's list a day belongs to. No Django."""

from datetime import date, timedelta

LATE, TODAY, WEEK, LATER = "late", "today", "week", "later"
DAY_SECTIONS = (LATE, TODAY, WEEK, LATER)


def end_of_week(today: date) -> date:
    """The Sunday of the week of `today`; weeks go from Monday to Sunday."""
    return today + timedelta(days=6 - today.weekday())


def section_of(due: date | None, today: date) -> str:
    """Late, today, this week or later; what has no day is later."""
    if due is None:
        return LATER
    if due < today:
        return LATE
    if due == today:
        return TODAY
    return WEEK if due <= end_of_week(today) else LATER
