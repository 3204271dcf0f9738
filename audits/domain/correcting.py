"""When a finding is late, when its effect may be looked at, and by whom. Pure."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

NONCONFORMITIES = frozenset({"major", "minor"})
UNSETTLED = ("open", "acting", "verifying")
SETTLED = ("closed", "withdrawn")
CHECK_AFTER = 30
"""Days between the last action and the look at its effect, where nobody set another day."""
PATIENCE = {"major": 0, "minor": 14}
"""How many days late a nonconformity may be before the committee hears of it."""


def rises(grade: str, days_late: int) -> bool:
    """Whether a finding that is `days_late` (0 or less: not late) is a matter of the committee."""
    return grade in PATIENCE and days_late > PATIENCE[grade]


def check_from(done: Iterable[date], verify_on: date | None) -> date | None:
    """The first day on which the effect may be verified: as set, else a while after the last action was done.

    None where no action is done and no day is set.
    """
    if verify_on is not None:
        return verify_on
    last = max(done, default=None)
    return last + timedelta(days=CHECK_AFTER) if last is not None else None


def lacks(grade: str, *, cause: str, steps: Collection[str]) -> tuple[str, ...]:
    """What a nonconformity lacks before its effect is awaited: "cause", "action" (none at all), "open" (one is open).

    `steps` are the states of its actions. What is no nonconformity lacks nothing.
    """
    if grade not in NONCONFORMITIES:
        return ()
    found = []
    if not cause.strip():
        found.append("cause")
    if "done" not in steps and "open" not in steps:
        found.append("action")
    if "open" in steps:
        found.append("open")
    return tuple(found)


def bars(person: int | None, *, owners: Collection[int], doers: Collection[int]) -> str:
    """Why `person` may not say whether the actions work: "owner", "doer", or "" where they may."""
    if person is None:
        return ""
    if person in doers:
        return "doer"
    return "owner" if person in owners else ""
