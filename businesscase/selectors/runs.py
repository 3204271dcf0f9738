"""Simulations of a case: the latest, whether it still says what the case says, and whether one is under way."""

from businesscase.domain.runs import estimates_plain
from businesscase.models import BusinessCase, Simulation
from businesscase.selectors.standing import Standing
from common.canonical import sha256_of
from jobs.choices import ACTIVE
from jobs.models import Job

RUNS_KIND = "businesscase.runs"


def estimates_sha256(found: Standing) -> str:
    """The hash of all that a simulation depends on."""
    return sha256_of(estimates_plain(found.content, found.actuals, found.remaining, found.closed))


def latest_runs(case: BusinessCase) -> Simulation | None:
    """The newest simulation of a case. One query."""
    return Simulation.objects.filter(case=case).order_by("-made_at", "-pk").first()


def latest_job(case: BusinessCase) -> Job | None:
    """The newest job that simulates, whatever became of it. One query."""
    return Job.objects.filter(project=case.project, kind=RUNS_KIND).order_by("-created_at").first()


def is_under_way(job: Job | None) -> bool:
    """Whether a job waits or runs."""
    return job is not None and job.state in ACTIVE
