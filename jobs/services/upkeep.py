"""What the beat does every few seconds: nothing that was asked for stays lying."""

import logging
import time
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import ngettext

from common import clock
from jobs.choices import JobState
from jobs.domain import Sightings
from jobs.models import Beat, Job
from jobs.registry import job_kinds, recurring
from jobs.selectors import part_path
from jobs.services.request import request_installation_job, send_jobs

logger = logging.getLogger(__name__)

MOST_SENT_AT_ONCE = 100


def tick(*, sightings: Sightings[UUID], interval_seconds: int) -> None:
    """Requeue what dead workers left, ask for what recurs, send what still waits, and note that the beat lives.

    One step that fails is logged and does not keep the others from being done. Two beats at once do no harm.
    """
    steps: tuple[Callable[[], object], ...] = (
        lambda: reconcile(sightings=sightings, at=time.monotonic()),
        request_due_work,
        send_waiting,
        lambda: mark_beat(interval_seconds=interval_seconds),
    )
    for step in steps:
        try:
            step()
        except Exception:
            logger.exception("the beat could not do one of its steps")
            # A connection that broke with a restarted database is made anew for the next step.
            if not connection.in_atomic_block:
                connection.close()


def reconcile(*, sightings: Sightings[UUID], at: float) -> int:
    """Begin anew, or fail, the running jobs whose workers show no life; return how many.

    `at` is a monotonic time in seconds. A worker that was only slow finds its claim gone and leaves the row alone.
    """
    running = Job.objects.filter(state=JobState.RUNNING)
    signs = {pk: (claim, heartbeat) for pk, claim, heartbeat in running.values_list("pk", "claim", "heartbeat_at")}
    lost = sightings.lost(signs, at=at)
    for job in Job.objects.filter(pk__in=lost):
        claim, heartbeat = signs[job.pk]
        mine = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, claim=claim, heartbeat_at=heartbeat)
        allowed = job_kinds[job.kind].attempts if job.kind in job_kinds else 0
        if job.cancel_requested_at is not None:
            taken = mine.update(state=JobState.CANCELLED, claim=None, finished_at=clock.now())
        elif job.attempts < allowed:
            logger.warning("job %s: its worker shows no life; it is begun anew", job.pk)
            taken = mine.update(state=JobState.QUEUED, claim=None, heartbeat_at=None, sent_at=None)
        else:
            logger.error("job %s: its worker stopped %s times; given up", job.pk, job.attempts)
            words = _given_up(job.attempts)
            taken = mine.update(state=JobState.FAILED, claim=None, finished_at=clock.now(), error=words)
        if taken and claim is not None:
            # Half a result is of no use; a dead worker does not remove it.
            part_path(job.pk, claim).unlink(missing_ok=True)
    return len(lost)


def send_waiting() -> int:
    """Send again what has waited for long since it was sent, the oldest first; return how many.

    A message too many does no harm: the row is claimed once.
    """
    before = clock.now() - timedelta(seconds=settings.JOB_RESEND_SECONDS)
    # After the clock went back, a time of sending that lies ahead says nothing.
    ahead = clock.now() + timedelta(seconds=settings.JOB_RESEND_SECONDS)
    waiting = Job.objects.filter(Q(sent_at__isnull=True) | Q(sent_at__lt=before) | Q(sent_at__gt=ahead))
    found = waiting.filter(state=JobState.QUEUED).order_by("created_at").values_list("pk", "queue")
    jobs: list[tuple[UUID, str]] = list(found[:MOST_SENT_AT_ONCE])
    if not jobs:
        return 0
    Job.objects.filter(pk__in=[pk for pk, _queue in jobs], state=JobState.QUEUED).update(sent_at=clock.now())
    return send_jobs(jobs)


def request_due_work() -> list[Job]:
    """Ask for the recurring work whose slot has come, once for each slot; return what was asked for.

    What was due before the beat ran for the first time is not made up for. While one run of a kind waits or runs, no
    second one is asked for.
    """
    now = clock.now()
    entries = list(recurring)
    first = Beat.objects.values_list("first_at", flat=True).first() or now
    slots = {entry.kind: entry.schedule.slot(now) for entry in entries}
    keys = {kind: f"{kind} {slot.isoformat()}" for kind, slot in slots.items() if slot >= first}
    done = set(Job.objects.filter(idempotency_key__in=keys.values()).values_list("kind", flat=True))
    busy = set(Job.objects.of_installation().active().values_list("kind", flat=True))
    due = [entry for entry in entries if entry.kind in keys and entry.kind not in done | busy]
    return [
        request_installation_job(kind=entry.kind, idempotency_key=keys[entry.kind])
        for entry in due
        if entry.when is None or entry.when()
    ]


@transaction.atomic
def mark_beat(*, interval_seconds: int) -> None:
    """Note that the beat has just looked after everything, and looks again in `interval_seconds`."""
    now = clock.now()
    Beat.objects.get_or_create(pk=1, defaults={"first_at": now})
    Beat.objects.filter(pk=1).update(last_at=now, interval_seconds=interval_seconds)


def _given_up(attempts: int) -> str:
    return ngettext(
        "The worker stopped in the middle. Try again; if it stops again, tell the administrator.",
        "The worker stopped in the middle, %(count)d times. Tell the administrator before you try again.",
        attempts,
    ) % {"count": attempts}
