"""Stored files: under a random name outside of the web root, written once, hashed while they stream in.

A file is complete under `incoming/` before it gets its place, and has its place before the row that stands for it is
committed. What a crash leaves in between is an orphan, which `verify` lists; no row ever stands without its file.
"""

import errno
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.utils.translation import gettext as _

from common.disk import is_disk_full
from evidence.exceptions import FileDamaged, FileRefused, NoRoom

CHUNK = 1024 * 1024
FOLDER = "evidence"
INCOMING = "incoming"


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file that came in and has no place yet."""

    path: Path
    size: int
    sha256: str


def root() -> Path:
    """The folder of all stored files."""
    return Path(settings.MEDIA_ROOT) / FOLDER


def stored_path(stored: str) -> Path:
    """Where the file is that a row names, such as `3f/3f0c….`. Raises ValueError for a name that was never given."""
    first, slash, rest = stored.partition("/")
    if not slash or not (first + rest).isalnum() or len(first) != 2 or not rest.startswith(first):
        raise ValueError(stored)
    return root() / first / rest


def receive(pieces: Iterable[bytes], *, most: int) -> Incoming:
    """Write `pieces` to a file that has no place yet, and hash them on the way. Memory does not grow with the file.

    Raises FileRefused for an empty file or one of more than `most` bytes, NoRoom where the disk is full; nothing stays
    then.
    """
    path = incoming_path()
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("xb") as handle:
            for piece in pieces:
                size += len(piece)
                if size > most:
                    raise FileRefused(
                        _("The file is larger than %(limit)d MB.") % {"limit": most // (1024 * 1024)}, field="file"
                    )
                digest.update(piece)
                handle.write(piece)
            handle.flush()
            os.fsync(handle.fileno())
    except BaseException as error:
        discard(path)
        if is_disk_full(error):
            raise NoRoom(
                _("The disk is full. Nothing of it was kept. Tell the administrator."), field="file"
            ) from error
        raise
    if not size:
        discard(path)
        raise FileRefused(_("The file is empty."), field="file")
    return Incoming(path, size, digest.hexdigest())


def incoming_path() -> Path:
    """A new path for a file that comes in."""
    folder = root() / INCOMING
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{uuid4().hex}.part"


def keep(path: Path, *, leave: bool = False) -> str:
    """Give a file that came in its place, once and for all; returns the name that a row keeps.

    With `leave` it stands where it came in too, for whoever may have to try again; that is theirs to take away.
    """
    name = uuid4().hex
    stored = f"{name[:2]}/{name}"
    target = stored_path(stored)
    target.parent.mkdir(parents=True, exist_ok=True)
    path.chmod(0o440)
    # A link, unlike a rename, never takes the place of another file.
    os.link(path, target)
    if not leave:
        path.unlink()
    for folder in (target.parent, path.parent):
        _sync_folder(folder)
    return stored


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def discard(path: Path) -> None:
    """Take away a file that came in and is not wanted."""
    with suppress(OSError):
        path.unlink(missing_ok=True)


def destroy(stored: str) -> None:
    """Take away the content of what was disposed of. One that is gone already is gone."""
    with suppress(FileNotFoundError):
        stored_path(stored).unlink()


def pieces_of(path: Path) -> Iterator[bytes]:
    """A file, a megabyte at a time."""
    with path.open("rb") as handle:
        while piece := handle.read(CHUNK):
            yield piece


def hash_of(path: Path, progress: Callable[[int], None] | None = None) -> tuple[str, int]:
    """The SHA-256 of a file and its size; `progress` is told how many bytes were read."""
    digest, size = hashlib.sha256(), 0
    for piece in pieces_of(path):
        digest.update(piece)
        size += len(piece)
        if progress is not None:
            progress(size)
    return digest.hexdigest(), size


def check_stored(stored: str, sha256: str, size: int) -> Path:
    """The path of a stored file that is byte for byte what was taken in. Raises FileDamaged for any other."""
    path = stored_path(stored)
    try:
        found, length = hash_of(path)
    except FileNotFoundError as error:
        raise FileDamaged("missing") from error
    except OSError as error:
        raise FileDamaged("missing" if error.errno == errno.ENOENT else "unreadable") from error
    if found != sha256 or length != size:
        raise FileDamaged("altered")
    return path


def stored_by_folder() -> Iterator[list[str]]:
    """The names of all files that have a place, in order, a list for each folder; those that come in have none yet.

    A file that lies where no file is ever put is named too: it is nobody's.
    """
    for folder, inner, names in os.walk(root()):
        inner.sort()
        place = Path(folder)
        if place == root() and INCOMING in inner:
            inner.remove(INCOMING)
        if names:
            yield [(place / name).relative_to(root()).as_posix() for name in sorted(names)]


def text_sha256(text: str) -> str:
    """The SHA-256 of a text in UTF-8, as records are kept."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
