"""What a manifest says of the database: read in SQL, so that a copy can be asked as well as the database itself."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.apps import apps

# What changes without anybody's doing, and is not brought back: see `restore`.
PASSING = ("django_session", "smsplan_cache")

Ask = Callable[[str], list[tuple[Any, ...]]]


def facts_of(ask: Ask) -> dict[str, Any]:
    """Rows by table, ends of trails, catalogues, trail keys and migrations. `ask` runs a query and returns its rows."""
    return {
        "rows": rows_by_table(ask),
        "trail_heads": [
            {"stream": str(UUID(str(stream))), "kind": kind, "label": label, "seq": seq, "hash": hash_}
            for stream, kind, label, seq, hash_ in ask(
                "SELECT id, kind, label, head_seq, head_hash FROM audittrail_stream ORDER BY kind, label, id"
            )
        ],
        "catalogues": [
            {"pack": pack, "version": version, "sha256": sha256}
            for pack, version, sha256 in ask(
                "SELECT pack, version, sha256 FROM phases_catalogue ORDER BY pack, version"
            )
        ],
        "trail_key_ids": [
            key for (key,) in ask("SELECT DISTINCT mac_key_id FROM audittrail_event ORDER BY mac_key_id")
        ],
        "migrations": [
            f"{app}.{name}" for app, name in ask("SELECT app, name FROM django_migrations ORDER BY app, name")
        ],
    }


def tables() -> list[str]:
    """The tables of this version of the application that a backup promises to hold, in order."""
    names = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if model._meta.managed}
    return sorted(names - set(PASSING))


def rows_by_table(ask: Ask, names: list[str] | None = None) -> dict[str, int]:
    """How many rows each table has."""
    return {
        name: int(ask(f'SELECT COUNT(*) FROM "{name}"')[0][0])  # noqa: S608 (names of our own tables)
        for name in (names if names is not None else tables())
    }
