"""The clock of a host is an hour off, or jumps: no slot runs twice, nobody is declared dead, the trail stays whole."""

import time

import pytest

from tests.faults.installation import Installation, eventually
from tests.faults.kinds import work

pytestmark = pytest.mark.processes
HOUR = 3600
HERE = "here"


def looks(where: Installation, times: int) -> None:
    """Wait until the beat has looked after the jobs `times` times more."""
    seen = {where.inside("beats")}

    def looked() -> bool:
        seen.add(where.inside("beats"))
        return len(seen) > times

    eventually(looked, what="the beat looks again")


@pytest.fixture
def past_the_hour(installation: Installation) -> float:
    """How far a clock must be moved so that no hour begins by itself while the test lasts."""
    return 600 - time.time() % HOUR


def test_no_slot_runs_twice_whatever_the_clock_does(installation: Installation, past_the_hour: float) -> None:
    installation.set_clock(past_the_hour)
    installation.worker()
    installation.beat(FAULT_HOURLY="1")
    eventually(lambda: installation.inside("beats") != "None", what="the beat has begun")
    # What was due before it began is not made up for.
    looks(installation, 2)
    assert installation.inside("jobs_of_kind", work.HOURLY) == []
    slots = []
    for hours in (1, 0, -1, 1, 0, 2, 1, 2):
        installation.set_clock(past_the_hour + hours * HOUR)
        looks(installation, 2)
        rows = installation.inside("jobs_of_kind", work.HOURLY)
        slots.append(len(rows))
        for row in rows:
            installation.ended(row["id"], "succeeded")
    # One for the first hour, when it comes first, and one for the second; none when they come again.
    assert slots == [1, 1, 1, 1, 1, 2, 2, 2]
    rows = installation.inside("jobs_of_kind", work.HOURLY)
    assert [row["attempts"] for row in rows] == [1, 1]
    assert len({row["idempotency_key"] for row in rows}) == 2


def test_a_clock_that_jumps_declares_nobody_dead(installation: Installation) -> None:
    installation.hold(HERE)
    # The worker's host is an hour behind that of the beat, from the start.
    installation.worker(FAULT_CLOCK=str(-HOUR))
    installation.beat()
    job = installation.inside("request", work.SLOW, hold=HERE)
    installation.began(job)
    for hours in (0, 1, -1):
        installation.set_clock(hours * HOUR)
        # Longer than the patience with a worker that shows no life.
        looks(installation, 4)
        assert installation.job(job)["state"] == "running"
    installation.release(HERE)
    assert installation.ended(job, "succeeded")["attempts"] == 1


def test_a_job_asked_for_while_the_clock_was_ahead_does_not_wait(installation: Installation) -> None:
    installation.set_clock(HOUR)
    job = installation.inside("request", work.SLOW)
    # Its message is lost, and the clock is put right.
    for message in (installation.folder / "broker").glob("*.msg"):
        message.unlink()
    installation.set_clock(0)
    installation.worker()
    installation.beat()
    installation.ended(job, "succeeded")


def test_the_trail_is_ordered_by_number_and_not_by_time(installation: Installation) -> None:
    row = installation.inside("rows_of_plan")[0]
    before = installation.inside("read", "SELECT max(seq) FROM audittrail_event")[0][0]
    for number, hours in enumerate((0, 1, -1)):
        installation.set_clock(hours * HOUR)
        installation.inside("write_note", row, f"Note {number}")
    sql = "SELECT seq, at, payload FROM audittrail_event WHERE seq > %s ORDER BY seq"
    events = installation.inside("read", sql, before)
    assert [(seq, f"Note {number}" in payload) for number, (seq, _at, payload) in enumerate(events)] == [
        (before + 1, True),
        (before + 2, True),
        (before + 3, True),
    ]
    times = [at for _seq, at, _payload in events]
    assert times[2] < times[0] < times[1]
    installation.verify()
