"""Where an objective stands: what was measured last against the target and the straight way there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

#: Last month's figure is made in the first days of this one.
DAY_TO_MEASURE = 10


class Standing(StrEnum):
    """How an objective does."""

    UNMEASURED = "unmeasured"
    REACHED = "reached"
    ON_THE_WAY = "on the way"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Aim:
    """What is to be reached until when, from where; `higher` says that more is better."""

    target: Decimal
    target_on: date
    higher: bool = True
    baseline: Decimal | None = None


def reached(aim: Aim, value: Decimal) -> bool:
    """Whether `value` is as good as the target, or better."""
    return value >= aim.target if aim.higher else value <= aim.target


def expected(aim: Aim, begun: date, month: date) -> Decimal | None:
    """What `month` needs for a straight way from the baseline (in the month of `begun`) to the target.

    None without a baseline, or where the baseline is as good as the target already. From `target_on` on, the target.
    """
    if aim.baseline is None or reached(aim, aim.baseline):
        return None
    whole = _months(begun, aim.target_on)
    gone = _months(begun, month)
    if whole <= 0 or gone >= whole:
        return aim.target
    return aim.baseline + (aim.target - aim.baseline) * max(0, gone) / whole


def standing_of(aim: Aim, begun: date, values: Mapping[date, Decimal]) -> Standing:
    """Where the newest of `values` (by the first day of its month) leaves the objective."""
    if not values:
        return Standing.UNMEASURED
    month = max(values)
    if reached(aim, values[month]):
        return Standing.REACHED
    needed = expected(aim, begun, month)
    if needed is not None and (values[month] >= needed if aim.higher else values[month] <= needed):
        return Standing.ON_THE_WAY
    return Standing.OFF


def is_late(begun: date, newest: date | None, today: date) -> bool:
    """Whether a value of a month that is over is missing. Last month's may come until the tenth of this one."""
    # Without a value the month in which it was set is the first to be measured.
    missing = _months(newest, today) - 1 if newest is not None else _months(begun, today)
    return missing > (1 if today.day <= DAY_TO_MEASURE else 0)


def month_due(today: date) -> date:
    """The last month (its first day) whose value should be there: the one before this, from the eleventh on."""
    back = 1 if today.day > DAY_TO_MEASURE else 2
    place = today.year * 12 + today.month - 1 - back
    return date(place // 12, place % 12 + 1, 1)


def _months(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month
