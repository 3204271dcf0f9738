"""SQLite as it is built today: many more values in one statement than Django assumes; and writers that take turns.

SQLite lets who waits for the lock look again at ever longer intervals, up to a tenth of a second, so that among many
writers a new one is nearly always quicker than one who has waited for long, until that one gives up. Here everybody
who begins a transaction looks again equally often, and nobody is left out.
"""

import random
import sqlite3
import time
from typing import Any

from django.db import OperationalError
from django.db.backends.signals import connection_created

MOST_VALUES = 32_000
_LONGEST_SECONDS = 60.0
_LOOK_MS = 20
_PAUSE_SECONDS = (0.001, 0.01)


def allow_larger_statements(*, connection: Any, **kwargs: Any) -> None:
    """Let bulk writes send as many values at once as this SQLite takes; Django counts with 999, its limit of 2020."""
    if connection.vendor == "sqlite":
        limit = connection.connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
        connection.features.max_query_params = min(limit, MOST_VALUES)


def take_turns(*, connection: Any, **kwargs: Any) -> None:
    """Let `connection`, just made, begin its transactions in this way; other databases are left as they are."""
    if connection.vendor == "sqlite":
        connection._start_transaction_under_autocommit = lambda: _begin(connection)


def _begin(connection: Any) -> None:
    raw = connection.connection
    patience = raw.execute("PRAGMA busy_timeout").fetchone()[0]
    end = time.monotonic() + _LONGEST_SECONDS
    raw.execute(f"PRAGMA busy_timeout = {_LOOK_MS}")
    try:
        while True:
            try:
                type(connection)._start_transaction_under_autocommit(connection)
                return
            except OperationalError as error:
                if "database is locked" not in str(error) or time.monotonic() >= end:
                    raise
            time.sleep(random.uniform(*_PAUSE_SECONDS))  # noqa: S311 (a pause, not a secret)
    finally:
        raw.execute(f"PRAGMA busy_timeout = {patience}")


def register() -> None:
    """Do so for every connection that opens."""
    connection_created.connect(allow_larger_statements, dispatch_uid="larger statements of SQLite")
    connection_created.connect(take_turns, dispatch_uid="turns of SQLite's writers")
