"""`manage.py serve` is stopped or killed during a job: nothing stays behind; the job is finished once afterwards."""

import os
import signal
from collections.abc import Callable

import pytest

from tests.faults.installation import Installation, Site, eventually
from tests.faults.kinds import work

pytestmark = pytest.mark.processes
HERE = "here"


def politely(site: Site) -> int:
    """As a service manager: SIGTERM, and wait."""
    site.process.send_signal(signal.SIGTERM)
    return site.process.wait(60)


def twice(site: Site) -> int:
    """Ctrl-C, and again by somebody who does not want to wait."""
    site.process.send_signal(signal.SIGINT)
    eventually(lambda: not site.answers(), what="it takes no more requests")
    site.process.send_signal(signal.SIGINT)
    return site.process.wait(60)


def killed(site: Site) -> int:
    """As the kernel that is short of memory."""
    site.process.send_signal(signal.SIGKILL)
    return site.process.wait(60)


@pytest.mark.parametrize(
    ("stop", "code"), [(politely, 0), (twice, 0), (killed, -signal.SIGKILL)], ids=["politely", "twice", "killed"]
)
def test_a_job_survives_the_stop_of_the_whole_tree(
    installation: Installation, stop: Callable[[Site], int], code: int
) -> None:
    installation.hold(HERE)
    site = installation.serve("--workers=1")
    job = installation.inside("request", work.SLOW, hold=HERE)
    installation.began(job)
    assert stop(site) == code
    eventually(lambda: not installation.processes(), what="no process stays behind")
    assert installation.job(job)["state"] == "running"
    site = installation.serve("--workers=1", port=site.port)
    installation.began(job, times=2)
    installation.release(HERE)
    row = installation.ended(job, "succeeded")
    assert (row["attempts"], [what for what, _pid in installation.runs(job)]) == (2, ["begun", "begun", "ended"])
    assert installation.files() == [job]
    # The person gets it.
    assert site.enter("mara").get(f"/jobs/{job}/result/").content == b"whole"
    assert politely(site) == 0
    assert installation.processes() == []


def test_an_orderly_stop_lets_a_short_job_end(installation: Installation) -> None:
    installation.hold(HERE)
    site = installation.serve("--workers=1", JOB_STOP_SECONDS="60")
    job = installation.inside("request", work.SLOW, hold=HERE)
    installation.began(job)
    site.process.send_signal(signal.SIGTERM)
    eventually(lambda: not site.answers(), what="it takes no more requests")
    installation.release(HERE)
    assert site.process.wait(60) == 0
    row = installation.job(job)
    assert (row["state"], row["attempts"]) == ("succeeded", 1)
    assert installation.processes() == []


def test_a_worker_that_dies_in_the_tree_starts_again(installation: Installation) -> None:
    site = installation.serve("--workers=1")
    first = installation.inside("request", work.SLOW)
    installation.ended(first, "succeeded")
    master = os.getpgid(installation.began(first))
    os.kill(master, signal.SIGKILL)
    second = installation.inside("request", work.SLOW)
    installation.ended(second, "succeeded")
    assert site.answers()
