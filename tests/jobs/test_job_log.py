"""What a job logs names it: its lines and its trace can be found by the number that its page shows."""

from jobs.services.request import request_job
from jobs.services.run import run_job
from tests.cast import Cast
from tests.jobs.conftest import KIND
from tests.smsplan.log_lines import Lines, logged


def run(cast: Cast, **parameters: str) -> tuple[str, Lines]:
    """A job of Mara's, and what was logged meanwhile."""
    job = request_job(acting_user=cast.mara, project=cast.project, kind=KIND, parameters=parameters)
    with logged() as lines:
        run_job(job_id=job.pk)
    return str(job.pk), lines


def test_it_says_when_it_began_and_how_it_ended(cast: Cast, kind) -> None:
    number, lines = run(cast)
    assert [line["event"] for line in lines.read()] == ["job started, attempt 1", "job ended as succeeded"]
    assert {(line["job_id"], line["job_kind"]) for line in lines.read()} == {(number, KIND)}


def test_the_trace_of_a_failure_has_its_number(cast: Cast, kind) -> None:
    number, lines = run(cast, fail="hard")
    started, failed, ended = lines.read()
    assert "OSError: secret path /etc/x" in failed["exception"]
    assert (failed["job_id"], failed["level"]) == (number, "error")
    assert ended["event"] == "job ended as failed"
    assert started["level"] == ended["level"] == "info"


def test_one_that_another_run_has_says_nothing(cast: Cast, kind) -> None:
    job = request_job(acting_user=cast.mara, project=cast.project, kind=KIND, parameters={})
    run_job(job_id=job.pk)
    with logged() as lines:
        run_job(job_id=job.pk)
    assert lines.text == ""
