"""`readyz` says what the application needs and lacks, and nothing else."""

import shutil
from collections import namedtuple
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from common import clock
from jobs.models import Beat
from jobs.services.upkeep import mark_beat
from smsplan import health
from tests.smsplan.log_lines import logged

ALL = {"database", "migrations", "storage", "broker", "beat"}


@pytest.fixture
def ready(db, tmp_path: Path, settings) -> None:
    """An embedded installation whose beat has just run."""
    settings.EMBEDDED = True
    (tmp_path / "broker").mkdir()
    mark_beat(interval_seconds=10)


def wrong(client: Client) -> dict[str, str]:
    """What is wrong, by name of check; the answer must fit."""
    response = client.get("/readyz")
    checks = response.json()["checks"]
    assert set(checks) == ALL
    found = {name: check["words"] for name, check in checks.items() if not check["ok"]}
    assert response.status_code == (503 if found else 200)
    assert response.json()["status"] == ("not ready" if found else "ok")
    return found


def test_all_is_well(ready, client: Client) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "checks": {name: {"ok": True, "words": "well"} for name in ALL}}
    assert response["Cache-Control"] == "no-store"
    assert client.head("/readyz").status_code == 200


def test_a_database_that_does_not_answer(ready, client: Client, monkeypatch) -> None:
    def away(*_args, **_kwargs):
        raise DatabaseError("connection to db.internal.example (10.0.0.7) as smsplan with hunter2 failed")

    with monkeypatch.context() as patch, logged() as lines:
        patch.setattr(connection, "cursor", away)
        found = wrong(client)
    assert found == {
        "database": "does not answer",
        "migrations": "not known while the database does not answer",
        "beat": "not known while the database does not answer",
    }
    assert "internal" not in str(found)
    assert "connection to db.internal.example" in lines.text


def test_a_migration_that_is_not_applied(ready, client: Client) -> None:
    MigrationRecorder(connection).record_unapplied("jobs", "0001_initial")
    assert wrong(client) == {"migrations": "1 not applied: run manage.py migrate"}


@pytest.mark.parametrize("which", ["DATA_DIR", "MEDIA_ROOT"])
def test_a_folder_that_cannot_be_written(which: str, ready, client: Client, settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    broker = tmp_path / "broker"
    setattr(settings, which, tmp_path / "file")
    found = wrong(client)
    assert found["storage"] == "cannot be written"
    assert str(broker) not in str(found)
    assert str(tmp_path) not in client.get("/readyz").content.decode()


def test_a_disk_that_is_nearly_full(ready, client: Client, settings, monkeypatch) -> None:
    settings.FREE_SPACE_MB = 200
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(10**12, 10**12, 200 * 1024 * 1024 - 1))
    assert wrong(client) == {"storage": "less than 200 MB are free"}
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(10**12, 10**12, 200 * 1024 * 1024))
    assert wrong(client) == {}


def test_it_leaves_no_file_behind(ready, client: Client, tmp_path: Path) -> None:
    client.get("/readyz")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["broker", "media"]


def test_a_broker_folder_that_is_gone(ready, client: Client, tmp_path: Path) -> None:
    (tmp_path / "broker").rmdir()
    assert wrong(client) == {"broker": "its folder is missing or cannot be written"}


@pytest.mark.parametrize("url", ["redis://:hunter2@127.0.0.1:1/0", "nonsense://x"])
def test_a_redis_that_does_not_answer(url: str, ready, client: Client, settings) -> None:
    settings.EMBEDDED, settings.REDIS_URL = False, url
    with logged() as lines:
        assert wrong(client) == {"broker": "does not answer"}
    assert "hunter2" not in lines.text


def test_a_beat_that_is_late_has_two_intervals_of_grace(ready, client: Client) -> None:
    at = clock.now()
    Beat.objects.update(last_at=at, interval_seconds=10)
    with clock.moved_to(at + timedelta(seconds=20)):
        assert wrong(client) == {}
    with clock.moved_to(at + timedelta(seconds=40)):
        assert wrong(client) == {"beat": "has not run for more than two intervals"}


def test_a_beat_that_never_ran(ready, client: Client) -> None:
    Beat.objects.all().delete()
    assert wrong(client) == {"beat": "has never run: start manage.py beat"}


def test_a_check_that_breaks_tells_the_log_and_not_the_caller(ready, client: Client, monkeypatch) -> None:
    def broken() -> str:
        raise RuntimeError("/srv/secret/place")

    monkeypatch.setitem(health.CHECKS, "storage", broken)
    with logged() as lines:
        assert wrong(client) == {"storage": "could not be checked; the log says why"}
    assert "RuntimeError: /srv/secret/place" in lines.text


def test_what_is_wrong_is_logged(ready, client: Client) -> None:
    Beat.objects.all().delete()
    with logged() as lines:
        client.get("/readyz")
    assert [line["event"] for line in lines.read()] == ["not ready: beat: has never run: start manage.py beat"]
