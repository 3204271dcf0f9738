"""Database triggers that refuse to change or remove an event, on SQLite and PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "audittrail_event"
NAMES = ("audittrail_event_no_update", "audittrail_event_no_delete")
# On SQLite an "insert or replace" removes a row without asking the trigger on delete.
REPLACE = "audittrail_event_no_replace"
REFUSAL = "the trail is append-only"

_SQLITE = [
    f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {verb} ON {TABLE} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    for name, verb in zip(NAMES, ("UPDATE", "DELETE"), strict=True)
]
_SQLITE.append(
    f"CREATE TRIGGER IF NOT EXISTS {REPLACE} BEFORE INSERT ON {TABLE} WHEN EXISTS "  # noqa: S608 (names of our own)
    f"(SELECT 1 FROM {TABLE} WHERE id = NEW.id OR (stream_id = NEW.stream_id AND seq = NEW.seq)) "
    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
)
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
    """Make the triggers; those that stand as they should are left alone, altered ones are made again."""
    altered = missing(connection) if connection.vendor == "sqlite" else []
    with connection.cursor() as cursor:
        for name in altered:
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        for statement in _SQLITE if connection.vendor == "sqlite" else _POSTGRESQL:
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away: for the flush between tests, and for lawful disposal of payloads."""
    with connection.cursor() as cursor:
        for name in (*NAMES, REPLACE):
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}" + ("" if connection.vendor == "sqlite" else f" ON {TABLE}"))


def expected(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of the triggers that should stand."""
    return [*NAMES, REPLACE] if connection.vendor == "sqlite" else list(NAMES)


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """The names of triggers that should stand and do not, or that say something else than they should."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE])
            found = dict(cursor.fetchall())
            wanted = {sql.split()[5]: sql.replace("IF NOT EXISTS ", "") for sql in _SQLITE}
            return [name for name, sql in wanted.items() if found.get(name) != sql]
        cursor.execute(
            "SELECT tgname, prosrc FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid "
            "WHERE tgrelid = %s::regclass AND tgenabled <> 'D'",
            [TABLE],
        )
        standing = {name for name, body in cursor.fetchall() if f"RAISE EXCEPTION '{REFUSAL}'" in body}
    return [name for name in NAMES if name not in standing]


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
