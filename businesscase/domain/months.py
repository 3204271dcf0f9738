"""Months as whole numbers, so that they can be counted: January of year 1 is 12."""

from datetime import date

Month = int

FIRST_YEAR = 2000
LAST_YEAR = 2100


def month_of(day: date) -> Month:
    """The month that `day` lies in."""
    return day.year * 12 + day.month - 1


def first_day(month: Month) -> date:
    """The first day of a month."""
    return date(month // 12, month % 12 + 1, 1)


def month_label(month: Month) -> str:
    """`YYYY-MM`."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def parse_month(text: str) -> Month:
    """The month that `YYYY-MM` names. Raises ValueError for anything else, and outside the years 2000 to 2100."""
    year, dash, number = text.strip().partition("-")
    if not dash or len(year) != 4 or len(number) != 2 or not (year + number).isascii() or not (year + number).isdigit():
        raise ValueError(text)
    if not 1 <= int(number) <= 12 or not FIRST_YEAR <= int(year) <= LAST_YEAR:
        raise ValueError(text)
    return int(year) * 12 + int(number) - 1
