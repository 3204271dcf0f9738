"""Asking for work."""

import pytest
from django.db import transaction
from kombu.exceptions import OperationalError

from common.exceptions import NotPermitted
from jobs.choices import JobState, Queue
from jobs.models import Job
from jobs.selectors import result_path
from jobs.services import request
from jobs.services.request import request_installation_job, request_job, send_jobs
from tests.cast import NOW, Cast
from tests.jobs.conftest import KIND, NIGHTLY


def test_it_runs_once_the_request_is_committed(cast: Cast, kind, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = request_job(acting_user=cast.mara, project=cast.project, kind=KIND, parameters={})
        assert kind.runs == []
    job.refresh_from_db()
    assert (job.state, job.queue, job.attempts) == (JobState.SUCCEEDED, Queue.QUICK, 1)
    assert (job.created_at, job.sent_at, job.started_at, job.finished_at) == (NOW, NOW, NOW, NOW)
    assert result_path(job).read_text() == "whole"


def test_it_is_gone_with_the_act_that_asked_for_it(cast: Cast, kind, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        request_job(acting_user=cast.mara, project=cast.project, kind=KIND, parameters={})
        transaction.set_rollback(True)
    assert (Job.objects.count(), kind.runs) == (0, [])


def test_it_gives_the_same_job_for_the_same_key(cast: Cast, kind) -> None:
    first, second = (
        request_job(acting_user=cast.mara, project=cast.project, kind=KIND, parameters={}, idempotency_key="k")
        for _ask in range(2)
    )
    assert first == second


def test_it_refuses_who_may_not(cast: Cast, kind) -> None:
    with pytest.raises(NotPermitted):
        request_job(acting_user=cast.nina, project=cast.project, kind=KIND, parameters={})
    assert not Job.objects.exists()


def test_the_installation_asks_without_project_and_requester(db, nightly) -> None:
    job = request_installation_job(kind=NIGHTLY, idempotency_key="once")
    assert (job.project, job.requester) == (None, None)
    assert request_installation_job(kind=NIGHTLY, idempotency_key="once") == job


def test_the_installation_cannot_ask_for_the_work_of_a_project(db, kind) -> None:
    with pytest.raises(ValueError, match="belongs to a project"):
        request_installation_job(kind=KIND)


def test_a_broker_that_is_away_loses_nothing(cast: Cast, kind, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = (
        request_job(acting_user=cast.mara, project=cast.project, kind=KIND, parameters={}) for _ask in range(2)
    )
    told = []

    def refuse(*, args: list[str], queue: str, retry: bool) -> None:
        if told:
            raise OperationalError("no broker at redis://:secret@host")
        told.append((args, queue, retry))

    monkeypatch.setattr(request.run, "apply_async", refuse)
    assert send_jobs([(first.pk, "quick"), (second.pk, "heavy")]) == 1
    assert told == [([str(first.pk)], "quick", False)]
    assert dict(Job.objects.values_list("pk", "sent_at")) == {first.pk: NOW, second.pk: None}
