"""How each database is dumped: the connectors of django-dbbackup, writing where they are told to."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from dbbackup.db.sqlite import SqliteBackupConnector


class SqliteFileConnector(SqliteBackupConnector):
    """The connector of the library, but the copy goes straight to a file: theirs holds all of it in memory.

    SQLite's online backup reads one state of the database; with a write-ahead log, writers go on meanwhile.
    """

    output: Path | None = None

    def create_dump(self) -> Any:
        """Copy the database to `output`; where none is given, do what the library does."""
        if self.output is None:
            return super().create_dump()
        self.connection.ensure_connection()
        with closing(sqlite3.connect(self.output)) as target:
            self.connection.connection.backup(target)
            # One file that needs no log beside it.
            target.execute("PRAGMA journal_mode=DELETE")
            (said,) = target.execute("PRAGMA quick_check(1)").fetchone()
            if said != "ok":
                raise sqlite3.DatabaseError(f"the copy is damaged: {said}")
        return self.output.open("rb")
