"""Putting a backup back: look before anything is touched, switch over in as few steps as can be, then check."""

import os
import shutil
import sqlite3
import subprocess
import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from dbbackup.db.base import get_connector
from dbbackup.db.postgresql import parse_postgres_settings
from django.apps import apps
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from audits.services.packs import settle_restored_packs
from audittrail import triggers
from audittrail.services import Draft, record_installation_event
from common import clock
from common.verification import findings_of_all
from jobs.services.restored import settle_restored_jobs
from notifications.services.delivery import settle_restored_mail
from smsplan.backup.facts import facts_of, rows_by_table
from smsplan.backup.make import require_program
from smsplan.backup.manifest import (
    MEDIA,
    BackupError,
    faults_of_files,
    faults_of_media,
    read_manifest,
    seal_holds,
    sync_folder,
)
from smsplan.backup.media import exchange_media, media_files, unpack_media
from smsplan.nightly import BACKUP
from smsplan.running import StillRunning, alone
from smsplan.version import application_version

Say = Callable[[str], None]
_FUNCTIONS = ("audittrail_refuse",)


def restore_backup(*, folder: Path, replace: bool = False, key_lost: bool = False, say: Say) -> list[str]:
    """Put back what the backup in `folder` holds; returns a sentence for each thing that is not as it should be.

    Before anything is touched it raises BackupError: for a backup that is not whole or not of this installation, where
    something of this installation runs, and where data are there that `replace` does not give up. With `key_lost` a
    backup is accepted whose trail key is gone; its trail can then not be authenticated, and the findings say so.
    """
    try:
        with alone():
            manifest = read_manifest(folder)
            _refuse(folder, manifest, replace=replace, key_lost=key_lost)
            say(f"the backup of {manifest['at']} is whole: {len(manifest['media'])} file(s) beside the database")
            _put_back(folder, manifest, say)
            return _settle(folder, manifest, say)
    except StillRunning as error:
        raise BackupError(str(error)) from error


def look_at_backup(*, folder: Path, key_lost: bool = False, say: Say) -> None:
    """Check a backup without restoring it, and say which stored files are no longer as it holds them.

    Raises BackupError where it is not whole, or could not be restored here.
    """
    manifest = read_manifest(folder)
    _refuse_backup(folder, manifest, key_lost=key_lost)
    say(f"the backup of {manifest['at']} is whole: {len(manifest['media'])} file(s) beside the database")
    for sentence in faults_of_media(Path(settings.MEDIA_ROOT), manifest):
        say(f"here {sentence}")


def _refuse(folder: Path, manifest: Mapping[str, Any], *, replace: bool, key_lost: bool) -> None:
    _refuse_backup(folder, manifest, key_lost=key_lost)
    if connection.vendor == "postgresql":
        require_program("pg_restore")
        require_program("psql")
        _refuse_other_connections()
    if _data_are_there() and not replace:
        raise BackupError("there are data here already. To give them up for those of the backup, say --replace")


def _refuse_backup(folder: Path, manifest: Mapping[str, Any], *, key_lost: bool) -> None:
    kind = manifest["database"]["kind"]
    if kind != connection.vendor:
        raise BackupError(f"it is a backup of {kind}, and this installation runs on {connection.vendor}")
    if not key_lost and not seal_holds(manifest, settings.TRAIL_KEYS):
        raise BackupError(
            "its manifest was altered, or was sealed with a TRAIL_KEY that is not set here. Put the settings.env that "
            "belongs to it into place. If the key is lost for good, say --trail-key-lost"
        )
    lacking = sorted(set(manifest["trail_key_ids"]) - set(settings.TRAIL_KEYS))
    if lacking and not key_lost:
        raise BackupError(f"its trail needs the keys {', '.join(lacking)}: set them in TRAIL_KEYS_PAST")
    faults = list(faults_of_files(folder, manifest))
    if faults:
        raise BackupError("it is not whole, and nothing was touched: " + "; ".join(faults[:20]))
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    ahead = [name for name in manifest["migrations"] if name not in known and name.partition(".")[0] in _labels()]
    if ahead:
        raise BackupError(
            f"it was made by version {manifest['application']['version']}, newer than this one "
            f"({application_version()}): upgrade first. Not known here: {', '.join(ahead[:5])}"
        )


def _labels() -> set[str]:
    return {config.label for config in apps.get_app_configs()}


def _refuse_other_connections() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        (others,) = cursor.fetchone()
    if others:
        raise BackupError(f"{others} other connection(s) to the database are open: stop server, worker and beat first")


def _data_are_there() -> bool:
    if media_files(Path(settings.MEDIA_ROOT)):
        return True
    if connection.vendor == "sqlite":
        path = _database_path()
        return path.exists() and path.stat().st_size > 0
    with connection.cursor() as cursor:
        return bool(_own_tables(connection.introspection.table_names(cursor)))


def _own_tables(names: list[str]) -> list[str]:
    """Those of `names` that this application made, in whatever version: the database may hold others."""
    prefixes = (*(f"{label}_" for label in _labels()), "django_", "smsplan_")
    return sorted(name for name in names if name.startswith(prefixes))


def _database_path() -> Path:
    return Path(connection.settings_dict["NAME"])


def _put_back(folder: Path, manifest: Mapping[str, Any], say: Say) -> None:
    media = Path(settings.MEDIA_ROOT)
    aside = f"replaced-{clock.now():%Y%m%dT%H%M%SZ}"
    dump = folder / manifest["database"]["file"]
    new = None
    try:
        new = unpack_media(folder / MEDIA, media)
        if connection.vendor == "sqlite":
            _put_sqlite_back(dump, aside, say)
        else:
            _put_postgresql_back(dump)
        kept = exchange_media(media, new, aside)
        if kept is not None:
            say(f"the files that were there are in {kept.name}")
        sync_folder(media)
        sync_folder(media.parent)
    except (OSError, sqlite3.Error, tarfile.TarError) as error:
        raise BackupError(f"it could not be put back: {getattr(error, 'strerror', None) or error}") from error
    finally:
        if new is not None:
            shutil.rmtree(new, ignore_errors=True)


def _put_sqlite_back(dump: Path, aside: str, say: Say) -> None:
    path = _database_path()
    connection.close()
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.restoring")
    try:
        shutil.copyfile(dump, new)
        with closing(sqlite3.connect(new)) as copy:
            (said,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
        if said != "ok":
            raise BackupError(f"the database in the backup is damaged: {said}")
        with new.open("rb+") as handle:
            os.fsync(handle.fileno())
        if path.exists():
            # The log of the old database goes with it: beside the new one it would be read as its own.
            for suffix in ("-wal", "-shm", ""):
                old = path.with_name(path.name + suffix)
                if old.exists():
                    old.replace(path.with_name(f"{path.name}.{aside}{suffix}"))
            say(f"the database that was there is {path.name}.{aside}")
        new.replace(path)
        sync_folder(path.parent)
    finally:
        new.unlink(missing_ok=True)


def _put_postgresql_back(dump: Path) -> None:
    """Drop what is there and fill in what the backup holds: one transaction, so both or neither."""
    address, environment = parse_postgres_settings(get_connector("default"))
    with connection.cursor() as cursor:
        tables = _own_tables(connection.introspection.table_names(cursor))
    connection.close()
    work = Path(settings.DATA_DIR) / "restore.part"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True, mode=0o700)
    try:
        drops = [f'DROP TABLE IF EXISTS "{name}" CASCADE;' for name in tables]
        drops += [f'DROP FUNCTION IF EXISTS "{name}"() CASCADE;' for name in _FUNCTIONS]
        (work / "drop.sql").write_text("\n".join(drops) + "\n", encoding="utf-8")
        fill = str(work / "fill.sql")
        _run(["pg_restore", "--no-owner", "--no-privileges", f"--file={fill}", str(dump)], {})
        _run(
            [
                "psql",
                *address.split(" "),
                "--no-psqlrc",
                "--quiet",
                "--set=ON_ERROR_STOP=1",
                "--single-transaction",
                f"--file={work / 'drop.sql'}",
                f"--file={fill}",
            ],
            environment,
        )
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _run(command: list[str], environment: Mapping[str, str]) -> None:
    ended = subprocess.run(  # noqa: S603 (programs named here, with our own arguments)
        command,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if ended.returncode != 0:
        said = " / ".join(ended.stderr.strip().splitlines()[-3:])
        raise BackupError(f"{command[0]} failed, and the database is as it was: {said}")


def _ask(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def _settle(folder: Path, manifest: Mapping[str, Any], say: Say) -> list[str]:
    """Compare with the manifest, bring it up to this version, end what was under way, and verify."""
    findings = list(_differences(manifest))
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    triggers.install(connection)
    if manifest["application"]["version"] != application_version():
        call_command("load_content", verbosity=0)
        say(f"brought up from version {manifest['application']['version']} to {application_version()}")
    findings += [f"Trail: {line}" for line in _differing_heads(manifest["trail_heads"])]
    cache.clear()
    signed_out, _by_model = Session.objects.all().delete()
    say(f"{signed_out} session(s) ended: everybody signs in again")
    unknown = settle_restored_mail()
    if unknown:
        say(f"{unknown} thing(s) to be mailed are unknown: they may have been sent since, and are not sent again")
    if ran := settle_restored_jobs(made_it=BACKUP):
        say(f"{ran} job(s) that ran then failed; whoever asked for them can try again")
    if lost := settle_restored_packs():
        say(f"{lost} evidence pack(s) are no longer kept: packs are no part of a backup, build them again")
    record_installation_event(
        acting_user=None,
        draft=Draft("restore", "backup", folder.name, folder.name, {"taken at": manifest["at"]}),
    )
    for title, sentences in findings_of_all(resume=False):
        findings += [f"{title}: {sentence}" for sentence in sentences]
    return findings


def _differences(manifest: Mapping[str, Any]) -> Iterator[str]:
    there = rows_by_table(_ask, sorted(manifest["rows"]))
    for name, count in manifest["rows"].items():
        if there[name] != count:
            yield f"Rows: {name} has {there[name]}, the backup had {count}"
    for sentence in faults_of_media(Path(settings.MEDIA_ROOT), manifest):
        yield f"Files: {sentence}"


def _differing_heads(kept: list[dict[str, Any]]) -> Iterator[str]:
    there = {head["stream"]: head for head in facts_of(_ask)["trail_heads"]}
    for head in kept:
        if there.get(head["stream"]) != head:
            yield f"{head['kind']} {head['label']} does not end where it ended in the backup"
