"""SQLite as it is built today: many more values in one statement than Django assumes."""

import sqlite3
from typing import Any

from django.db.backends.signals import connection_created

MOST_VALUES = 32_000


def allow_larger_statements(*, connection: Any, **kwargs: Any) -> None:
    """Let bulk writes send as many values at once as this SQLite takes; Django counts with 999, its limit of 2020."""
    if connection.vendor == "sqlite":
        limit = connection.connection.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER)
        connection.features.max_query_params = min(limit, MOST_VALUES)


def register() -> None:
    """Do so for every connection that opens."""
    connection_created.connect(allow_larger_statements, dispatch_uid="larger statements of SQLite")
