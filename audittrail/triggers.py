"""Database triggers that refuse to change or remove an event, on SQLite and PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "audittrail_event"
NAMES = ("audittrail_event_no_update", "audittrail_event_no_delete")
REFUSAL = "the trail is append-only"

_SQLITE = [
    f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {verb} ON {TABLE} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    for name, verb in zip(NAMES, ("UPDATE", "DELETE"), strict=True)
]
_POSTGRESQL = [
    "CREATE OR REPLACE FUNCTION audittrail_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$",
    *(
        f"CREATE OR REPLACE TRIGGER {name} BEFORE {verb} ON {TABLE} FOR EACH STATEMENT "
        "EXECUTE FUNCTION audittrail_refuse()"
        for name, verb in zip(NAMES, ("UPDATE", "DELETE OR TRUNCATE"), strict=True)
    ),
]


def install(connection: BaseDatabaseWrapper) -> None:
    """Make the triggers; those that stand already are left as they are."""
    with connection.cursor() as cursor:
        for statement in _SQLITE if connection.vendor == "sqlite" else _POSTGRESQL:
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away: for the flush between tests, and for lawful disposal of payloads."""
    with connection.cursor() as cursor:
        for name in NAMES:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}" + ("" if connection.vendor == "sqlite" else f" ON {TABLE}"))


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of triggers that should stand and do not."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled <> 'D'"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [TABLE])
        found = {row[0] for row in cursor.fetchall()}
    return [name for name in NAMES if name not in found]


@contextmanager
def lifted(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Run a block without the triggers; they stand again afterwards, whatever happened."""
    remove(connection)
    try:
        yield
    finally:
        install(connection)


def install_after_migrate(*, using: str, **_kwargs: Any) -> None:
    """Receiver of `post_migrate`."""
    connection = connections[using]
    if TABLE in connection.introspection.table_names():
        install(connection)
