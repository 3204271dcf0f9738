"""Asking for work and running it."""

from pathlib import Path

import pytest

from audittrail import context
from common.exceptions import NotPermitted, RuleBroken
from jobs.models import Job, JobState
from jobs.registry import JobKind, job_kinds, register_job_kind
from jobs.services import request_job, result_path, run_job
from projects.models import Membership
from tests.cast import NOW, Cast

KIND = "tests.write"


@pytest.fixture
def kind():
    """A kind of work that can be told what to do; `seen` notes how it was run."""
    seen = []

    def run(job: Job, target: Path) -> str:
        seen.append((context.current().via, context.current().correlation_id))
        if job.parameters.get("fail") == "rule":
            raise RuleBroken("The plan is empty.")
        if job.parameters.get("fail"):
            target.write_text("half")
            raise OSError("secret path /etc/x")
        target.write_text("whole")
        return "result.txt"

    register_job_kind(KIND, JobKind("Test", "phases.export", run, "text/plain"))
    yield seen
    job_kinds.remove(KIND)


def ask(cast: Cast, capture, **values) -> Job:
    with capture(execute=True):
        job = request_job(acting_user=values.pop("who", cast.mara), project=cast.project, kind=KIND, parameters=values)
    job.refresh_from_db()
    return job


def test_it_runs_once_the_request_is_committed(cast: Cast, kind, django_capture_on_commit_callbacks) -> None:
    job = ask(cast, django_capture_on_commit_callbacks)
    assert (job.state, job.result_name, job.attempts) == (JobState.SUCCEEDED, "result.txt", 1)
    assert (job.started_at, job.finished_at) == (NOW, NOW)
    assert result_path(job).read_text() == "whole"
    assert kind == [("job", job.pk)]


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


def test_a_role_that_ended_while_it_waited_stops_it(cast: Cast, kind) -> None:
    job = request_job(acting_user=cast.tim, project=cast.project, kind=KIND, parameters={})
    Membership.objects.filter(user=cast.tim).update(ends_at=NOW)
    run_job(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert not result_path(job).exists()
    assert kind == []


def test_it_says_why_a_rule_stopped_it(cast: Cast, kind, django_capture_on_commit_callbacks) -> None:
    job = ask(cast, django_capture_on_commit_callbacks, fail="rule")
    assert (job.state, job.error) == (JobState.FAILED, "The plan is empty.")


def test_it_leaves_no_half_result_and_tells_no_secret_when_it_breaks(
    cast: Cast, kind, django_capture_on_commit_callbacks
) -> None:
    job = ask(cast, django_capture_on_commit_callbacks, fail="hard")
    assert job.state == JobState.FAILED
    assert "secret" not in job.error
    assert not result_path(job).exists()


def test_it_runs_a_job_once_however_often_it_is_told_to(cast: Cast, kind, django_capture_on_commit_callbacks) -> None:
    job = ask(cast, django_capture_on_commit_callbacks)
    run_job(job_id=job.pk)
    assert len(kind) == 1
