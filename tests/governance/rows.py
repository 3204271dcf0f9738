"""Rows of governance for tests that only read them."""

from datetime import date, datetime, timedelta
from typing import Any

from common import clock
from governance.models import Action, Decision, Lesson, Meeting, Seat
from tests.cast import Cast


def asked(cast: Cast, ref: str = "D-01", **values: Any) -> Decision:
    """A decision that the committee is asked for."""
    values = {"title": f"Question {ref}", "decide_by": date(2026, 3, 20), "asked_by": cast.mara} | values
    return Decision.objects.create(project=cast.project, ref=ref, **values)


def decide(decision: Decision, outcome: str = "approved", at: datetime | None = None) -> Decision:
    """Record the outcome of `decision`."""
    decision.state, decision.outcome, decision.sha256 = "decided", outcome, "0" * 64
    decision.decided_at = at or clock.now()
    decision.decided_on = decision.decided_at.date()
    decision.save()
    return decision


def seat(cast: Cast, decision: Decision, who: str, choice: str = "") -> Seat:
    """A member who was called to `decision`, and what they said."""
    cast_at = clock.now() if choice else None
    return Seat.objects.create(
        project=cast.project, decision=decision, member=getattr(cast, who), choice=choice, cast_at=cast_at
    )


def action(cast: Cast, ref: str = "A-01", **values: Any) -> Action:
    """Something to be done."""
    values = {"text": f"Do {ref}", "due": clock.now().date() + timedelta(days=7)} | values
    return Action.objects.create(project=cast.project, ref=ref, **values)


def lesson(cast: Cast, ref: str = "L-01", **values: Any) -> Lesson:
    """Something that was learnt."""
    values = {"phase_number": 0, "happened": f"It happened: {ref}"} | values
    return Lesson.objects.create(project=cast.project, ref=ref, **values)


def meeting(cast: Cast, ref: str, days: int, **values: Any) -> Meeting:
    """A meeting so many days from now."""
    return Meeting.objects.create(project=cast.project, ref=ref, starts_at=clock.now() + timedelta(days=days), **values)
