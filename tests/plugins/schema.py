"""The tables of an empty database, made by the migrations once and then taken from a file.

Running the migrations takes a process of the tests half a minute. What they make on SQLite depends on them, on what
they call and on the packages alone: the file is named after these, and made anew when one of them changes. Tests about
migrations themselves run them.
"""

import fcntl
import hashlib
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core import management
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
_SAYS = ("*/migrations/*.py", "*/models.py", "*/*_models.py", "*/choices.py", "audittrail/*.py", "smsplan/settings.py")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> Iterator[None]:
    """Let the test database of SQLite come out of the file, where it is there."""
    made = management.call_command

    def call_command(name: Any, *arguments: Any, **options: Any) -> Any:
        if name == "migrate" and options.get("run_syncdb") and connection.vendor == "sqlite":
            _migrated(lambda: made(name, *arguments, **options))
            return None
        return made(name, *arguments, **options)

    management.call_command = call_command  # type: ignore[assignment]  # takes what the other takes
    yield
    management.call_command = made


def _migrated(migrate: Any) -> None:
    folder = Path(tempfile.gettempdir()) / f"smsplan-test-schema-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{_key()}.sqlite3"
    connection.ensure_connection()
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if path.exists():
            with sqlite3.connect(path) as kept:
                kept.backup(connection.connection)
            kept.close()
            return
        migrate()
        part = path.with_suffix(f".{os.getpid()}")
        with sqlite3.connect(part) as copy:
            connection.connection.backup(copy)
        copy.close()
        part.replace(path)


def _key() -> str:
    """A name for all that the tables come from."""
    digest = hashlib.sha256(sqlite3.sqlite_version.encode())
    for pattern in (*_SAYS, "requirements.lock"):
        for path in sorted(ROOT.glob(pattern)):
            digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:24]
