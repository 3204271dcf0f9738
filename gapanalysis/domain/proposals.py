"""What follows from an answer, activity by activity. Proposed with its reason; a person accepts or dismisses it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from gapanalysis.domain.answers import Value

OPEN = frozenset({"not started", "in progress", "blocked"})
DONE = frozenset({"done", "verified"})


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
