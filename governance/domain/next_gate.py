"""Which gate comes next, and on which day. No Django."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from phases.domain.schedule import STAGE_1_WEEKS


def next_gate(phase: int | None, passed: Collection[int], last: int) -> int | None:
    """The first gate from that of `phase` on that was not passed; None where all are, or all phases are closed."""
    if phase is None:
        return None
    return next((number for number in range(phase, last + 1) if number not in passed), None)


def gate_day(number: int, set_for_it: date | None, ends: Mapping[int, date | None], last: int) -> date | None:
    """The day for which a gate is planned: the one set for it, else the last of the phase that it ends.

    The `last` gate ends no phase: it stands where the stage 1 audit does, weeks after the end of the phase before it.
    `ends` are those of phases.
    """
    if set_for_it is not None:
        return set_for_it
    if number != last:
        return ends.get(number)
    before = ends.get(last - 1)
    return before + timedelta(weeks=STAGE_1_WEEKS) if before is not None else None
