"""Limits of a job: on time, on memory, and a person who cancels. The worker lives on and takes the next one."""

import pytest

from tests.faults.installation import Installation
from tests.faults.kinds import work

pytestmark = pytest.mark.processes
HERE = "here"


@pytest.fixture
def limited(installation: Installation) -> Installation:
    """With a worker that gives a job little memory, and a beat."""
    installation.worker(JOB_MEMORY_MB="1024")
    installation.beat()
    return installation


def takes_the_next(where: Installation, process: int | None = None) -> None:
    """The worker is of use; in the same process, where one is named."""
    job = where.inside("request", work.SLOW)
    where.ended(job, "succeeded")
    if process is not None:
        assert where.began(job) == process
    assert where.files() == [job]


def test_a_job_that_takes_too_long_is_stopped_and_failed(limited: Installation) -> None:
    job = limited.inside("request", work.ENDLESS)
    row = limited.ended(job, "failed")
    assert (row["error"], row["attempts"]) == ("It took longer than 1 min and was stopped.", 1)
    takes_the_next(limited, limited.began(job))


def test_a_job_that_takes_too_much_memory_fails_and_the_worker_lives(limited: Installation) -> None:
    job = limited.inside("request", work.HUNGRY)
    row = limited.ended(job, "failed")
    assert (row["error"], row["attempts"]) == ("It needed more memory than a job may take.", 1)
    takes_the_next(limited, limited.began(job))


def test_a_running_job_that_is_cancelled_stops(limited: Installation) -> None:
    limited.hold(HERE)
    job = limited.inside("request", work.SLOW, hold=HERE)
    process = limited.began(job)
    limited.inside("cancel", job)
    # It is still held: only the cancelling can have ended it.
    row = limited.ended(job, "cancelled")
    assert (row["attempts"], row["error"], limited.files()) == (1, "", [])
    takes_the_next(limited, process)


def test_a_job_that_hangs_beyond_the_reach_of_python_is_killed_and_failed(limited: Installation) -> None:
    job = limited.inside("request", work.STUCK)
    row = limited.ended(job, "failed")
    assert (row["error"], row["attempts"]) == ("It took longer than 1 min and was stopped.", 1)
    takes_the_next(limited)


def test_a_job_that_lets_nothing_run_beside_it_does_not_keep_its_worker_for_ever(limited: Installation) -> None:
    job = limited.inside("request", work.SILENT)
    row = limited.ended(job, "failed")
    assert row["error"].startswith("The worker stopped in the middle, 2 times.")
    takes_the_next(limited)
