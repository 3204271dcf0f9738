"""The database that all tests start from, kept as a copy: after real transactions its rows are put back.

To empty a hundred tables as Django does, and to make the catalogue and the cast anew, took seconds for each such test.
SQLite only: on other databases such a test ends in a flush.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.test import TransactionTestCase

from audittrail import triggers


@contextmanager
def kept() -> Iterator[None]:
    """Keep the rows as they stand now; until the end, tests with real transactions end by putting them back."""
    if connection.vendor != "sqlite":
        yield
        return
    address = f"file:starting-point-{os.getpid()}?mode=memory&cache=shared"
    copy = sqlite3.connect(address, uri=True, check_same_thread=False)
    connection.ensure_connection()
    connection.connection.backup(copy)
    tables = [name for (name,) in copy.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    flush = TransactionTestCase._fixture_teardown

    def put_back(_case: Any) -> None:
        _put_back(address, tables)

    TransactionTestCase._fixture_teardown = put_back
    try:
        yield
    finally:
        TransactionTestCase._fixture_teardown = flush
        copy.close()


def _put_back(address: str, tables: list[str]) -> None:
    # The trail's triggers refuse to let go of an event.
    triggers.remove(connection)
    with connection.cursor() as cursor, connection.constraint_checks_disabled():
        cursor.execute("ATTACH DATABASE %s AS starting_point", [address])
        cursor.execute("BEGIN IMMEDIATE")
        for table in tables:
            cursor.execute(f'DELETE FROM main."{table}"')  # noqa: S608 (our own tables)
            cursor.execute(f'INSERT INTO main."{table}" SELECT * FROM starting_point."{table}"')  # noqa: S608 (our own tables)
        cursor.execute("COMMIT")
        cursor.execute("DETACH DATABASE starting_point")
    triggers.install(connection)
