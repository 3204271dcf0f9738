"""Names inside a pack: such that every computer can hold them beside each other. No Django."""

import re
import unicodedata
from collections.abc import Iterable

LONGEST_NAME = 80
LONGEST_FOLDER = 48
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10))})
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9._-]+")


def plain_name(text: str, *, longest: int = LONGEST_NAME) -> str:
    """`text` in letters that every file system takes; "file" where nothing of it is left.

    Accents are taken off, other letters become a dash. The ending of a file stays when a long name is cut.
    """
    flat = unicodedata.normalize("NFKD", text)
    flat = "".join(letter for letter in flat if not unicodedata.combining(letter))
    flat = _NOT_PLAIN.sub("-", flat).rstrip("-._")
    stem, dot, ending = flat.rpartition(".")
    if not dot or not ending.isalnum() or len(ending) > 10:
        stem, dot, ending = flat, "", ""
    stem = stem.strip("-._")[: max(1, longest - len(dot + ending))].rstrip("-._") or "file"
    if stem.partition(".")[0].lower() in _DEVICES:
        stem = f"{stem}-"[:longest]
    return f"{stem}{dot}{ending}"


def folder_name(number: str, title: str) -> str:
    """The folder of a clause: its number, then words for people."""
    words = plain_name(title.replace(".", " ").lower(), longest=LONGEST_FOLDER - len(number) - 1) if title else ""
    return f"{number}-{words}" if words and words != "file" else number


class Names:
    """Paths that were given; none differs from another by capital letters or the form of its letters alone."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = {_folded(path) for path in taken}

    def free(self, path: str) -> str:
        """`path`, or the same with a number where it is taken."""
        found, number = path, 1
        folder, slash, name = path.rpartition("/")
        stem, dot, ending = name.rpartition(".")
        if not stem:
            stem, dot, ending = name, "", ""
        while _folded(found) in self._taken:
            number += 1
            found = f"{folder}{slash}{stem}-{number}{dot}{ending}"
        self._taken.add(_folded(found))
        return found


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", path.casefold())
