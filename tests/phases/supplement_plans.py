"""Projects with the supplement, for tests."""

from datetime import date
from typing import Any

from phases.models import Phase, PhaseActivity
from phases.services.start import ProjectPlan, start_project
from projects.models import Project
from tests.cast import START, Cast


def new_project(cast: Cast, **plan: Any) -> Project:
    """A project of Alder that Olga starts now."""
    wanted = {"name": "Fresh", "start": START, "scope_statement": "x", **plan}
    return start_project(acting_user=cast.olga, organization=cast.alder, plan=ProjectPlan(**wanted))


def extra_rows(project: Project) -> dict[tuple[str, int], PhaseActivity]:
    """The phase activities of the supplement, by ref and phase."""
    rows = PhaseActivity.objects.filter(project=project, activity__is_supplement=True).select_related("activity")
    return {(row.activity.ref, row.phase_number): row for row in rows}


def close(project: Project, *numbers: int, on: date) -> None:
    """Let phases be closed and the next one be active, without their gates."""
    Phase.objects.filter(project=project, number__in=numbers).update(state="closed", started_on=on, closed_on=on)
    Phase.objects.filter(project=project, number=max(numbers) + 1).update(state="active", started_on=on)
