"""What follows from an answer, activity by activity. Proposed with its reason; a person accepts or dismisses it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from gapanalysis.domain.answers import Value

OPEN = frozenset({"not started", "in progress", "blocked"})
DONE = frozenset({"done", "verified"})
SHIFT = timedelta(weeks=4)
"""By how much work starts earlier, or gets more time."""


class Proposed(StrEnum):
    """What is proposed for one row of the plan."""

    ALREADY_MET = "already met"
    IMPROVE_ONLY = "improve only"
    START_EARLIER = "start earlier"
    MORE_TIME = "needs more time"
    REOPEN = "reopen"
    KEY = "key"


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A phase activity, as far as proposals look at it. `nature` and `status` as in the plan."""

    ref: str
    phase: int
    status: str
    nature: str
    is_key: bool
    is_improve_only: bool
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """`what` for the row of `ref` in `phase`, because the question `question` was answered `value`."""

    ref: str
    phase: int
    what: Proposed
    question: str
    value: Value


def proposals_for(
    *, question: str, value: Value, activities: Iterable[str], rows: Sequence[PlanRow], current_phase: int
) -> list[Proposal]:
    """What PRACTICE proposes for the rows that `question` reaches, in the order of refs and phases.

    Conforms: the open row of the current phase is already met, later rows become "improve only". Minor gap: a done
    row of the current phase is reopened; nothing else, the finding carries the action. Major gap or excluded: done
    rows are reopened, an open row becomes key and needs more time, and where the first open row lies in a later phase
    the work starts earlier. No case yet and unanswered: nothing. Rows of closed phases and rows that are not
    applicable are never touched.
    """
    reached = set(activities)
    mine = sorted(
        (row for row in rows if row.ref in reached and not row.is_closed and row.status != "not applicable"),
        key=lambda row: (row.ref, row.phase),
    )
    found: list[Proposal] = []

    def propose(row: PlanRow, what: Proposed) -> None:
        found.append(Proposal(row.ref, row.phase, what, question, value))

    for row in mine:
        if value == Value.CONFORMS:
            if row.phase == current_phase and row.status in OPEN:
                propose(row, Proposed.ALREADY_MET)
            elif row.phase > current_phase and row.status in OPEN and not row.is_improve_only:
                propose(row, Proposed.IMPROVE_ONLY)
        elif value == Value.MINOR:
            if row.phase <= current_phase and row.status in DONE:
                propose(row, Proposed.REOPEN)
        elif value in (Value.MAJOR, Value.EXCLUDED):
            first = next(other for other in mine if other.ref == row.ref)
            if row.phase <= current_phase and row.status in DONE:
                propose(row, Proposed.REOPEN)
            elif row.status in OPEN and row is first:
                if row.phase > current_phase:
                    propose(row, Proposed.START_EARLIER)
                else:
                    propose(row, Proposed.MORE_TIME)
                if not row.is_key:
                    propose(row, Proposed.KEY)
    return found


_WORST = (Value.EXCLUDED, Value.MAJOR, Value.MINOR)


def settled(found: Iterable[Proposal], said: Mapping[str, Collection[Value]]) -> list[Proposal]:
    """What is proposed where several questions reach a row: each change once, and none that another answer denies.

    `said` holds every answer that reaches an activity, by its ref. A row is already met, or only improved, where all
    of them conform. Of several answers that ask for the same change the worst one gives the reason, then the first.
    """
    kept: dict[tuple[str, int, Proposed], Proposal] = {}
    for each in found:
        if each.what in (Proposed.ALREADY_MET, Proposed.IMPROVE_ONLY) and set(said[each.ref]) != {Value.CONFORMS}:
            continue
        place = (each.ref, each.phase, each.what)
        if place not in kept or _weight(each.value) < _weight(kept[place].value):
            kept[place] = each
    return [kept[place] for place in sorted(kept)]


def _weight(value: Value) -> int:
    return _WORST.index(value) if value in _WORST else len(_WORST)


def moved_due(what: Proposed, due: date | None, start: date | None, end: date | None) -> date | None:
    """The due date that `what` proposes for a row due on `due` in a phase from `start` to `end`.

    Four weeks later or earlier, and never out of the phase; None where it has no date, or none further that way.
    """
    if due is None:
        return None
    if what == Proposed.MORE_TIME:
        day = due + SHIFT if end is None else min(due + SHIFT, end)
        return day if day > due else None
    if what == Proposed.START_EARLIER:
        day = due - SHIFT if start is None else max(due - SHIFT, start)
        return day if day < due else None
    return None
