"""Reads of jobs."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, OuterRef, Q, Subquery
from django.utils.functional import Promise

from accounts.models import User
from common import clock
from jobs.choices import JobState
from jobs.models import Beat, Job, JobQuerySet
from jobs.registry import JobKind, job_kinds, recurring
from projects.models import Project

_LOOKS = {
    JobState.QUEUED: ("st-not-started", ""),
    JobState.RUNNING: ("st-in-progress", "accent"),
    JobState.SUCCEEDED: ("st-verified", "ok"),
    JobState.FAILED: ("st-blocked", "bad"),
    JobState.CANCELLED: ("st-not-applicable", "faint"),
}


@dataclass(frozen=True, slots=True)
class JobView:
    """A job as pages show it; `ran_for` is None while it has not ended, `percent` where nobody knows how far it is."""

    job: Job
    title: str | Promise
    state: str | Promise
    shape: str
    tone: str
    ran_for: timedelta | None
    percent: int | None

    @property
    def has_result(self) -> bool:
        """Whether there is a file to fetch."""
        return self.job.state == JobState.SUCCEEDED and bool(self.job.result_name) and not self.is_expired

    @property
    def is_expired(self) -> bool:
        """Whether its result was kept for as long as results are."""
        return self.job.expires_at is not None and self.job.expires_at <= clock.now()

    @property
    def is_stopping(self) -> bool:
        """Whether it was asked to stop and has not yet."""
        return self.job.state == JobState.RUNNING and self.job.cancel_requested_at is not None

    @property
    def may_cancel(self) -> bool:
        """Whether it can still be cancelled."""
        return self.job.is_active and self.job.cancel_requested_at is None

    @property
    def may_retry(self) -> bool:
        """Whether it can be tried again."""
        return self.job.state in (JobState.FAILED, JobState.CANCELLED) and self.job.kind in job_kinds

    @property
    def seconds(self) -> int | None:
        """How long it ran, in whole seconds, one at least."""
        return max(1, round(self.ran_for.total_seconds())) if self.ran_for is not None else None


@dataclass(frozen=True, slots=True)
class BeatState:
    """When the beat last looked after the jobs (None: never), how often it does, and whether it is late.

    It is late when it missed two of its intervals.
    """

    last_at: datetime | None
    interval: timedelta
    is_late: bool


@dataclass(frozen=True, slots=True)
class RecurringView:
    """A kind of recurring work: its last run, None before the first, and when it runs next."""

    kind: str
    title: str | Promise
    last: JobView | None
    next_at: datetime


@dataclass(frozen=True, slots=True)
class InstallationJobs:
    """How the work of the whole installation stands. Counts only: what it is about belongs to its clients."""

    beat: BeatState
    queued: int
    running: int
    oldest_queued_at: datetime | None
    recurring: list[RecurringView]


def jobs_folder() -> Path:
    """Where results lie, outside whatever is served."""
    return Path(settings.DATA_DIR) / "jobs"


def result_path(job: Job) -> Path:
    """Where the result of a job lies: under its own id."""
    return jobs_folder() / str(job.pk)


def part_path(job_id: UUID, claim: UUID) -> Path:
    """Where the run that holds `claim` writes the result until it is whole."""
    return Path(settings.DATA_DIR) / "jobs" / f"{job_id}.{claim.hex[:8]}.part"


def jobs_of(user: Any) -> JobQuerySet:
    """The jobs that `user` asked for, in projects that `user` can still see, newest first."""
    return Job.objects.visible_to(user).select_related("project").order_by("-created_at", "-pk")


def job_seen_by(user: User, job_id: UUID) -> Job | None:
    """The job, where `user` asked for it and sees its project, or is an administrator and the installation asked."""
    seen = Job.objects.select_related("project__organization", "requester").filter(pk=job_id)
    mine = Q(requester=user, project__in=Project.objects.visible_to(user))
    of_installation = Q(project__isnull=True) if user.is_superuser and user.is_active else Q(pk__in=[])
    return seen.filter(mine | of_installation).first()


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
        percent=min(100, 100 * job.progress_done // job.progress_total) if job.progress_total else None,
    )


def kind_of(job: Job) -> JobKind | None:
    """The kind of `job`, None where it is not there any more."""
    return job_kinds[job.kind] if job.kind in job_kinds else None  # noqa: SIM401 (a registry has no get)


def beat_state() -> BeatState:
    """How the beat stands. One query."""
    found = Beat.objects.values_list("last_at", "interval_seconds").first()
    if found is None:
        return BeatState(None, timedelta(0), is_late=True)
    last_at, seconds = found
    interval = timedelta(seconds=seconds)
    return BeatState(last_at, interval, is_late=clock.now() - last_at > 2 * interval + timedelta(seconds=5))


def installation_jobs() -> InstallationJobs:
    """How the work of the installation stands, and each kind that recurs. Four queries."""
    counts = dict(Job.objects.active().order_by().values_list("state").annotate(Count("pk")))
    newest = Job.objects.filter(kind=OuterRef("kind"), project__isnull=True).order_by("-created_at").values("pk")[:1]
    kinds = [entry.kind for entry in recurring]
    last = {
        job.kind: job
        for job in Job.objects.of_installation().filter(kind__in=kinds, pk=Subquery(newest)).select_related("project")
    }
    now = clock.now()
    oldest = Job.objects.filter(state=JobState.QUEUED).order_by("created_at").values_list("created_at", flat=True)
    return InstallationJobs(
        beat=beat_state(),
        queued=counts.get(JobState.QUEUED, 0),
        running=counts.get(JobState.RUNNING, 0),
        oldest_queued_at=oldest.first(),
        recurring=sorted(
            (
                RecurringView(
                    entry.kind,
                    job_kinds[entry.kind].title,
                    job_view(last[entry.kind]) if entry.kind in last else None,
                    entry.schedule.following(now),
                )
                for entry in recurring
            ),
            key=lambda view: view.next_at,
        ),
    )
