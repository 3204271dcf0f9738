"""Running a job."""

from uuid import uuid4

import pytest

from jobs.choices import JobState
from jobs.models import Job
from jobs.registry import Work
from jobs.selectors import result_path
from jobs.services.request import request_installation_job, request_job
from jobs.services.run import run_job
from projects.models import Membership
from tests.cast import NOW, Cast
from tests.jobs.conftest import KIND, NIGHTLY

IN_THE_LOG = "It failed for a reason the administrator finds in the log, under the number of this job."


@pytest.fixture
def asked(cast: Cast, kind):
    """`asked(fail=...)` runs a job that Mara asked for and gives it back as it ended."""

    def ask(who: str = "mara", **parameters) -> Job:
        job = request_job(acting_user=cast.people[who], project=cast.project, kind=KIND, parameters=parameters)
        return run_job(job_id=job.pk)

    return ask


def test_it_puts_the_whole_result_in_place_and_says_so(asked, kind) -> None:
    job = asked()
    stored = Job.objects.get(pk=job.pk)
    assert (stored.state, stored.result_name, stored.result_bytes) == (JobState.SUCCEEDED, "result.txt", 5)
    assert (stored.claim, stored.doing) == (None, "")
    assert (stored.expires_at - NOW).days == 14
    assert result_path(job).read_text() == "whole"
    assert [path.name for path in result_path(job).parent.iterdir()] == [str(job.pk)]


def test_it_acts_under_the_number_of_the_job(asked, kind) -> None:
    job = asked()
    assert kind.runs == [("job", job.pk)]
    assert kind.doing == ["Writing"]
    assert (job.progress_done, job.progress_total) == (1, 2)


def test_work_without_a_file_succeeds_without_one(asked) -> None:
    job = asked(silent=True)
    assert (job.state, job.result_name, job.expires_at) == (JobState.SUCCEEDED, "", None)
    assert not result_path(job).exists()


def test_it_runs_a_job_once_however_often_it_is_told_to(asked, kind) -> None:
    job = asked()
    run_job(job_id=job.pk)
    assert len(kind.runs) == 1


@pytest.mark.parametrize("state", [JobState.RUNNING, JobState.CANCELLED, JobState.FAILED])
def test_it_leaves_alone_what_does_not_wait(cast: Cast, kind, state: str) -> None:
    job = request_job(acting_user=cast.mara, project=cast.project, kind=KIND, parameters={})
    Job.objects.filter(pk=job.pk).update(state=state)
    assert run_job(job_id=job.pk).state == state
    assert kind.runs == []


@pytest.mark.parametrize(
    ("fail", "state", "words"),
    [
        ("rule", JobState.FAILED, "The plan is empty."),
        ("full", JobState.FAILED, "The disk is full. Nothing of it was kept. Tell the administrator, then try again."),
        ("memory", JobState.FAILED, "It needed more memory than a job may take."),
        ("time", JobState.FAILED, "It took longer than 10 min and was stopped."),
        ("hard", JobState.FAILED, IN_THE_LOG),
        ("cancel", JobState.CANCELLED, ""),
    ],
)  # fmt: skip
def test_it_says_how_it_ended_and_leaves_no_half_result(asked, fail: str, state: str, words: str) -> None:
    job = asked(fail=fail)
    stored = Job.objects.get(pk=job.pk)
    assert (stored.state, stored.error, stored.finished_at, stored.claim) == (state, words, NOW, None)
    assert list(result_path(job).parent.iterdir()) == []


def test_a_run_that_lost_its_claim_leaves_the_row_to_the_other_one(asked) -> None:
    job = asked(fail="lost")
    assert Job.objects.get(pk=job.pk).state == JobState.RUNNING
    assert list(result_path(job).parent.iterdir()) == []


def test_a_run_that_was_taken_over_puts_no_result_in_place(cast: Cast, kind, monkeypatch: pytest.MonkeyPatch) -> None:
    job = request_job(acting_user=cast.mara, project=cast.project, kind=KIND, parameters={})
    other = uuid4()
    progress = Work.progress

    def taken_over(work: Work, *args) -> None:
        progress(work, *args)
        Job.objects.filter(pk=job.pk).update(claim=other)

    monkeypatch.setattr(Work, "progress", taken_over)
    run_job(job_id=job.pk)
    stored = Job.objects.get(pk=job.pk)
    assert (stored.state, stored.claim, stored.result_name) == (JobState.RUNNING, other, "")
    assert not result_path(job).exists()


def test_a_role_that_ended_while_it_waited_stops_it(cast: Cast, kind) -> None:
    job = request_job(acting_user=cast.tim, project=cast.project, kind=KIND, parameters={})
    Membership.objects.filter(user=cast.tim).update(ends_at=NOW)
    assert run_job(job_id=job.pk).state == JobState.FAILED
    assert not result_path(job).exists()
    assert kind.runs == []


def test_an_account_that_was_closed_while_it_waited_stops_it(cast: Cast, kind) -> None:
    job = request_job(acting_user=cast.tim, project=cast.project, kind=KIND, parameters={})
    type(cast.tim).objects.filter(pk=cast.tim.pk).update(is_active=False)
    assert run_job(job_id=job.pk).state == JobState.FAILED
    assert kind.runs == []


def test_a_kind_that_is_gone_fails_in_words(cast: Cast) -> None:
    job = Job.objects.create(kind="old.kind", project=cast.project, requester=cast.mara)
    assert run_job(job_id=job.pk).error == "This kind of job is not there any more."


def test_work_of_the_installation_needs_nobodys_right(db, nightly, moved) -> None:
    job = run_job(job_id=request_installation_job(kind=NIGHTLY).pk)
    assert (job.state, len(nightly.runs)) == (JobState.SUCCEEDED, 1)


def test_a_row_that_names_a_kind_of_the_installation_for_a_project_is_refused(cast: Cast, nightly) -> None:
    job = Job.objects.create(kind=NIGHTLY, project=cast.project, requester=cast.mara)
    assert run_job(job_id=job.pk).state == JobState.FAILED
    assert nightly.runs == []
