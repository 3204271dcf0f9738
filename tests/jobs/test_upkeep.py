"""What the beat does: nothing that was asked for stays lying."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from common import clock
from jobs.choices import JobState
from jobs.domain import Sightings
from jobs.models import Beat, Job
from jobs.selectors import beat_state
from jobs.services import upkeep
from jobs.services.request import request_job
from jobs.services.upkeep import mark_beat, reconcile, request_due_work, send_waiting, tick
from tests.cast import NOW, Cast
from tests.jobs.conftest import KIND, MINUTELY, NIGHTLY


@pytest.fixture
def job(cast: Cast, kind) -> Job:
    """A job of Mara's that waits."""
    return request_job(acting_user=cast.mara, project=cast.project, kind=KIND, parameters={})


def running(job: Job, **values) -> None:
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING, claim=uuid4(), heartbeat_at=NOW, **{"attempts": 1, **values}
    )


def left_for(seconds: float, sightings: Sightings | None = None) -> int:
    """Look twice, `seconds` apart."""
    sightings = sightings or Sightings(patience=45)
    reconcile(sightings=sightings, at=1000)
    return reconcile(sightings=sightings, at=1000 + seconds)


def test_a_job_whose_worker_died_is_begun_anew(job: Job) -> None:
    running(job)
    assert left_for(45) == 1
    job.refresh_from_db()
    assert (job.state, job.claim, job.sent_at) == (JobState.QUEUED, None, None)


def test_a_job_whose_worker_lives_is_left_alone(job: Job) -> None:
    running(job)
    sightings = Sightings(patience=45)
    reconcile(sightings=sightings, at=0)
    Job.objects.filter(pk=job.pk).update(heartbeat_at=NOW + timedelta(seconds=5))
    assert reconcile(sightings=sightings, at=60) == 0
    job.refresh_from_db()
    assert job.state == JobState.RUNNING


@pytest.mark.parametrize("hours", [-30, -1, 1, 30])
def test_a_host_clock_that_jumps_declares_nobody_dead(job: Job, hours: int) -> None:
    running(job)
    sightings = Sightings(patience=45)
    reconcile(sightings=sightings, at=0)
    with clock.moved_to(NOW + timedelta(hours=hours)):
        assert reconcile(sightings=sightings, at=10) == 0


def test_after_its_last_attempt_it_has_failed(job: Job) -> None:
    running(job, attempts=2)
    left_for(45)
    job.refresh_from_db()
    assert (job.state, job.finished_at) == (JobState.FAILED, NOW)
    assert job.error == ("The worker stopped in the middle, 2 times. Tell the administrator before you try again.")


def test_one_that_was_to_be_cancelled_is_cancelled(job: Job) -> None:
    running(job, cancel_requested_at=NOW)
    left_for(45)
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED


def test_a_run_that_ends_while_it_is_declared_lost_stands(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    running(job)
    sightings = Sightings(patience=45)
    reconcile(sightings=sightings, at=0)
    lost = Sightings.lost

    def late(self, signs, *, at: float) -> list:
        Job.objects.filter(pk=job.pk).update(state=JobState.SUCCEEDED)
        return lost(self, signs, at=at)

    monkeypatch.setattr(Sightings, "lost", late)
    reconcile(sightings=sightings, at=45)
    job.refresh_from_db()
    assert job.state == JobState.SUCCEEDED


@pytest.mark.parametrize(("sent_ago", "count"), [(None, 1), (61, 1), (59, 0), (-59, 0), (-61, 1)])
def test_what_waits_for_long_is_sent_again(
    job: Job, monkeypatch: pytest.MonkeyPatch, sent_ago: int | None, count: int
) -> None:
    told: list[object] = []

    def send(jobs) -> int:
        told.extend(jobs)
        return len(jobs)

    monkeypatch.setattr(upkeep, "send_jobs", send)
    sent_at = None if sent_ago is None else NOW - timedelta(seconds=sent_ago)
    Job.objects.filter(pk=job.pk).update(sent_at=sent_at)
    assert send_waiting() == count
    assert told == [(job.pk, "quick")] * count
    assert send_waiting() == 0


def test_only_what_waits_is_sent_again(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upkeep, "send_jobs", lambda jobs: pytest.fail("it was sent"))
    for state in (JobState.RUNNING, JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED):
        Job.objects.filter(pk=job.pk).update(state=state, sent_at=None)
        assert send_waiting() == 0


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def asked_at(instant: datetime) -> list[str]:
    """What the beat asks for at `instant`; it runs at once."""
    with clock.moved_to(instant):
        jobs = request_due_work()
        Job.objects.filter(pk__in=[job.pk for job in jobs]).update(state=JobState.SUCCEEDED)
        return [job.kind for job in jobs]


def test_each_slot_is_asked_for_once(db, nightly) -> None:
    Beat.objects.create(pk=1, first_at=at(1, 12))
    nightly.waiting = False
    assert asked_at(at(2, 1, 29)) == []
    assert asked_at(at(2, 1, 30)) == [NIGHTLY]
    assert asked_at(at(2, 1, 31)) == []
    assert asked_at(at(2, 0, 45)) == []  # the clock went back
    assert asked_at(at(2, 1, 30)) == []
    assert asked_at(at(3, 9)) == [NIGHTLY]  # it was off at 01:30


def test_what_was_due_before_the_first_beat_is_not_made_up_for(db, nightly) -> None:
    nightly.waiting = False
    assert asked_at(at(2, 12)) == []
    with clock.moved_to(at(2, 12)):
        mark_beat(interval_seconds=10)
    assert asked_at(at(2, 13)) == []
    assert asked_at(at(3, 2)) == [NIGHTLY]


def test_no_row_is_made_while_there_is_nothing_to_do(db, nightly) -> None:
    Beat.objects.create(pk=1, first_at=at(1, 12))
    nightly.waiting = False
    assert MINUTELY not in asked_at(at(2, 12))
    nightly.waiting = True
    assert asked_at(at(2, 12)) == [MINUTELY]
    assert asked_at(at(2, 12)) == []
    assert asked_at(at(2, 12, 1)) == [MINUTELY]


def test_a_second_run_is_not_asked_for_while_one_waits(db, nightly) -> None:
    Beat.objects.create(pk=1, first_at=at(1, 12))
    with clock.moved_to(at(2, 12)):
        assert MINUTELY in [job.kind for job in request_due_work()]
    with clock.moved_to(at(2, 12, 1)):
        assert request_due_work() == []


def test_it_asks_the_database_as_often_for_one_job_as_for_many(
    cast: Cast, kind, nightly, django_assert_num_queries
) -> None:
    Beat.objects.create(pk=1, first_at=NOW)
    for count in (1, 5):
        Job.objects.bulk_create(
            Job(kind=KIND, project=cast.project, requester=cast.mara, idempotency_key=f"{count} {number}", sent_at=NOW)
            for number in range(count)
        )
        nightly.waiting = False
        with django_assert_num_queries(9):
            tick(sightings=Sightings(patience=45), interval_seconds=10)


def test_a_step_that_fails_does_not_keep_the_others_from_being_done(
    db, moved, nightly, monkeypatch: pytest.MonkeyPatch, caplog
) -> None:
    monkeypatch.setattr(upkeep, "reconcile", lambda **_values: 1 / 0)
    tick(sightings=Sightings(patience=45), interval_seconds=10)
    assert beat_state().last_at == NOW
    assert "could not do one of its steps" in caplog.text


def test_the_beat_is_late_after_two_of_its_intervals(db, moved) -> None:
    assert beat_state().is_late
    mark_beat(interval_seconds=10)
    assert not beat_state().is_late
    with clock.moved_to(NOW + timedelta(seconds=25)):
        assert not beat_state().is_late
    with clock.moved_to(NOW + timedelta(seconds=26)):
        assert beat_state().is_late
