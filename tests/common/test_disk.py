"""A full disk is recognized, whoever says so."""

import errno
import sqlite3
from pathlib import Path

import psycopg
import pytest
from django.test import Client, RequestFactory

from common.disk import is_disk_full
from smsplan.errors import server_error


def of_sqlite(tmp_path: Path) -> sqlite3.Error:
    """What SQLite says when its file may not grow."""
    connection = sqlite3.connect(tmp_path / "small.sqlite3")
    connection.execute("CREATE TABLE t (x)")
    connection.execute("PRAGMA max_page_count = 3")
    with pytest.raises(sqlite3.OperationalError) as raised:
        connection.execute("INSERT INTO t VALUES (zeroblob(100000))")
    connection.close()
    return raised.value


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_the_system_says_it(number: int) -> None:
    assert is_disk_full(OSError(number, "no room"))


def test_sqlite_says_it(tmp_path: Path) -> None:
    assert is_disk_full(of_sqlite(tmp_path))


def test_sqlite_says_it_of_the_memory_that_its_processes_share() -> None:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
    assert is_disk_full(error)


def test_postgresql_says_it() -> None:
    assert is_disk_full(psycopg.errors.DiskFull("could not extend file"))


def test_it_is_found_behind_another_error(tmp_path: Path) -> None:
    outer = RuntimeError("wrapped")
    outer.__cause__ = of_sqlite(tmp_path)
    assert is_disk_full(outer)


@pytest.mark.parametrize(
    "error", [None, OSError(errno.ENOENT, "gone"), sqlite3.OperationalError("locked"), ValueError()]
)
def test_other_errors_are_others(error: Exception | None) -> None:
    assert not is_disk_full(error)


@pytest.mark.parametrize(("error", "status"), [(OSError(errno.ENOSPC, "no room"), 507), (OSError(errno.EIO, "x"), 500)])
def test_the_error_page_says_it(error: OSError, status: int, rf: RequestFactory) -> None:
    try:
        raise error
    except OSError:
        answer = server_error(rf.get("/"))
    assert answer.status_code == status
    assert ("disk is full" in answer.content.decode()) == (status == 507)


@pytest.mark.django_db
def test_a_view_that_meets_a_full_disk_answers_507(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: object) -> None:
        raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr("smsplan.health.JsonResponse", fail)
    client = Client(raise_request_exception=False)
    assert client.get("/healthz").status_code == 507
