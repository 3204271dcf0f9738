"""Cancelling, trying again, and running at once what recurs."""

import pytest

from common.exceptions import NotPermitted, RuleBroken
from jobs.choices import JobState
from jobs.models import Job
from jobs.selectors import result_path
from jobs.services.control import cancel_job, retry_job, run_now
from jobs.services.request import request_installation_job, request_job
from jobs.services.run import run_job
from projects.models import Membership
from tests.cast import NOW, Cast
from tests.jobs.conftest import KIND, NIGHTLY


@pytest.fixture
def job(cast: Cast, kind) -> Job:
    """A job of Mara's that waits."""
    return request_job(acting_user=cast.mara, project=cast.project, kind=KIND, parameters={})


def test_one_that_waits_is_cancelled_at_once(cast: Cast, job: Job, kind) -> None:
    assert cancel_job(acting_user=cast.mara, job_id=job.pk).state == JobState.CANCELLED
    run_job(job_id=job.pk)
    assert kind.runs == []


def test_one_that_runs_is_asked_to_stop(cast: Cast, job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING)
    stopped = cancel_job(acting_user=cast.mara, job_id=job.pk)
    assert (stopped.state, stopped.cancel_requested_at) == (JobState.RUNNING, NOW)


def test_a_second_click_changes_nothing(cast: Cast, job: Job) -> None:
    cancel_job(acting_user=cast.mara, job_id=job.pk)
    assert cancel_job(acting_user=cast.mara, job_id=job.pk).state == JobState.CANCELLED


def test_one_that_has_ended_cannot_be_cancelled(cast: Cast, job: Job) -> None:
    run_job(job_id=job.pk)
    with pytest.raises(RuleBroken, match="ended already"):
        cancel_job(acting_user=cast.mara, job_id=job.pk)


@pytest.mark.parametrize("act", [cancel_job, retry_job])
@pytest.mark.parametrize("who", ["tim", "olga", "bruno", "nina"])
def test_a_job_of_somebody_else_is_absent(cast: Cast, job: Job, act, who: str) -> None:
    with pytest.raises(Job.DoesNotExist):
        act(acting_user=cast.people[who], job_id=job.pk)
    assert Job.objects.get(pk=job.pk).state == JobState.QUEUED


def test_a_failed_one_runs_again_from_the_start(cast: Cast, job: Job, django_capture_on_commit_callbacks) -> None:
    Job.objects.filter(pk=job.pk).update(state=JobState.FAILED, error="The disk is full.", attempts=2)
    with django_capture_on_commit_callbacks(execute=True):
        assert retry_job(acting_user=cast.mara, job_id=job.pk).state == JobState.QUEUED
    job.refresh_from_db()
    assert (job.state, job.error, job.attempts) == (JobState.SUCCEEDED, "", 1)
    assert result_path(job).read_text() == "whole"


def test_trying_again_twice_is_done_once(cast: Cast, job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(state=JobState.CANCELLED, cancel_requested_at=NOW)
    retry_job(acting_user=cast.mara, job_id=job.pk)
    again = retry_job(acting_user=cast.mara, job_id=job.pk)
    assert (again.state, again.cancel_requested_at) == (JobState.QUEUED, None)


def test_one_that_succeeded_is_not_run_again(cast: Cast, job: Job) -> None:
    run_job(job_id=job.pk)
    with pytest.raises(RuleBroken, match="has succeeded"):
        retry_job(acting_user=cast.mara, job_id=job.pk)


def test_who_lost_the_right_cannot_try_again(cast: Cast, job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    from common.decisions import denied

    Job.objects.filter(pk=job.pk).update(state=JobState.FAILED)
    monkeypatch.setattr("jobs.services.control.can", lambda *_args: denied("Not any more."))
    with pytest.raises(NotPermitted):
        retry_job(acting_user=cast.mara, job_id=job.pk)


def test_who_left_the_project_does_not_see_it(cast: Cast, job: Job) -> None:
    Membership.objects.filter(user=cast.mara).update(ends_at=NOW)
    with pytest.raises(Job.DoesNotExist):
        cancel_job(acting_user=cast.mara, job_id=job.pk)


def test_administrators_control_the_work_of_the_installation_and_nobody_else_does(cast: Cast, nightly) -> None:
    job = request_installation_job(kind=NIGHTLY)
    with pytest.raises(Job.DoesNotExist):
        cancel_job(acting_user=cast.mara, job_id=job.pk)
    cast.carl.is_superuser = True
    assert cancel_job(acting_user=cast.carl, job_id=job.pk).state == JobState.CANCELLED


def test_administrators_do_not_see_the_jobs_of_clients(cast: Cast, job: Job) -> None:
    cast.nina.is_superuser = True
    with pytest.raises(Job.DoesNotExist):
        cancel_job(acting_user=cast.nina, job_id=job.pk)


def test_recurring_work_can_be_run_at_once_but_not_twice_at_a_time(cast: Cast, nightly) -> None:
    cast.carl.is_superuser = True
    first = run_now(acting_user=cast.carl, kind=NIGHTLY)
    assert run_now(acting_user=cast.carl, kind=NIGHTLY) == first
    with pytest.raises(NotPermitted):
        run_now(acting_user=cast.mara, kind=NIGHTLY)
