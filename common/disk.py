"""Whether something failed because the disk is full, whoever noticed it: the system, SQLite or PostgreSQL."""

import errno
import sqlite3

_POSTGRESQL = "53100"  # disk_full
# The second where a process is the first to open the database and its memory that is shared finds no room.
_SQLITE = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE)


def is_disk_full(error: BaseException | None) -> bool:
    """Whether `error`, or what it came from, says that there is no room."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        if isinstance(error, sqlite3.Error) and getattr(error, "sqlite_errorcode", None) in _SQLITE:
            return True
        if getattr(error, "sqlstate", None) == _POSTGRESQL:
            return True
        error = error.__cause__ or error.__context__
    return False
