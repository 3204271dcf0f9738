"""Running a job: claim its row, do the work, put its result in place, and say how it ended."""

import contextlib
import logging
import os
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import structlog
from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from audittrail.context import acting_via
from common import clock
from common.disk import is_disk_full
from common.exceptions import NotPermitted, ServiceError
from jobs.choices import JobState
from jobs.exceptions import JobCancelled, JobInterrupted, JobOutOfTime
from jobs.models import Job
from jobs.registry import JobKind, Work, job_kinds
from jobs.selectors import part_path, result_path
from jobs.services.pulse import Pulse
from projects.permissions import can

logger = logging.getLogger(__name__)


def run_job(*, job_id: UUID | str, pulse: Pulse | None = None) -> Job:
    """Run a queued job to its end; one that another run has claimed, or that has ended, is left alone.

    With `pulse` its row shows life and progress meanwhile, and the run ends when it is cancelled or out of time.
    Whatever the work raises becomes a failed job; nothing is raised.
    """
    claim = uuid4()
    now = clock.now()
    claimed = Job.objects.filter(pk=job_id, state=JobState.QUEUED).update(
        state=JobState.RUNNING,
        claim=claim,
        started_at=now,
        heartbeat_at=now,
        attempts=F("attempts") + 1,
        progress_done=0,
        progress_total=0,
        doing="",
    )
    job = Job.objects.select_related("project__organization", "requester").get(pk=job_id)
    if not claimed:
        return job
    # Every line that the work logs names its job.
    with structlog.contextvars.bound_contextvars(job_id=str(job.pk), job_kind=job.kind), acting_via("job", job.pk):
        logger.info("job started, attempt %d", job.attempts)
        _run(job, claim, pulse)
        logger.info("job ended as %s", job.state)
    return job


def _run(job: Job, claim: UUID, pulse: Pulse | None) -> None:
    part = part_path(job.pk, claim)

    def give_up(reason: type[JobInterrupted]) -> None:
        """Say in the row why a run that does not stop is killed, and leave no half result."""
        _remove(part)
        _interrupted(job, claim, reason)

    try:
        kind = _kind_that_may_run(job)
        part.parent.mkdir(parents=True, exist_ok=True)
        with pulse.watching(job.pk, claim, kind.seconds, give_up) if pulse else contextlib.nullcontext():
            name = kind.run(Work(job, part, pulse.report if pulse else _reporter(job)))
            size = _written(part) if name else 0
        # A database that was restarted while the work did not need it is there again.
        if not connection.in_atomic_block and not connection.is_usable():
            connection.close()
        _succeed(job, claim, part, kind, name or "", size)
    except (JobInterrupted, Exception) as error:  # noqa: BLE001 (whatever it is becomes a failed job, and is logged)
        # Room first: where this run filled the disk, the row would not fit either.
        _remove(part)
        _ended_by(job, claim, error)
    finally:
        _remove(part)


def _remove(part: Path) -> None:
    with contextlib.suppress(OSError):
        part.unlink(missing_ok=True)


def _ended_by(job: Job, claim: UUID, error: BaseException) -> None:
    """Write what kept the run from its result; where the database went away, its row shows no life any more."""
    if isinstance(error, DatabaseError | InterfaceError) and not connection.is_usable():
        logger.warning("job %s: the database went away; it is begun anew", job.pk, exc_info=error)
        connection.close()
    elif isinstance(error, JobInterrupted):
        _interrupted(job, claim, type(error))
    elif isinstance(error, ServiceError):
        _fail(job, claim, str(error))
    elif isinstance(error, MemoryError):
        logger.error("job %s ran out of memory", job.pk, exc_info=error)
        _fail(job, claim, _("It needed more memory than a job may take."))
    else:
        logger.error("job %s failed", job.pk, exc_info=error)
        _fail(job, claim, _words_for(error))


def _interrupted(job: Job, claim: UUID, reason: type[JobInterrupted]) -> None:
    """Write that the run ended before its time; one that lost its claim leaves the row alone."""
    if reason is JobCancelled:
        _finish(job, claim, JobState.CANCELLED)
    elif reason is JobOutOfTime:
        minutes = max(1, round(job_kinds[job.kind].seconds / 60))
        _fail(job, claim, _("It took longer than %(minutes)d min and was stopped.") % {"minutes": minutes})
    else:
        logger.warning("job %s was taken over by another run", job.pk)


def _kind_that_may_run(job: Job) -> JobKind:
    """The kind of `job`; raises ServiceError where it is gone, or where the requester may not ask for it any more."""
    if job.kind not in job_kinds:
        raise ServiceError(_("This kind of job is not there any more."))
    kind = job_kinds[job.kind]
    if kind.is_of_installation != (job.project is None):
        raise ServiceError(_("This kind of job is not there any more."))
    if job.project is not None:
        decision = can(job.requester, kind.capability, job.project)
        if not decision:
            raise NotPermitted(decision.reason)
    return kind


def _reporter(job: Job) -> Any:
    def report(done: int, total: int, doing: str) -> None:
        job.progress_done, job.progress_total, job.doing = done, total, doing[:200]
        job.save(update_fields=["progress_done", "progress_total", "doing"])

    return report


def _written(part: Path) -> int:
    """Make sure that the bytes of `part` are on the disk, and return how many there are."""
    with part.open("rb") as handle:
        os.fsync(handle.fileno())
        return os.fstat(handle.fileno()).st_size


def _succeed(job: Job, claim: UUID, part: Path, kind: JobKind, name: str, size: int) -> None:
    with transaction.atomic():
        values = {
            "result_name": name[:200],
            "result_bytes": size,
            "expires_at": clock.now() + timedelta(days=kind.keep_days) if name else None,
        }
        # The file goes into place before the row says so, and only for the run that still holds the claim.
        if _finish(job, claim, JobState.SUCCEEDED, **values) and name:
            part.replace(result_path(job))


def _fail(job: Job, claim: UUID, words: str) -> None:
    _finish(job, claim, JobState.FAILED, error=words)


def _finish(job: Job, claim: UUID, state: JobState, **values: Any) -> bool:
    """Write how the run ended; False where it no longer holds the claim, and then nothing is written."""
    values = {"state": state, "finished_at": clock.now(), "claim": None, "doing": "", **values}
    if not Job.objects.filter(pk=job.pk, state=JobState.RUNNING, claim=claim).update(**values):
        logger.warning("job %s ended as %s, but another run has it", job.pk, state)
        return False
    for name, value in values.items():
        setattr(job, name, value)
    return True


def _words_for(error: BaseException) -> str:
    if is_disk_full(error):
        return _("The disk is full. Nothing of it was kept. Tell the administrator, then try again.")
    return _("It failed for a reason the administrator finds in the log, under the number of this job.")
