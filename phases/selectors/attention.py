"""What needs somebody's attention in a phase, most urgent first. Pure: it takes rows and gives rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from phases.domain.transitions import BLOCKED, DONE
from phases.selectors.board import BoardRow

OVERDUE, STUCK, UNASSIGNED, VERIFY = "overdue", "blocked", "unassigned", "verify"
KINDS = (OVERDUE, STUCK, UNASSIGNED, VERIFY)
LONG_WAIT_DAYS = 14
SHOWN = 10
# How many places each kind is sure of, so that a long list of late work does not hide a block.
_PLACES = {OVERDUE: 4, STUCK: 2, UNASSIGNED: 2, VERIFY: 2}


@dataclass(frozen=True, slots=True)
class Concern:
    """A row and why it is here. `days` it is late, blocked or waiting; for unassigned work until it is due."""

    kind: str
    days: int
    row: BoardRow


@dataclass(frozen=True, slots=True)
class Attention:
    """The most urgent concerns, and how many there are in all."""

    concerns: tuple[Concern, ...]
    total: int


def concern_of(row: BoardRow, since: Mapping[int, date], today: date) -> Concern | None:
    """Why a row needs attention, or None. A row has one reason, the most urgent.

    `since` is the day from which a row has its status, by id; needed for blocked and done rows.
    """
    if row.days_late is not None:
        return Concern(OVERDUE, row.days_late, row)
    waited = (today - since.get(row.pk, today)).days
    if row.status == BLOCKED:
        return Concern(STUCK, waited, row)
    if row.is_open and row.party_id is None and row.days_left is not None:
        return Concern(UNASSIGNED, row.days_left, row)
    if row.status == DONE and waited >= LONG_WAIT_DAYS:
        return Concern(VERIFY, waited, row)
    return None


def _urgency(concern: Concern) -> tuple[int, int, bool, int]:
    days = concern.days if concern.kind == UNASSIGNED else -concern.days
    return KINDS.index(concern.kind), days, not concern.row.is_key, concern.row.position


def attention_of(rows: Iterable[BoardRow], since: Mapping[int, date], today: date, shown: int = SHOWN) -> Attention:
    """The `shown` most urgent of `rows`: each kind gets its places first, the rest goes in the order of kinds."""
    found = sorted((concern for row in rows if (concern := concern_of(row, since, today)) is not None), key=_urgency)
    sure: list[Concern] = []
    for kind in KINDS:
        sure += [concern for concern in found if concern.kind == kind][: _PLACES[kind]]
    chosen = sure[:shown]
    chosen += [concern for concern in found if concern not in sure][: shown - len(chosen)]
    return Attention(tuple(sorted(chosen, key=_urgency)), len(found))
