"""Keeping what the portfolio shows of gates and money: anew each night, and for few where somebody looks."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction

from audittrail.models import Stream
from businesscase.selectors.standing import Reading, standing_of
from common import clock
from governance.choices import LAST_GATE, PASSING
from governance.domain.next_gate import gate_day, next_gate
from governance.models import GateFigures, Oversight
from governance.selectors import gate_decisions
from governance.selectors.gates import gate_row, gate_standing
from phases.choices import PhaseState
from phases.models import Phase
from projects.models import Project

logger = logging.getLogger(__name__)
_FIELDS = tuple(field.name for field in GateFigures._meta.concrete_fields if field.name not in ("id", "project"))


@dataclass(frozen=True, slots=True)
class Kept:
    """For how many projects figures were computed, and which ones failed."""

    projects: int
    failed: tuple[str, ...]


def refresh_gate_figures(
    projects: Sequence[Project],
    progress: Callable[[int, int, str], None] = lambda _done, _total, _doing: None,
) -> Kept:
    """Compute the figures of `projects` anew, one after another: some fifty queries each where a committee oversees it.

    One that fails is logged and keeps no other back.
    """
    failed = []
    for number, project in enumerate(projects):
        progress(number, len(projects), project.name)
        try:
            keep_gate_figures(project=project)
        except Exception:
            logger.exception("the gate of %s could not be computed", project.slug)
            failed.append(project.slug)
    return Kept(len(projects) - len(failed), tuple(failed))


@transaction.atomic
def keep_gate_figures(*, project: Project) -> None:
    """Compute and keep the figures of one project. It adds nothing to the trail: nobody entered anything."""
    # The length of the trail is read before the rest, so that a write in between leaves figures that count as old.
    head = Stream.objects.filter(pk=project.uuid).values_list("head_seq", flat=True).first() or 0
    row = GateFigures(project=project, day=clock.today(project.time_zone), head_seq=head, computed_at=clock.now())
    decisions = gate_decisions(project)
    phases = list(Phase.objects.filter(project=project).order_by("number"))
    current = next((each.number for each in phases if each.state != PhaseState.CLOSED), None)
    passed = {number for number, decision in decisions.items() if decision.outcome in PASSING}
    row.gate_number = next_gate(current, passed, LAST_GATE)
    if row.gate_number is not None and Oversight.objects.filter(project=project).exists():
        standing = gate_standing(project, row.gate_number)
        row.open_count, row.criteria_count = len(standing.open), len(standing.criteria)
        if standing.decision is not None:
            row.outcome, row.hold_until = standing.decision.outcome, standing.decision.hold_until
    if row.gate_number is not None:
        gate = gate_row(project, row.gate_number)
        ends = {each.number: each.end for each in phases}
        row.gate_on = gate_day(row.gate_number, gate.planned_on, ends, LAST_GATE)
    money = standing_of(project, Reading.AMOUNTS)
    if money is not None and money.now.cost:
        row.plan, row.spent, row.forecast = money.to_implement_as_approved, money.spent, money.to_implement
    GateFigures.objects.bulk_create([row], update_conflicts=True, unique_fields=["project"], update_fields=_FIELDS)
