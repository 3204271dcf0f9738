"""Whether a project is on course, by rules that say which of them fired. No Django.

The rules are our own practice guidance. Late: the gate is forecast more than ten working days after the baseline, or
a tenth or more of what was due is over ten days overdue. At risk: the gate is forecast more than five working days
after it, a twentieth of what was due is that late, a block is older than ten days, work that nobody has is due within
30 days, or nobody has updated anything for 14 days. Unknown: the first four weeks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from phases.domain.figures import FigureRow
from phases.domain.transitions import BLOCKED, NOT_APPLICABLE, OPEN_STATUSES

ON_TRACK, AT_RISK, LATE, UNKNOWN = "on track", "at risk", "late", "unknown"
ORDER = (LATE, AT_RISK, UNKNOWN, ON_TRACK)
FORECAST_LATE, FORECAST_RISK = 10, 5
SHARE_LATE, SHARE_RISK = 10, 5  # percent of what was due
OVERDUE_DAYS, BLOCK_DAYS, UNASSIGNED_DAYS, SILENT_DAYS = 10, 10, 30, 14
FIRST_WEEKS = 4


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that fired: its key, and the figure that made it fire (days, percent or a count), with its base."""

    key: str
    level: str
    value: int
    of: int = 0


@dataclass(frozen=True, slots=True)
class Health:
    """The level, and every rule that fired, the one that decided first."""

    level: str
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Signs:
    """What the rules look at. `gate_slip` is in working days, None where there is no forecast or no baseline.

    `last_update` is the day of the newest trail event; `started` the first day of the project.
    """

    today: date
    started: date
    last_update: date | None
    gate_slip: int | None
    is_over: bool = False


def health_of(rows: Iterable[FigureRow], signs: Signs) -> Health:
    """The health that `rows` (those of the phase under way, without the supplement) and `signs` make."""
    if signs.is_over:
        return Health(ON_TRACK)
    if (signs.today - signs.started).days < FIRST_WEEKS * 7:
        return Health(UNKNOWN, (Rule("first weeks", UNKNOWN, FIRST_WEEKS),))
    fired = [*_forecast(signs), *_rows(list(rows), signs.today), *_silence(signs)]
    if not fired:
        return Health(ON_TRACK)
    fired.sort(key=lambda rule: ORDER.index(rule.level))
    return Health(fired[0].level, tuple(fired))


def _forecast(signs: Signs) -> list[Rule]:
    slip = signs.gate_slip
    if slip is None or slip <= FORECAST_RISK:
        return []
    return [Rule("forecast", LATE if slip > FORECAST_LATE else AT_RISK, slip)]


def _rows(rows: list[FigureRow], today: date) -> list[Rule]:
    fired = []
    was_due = [row for row in rows if row.due is not None and row.due < today and row.status != NOT_APPLICABLE]
    long_overdue = [
        row for row in was_due if row.status in OPEN_STATUSES and row.due and (today - row.due).days > OVERDUE_DAYS
    ]
    if was_due and len(long_overdue) * 100 >= SHARE_RISK * len(was_due):
        level = LATE if len(long_overdue) * 100 >= SHARE_LATE * len(was_due) else AT_RISK
        fired.append(Rule("overdue", level, len(long_overdue), len(was_due)))
    blocks = [(today - row.since).days for row in rows if row.status == BLOCKED and row.since is not None]
    if blocks and max(blocks) > BLOCK_DAYS:
        fired.append(Rule("blocked", AT_RISK, max(blocks), sum(age > BLOCK_DAYS for age in blocks)))
    soon = today + timedelta(days=UNASSIGNED_DAYS)
    nobody = sum(
        row.status in OPEN_STATUSES and row.party_id is None and row.due is not None and row.due <= soon for row in rows
    )
    if nobody:
        fired.append(Rule("unassigned", AT_RISK, nobody))
    return fired


def _silence(signs: Signs) -> list[Rule]:
    if signs.last_update is None:
        return []
    quiet = (signs.today - signs.last_update).days
    return [Rule("silence", AT_RISK, quiet)] if quiet >= SILENT_DAYS else []
