"""A project's figures as they stand today."""

from typing import Any

from common import clock
from phases.domain.figures import FigureRow, Figures, fold
from phases.models import PhaseActivity
from projects.models import Project


def figures_of(project: Project) -> Figures:
    """All figures of `project` today. One query, one pass."""
    rows = PhaseActivity.objects.filter(project=project).values_list(
        "phase_number",
        "activity__component",
        "status",
        "due",
        "accountable_id",
        "activity__is_key",
        "activity__is_supplement",
    )
    return fold((FigureRow(*row) for row in rows), clock.today(project.time_zone))


def contract_of(figures: Figures) -> dict[str, Any]:
    """The figures in the form that `show_figures` prints: phases 1 to 3, the supplement apart."""

    def plain(part: Figures) -> dict[str, Any]:
        return {
            "phases": {str(n): tally.as_contract() for n, tally in sorted(part.phases.items()) if 1 <= n <= 3},
            "components": {
                code: {str(n): tally.as_contract() for n, tally in sorted(by_phase.items()) if 1 <= n <= 3}
                for code, by_phase in part.components.items()
                if any(1 <= n <= 3 for n in by_phase)
            },
        }

    result = plain(figures)
    if figures.supplement is not None:
        result["supplement"] = plain(figures.supplement)
    return result
