"""A backup is whole or it is not there."""

import json
import os
import tarfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from audittrail.models import Stream
from common import clock
from phases.models import PhaseActivity
from smsplan.backup import make
from smsplan.backup.make import drop_old_backups, drop_unfinished, make_backup
from smsplan.backup.manifest import MEDIA, NAME, BackupError, backups_in, faults_of_files, read_manifest
from smsplan.running import alone, hold_running_lock
from tests.cast import NOW, Cast


@pytest.fixture
def root(tmp_path: Path, settings) -> Path:
    """Where backups go."""
    settings.BACKUP_DIR = tmp_path / "backups"
    return tmp_path / "backups"


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    """A stored file, one that is linked twice, one half-written, one elsewhere."""
    media = tmp_path / "media"
    (media / "evidence").mkdir(parents=True)
    (media / "evidence" / "é 1.pdf").write_bytes(b"proof")
    os.link(media / "evidence" / "é 1.pdf", media / "evidence" / "again.pdf")
    (media / "evidence" / "2.pdf.part").write_bytes(b"pro")
    (tmp_path / "elsewhere").write_bytes(b"secret")
    (media / "link").symlink_to(tmp_path / "elsewhere")
    return media


@pytest.fixture
def without_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Backups that dump no database: theirs is the drill and the first test."""

    def dump(folder: Path) -> tuple[str, dict[str, Any]]:
        (folder / "database").write_bytes(b"rows")
        return "database", {"rows": {}}

    monkeypatch.setattr(make, "_dump", dump)
    monkeypatch.setattr(
        make, "connection", SimpleNamespace(vendor="none", in_atomic_block=False, settings_dict={"NAME": ""})
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "sqlite", reason="the drill is for PostgreSQL")
def test_it_holds_files_rows_and_ends_of_trails_and_no_key(cast: Cast, root: Path, stored: Path, capsys) -> None:
    folder = make_backup()
    manifest = read_manifest(folder)
    assert backups_in(root) == [folder]
    assert list(faults_of_files(folder, manifest)) == []
    assert [entry["path"] for entry in manifest["media"]] == ["evidence/again.pdf", "evidence/é 1.pdf"]
    with tarfile.open(folder / MEDIA) as archive:
        assert archive.extractfile("evidence/again.pdf").read() == b"proof"
    assert manifest["rows"]["phases_phaseactivity"] == PhaseActivity.objects.count()
    heads = {head["stream"]: (head["seq"], head["hash"]) for head in manifest["trail_heads"]}
    assert heads == {str(one.pk): (one.head_seq, one.head_hash) for one in Stream.objects.all()}
    call_command("export_trail_heads")
    assert manifest["trail_heads"] == json.loads(capsys.readouterr().out)["heads"]
    for path in folder.iterdir():
        content = path.read_bytes()
        assert settings.SECRET_KEY.encode() not in content
        assert settings.TRAIL_KEY.encode() not in content
    assert (manifest["database"]["kind"], manifest["trail_key_ids"]) == ("sqlite", ["1"])
    assert [(one["pack"], len(one["sha256"])) for one in manifest["catalogues"]] == [("tr20000-5-2010", 64)]


@pytest.mark.django_db
def test_it_does_not_wait_for_the_transaction_that_it_is_in(root: Path) -> None:
    with pytest.raises(BackupError, match="inside a transaction"):
        make_backup()


def test_what_fails_at_the_end_leaves_nothing_behind(root: Path, without_database, monkeypatch) -> None:
    def fail(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(make, "write_manifest", fail)
    with pytest.raises(CommandError, match="no backup was made: No space left on device"):
        call_command("backup")
    assert list(root.iterdir()) == []


def test_it_is_not_begun_where_space_is_lacking(root: Path, without_database, monkeypatch) -> None:
    monkeypatch.setattr(make, "_SPARE", 2**60)
    with pytest.raises(BackupError, match=r"it needs about \d+ MiB, .* MiB free"):
        make_backup()
    assert list(root.iterdir()) == []


def test_one_is_made_at_a_time_and_none_during_a_restore(root: Path, without_database, moved) -> None:
    with alone("backup.lock"), pytest.raises(BackupError, match="another backup"):
        make_backup()
    with alone(), pytest.raises(BackupError, match="a restore of this installation is going on"):
        make_backup()


def test_a_running_server_does_not_hinder_it(root: Path, without_database, moved) -> None:
    held = hold_running_lock()
    assert make_backup().is_dir()
    os.close(held)


def test_two_in_one_second_are_two(root: Path, without_database, moved) -> None:
    assert [make_backup().name, make_backup().name] == ["20260302T090000Z", "20260302T090000Z-2"]


def test_the_oldest_go_and_what_is_no_backup_stays(root: Path, without_database, moved) -> None:
    for day in range(4):
        with clock.moved_to(NOW.replace(day=day + 1)):
            make_backup()
    (root / "notes").mkdir()
    (root / "20250101T000000Z").mkdir()
    assert drop_old_backups(keep=2) == ["20260301T090000Z", "20260302T090000Z"]
    assert {path.name for path in root.iterdir()} == {
        "notes",
        "20250101T000000Z",
        "20260303T090000Z",
        "20260304T090000Z",
    }
    assert drop_old_backups(keep=0) == ["20260303T090000Z"]


def test_what_a_stopped_backup_left_is_cleared_away(root: Path, without_database, moved) -> None:
    kept = make_backup()
    (root / "20260301T013000Z.part").mkdir()
    (root / "20260228T013000Z").mkdir()
    (root / "20260228T013000Z" / MEDIA).write_bytes(b"half")
    (root / "mine").mkdir()
    with alone("backup.lock"):
        assert drop_unfinished() == []
    assert drop_unfinished() == ["20260228T013000Z", "20260301T013000Z.part"]
    assert {path.name for path in root.iterdir()} == {kept.name, "mine"}
    assert (kept / NAME).is_file()
