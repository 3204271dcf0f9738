"""The part of `make bench` on planning: new dates for a plan, what moves, and what its pages weigh."""

from collections.abc import Callable
from datetime import date
from typing import Any


def bench_planning(bench: Any, median_ms: Callable[..., float], counting: Callable[..., Any]) -> None:
    """Add the rows to the table of `bench`, measured on its newest project."""
    from phases.models import PhaseActivity
    from phases.selectors.plan_state import plan_state
    from phases.selectors.what_moves import outcome_of
    from phases.selectors.wishes import Wishes
    from phases.services.schedule import recompute_plan

    project, user = bench.project, bench.user
    rows = PhaseActivity.objects.filter(project=project).count()
    state = plan_state(project)
    took = median_ms(lambda: outcome_of(state, Wishes(everything=True)))
    bench.row(f"new dates for a plan of {rows} rows, arithmetic alone", f"{took:.0f} ms", "", "")

    moved: list[int] = []

    def recompute() -> None:
        PhaseActivity.objects.filter(project=project, phase_number=3).update(due=date(2030, 1, 7))
        moved.append(len(recompute_plan(acting_user=user, project=project, seen="").moves))

    with counting() as statements:
        recompute()
    took = median_ms(recompute, 5)
    bench.row(f"recompute that moves {moved[-1]} of {rows} rows", f"{took:.0f} ms", f"{len(statements)} statements", "")
    bench.page("page of the recomputation", f"/projects/{project.slug}/plan/recompute/", "<= 15 queries")
    bench.page("timeline and packages", f"/projects/{project.slug}/plan/", "<= 15 queries, 30 kB")
