"""What a manifest says, and whether a folder still holds what it says. No database here.

A manifest is written last. It names every file with its hash, how many rows each table had and where each trail ended,
all as of one instant, and carries a code made with the trail key: who lacks the key cannot make one up.
"""

import hashlib
import hmac
import json
import os
import re
import tarfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

from common.canonical import sha256_of

NAME = "manifest.json"
FORMAT = 1
MEDIA = "media.tar"
FOLDER_NAME = re.compile(r"\d{8}T\d{6}Z(-\d+)?")
_CHUNK = 1024 * 1024


class BackupError(Exception):
    """A backup cannot be made, read or restored; the message says why, for an operator."""


def digest_of(handle: BinaryIO) -> tuple[int, str]:
    """Length and SHA-256 of what is left to read."""
    digest, size = hashlib.sha256(), 0
    while chunk := handle.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return size, digest.hexdigest()


def entry_of(path: Path, name: str) -> dict[str, Any]:
    """What a manifest says of one file."""
    with path.open("rb") as handle:
        size, sha256 = digest_of(handle)
    return {"path": name, "bytes": size, "sha256": sha256}


def sealed(content: Mapping[str, Any], key_id: str, key: str) -> dict[str, Any]:
    """`content` with the code that only a holder of the trail key can make."""
    whole = {**content, "seal_key_id": key_id}
    return {**whole, "seal": _seal(whole, key)}


def seal_holds(manifest: Mapping[str, Any], keys: Mapping[str, str]) -> bool:
    """Whether the manifest was sealed with one of `keys` and not altered since."""
    key = keys.get(str(manifest.get("seal_key_id")))
    whole = {name: value for name, value in manifest.items() if name != "seal"}
    return key is not None and hmac.compare_digest(_seal(whole, key), str(manifest.get("seal")))


def _seal(content: Mapping[str, Any], key: str) -> str:
    return hmac.digest(key.encode("utf-8"), f"backup manifest:{sha256_of(content)}".encode("ascii"), "sha256").hex()


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest in one step: it is there whole, or not at all."""
    temporary = folder / f"{NAME}.part"
    with temporary.open("w", encoding="utf-8") as handle:
        json.dump(manifest, handle, indent=1, ensure_ascii=False)
        handle.write("\n")
        handle.flush()
        os.fsync(handle.fileno())
    temporary.replace(folder / NAME)
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """See to it that the names in `folder` are on disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a backup. Raises BackupError where the folder is none, or one of a format not known here."""
    path = folder / NAME
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise BackupError(f"{folder} has no {NAME}: it is no backup, or one that was not finished") from error
    except (OSError, ValueError) as error:
        raise BackupError(f"{path} cannot be read: {error}") from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise BackupError(f"{path} has a format that this version does not know; restore with the version that made it")
    return found


def backups_in(folder: Path) -> list[Path]:
    """The finished backups in `folder`, oldest first."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if FOLDER_NAME.fullmatch(path.name) and (path / NAME).is_file())


def newest_backup_at(folder: Path) -> datetime | None:
    """When the newest finished backup in `folder` was begun; None where there is none."""
    there = backups_in(folder)
    return datetime.strptime(there[-1].name[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) if there else None


def faults_of_files(folder: Path, manifest: Mapping[str, Any]) -> Iterator[str]:
    """A sentence for each file of a backup that is missing, altered or not named, those inside the archive too."""
    named = {entry["path"]: entry for entry in manifest["files"]}
    for name, entry in named.items():
        path = folder / name
        if not path.is_file():
            yield f"{name} is missing"
        elif entry_of(path, name) != entry:
            yield f"{name} is not what the manifest says (altered or cut off)"
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in named and name != NAME:
            yield f"{name} is not named in the manifest"
    if MEDIA in named and (folder / MEDIA).is_file():
        yield from _faults_of_archive(folder / MEDIA, manifest["media"])


def _faults_of_archive(path: Path, listed: list[dict[str, Any]]) -> Iterator[str]:
    wanted = {entry["path"]: entry for entry in listed}
    try:
        with tarfile.open(path, "r:") as archive:
            for member in archive:
                entry = wanted.pop(member.name, None)
                content = archive.extractfile(member)
                if content is None or entry is None:
                    yield f"{member.name} in {MEDIA} is not named in the manifest"
                    continue
                size, sha256 = digest_of(content)  # type: ignore[arg-type]  # IO[bytes] reads as BinaryIO does
                if {"path": member.name, "bytes": size, "sha256": sha256} != entry:
                    yield f"the file {member.name} in {MEDIA} was altered"
    except (tarfile.TarError, OSError) as error:
        yield f"{MEDIA} cannot be read to its end: {error}"
    for name in wanted:
        yield f"the file {name} is not in {MEDIA}"


def faults_of_media(root: Path, manifest: Mapping[str, Any]) -> Iterator[str]:
    """A sentence for each file in `root` that is not as it was backed up; what came since is no fault."""
    for entry in manifest["media"]:
        path = root / entry["path"]
        if not path.is_file():
            yield f"the file {entry['path']} is missing"
        elif entry_of(path, entry["path"]) != entry:
            yield f"the file {entry['path']} is not what was backed up"
