"""Which gate comes next. No Django."""

from collections.abc import Collection


def next_gate(phase: int | None, passed: Collection[int], last: int) -> int | None:
    """The first gate from that of `phase` on that was not passed; None where all are, or all phases are closed."""
    if phase is None:
        return None
    return next((number for number in range(phase, last + 1) if number not in passed), None)
