"""A ZIP that is written as a stream and says nothing but names and bytes: stored, one date, no rights but reading."""

import hashlib
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_UNIX, _PLAIN_FILE = 3, 0o100644


@dataclass(frozen=True, slots=True)
class Written:
    """A file of the ZIP: the hash and number of its bytes."""

    sha256: str
    size: int


class PackZip:
    """The ZIP of a pack, all in one folder. Memory does not grow with what goes in."""

    def __init__(self, target: Path, top: str) -> None:
        self._zip = zipfile.ZipFile(target, "w", zipfile.ZIP_STORED)
        self._top = top
        self.written: dict[str, Written] = {}

    def __enter__(self) -> "PackZip":
        return self

    def __exit__(self, kind: type[BaseException] | None, _error: BaseException | None, _: TracebackType | None) -> None:
        if kind is None:
            self._zip.close()
        elif self._zip.fp is not None:
            # No directory is written: half a pack must not look like one.
            self._zip.fp.close()
            self._zip.fp = None

    def add(self, path: str, pieces: Iterable[bytes], *, size: int) -> Written:
        """Write one file, hashed on its way; `size` is about how large it will be. Raises ValueError for a path that
        is there."""
        if path in self.written:
            raise ValueError(path)
        entry = zipfile.ZipInfo(f"{self._top}/{path}", _FIRST_DAY)
        entry.create_system = _UNIX
        entry.external_attr = _PLAIN_FILE << 16
        entry.file_size = size
        digest, count = hashlib.sha256(), 0
        with self._zip.open(entry, "w") as handle:
            for piece in pieces:
                digest.update(piece)
                handle.write(piece)
                count += len(piece)
        self.written[path] = Written(digest.hexdigest(), count)
        return self.written[path]

    def add_bytes(self, path: str, content: bytes) -> Written:
        """Write one small file."""
        return self.add(path, (content,), size=len(content))
