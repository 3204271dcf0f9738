"""The stored files as a whole: what there is, packed, unpacked, and exchanged for others."""

import hashlib
import os
import shutil
import tarfile
from pathlib import Path
from typing import Any

# Within a folder that is a mount point, and cannot be renamed: what is being put there, and what was there before.
RESTORING, REPLACED = ".restoring", ".replaced-"


def media_files(top: Path) -> list[tuple[Path, str, int]]:
    """The stored files, with names below `top` and sizes, in order. What is just being written is left out."""
    found = []
    for folder, folders, names in os.walk(top):
        if Path(folder) == top:
            folders[:] = [name for name in folders if name != RESTORING and not name.startswith(REPLACED)]
        for name in names:
            path = Path(folder) / name
            if path.is_file() and not path.is_symlink() and not name.endswith(".part"):
                found.append((path, path.relative_to(top).as_posix(), path.stat().st_size))
    return sorted(found, key=lambda one: one[1])


class _Hashing:
    """Reads a file and knows the hash of what was read."""

    def __init__(self, path: Path) -> None:
        self.handle = path.open("rb")
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self.handle.read(size)
        self.digest.update(chunk)
        return chunk


def pack_media(top: Path, target: Path) -> list[dict[str, Any]]:
    """Put every stored file into one archive; what it holds, with the hashes of what went in."""
    listed = []
    with target.open("wb") as output:
        with tarfile.open(fileobj=output, mode="w", format=tarfile.PAX_FORMAT) as archive:
            for path, name, _size in media_files(top):
                source = _Hashing(path)
                with source.handle:
                    info = archive.gettarinfo(arcname=name, fileobj=source.handle)
                    # A second link to a file that is in already must not become a link in the archive.
                    info.type, info.linkname = tarfile.REGTYPE, ""
                    info.uid = info.gid = 0
                    info.uname = info.gname = ""
                    archive.addfile(info, source)
                listed.append({"path": name, "bytes": info.size, "sha256": source.digest.hexdigest()})
        output.flush()
        os.fsync(output.fileno())
    return listed


def unpack_media(archive_path: Path, top: Path) -> Path:
    """Unpack an archive beside `top`, or within it where it is a mount point; the new folder."""
    new = top / RESTORING if os.path.ismount(top) else top.with_name(f"{top.name}.restoring")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True, mode=0o700)
    with tarfile.open(archive_path, "r:") as archive:
        archive.extractall(new, filter="data")
    return new


def exchange_media(top: Path, new: Path, aside: str) -> Path | None:
    """Let `new` take the place of `top`; where what was there lies now, None where nothing was."""
    if new.parent != top:
        kept = top.with_name(f"{top.name}.{aside}") if top.exists() else None
        if kept is not None:
            top.replace(kept)
        new.replace(top)
        return kept
    kept = top / f".{aside}"
    kept.mkdir(mode=0o700)
    for path in sorted(top.iterdir()):
        if path != new and not path.name.startswith(REPLACED):
            path.replace(kept / path.name)
    for path in sorted(new.iterdir()):
        path.replace(top / path.name)
    new.rmdir()
    return kept
