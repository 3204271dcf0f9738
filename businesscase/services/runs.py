"""Asking for a simulation, and keeping what came of it."""

from secrets import randbelow

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from businesscase.domain.runs import run_input
from businesscase.models import BusinessCase, Simulation
from businesscase.selectors.runs import RUNS_KIND, estimates_sha256
from businesscase.selectors.standing import Reading, standing_of
from businesscase.simulation import RUNS, simulate
from common import clock
from common.exceptions import RuleBroken
from jobs.models import Job
from jobs.registry import Work
from jobs.services.request import request_job
from projects.services.guards import require_capability

MOST_SEED = 2**32


@transaction.atomic
def request_runs(*, acting_user: User | None, case: BusinessCase, seed: int | None = None) -> Job:
    """Ask for ten thousand runs over the estimates as they stand when the job runs; without `seed`, one is drawn.

    Raises NotPermitted; RuleBroken for a seed out of range.
    """
    require_capability(acting_user, "case.edit", case.project)
    if acting_user is None:
        raise RuleBroken(_("Somebody must ask for it."))
    if seed is not None and not 0 <= seed < MOST_SEED:
        raise RuleBroken(_("A seed lies between 0 and %(most)d.") % {"most": MOST_SEED - 1}, field="seed")
    return request_job(
        acting_user=acting_user,
        project=case.project,
        kind=RUNS_KIND,
        parameters={"seed": randbelow(MOST_SEED) if seed is None else seed},
    )


def run(work: Work) -> None:
    """The job: read the case, run, keep the result with its seed and the hash of what was simulated. No file.

    Raises RuleBroken where there is no case, or nothing in it that varies.
    """
    found = standing_of(work.project, Reading.LINES)
    if found is None:
        raise RuleBroken(_("The business case was not begun."))
    given = run_input(found.content, found.ahead)
    if not given.lines:
        raise RuleBroken(_("No line has estimates that differ, so all runs would be the same."))
    work.progress(0, 1, _("Running"))
    seed = int(work.job.parameters["seed"])
    result = simulate(given, seed=seed)
    keep_runs(found.case, job=work.job, sha256=estimates_sha256(found), seed=seed, result=result)


@transaction.atomic
def keep_runs(case: BusinessCase, *, job: Job, sha256: str, seed: int, result: dict[str, object]) -> Simulation:
    """Keep a result; a job that ran again replaces its own."""
    row, _made = Simulation.objects.update_or_create(
        project=case.project,
        case=case,
        job=job,
        defaults={
            "content_sha256": sha256,
            "seed": seed,
            "runs": RUNS,
            "result": result,
            "made_at": clock.now(),
        },
    )
    return row
