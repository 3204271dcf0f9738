"""What happens beside a running job, with a row that is played."""

import signal
import time
from uuid import uuid4

import pytest
from django.db import OperationalError

from jobs.exceptions import ClaimLost, JobCancelled, JobInterrupted, JobOutOfTime
from jobs.services import pulse as module
from jobs.services.pulse import Pulse


class Row:
    """Stands for the row of the job that runs: what is written to it, and what it answers when it is looked at."""

    def __init__(self) -> None:
        self.written: list[dict] = []
        self.answer: tuple | None = (None,)
        self.broken = 0
        self.looks = 0

    def filter(self, **_which) -> "Row":
        return self

    def update(self, **values) -> int:
        self.written.append(values)
        return 1

    def values_list(self, *_names) -> "Row":
        return self

    def first(self) -> tuple | None:
        self.looks += 1
        if self.broken:
            self.broken -= 1
            raise OperationalError("database is locked")
        return self.answer


@pytest.fixture
def row(monkeypatch: pytest.MonkeyPatch, settings) -> Row:
    """The played row, looked at a hundred times a second."""
    played = Row()
    monkeypatch.setattr(module, "LOOK_EVERY_SECONDS", 0.01)
    monkeypatch.setattr(module.Job, "objects", played)
    monkeypatch.setattr(module.connection, "close", lambda: None)
    settings.JOB_HEARTBEAT_SECONDS = 0.03
    return played


def work_until(condition, pulse: Pulse, seconds: int = 600) -> None:
    """Work in the main thread until `condition` holds, a minute at most."""
    with pulse.watching(uuid4(), uuid4(), seconds, lambda _reason: None):
        end = time.monotonic() + 60
        while not condition() and time.monotonic() < end:
            time.sleep(0.005)


def test_it_shows_life_and_progress(row: Row) -> None:
    pulse = Pulse()
    pulse.report(2, 5, "Reading")
    work_until(lambda: len(row.written) >= 3, pulse)
    assert {(said["progress_done"], said["progress_total"], said["doing"]) for said in row.written} == {
        (2, 5, "Reading")
    }
    assert all(said["heartbeat_at"] for said in row.written)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [(("2026-03-02T09:00Z",), JobCancelled), (None, ClaimLost)],
)
def test_it_stops_the_work(row: Row, answer: tuple | None, reason: type[JobInterrupted]) -> None:
    row.answer = answer
    with pytest.raises(reason):
        work_until(lambda: False, Pulse())


def test_it_stops_work_that_is_out_of_time(row: Row) -> None:
    with pytest.raises(JobOutOfTime):
        work_until(lambda: False, Pulse(), seconds=0)


def test_no_handler_of_the_works_own_swallows_it(row: Row) -> None:
    def swallow() -> bool:
        try:
            time.sleep(0.01)
        except Exception:  # noqa: BLE001 (the worst that a kind may do)
            pytest.fail("it was swallowed")
        return False

    row.answer = None
    with pytest.raises(ClaimLost):
        work_until(swallow, Pulse())


def test_a_database_that_is_locked_for_a_while_ends_nothing(row: Row) -> None:
    row.broken = 3
    work_until(lambda: row.looks >= 6, Pulse())
    assert row.broken == 0


def test_nothing_is_left_when_the_work_is_done(row: Row) -> None:
    before = signal.getsignal(signal.SIGUSR2)
    work_until(lambda: row.looks >= 1, Pulse())
    looks = row.looks
    time.sleep(0.05)
    assert row.looks == looks
    assert signal.getsignal(signal.SIGUSR2) is before
    assert signal.alarm(0) == 0


def test_work_that_does_not_stop_is_given_up_and_its_process_killed(
    row: Row, settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.JOB_KILL_AFTER_SECONDS = 0
    row.answer = None
    done: list[object] = []
    monkeypatch.setattr(module.os, "kill", lambda _pid, number: done.append(number))
    with Pulse().watching(uuid4(), uuid4(), 600, done.append):
        end = time.monotonic() + 60
        while signal.SIGKILL not in done and time.monotonic() < end:
            time.sleep(0.005)
    # It was asked to stop first.
    assert done[0] == signal.SIGUSR2
    assert done[done.index(ClaimLost) + 1] == signal.SIGKILL
