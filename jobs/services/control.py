"""Cancelling a job and trying it again."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.exceptions import NotPermitted, RuleBroken
from jobs.choices import STOPPED, JobState
from jobs.models import Job
from jobs.registry import job_kinds
from jobs.selectors import job_seen_by
from jobs.services.request import request_installation_job, send_jobs
from projects.permissions import can


@transaction.atomic
def cancel_job(*, acting_user: User, job_id: UUID) -> Job:
    """Stop a job: one that waits at once, one that runs within seconds. Done twice, it is done once.

    Raises Job.DoesNotExist for one that `acting_user` cannot see, and RuleBroken where it has ended already.
    """
    job = _seen(acting_user, job_id)
    now = clock.now()
    waiting = Job.objects.filter(pk=job.pk, state=JobState.QUEUED)
    if not waiting.update(state=JobState.CANCELLED, finished_at=now, cancel_requested_at=now):
        running = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, cancel_requested_at__isnull=True)
        running.update(cancel_requested_at=now)
    job.refresh_from_db()
    if job.cancel_requested_at is None:
        raise RuleBroken(_("This job has ended already."))
    return job


@transaction.atomic
def retry_job(*, acting_user: User, job_id: UUID) -> Job:
    """Let a failed or cancelled job run again, from the start. Done twice, it is done once.

    Raises Job.DoesNotExist for one that `acting_user` cannot see, NotPermitted where the right has ended, and
    RuleBroken for one that has succeeded.
    """
    job = _seen(acting_user, job_id)
    if job.kind not in job_kinds:
        raise RuleBroken(_("This kind of job is not there any more."))
    if job.project is not None:
        decision = can(acting_user, job_kinds[job.kind].capability, job.project)
        if not decision:
            raise NotPermitted(decision.reason)
    again = Job.objects.filter(pk=job.pk, state__in=STOPPED).update(
        state=JobState.QUEUED,
        attempts=0,
        error="",
        progress_done=0,
        progress_total=0,
        started_at=None,
        heartbeat_at=None,
        finished_at=None,
        cancel_requested_at=None,
        sent_at=clock.now(),
    )
    job.refresh_from_db()
    if again:
        transaction.on_commit(lambda: send_jobs([(job.pk, job.queue)]))
    elif not job.is_active:
        raise RuleBroken(_("This job has succeeded. Ask for a new one."))
    return job


@transaction.atomic
def run_now(*, acting_user: User, kind: str) -> Job:
    """Ask for recurring work of the installation before its time; while one run waits or runs, gives that one.

    Raises NotPermitted for anybody but administrators.
    """
    if not (acting_user.is_superuser and acting_user.is_active):
        raise NotPermitted(_("Only an administrator of the installation can do this."))
    there = Job.objects.of_installation().active().filter(kind=kind).first()
    return there or request_installation_job(kind=kind)


def _seen(user: User, job_id: UUID) -> Job:
    job = job_seen_by(user, job_id)
    if job is None:
        raise Job.DoesNotExist
    return job
