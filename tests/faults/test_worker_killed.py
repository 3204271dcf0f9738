"""A worker dies, or seems to, in the middle of a job: it is begun anew and finished once, or fails in words."""

import os
import signal
import subprocess

import pytest

from tests.faults.installation import Installation, eventually, is_running, parent_of
from tests.faults.kinds import places, work

pytestmark = pytest.mark.processes
HERE = "here"


@pytest.fixture(params=["installation", "on_redis"])
def where(request: pytest.FixtureRequest) -> Installation:
    """Embedded, and on Redis."""
    return request.getfixturevalue(request.param)


def whole(where: Installation, job: str) -> bool:
    """Whether the result of a job is all that there is."""
    return where.files() == [job] and (where.folder / "jobs" / job).read_text() == "whole"


def said(where: Installation, job: str) -> list[str]:
    """What the runs of a job noted."""
    return [what for what, _pid in where.runs(job)]


def test_a_killed_process_of_a_worker_costs_one_more_run(where: Installation) -> None:
    where.hold(HERE)
    where.worker()
    where.beat()
    job = where.inside("request", work.SLOW, hold=HERE)
    os.kill(where.began(job), signal.SIGKILL)
    where.began(job, times=2)
    where.release(HERE)
    row = where.ended(job, "succeeded")
    assert (row["attempts"], row["error"], said(where, job)) == (2, "", ["begun", "begun", "ended"])
    assert whole(where, job)


def test_a_killed_worker_costs_one_more_run_in_the_next(where: Installation) -> None:
    where.hold(HERE)
    worker = where.worker()
    where.beat()
    job = where.inside("request", work.SLOW, hold=HERE)
    pid = where.began(job)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    # What it started ends with it: two runs at the same time would be one too many.
    eventually(lambda: not is_running(pid), what="the process of the killed worker ends")
    where.until(job, "queued")
    assert where.files() == []
    where.worker()
    where.began(job, times=2)
    where.release(HERE)
    row = where.ended(job, "succeeded")
    assert (row["attempts"], said(where, job)) == (2, ["begun", "begun", "ended"])
    assert whole(where, job)


def test_a_worker_that_was_only_frozen_has_lost_its_claim(where: Installation) -> None:
    where.hold("first")
    frozen = where.worker()
    where.beat()
    job = where.inside("request", work.SLOW, hold="first")
    pid = where.began(job)
    for each in (frozen.pid, pid):
        os.kill(each, signal.SIGSTOP)
    where.until(job, "queued")
    where.worker()
    second = where.began(job, times=2)
    assert second != pid
    os.kill(pid, signal.SIGCONT)
    # The first learns that the job is another's, and ends without a word; the second is not touched by that.
    where.release("first")
    row = where.ended(job, "succeeded")
    assert row["attempts"] == 2
    eventually(lambda: where.files() == [job], what="nothing but the result is left")
    assert whole(where, job)
    os.kill(frozen.pid, signal.SIGCONT)
    # It is of use again.
    again = where.inside("request", work.SLOW)
    where.ended(again, "succeeded")
    assert where.job(job) == row


def test_a_process_killed_while_it_waits_keeps_no_job_from_the_worker(where: Installation) -> None:
    worker = where.worker("--concurrency=2")
    where.beat()
    first = where.inside("request", work.SLOW)
    where.ended(first, "succeeded")
    idle = [pid for pid in where.processes() if parent_of(pid) == worker.pid]
    assert len(idle) == 2
    for pid in idle:
        os.kill(pid, signal.SIGKILL)
    second = where.inside("request", work.SLOW)
    where.ended(second, "succeeded")


@pytest.mark.parametrize("times", [3])
def test_after_its_attempts_a_job_fails_in_words(installation: Installation, times: int) -> None:
    installation.hold(HERE)
    installation.worker()
    installation.beat()
    job = installation.inside("request", work.SLOW, hold=HERE)
    for count in range(1, times + 1):
        os.kill(installation.began(job, times=count), signal.SIGKILL)
    row = installation.ended(job, "failed")
    assert row["error"] == (
        f"The worker stopped in the middle, {times} times. Tell the administrator before you try again."
    )
    assert (row["attempts"], row["result_name"], installation.files()) == (times, "", [])


def test_a_crash_between_file_and_commit_claims_no_success(installation: Installation) -> None:
    installation.hold(places.RESULT_RENAMED)
    installation.worker()
    job = installation.inside("request", work.SLOW)
    pid = installation.reached(places.RESULT_RENAMED)
    # The file is in place, the row is not written: this is the instant.
    assert installation.files() == [job]
    os.kill(pid, signal.SIGKILL)
    row = installation.job(job)
    assert (row["state"], row["result_name"]) == ("running", "")
    installation.release(places.RESULT_RENAMED)
    # Given up, the file would be one that no row stands for: verify lists it.
    installation.inside("give_up", job)
    found = installation.manage("verify")
    assert f"Files of jobs: {job} in the folder of results belongs to no job" in found.stdout
    assert found.returncode == 1
    installation.inside("take_back", job)
    installation.beat()
    row = installation.ended(job, "succeeded")
    assert (row["attempts"], said(installation, job)) == (2, ["begun", "ended", "begun", "ended"])
    assert whole(installation, job)
    installation.verify()


def test_two_workers_and_a_message_that_comes_many_times_make_one_run(where: Installation) -> None:
    where.hold(HERE)
    workers: list[subprocess.Popen[bytes]] = [where.worker("--concurrency=2") for _ in range(2)]
    job = where.inside("request", work.SLOW, hold=HERE)
    where.began(job)
    where.inside("send_again", job, times=8)
    eventually(lambda: where.inside("messages") == 0, what="all messages are taken")
    where.release(HERE)
    row = where.ended(job, "succeeded")
    where.inside("send_again", job, times=8)
    eventually(lambda: where.inside("messages") == 0, what="all messages are taken")
    # Each message taken was looked at when the workers have ended in order.
    for worker in workers:
        worker.send_signal(signal.SIGTERM)
    assert [worker.wait(60) for worker in workers] == [0, 0]
    assert (said(where, job), where.job(job)) == (["begun", "ended"], row)
    assert whole(where, job)
