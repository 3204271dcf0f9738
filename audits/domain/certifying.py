"""Days of the way to a certificate, and of what comes round: plain arithmetic."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

STAGE_1, STAGE_2, STATEMENT = "stage 1", "stage 2", "statement"
ANCHORS = (STAGE_1, STAGE_2, STATEMENT)
SOON_DAYS = 28
FRIDAY = 4

STAGE_1_WEEKS = 4
"""So long after phase 3 comes stage 1, as practice has it."""
STAGE_2_WEEKS = 6
"""So long after stage 1 comes stage 2."""
STATEMENT_WEEKS = 6
"""So long after phase 3 a declaration or a statement can stand."""
LATER_MONTHS: Mapping[str, int] = {"surveillance 1": 11, "surveillance 2": 23, "recertification": 33}
"""So long after stage 2 the visits of the later years come: early enough that the certificate does not lapse."""

DONE, LATE, SOON, LATER, OPEN = "done", "late", "soon", "later", "open"


def plus_months(day: date, months: int) -> date:
    """The same day so many months on; the last of the month where it has no such day."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def planned_days(phase_3: date, held: Mapping[str, date] | None = None) -> dict[str, date]:
    """When each audit of a round of certification is due, from the day that phase 3 ends.

    What is agreed already (`held`) moves what comes after it.
    """
    known = held or {}
    stage_1 = known.get(STAGE_1, phase_3 + timedelta(weeks=STAGE_1_WEEKS))
    stage_2 = known.get(STAGE_2, stage_1 + timedelta(weeks=STAGE_2_WEEKS))
    days = {STAGE_1: stage_1, STAGE_2: stage_2}
    return {**days, **{kind: plus_months(stage_2, months) for kind, months in LATER_MONTHS.items()}}


def weekday(day: date) -> date:
    """`day`, or the Monday after it where it is a Saturday or a Sunday."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > FRIDAY else 0)


def anchors(phase_3: date | None, held: Mapping[str, date], wished: date | None) -> dict[str, date]:
    """The days that the steps of a way hang on: those of audits that are planned, else what practice gives.

    `wished` is when a statement is wanted. Without any day, the mapping lacks the anchor.
    """
    found: dict[str, date] = {}
    if phase_3 is not None:
        usual = planned_days(phase_3, held)
        found = {STAGE_1: usual[STAGE_1], STAGE_2: usual[STAGE_2]}
        found[STATEMENT] = phase_3 + timedelta(weeks=STATEMENT_WEEKS)
    else:
        found = {kind: day for kind, day in held.items() if kind in (STAGE_1, STAGE_2)}
    if wished is not None:
        found[STATEMENT] = wished
    return found


def standing(*, met: bool, by: date | None, today: date) -> str:
    """Where a step stands on `today`: done, late, soon (within four weeks), later, or open where it has no day."""
    if met:
        return DONE
    if by is None:
        return OPEN
    if by < today:
        return LATE
    return SOON if (by - today).days <= SOON_DAYS else LATER


def next_round(was_due: date, months: int, done_on: date) -> date:
    """When something comes again that was due on `was_due` and done on `done_on`: in its own rhythm, and after both.

    Done early, it does not come twice for one round; done late, the rounds that were missed are not asked for.
    """
    count = 1
    while (following := plus_months(was_due, months * count)) <= done_on:
        count += 1
    return following


@dataclass(frozen=True, slots=True)
class StepDone:
    """A step of a new or changed service: whether it must come before live use, and whether it is done."""

    key: str
    before_live: bool
    done: bool


def lacking_for_live(steps: list[StepDone]) -> list[str]:
    """The steps without which a service cannot go live."""
    return [step.key for step in steps if step.before_live and not step.done]
