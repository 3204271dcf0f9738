"""Reads of jobs."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.functional import Promise

from jobs.models import Job, JobQuerySet, JobState
from jobs.registry import job_kinds

_LOOKS = {
    JobState.QUEUED: ("st-not-started", ""),
    JobState.RUNNING: ("st-in-progress", "accent"),
    JobState.SUCCEEDED: ("st-verified", "ok"),
    JobState.FAILED: ("st-blocked", "bad"),
    JobState.CANCELLED: ("st-not-applicable", "faint"),
}


@dataclass(frozen=True, slots=True)
class JobView:
    """A job as its list shows it; `ran_for` is None while it has not ended."""

    job: Job
    title: str | Promise
    state: str | Promise
    shape: str
    tone: str
    ran_for: timedelta | None

    @property
    def has_result(self) -> bool:
        """Whether there is a file to fetch."""
        return self.job.state == JobState.SUCCEEDED and bool(self.job.result_name)

    @property
    def seconds(self) -> int | None:
        """How long it ran, in whole seconds, one at least."""
        return max(1, round(self.ran_for.total_seconds())) if self.ran_for is not None else None


def jobs_of(user: Any) -> JobQuerySet:
    """The jobs that `user` asked for, in projects that `user` can still see, newest first."""
    return Job.objects.visible_to(user).select_related("project").order_by("-created_at", "-pk")


def job_view(job: Job) -> JobView:
    """`job` in words and shapes."""
    state = JobState(job.state)
    shape, tone = _LOOKS[state]
    ended = job.started_at is not None and job.finished_at is not None
    return JobView(
        job=job,
        title=job_kinds[job.kind].title if job.kind in job_kinds else job.kind,
        state=state.label,
        shape=shape,
        tone=tone,
        ran_for=job.finished_at - job.started_at if ended else None,  # type: ignore[operator]  # `ended` says that both are there
    )
