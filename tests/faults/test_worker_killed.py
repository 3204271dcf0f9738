"""A worker dies, or seems to, in the middle of a job: it is begun anew and finished once, or fails in words."""

import os
import signal

import pytest

from tests.faults.installation import Installation
from tests.faults.kinds import work

pytestmark = pytest.mark.slow


@pytest.fixture(params=["installation", "on_redis"])
def where(request: pytest.FixtureRequest) -> Installation:
    """Embedded, and on Redis."""
    return request.getfixturevalue(request.param)


def test_a_killed_process_of_a_worker_costs_one_more_run(where: Installation) -> None:
    where.hold("here")
    where.worker()
    where.beat()
    job = where.inside("request", work.SLOW, hold="here")
    os.kill(where.began(job), signal.SIGKILL)
    where.began(job, times=2)
    where.release("here")
    row = where.ended(job, "succeeded")
    assert (row["attempts"], [what for what, _pid in where.runs(job)]) == (2, ["begun", "begun", "ended"])
    assert where.files() == [job]
    assert (where.folder / "jobs" / job).read_text() == "whole"
