"""Each night: figures, verify, clear away, back up; what goes wrong is a failed job in words."""

import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import override_settings

from common import clock
from common.cleaning import cleanings, register_cleaning
from common.verification import checks, register_check
from jobs.choices import JobState
from jobs.domain import Daily
from jobs.models import Job
from jobs.nightly import nightly
from jobs.registry import recurring
from jobs.services.request import request_installation_job
from jobs.services.run import run_job
from jobs.services.upkeep import mark_beat
from phases.jobs import KEEP_FIGURES
from phases.models import ProjectFigures, Snapshot
from phases.services import snapshots
from smsplan import nightly as night
from smsplan.backup.manifest import BackupError, backups_in
from smsplan.environment import ConfigurationError, time_of_night
from smsplan.nightly import BACKUP, CLEAN_UP, VERIFY
from tests.cast import NOW, Cast

pytestmark = pytest.mark.django_db


def run(kind: str) -> Job:
    """Run a kind as a worker does."""
    return run_job(job_id=request_installation_job(kind=kind).pk)


@pytest.fixture
def broken() -> Iterator[Callable[[list[str]], list[bool]]]:
    """A check that finds what it is told to; it notes whether it was asked to resume."""
    asked: list[bool] = []

    def finds(findings: list[str]) -> list[bool]:
        def check(resume: bool) -> list[str]:
            asked.append(resume)
            return findings

        register_check("tests", "Tests", check)
        return asked

    yield finds
    checks.remove("tests")


def test_the_night_is_in_order_and_some_minutes_apart() -> None:
    schedules = {entry.kind: entry.schedule for entry in recurring}
    assert [schedules[kind] for kind in (KEEP_FIGURES, VERIFY, CLEAN_UP, BACKUP)] == [
        Daily(1, 30),
        Daily(1, 40),
        Daily(1, 50),
        Daily(2, 0),
    ]


def test_what_begins_before_midnight_goes_on_after_it() -> None:
    assert nightly(20, time(23, 50)) == Daily(0, 10)


def test_the_time_of_the_night_is_a_time_or_off() -> None:
    assert time_of_night("03:05") == time(3, 5)
    assert time_of_night(" OFF ") is None
    for wrong in ("25:00", "1", "", "01:30:00", "night"):
        with pytest.raises(ConfigurationError, match="NIGHTLY_AT"):
            time_of_night(wrong)


def test_figures_of_yesterday_are_kept(cast: Cast) -> None:
    job = run(KEEP_FIGURES)
    assert (job.state, job.error) == (JobState.SUCCEEDED, "")
    assert set(Snapshot.objects.values_list("project__slug", "day")) == {
        (project.slug, NOW.date() - timedelta(days=1)) for project in (cast.project, cast.other)
    }
    assert ProjectFigures.objects.count() == 2


def test_a_project_that_fails_is_named_and_stops_no_other(cast: Cast, monkeypatch) -> None:
    take = snapshots.take_snapshot

    def fail(*, project, day):
        if project == cast.project:
            raise ValueError("broken row")
        return take(project=project, day=day)

    monkeypatch.setattr(snapshots, "take_snapshot", fail)
    job = run(KEEP_FIGURES)
    assert (job.state, job.error) == (
        JobState.FAILED,
        f"1 of 2 projects failed: {cast.project.slug}. The log says why.",
    )
    assert list(Snapshot.objects.values_list("project", flat=True)) == [cast.other.pk]


def test_verify_that_finds_nothing_succeeds(cast: Cast, broken) -> None:
    asked = broken([])
    job = run(VERIFY)
    assert (job.state, job.error) == (JobState.SUCCEEDED, "")
    assert asked == [True]


def test_verify_that_finds_something_fails_in_words_and_logs_all(cast: Cast, broken, caplog) -> None:
    broken([f"row {number} is wrong" for number in range(1, 6)])
    with caplog.at_level(logging.ERROR, logger="smsplan.nightly"):
        job = run(VERIFY)
    assert (job.state, job.error) == (
        JobState.FAILED,
        "5 findings, all in the log. First: Tests: row 1 is wrong; Tests: row 2 is wrong; Tests: row 3 is wrong",
    )
    assert [record.getMessage() for record in caplog.records] == [
        f"verify: Tests: row {number} is wrong" for number in range(1, 6)
    ]


def test_on_sundays_verify_begins_at_the_first_event(cast: Cast, broken) -> None:
    asked = broken([])
    with clock.moved_to(datetime(2026, 3, 8, 1, 40, tzinfo=UTC)):
        run(VERIFY)
    assert asked == [False]


def test_a_backup_that_is_overdue_is_a_finding_of_the_night(cast: Cast, tmp_path: Path, settings) -> None:
    settings.BACKUP_DIR = tmp_path / "backups"
    mark_beat(interval_seconds=10)
    assert night.stale_backup() == []  # nights have only begun
    with clock.moved_to(NOW + timedelta(days=3)):
        assert night.stale_backup() == ["Backups: there is none, and nights should have made some"]
        for name, found in (
            ("20260303T015959Z", ["Backups: the newest is of 2026-03-03 01:59 UTC"]),
            ("20260304T015959Z", []),
        ):
            (tmp_path / "backups" / name).mkdir(parents=True)
            (tmp_path / "backups" / name / "manifest.json").touch()
            assert night.stale_backup() == found
    with clock.moved_to(NOW + timedelta(days=30)):
        with override_settings(NIGHTLY_AT=None):
            assert night.stale_backup() == []
        with override_settings(BACKUP_KEEP=0):
            assert night.stale_backup() == []


def test_clearing_away_goes_on_after_what_fails(cast: Cast, caplog) -> None:
    def fail() -> int:
        raise OSError(13, "Permission denied")

    Session.objects.create(session_key="old", session_data="", expire_date=NOW - timedelta(minutes=1))
    Session.objects.create(session_key="new", session_data="", expire_date=NOW + timedelta(minutes=1))
    register_cleaning("tests", "Broken things", fail)
    try:
        job = run(CLEAN_UP)
    finally:
        cleanings.remove("tests")
    assert (job.state, job.error) == (
        JobState.FAILED,
        "Could not be cleared away: Broken things. The log says why.",
    )
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]


def test_everything_that_grows_is_cleared_away(cast: Cast) -> None:
    assert {"sessions", "cache", "backups", "job-results", "job-rows", "job-files", "plan-previews"} <= set(
        cleanings.keys()
    )
    assert run(CLEAN_UP).state == JobState.SUCCEEDED


@pytest.mark.db
def test_expired_answers_leave_the_cache_of_the_database(db, settings) -> None:
    from django.core.cache import caches
    from django.core.management import call_command

    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "smsplan_cache"}
    }
    call_command("createcachetable", verbosity=0)
    caches["default"].set("old", 1, 60)
    caches["default"].set("new", 1, 3 * 24 * 3600)
    with clock.moved_to(datetime.now(UTC) + timedelta(hours=1)):  # noqa: TID251 - Django's cache knows no other clock
        assert night._drop_expired_cache_rows() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM smsplan_cache")
        assert cursor.fetchall() == [(":1:new",)]


def test_a_backup_that_cannot_be_made_is_a_failed_job_in_words(cast: Cast, monkeypatch) -> None:
    def fail() -> Path:
        raise BackupError("no backup was made: No space left on device")

    monkeypatch.setattr(night, "make_backup", fail)
    job = run(BACKUP)
    assert (job.state, job.error) == (JobState.FAILED, "no backup was made: No space left on device")


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="the drill is for PostgreSQL")
def test_a_night_leaves_a_backup_and_only_as_many_as_are_kept(cast: Cast, tmp_path: Path, settings) -> None:
    settings.BACKUP_DIR, settings.BACKUP_KEEP = tmp_path / "backups", 2
    for day in range(3):
        with clock.moved_to(NOW + timedelta(days=day)):
            assert run(BACKUP).state == JobState.SUCCEEDED
    assert [folder.name for folder in backups_in(tmp_path / "backups")] == ["20260303T090000Z", "20260304T090000Z"]
