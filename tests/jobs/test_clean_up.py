"""What jobs leave behind goes when its time has come, and `verify` finds what went too soon."""

import os
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings

from common import clock
from jobs.choices import JobState
from jobs.models import Job
from jobs.selectors import job_view, jobs_folder, result_path
from jobs.services.clean_up import drop_expired_results, drop_old_rows, drop_stray_files
from jobs.services.request import request_job
from jobs.services.restored import settle_restored_jobs
from jobs.services.run import run_job
from jobs.verification import check_results
from tests.cast import NOW, Cast
from tests.jobs.conftest import KIND

pytestmark = pytest.mark.django_db


@pytest.fixture
def done(cast: Cast, kind) -> Job:
    """A job with a result, which is kept for two weeks."""
    job = request_job(acting_user=cast.mara, project=cast.project, kind=KIND, parameters={})
    run_job(job_id=job.pk)
    job.refresh_from_db()
    assert result_path(job).read_text() == "whole"
    return job


def of_installation(state: str = JobState.SUCCEEDED, **values: object) -> Job:
    return Job.objects.create(kind="tests", idempotency_key=uuid4().hex, state=state, finished_at=NOW, **values)


def last_changed(path: Path, ago: timedelta) -> None:
    """Make a file so old."""
    then = (clock.now() - ago).timestamp()
    os.utime(path, (then, then))


def test_a_result_is_removed_when_it_expires_and_its_row_says_so(done: Job) -> None:
    with clock.moved_to(NOW + timedelta(days=14) - timedelta(seconds=1)):
        assert drop_expired_results() == 0
    with clock.moved_to(NOW + timedelta(days=14)):
        assert drop_expired_results() == 1
        assert drop_expired_results() == 0
        assert not result_path(done).exists()
        assert job_view(Job.objects.get(pk=done.pk)).is_expired
        assert list(check_results(False)) == []


def test_rows_go_with_their_results_when_they_say_nothing_any_more(done: Job) -> None:
    short, failed = of_installation(), of_installation(JobState.FAILED)
    waits = of_installation(JobState.QUEUED)
    with clock.moved_to(NOW + timedelta(days=14, seconds=1)):
        assert drop_old_rows() == 1
        assert set(Job.objects.all()) == {done, failed, waits}
        assert short not in Job.objects.all()
    with clock.moved_to(NOW + timedelta(days=settings.JOB_KEEP_DAYS, seconds=1)):
        assert drop_old_rows() == 2
        assert list(Job.objects.all()) == [waits]
    assert list(jobs_folder().iterdir()) == []


def test_files_that_belong_to_nothing_go_once_they_are_old(done: Job) -> None:
    running = of_installation(JobState.RUNNING)
    kept = [result_path(done), jobs_folder() / f"{running.pk}.abcd.part"]
    strays = [jobs_folder() / name for name in (str(uuid4()), f"{done.pk}.abcd.part", "notes.txt")]
    young = jobs_folder() / str(uuid4())
    for path in (*kept, *strays):
        path.touch()
        last_changed(path, timedelta(hours=2))
    young.touch()
    last_changed(young, timedelta(minutes=50))
    assert drop_stray_files() == 3
    assert set(jobs_folder().iterdir()) == {*kept, young}


def test_a_result_that_is_gone_or_cut_off_is_found(done: Job) -> None:
    assert list(check_results(False)) == []
    result_path(done).write_text("who")
    assert list(check_results(False)) == [f"the result of job {done.pk} ({KIND}) has 3 bytes instead of 5"]
    result_path(done).unlink()
    assert list(check_results(False)) == [f"the result of job {done.pk} ({KIND}) is gone"]


def test_after_a_restore_what_ran_has_failed_and_results_that_are_gone_have_ended(done: Job) -> None:
    there = Job.objects.create(
        kind=KIND,
        idempotency_key="there",
        state=JobState.SUCCEEDED,
        result_name="a.txt",
        result_bytes=0,
        expires_at=NOW + timedelta(days=1),
    )
    result_path(there).touch()
    result_path(done).unlink()
    running = of_installation(JobState.RUNNING, claim=uuid4())
    waits = of_installation(JobState.QUEUED, sent_at=NOW)
    maker = Job.objects.create(kind="tests.backup", idempotency_key="maker", state=JobState.RUNNING, claim=uuid4())
    assert settle_restored_jobs(made_it="tests.backup") == 1
    for job in (done, there, running, waits, maker):
        job.refresh_from_db()
    assert (maker.state, maker.claim, maker.error) == (JobState.SUCCEEDED, None, "")
    assert (running.state, running.claim, running.finished_at) == (JobState.FAILED, None, NOW)
    assert running.error == "It ran when the backup was taken that was restored since. Try again."
    assert (waits.state, waits.sent_at) == (JobState.QUEUED, None)
    assert [job_view(job).has_result for job in (done, there)] == [False, True]
    assert list(check_results(False)) == []
