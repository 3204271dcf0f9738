"""What happens to phase activities in the demo, as a list of dated acts. Reproducible: one seed, no clock."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from phases.selectors.board import BoardRow

SEED = 20000


@dataclass(frozen=True, slots=True, order=True)
class Act:
    """Something that somebody does to a row at an instant; acts sort by time."""

    at: datetime
    order: int
    verb: str = field(compare=False)
    row: BoardRow = field(compare=False)
    text: str = field(compare=False, default="")


def at_work(day: date, dice: random.Random) -> datetime:
    """Some minute of the working day `day`; weekends move to Monday."""
    while day.weekday() > 4:
        day += timedelta(days=1)
    return datetime.combine(day, time(7 + dice.randrange(9), dice.randrange(60)), tzinfo=UTC)


def plan_acts(rows: list[BoardRow], *, story: Mapping[str, Any], start: date, today: date) -> list[Act]:
    """The acts on `rows` (phases 0 to 2) from the start of the project to the day before `today`, by time."""
    dice = random.Random(SEED)  # noqa: S311 (a story, not a secret)
    closed = start + timedelta(weeks=story["phase_1_closed_in_week"])
    special = {(entry["ref"], entry["phase"]): entry for entry in [*story["blocked"], *story["late"]]}
    left_out = {(entry["ref"], entry["phase"]) for entry in story["not_applicable"]}
    carried = set(story["carried_over"])
    acts: list[Act] = []
    for row in rows:
        if row.phase > 2 or row.due is None or (row.ref, row.phase) in left_out:
            continue
        if (row.ref, row.phase) in special:
            acts += _special_acts(row, special[row.ref, row.phase], closed, today, dice)
        else:
            ordinary = _ordinary_acts(row, start, closed, today, dice)
            # What phase 1 leaves unfinished begins there and is finished in phase 2.
            acts += ordinary[:1] if row.phase == 1 and row.ref in carried else ordinary
    yesterday = today - timedelta(days=1)
    return sorted(act for act in acts if act.at.date() <= yesterday)


def _special_acts(row: BoardRow, entry: Mapping[str, Any], closed: date, today: date, dice: random.Random) -> list[Act]:
    if "reason" in entry:
        blocked = today - timedelta(days=entry["days_ago"])
        begun = max(closed + timedelta(days=3), blocked - timedelta(days=12))
        return [
            Act(at_work(begun, dice), 0, "start", row),
            Act(at_work(blocked, dice), 1, "block", row, entry["reason"]),
        ]
    if entry.get("started"):
        return [Act(at_work(today - timedelta(days=entry["days_late"] + 15), dice), 0, "start", row)]
    return []


def _ordinary_acts(row: BoardRow, start: date, closed: date, today: date, dice: random.Random) -> list[Act]:
    assert row.due is not None  # noqa: S101 (plan_acts leaves out rows without a date)
    opens = {0: start, 1: start + timedelta(weeks=10), 2: closed + timedelta(days=2)}[row.phase]
    roll = dice.random()
    slip = dice.randint(-9, -1) if roll < 0.7 else dice.randint(0, 9) if roll < 0.94 else dice.randint(10, 24)
    finish = max(opens + timedelta(days=2 + dice.randrange(12)), row.due + timedelta(days=slip))
    if row.phase == 0:
        finish = min(finish, start + timedelta(weeks=9, days=3))
    if row.phase == 1:
        finish = min(finish, closed - timedelta(days=8 + dice.randrange(10)))
    # What was due weeks ago has been finished by now, but for the rows the story keeps late.
    if row.phase == 2 and row.due < today - timedelta(days=2):
        finish = min(finish, max(today - timedelta(days=1 + dice.randrange(6)), opens + timedelta(days=3)))
    begin = max(opens, finish - timedelta(days=dice.randint(4, 24)))
    acts = [Act(at_work(begin, dice), 0, "start", row), Act(at_work(finish, dice), 1, "finish", row)]
    verified = finish + timedelta(days=dice.randint(1, 20))
    if row.phase == 0:
        verified = min(verified, start + timedelta(weeks=10) - timedelta(days=1))
    if row.phase == 1:
        verified = min(verified, closed - timedelta(days=3))
    if row.is_key or row.phase < 2 or dice.random() < 0.45:
        acts.append(Act(at_work(verified, dice), 2, "verify", row))
    return acts
