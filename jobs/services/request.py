"""Asking for work."""

import logging
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from celery.exceptions import CeleryError
from django.db import transaction
from kombu.exceptions import KombuError

from accounts.models import User
from common import clock
from common.exceptions import NotPermitted
from jobs.choices import JobState
from jobs.models import Job
from jobs.registry import job_kinds
from jobs.tasks import run
from projects.models import Project
from projects.permissions import can

logger = logging.getLogger(__name__)


@transaction.atomic
def request_job(
    *, acting_user: User, project: Project, kind: str, parameters: dict[str, Any], idempotency_key: str = ""
) -> Job:
    """Ask for work; the same `idempotency_key` twice gives the same job. It is sent once the transaction commits.

    `parameters` is what JSON can hold. Raises NotPermitted where the person may not.
    """
    decision = can(acting_user, job_kinds[kind].capability, project)
    if not decision:
        raise NotPermitted(decision.reason)
    return _ask(kind, idempotency_key, {"project": project, "requester": acting_user, "parameters": parameters})


@transaction.atomic
def request_installation_job(*, kind: str, parameters: dict[str, Any] | None = None, idempotency_key: str = "") -> Job:
    """Let the installation ask for work of its own; the same `idempotency_key` twice gives the same job.

    Raises ValueError for a kind that belongs to a project.
    """
    if not job_kinds[kind].is_of_installation:
        raise ValueError(f"{kind} belongs to a project")
    return _ask(kind, idempotency_key, {"parameters": parameters or {}})


def send_jobs(jobs: Sequence[tuple[UUID, str]]) -> int:
    """Tell the workers of `jobs` (id and queue), and return how many were told.

    A broker that is away is no error: the rows say what waits, and the beat sends it again.
    """
    sent = 0
    for pk, queue in jobs:
        try:
            run.apply_async(args=[str(pk)], queue=queue, retry=False)
        except (KombuError, CeleryError, OSError) as error:
            logger.warning("job %s could not be sent, the beat will send it again: %s", pk, error)
            unsent = [key for key, _queue in jobs[sent:]]
            Job.objects.filter(pk__in=unsent, state=JobState.QUEUED).update(sent_at=None)
            break
        sent += 1
    return sent


def _ask(kind: str, key: str, values: dict[str, Any]) -> Job:
    now = clock.now()
    job, created = Job.objects.get_or_create(
        idempotency_key=key or uuid4().hex,
        defaults={"kind": kind, "queue": job_kinds[kind].queue, "created_at": now, "sent_at": now, **values},
    )
    if created:
        transaction.on_commit(lambda: send_jobs([(job.pk, job.queue)]))
    return job
