"""Asking for work and running it. For now a job runs in the process that asked."""

import logging
import os
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.context import acting_via
from common import clock
from common.exceptions import NotPermitted, ServiceError
from jobs.models import Job, JobState
from jobs.registry import job_kinds
from projects.models import Project
from projects.permissions import can

logger = logging.getLogger(__name__)


def result_path(job: Job) -> Path:
    """Where the result of a job lies: under its own id, outside whatever is served."""
    return Path(settings.DATA_DIR) / "jobs" / str(job.pk)


@transaction.atomic
def request_job(
    *, acting_user: User, project: Project, kind: str, parameters: dict[str, Any], idempotency_key: str = ""
) -> Job:
    """Ask for work; the same `idempotency_key` twice gives the same job. It runs once the transaction commits.

    Raises NotPermitted where the person may not.
    """
    decision = can(acting_user, job_kinds[kind].capability, project)
    if not decision:
        raise NotPermitted(decision.reason)
    job, created = Job.objects.get_or_create(
        idempotency_key=idempotency_key or uuid4().hex,
        defaults={
            "kind": kind,
            "project": project,
            "requester": acting_user,
            "parameters": parameters,
            "created_at": clock.now(),
        },
    )
    if created:
        transaction.on_commit(lambda: run_job(job_id=job.pk))
    return job


def run_job(*, job_id: Any) -> Job:
    """Run a queued job; one that somebody else claimed, or that has ended, is left alone."""
    claimed = Job.objects.filter(pk=job_id, state=JobState.QUEUED).update(
        state=JobState.RUNNING, started_at=clock.now(), attempts=1
    )
    job = Job.objects.select_related("project", "requester").get(pk=job_id)
    if not claimed:
        return job
    kind = job_kinds[job.kind]
    try:
        decision = can(job.requester, kind.capability, job.project)
        if not decision:
            raise NotPermitted(decision.reason)
        target = result_path(job)
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = target.with_suffix(".part")
        with acting_via("job", job.pk):
            name = kind.run(job, temporary)
        with temporary.open("rb") as handle:
            os.fsync(handle.fileno())
        temporary.replace(target)
    except ServiceError as error:
        return _finish(job, JobState.FAILED, error=str(error))
    except Exception:
        logger.exception("job %s failed", job.pk)
        return _finish(job, JobState.FAILED, error=_("It failed for a reason the administrator finds in the log."))
    return _finish(job, JobState.SUCCEEDED, result_name=name)


def _finish(job: Job, state: str, **values: Any) -> Job:
    for name, value in {"state": state, "finished_at": clock.now(), **values}.items():
        setattr(job, name, value)
    job.save(update_fields=["state", "finished_at", *values])
    return job
