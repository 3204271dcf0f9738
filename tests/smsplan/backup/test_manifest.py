"""A folder is a backup when its manifest says so, and only while it holds what the manifest says."""

import json
import tarfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from smsplan.backup.manifest import (
    MEDIA,
    NAME,
    BackupError,
    backups_in,
    entry_of,
    faults_of_files,
    faults_of_media,
    read_manifest,
    seal_holds,
    sealed,
    write_manifest,
)

KEYS = {"1": "first key", "2": "second key"}


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A backup of a database and two files."""
    folder = tmp_path / "20260302T013000Z"
    folder.mkdir()
    (folder / "database").write_bytes(b"rows")
    listed = []
    with tarfile.open(folder / MEDIA, "w") as archive:
        for name, content in (("a/1.pdf", b"one"), ("a/2.pdf", b"two")):
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, BytesIO(content))
            path = tmp_path / "media" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            listed.append(entry_of(path, name))
    files = [entry_of(folder / name, name) for name in ("database", MEDIA)]
    write_manifest(folder, sealed({"format": 1, "files": files, "media": listed}, "2", KEYS["2"]))
    return folder


def faults(folder: Path) -> list[str]:
    """What does not agree with the manifest."""
    return list(faults_of_files(folder, read_manifest(folder)))


def test_a_backup_that_was_left_alone_is_whole(backup: Path) -> None:
    assert faults(backup) == []
    assert list(faults_of_media(backup.parent / "media", read_manifest(backup))) == []
    assert backups_in(backup.parent) == [backup]
    assert seal_holds(read_manifest(backup), KEYS)


def test_a_folder_without_a_manifest_is_no_backup(backup: Path) -> None:
    (backup / NAME).unlink()
    assert backups_in(backup.parent) == []
    with pytest.raises(BackupError, match="it is no backup, or one that was not finished"):
        read_manifest(backup)


@pytest.mark.parametrize("text", ["", "[]", '{"format": 2}', "{"])
def test_a_manifest_that_is_none_is_refused(backup: Path, text: str) -> None:
    (backup / NAME).write_text(text)
    with pytest.raises(BackupError, match=r"cannot be read|a format that this version does not know"):
        read_manifest(backup)


def test_a_missing_an_altered_and_a_strange_file_are_named(backup: Path) -> None:
    (backup / "database").unlink()
    (backup / "more").write_bytes(b"")
    assert faults(backup) == ["database is missing", "more is not named in the manifest"]
    (backup / "database").write_bytes(b"rowz")
    (backup / "more").unlink()
    assert faults(backup) == ["database is not what the manifest says (altered or cut off)"]


def test_a_file_altered_inside_the_archive_is_named(backup: Path) -> None:
    path = backup / MEDIA
    path.write_bytes(path.read_bytes().replace(b"two", b"2wo"))
    assert faults(backup) == [
        "media.tar is not what the manifest says (altered or cut off)",
        "the file a/2.pdf in media.tar was altered",
    ]


def test_an_archive_that_was_cut_off_is_named_with_what_it_lacks(backup: Path) -> None:
    path = backup / MEDIA
    path.write_bytes(path.read_bytes()[:1024])
    assert faults(backup) == [
        "media.tar is not what the manifest says (altered or cut off)",
        "the file a/2.pdf is not in media.tar",
    ]


def test_files_that_changed_since_the_backup_are_named(backup: Path) -> None:
    media = backup.parent / "media"
    (media / "a" / "1.pdf").unlink()
    (media / "a" / "2.pdf").write_bytes(b"tow")
    (media / "a" / "3.pdf").write_bytes(b"new since")
    assert list(faults_of_media(media, read_manifest(backup))) == [
        "the file a/1.pdf is missing",
        "the file a/2.pdf is not what was backed up",
    ]


@pytest.mark.parametrize("change", [{"format": 1.0}, {"files": []}, {"seal_key_id": "1"}, {"seal": "0"}, {"more": 1}])
def test_an_altered_manifest_breaks_its_seal(backup: Path, change: dict[str, Any]) -> None:
    altered = {**read_manifest(backup), **change}
    (backup / NAME).write_text(json.dumps(altered))
    assert not seal_holds(read_manifest(backup), KEYS)


def test_only_the_key_that_sealed_it_opens_it(backup: Path) -> None:
    assert not seal_holds(read_manifest(backup), {"1": KEYS["1"]})
    assert not seal_holds(read_manifest(backup), {"2": KEYS["1"]})
