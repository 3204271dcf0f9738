"""Alder under a committee, with gates that were decided."""

from datetime import date
from typing import Any

from governance.choices import DecisionKind, DecisionState, Outcome
from governance.models import Committee, Decision, Oversight
from tests.cast import Cast


def overseen(cast: Cast) -> Oversight:
    """A committee oversees Alder's project."""
    committee, _made = Committee.objects.get_or_create(organization=cast.alder, name="Steering committee")
    return Oversight.objects.get_or_create(project=cast.project, defaults={"committee": committee})[0]


def decided(cast: Cast, number: int, outcome: str = Outcome.GO, **values: Any) -> Decision:
    """A decision of the committee at a gate, as a row: how it comes about is tested elsewhere."""
    count = Decision.objects.filter(project=cast.project).count()
    return Decision.objects.create(
        project=cast.project,
        ref=f"D-{count + 1:02}",
        kind=DecisionKind.GATE,
        gate_number=number,
        title=f"Gate {number}",
        state=DecisionState.DECIDED,
        outcome=outcome,
        decide_by=date(2026, 3, 2),
        decided_on=date(2026, 3, 2),
        sha256="0" * 64,
        **values,
    )


def let_pass(cast: Cast, *numbers: int) -> None:
    """A committee oversees Alder, and let these gates pass."""
    overseen(cast)
    for number in numbers:
        decided(cast, number)
