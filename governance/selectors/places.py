"""What the tabs of governance say beside their names."""

from dataclasses import dataclass

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from governance.choices import ActionState, DecisionState
from governance.models import Action, Decision
from phases.choices import PhaseState
from phases.models import Phase
from projects.models import Project


@dataclass(frozen=True, slots=True)
class PlaceCounts:
    """How many decisions are asked for, how many actions are open, and the phase that a project is in (else 4)."""

    asked: int
    actions: int
    phase: int


def place_counts(project: Project) -> PlaceCounts:
    """The counts of `project` today. One query."""
    decisions = Decision.objects.filter(project=OuterRef("pk"), state=DecisionState.ASKED)
    actions = Action.objects.filter(project=OuterRef("pk"), state=ActionState.OPEN)
    phases = Phase.objects.filter(project=OuterRef("pk")).exclude(state=PhaseState.CLOSED).order_by("number")
    return PlaceCounts(
        *Project.objects.filter(pk=project.pk)
        .values_list(_count(decisions), _count(actions), Coalesce(Subquery(phases.values("number")[:1]), 4))
        .get()
    )


def _count(rows: QuerySet[Decision] | QuerySet[Action]) -> Coalesce:
    counted = rows.order_by().values("project").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)
