"""Making a backup: database and facts of one instant, then the files, then the manifest."""

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from dbbackup.db.base import get_connector
from dbbackup.db.exceptions import CommandConnectorError
from django.conf import settings
from django.db import connection, connections
from django.db.utils import DatabaseError

from common import clock
from smsplan.backup.facts import facts_of
from smsplan.backup.manifest import (
    FOLDER_NAME,
    FORMAT,
    MEDIA,
    BackupError,
    backups_in,
    entry_of,
    sealed,
    sync_folder,
    write_manifest,
)
from smsplan.backup.manifest import NAME as MANIFEST
from smsplan.backup.media import media_files, pack_media
from smsplan.running import StillRunning, alone, hold_running_lock
from smsplan.version import application_version

_LOCK = "backup.lock"
_SPARE = 64 * 1024 * 1024


def make_backup(*, root: Path | None = None) -> Path:
    """Back this installation up into a new folder of `root` (BACKUP_DIR) and return the folder.

    The server may go on. Raises BackupError, and leaves nothing behind, where it cannot be done whole.
    """
    if connection.in_atomic_block:
        raise BackupError("a backup cannot be made inside a transaction: it would wait for itself")
    root = root or Path(settings.BACKUP_DIR)
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BackupError(f"{root} cannot be made: {error.strerror}. Set BACKUP_DIR to a folder that can.") from error
    try:
        held = hold_running_lock()
    except StillRunning as error:
        raise BackupError(str(error)) from error
    try:
        with alone(_LOCK):
            return _make(root)
    except StillRunning as error:
        raise BackupError("another backup of this installation is being made") from error
    finally:
        os.close(held)


def _make(root: Path) -> Path:
    at = clock.now()
    name = _free_name(root, at.strftime("%Y%m%dT%H%M%SZ"))
    folder = root / f"{name}.part"
    # Of one that was stopped half-way in this very second.
    shutil.rmtree(folder, ignore_errors=True)
    try:
        _refuse_lack_of_space(root)
        folder.mkdir(mode=0o700)
        database, facts = _dump(folder)
        media = pack_media(Path(settings.MEDIA_ROOT), folder / MEDIA)
        content = {
            "format": FORMAT,
            "application": {"name": "smsplan", "version": application_version()},
            "at": at.isoformat(),
            "database": {"kind": connection.vendor, "file": database},
            **facts,
            "files": [entry_of(folder / file, file) for file in (database, MEDIA)],
            "media": media,
        }
        write_manifest(folder, sealed(content, settings.TRAIL_KEY_ID, settings.TRAIL_KEY))
        folder.replace(root / name)
        sync_folder(root)
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, OSError | sqlite3.Error | DatabaseError | CommandConnectorError):
            raise BackupError(f"no backup was made: {_in_words(error)}") from error
        raise
    return root / name


def _free_name(root: Path, name: str) -> str:
    number, found = 1, name
    while (root / found).exists():
        number += 1
        found = f"{name}-{number}"
    return found


def _in_words(error: BaseException) -> str:
    if isinstance(error, CommandConnectorError):
        return " ".join(str(error).partition("\n")[2].split()) or str(error)
    text = getattr(error, "strerror", None) or str(error)
    return f"{text}. Is the disk full?" if "full" in text or "I/O" in text or "too large" in text else text


def _refuse_lack_of_space(root: Path) -> None:
    needed = _SPARE + sum(size for _path, _name, size in media_files(Path(settings.MEDIA_ROOT)))
    database = Path(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite" and database.is_file():
        needed += database.stat().st_size
    free = shutil.disk_usage(root).free
    if free < needed:
        raise BackupError(
            f"no backup was made: it needs about {needed // 2**20} MiB, {root} has {free // 2**20} MiB free"
        )


def _dump(folder: Path) -> tuple[str, dict[str, Any]]:
    """Dump the database; the name of the file, and the facts of exactly what is in it."""
    if connection.vendor == "sqlite":
        return _dump_sqlite(folder)
    return _dump_postgresql(folder)


def _dump_sqlite(folder: Path) -> tuple[str, dict[str, Any]]:
    name = "database.sqlite3"
    connector = get_connector("default")
    connector.output = folder / name
    connector.create_dump().close()
    with (folder / name).open("rb+") as handle:
        os.fsync(handle.fileno())
    with closing(sqlite3.connect(f"file:{folder / name}?mode=ro", uri=True)) as copy:
        return name, facts_of(lambda query: copy.execute(query).fetchall())


def require_program(name: str) -> None:
    """Raise BackupError where a program of PostgreSQL's clients is not there."""
    if shutil.which(name) is None:
        raise BackupError(f"{name} is not there: install the Debian package postgresql-client")


def _dump_postgresql(folder: Path) -> tuple[str, dict[str, Any]]:
    require_program("pg_dump")
    name = "database.pgdump"
    # A connection of its own, whose one state of the database pg_dump shares.
    own = connections.create_connection("default")
    try:
        own.set_autocommit(False)
        with own.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")

            def ask(query: str) -> list[tuple[Any, ...]]:
                cursor.execute(query)
                return list(cursor.fetchall())

            ((snapshot,),) = ask("SELECT pg_export_snapshot()")
            facts = facts_of(ask)
            connector = get_connector("default")
            connector.dump_suffix = f"--snapshot={snapshot} --no-owner --no-privileges"
            dump = connector.create_dump()
            with dump, (folder / name).open("wb") as output:
                shutil.copyfileobj(dump, output, 2**20)
                output.flush()
                os.fsync(output.fileno())
    finally:
        own.rollback()
        own.close()
    return name, facts


def drop_old_backups(*, root: Path | None = None, keep: int | None = None) -> list[str]:
    """Remove finished backups beyond the newest `keep` (BACKUP_KEEP, one at least); the names of those removed."""
    keep = max(1, settings.BACKUP_KEEP if keep is None else keep)
    removed = []
    for folder in backups_in(root or Path(settings.BACKUP_DIR))[:-keep]:
        # First its manifest: what is left of a removal that was stopped is no backup.
        (folder / MANIFEST).unlink()
        shutil.rmtree(folder)
        removed.append(folder.name)
    return removed


def drop_unfinished(*, root: Path | None = None) -> list[str]:
    """Remove what backups that were stopped left behind; nothing while one is being made."""
    root = root or Path(settings.BACKUP_DIR)
    if not root.is_dir():
        return []
    removed = []
    try:
        with alone(_LOCK):
            for folder in sorted(root.iterdir()):
                is_ours = FOLDER_NAME.fullmatch(folder.name.removesuffix(".part")) and folder.is_dir()
                if is_ours and (folder.name.endswith(".part") or not (folder / MANIFEST).is_file()):
                    shutil.rmtree(folder)
                    removed.append(folder.name)
    except StillRunning:
        return []
    return removed
