"""A file that somebody sends, as bytes: no more of it than allowed, and what it is by content, not only by name."""

import hashlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Protocol

from django.utils.translation import gettext as _

ZIP_MAGIC = b"PK\x03\x04"
_OTHER_KINDS = (
    ZIP_MAGIC,
    b"\xd0\xcf\x11\xe0",  # Excel before 2007, and encrypted workbooks
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x7fELF",
    b"MZ\x90\x00",
)


class UploadRefused(Exception):
    """The file as a whole cannot be taken; the message is a sentence that says what to do instead."""


class SentFile(Protocol):
    """What an upload offers: Django's `UploadedFile`, or anything that reads like one."""

    name: str | None
    size: int | None

    def read(self, num_bytes: int | None = None, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Upload:
    """The bytes of a file, its name for showing (never for storing) and its SHA-256."""

    name: str
    content: bytes
    sha256: str

    @property
    def extension(self) -> str:
        """The end of the name, in lower case: ".csv"."""
        return PurePosixPath(self.name).suffix.lower()


def read_upload(sent: SentFile, *, max_bytes: int) -> Upload:
    """Read `sent`, at most `max_bytes` of it. Raises UploadRefused where it is larger, or empty."""
    # The size that came with the file only spares the reading: what was read decides.
    content = b"" if (sent.size or 0) > max_bytes else sent.read(max_bytes + 1)
    if (sent.size or 0) > max_bytes or len(content) > max_bytes:
        raise UploadRefused(
            _("The file is larger than %(limit)s MB. Split it, or save it without pictures and formatting.")
            % {"limit": max_bytes // (1024 * 1024)}
        )
    if not content:
        raise UploadRefused(_("The file is empty."))
    return Upload(_shown_name(sent.name or ""), content, hashlib.sha256(content).hexdigest())


def looks_like_text(content: bytes) -> bool:
    """Whether `content` begins as none of the binary kinds that are often given a wrong name."""
    return not content.startswith(_OTHER_KINDS)


def _shown_name(name: str) -> str:
    last = name.replace("\\", "/").rpartition("/")[2]
    # A right-to-left mark would let "gnidrow.exe" read as something else.
    return "".join(letter for letter in last if letter.isprintable())[-120:]
