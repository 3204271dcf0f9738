"""Names of files: for showing and for sending, never for storing."""

import unicodedata
from pathlib import PurePosixPath

LONGEST = 120
UNNAMED = "file"
# Two signs may hide what a name ends with: marks that turn the direction, and what no font shows.
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn"}
_DEVICES = {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(1, 10)), *(f"lpt{n}" for n in range(1, 10))}
_NOT_IN_FILES = dict.fromkeys(map(ord, '<>:"|?*'), "_")


def shown_name(name: str) -> str:
    """The last part of `name` without signs that hide or turn text, NFC, at most 120 characters with its ending.

    >>> shown_name("C:\\\\temp\\\\..\\\\report.pdf")
    'report.pdf'
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    visible = "".join(sign for sign in unicodedata.normalize("NFC", last) if unicodedata.category(sign) not in _HIDDEN)
    cleaned = " ".join(visible.split()).strip(". ")
    if not cleaned:
        return UNNAMED
    ending = PurePosixPath(cleaned).suffix[:12]
    return cleaned if len(cleaned) <= LONGEST else cleaned[: LONGEST - len(ending)].rstrip(". ") + ending


def safe_name(name: str) -> str:
    """A name that every file system takes: `shown_name` without signs that some of them refuse."""
    shown = shown_name(name).translate(_NOT_IN_FILES)
    stem = shown.partition(".")[0]
    return f"_{shown}" if stem.lower() in _DEVICES else shown


def same_file_name(name: str) -> str:
    """The form in which two names are the same on some file system: case and Unicode form do not tell them apart."""
    return unicodedata.normalize("NFKC", shown_name(name)).casefold()


def extension_of(name: str) -> str:
    """The ending of a name, in lower case and without its dot; "" where there is none."""
    return PurePosixPath(shown_name(name)).suffix.lower().lstrip(".")
