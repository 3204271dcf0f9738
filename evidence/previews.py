"""What files look like, kept beside them: renderings that can be thrown away and made again at any time.

They lie apart from evidence, under the name that a file has there; nothing counts on them, and no backup holds them.
For each file there is a line of facts, written last, and a PNG for each page that is shown.
"""

import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from common import clock
from evidence.files import stored_path

MOST_PAGES = 3
# Names of formats as Pillow has them; a telephone's JPEG may hold a second picture and is then an MPO.
_FORMATS: dict[str, tuple[str, ...]] = {
    "image/png": ("PNG",),
    "image/jpeg": ("JPEG", "MPO"),
    "image/gif": ("GIF",),
    "image/webp": ("WEBP",),
    "image/tiff": ("TIFF",),
    "image/bmp": ("BMP",),
    "application/pdf": (),
}


@dataclass(frozen=True, slots=True)
class PreviewFacts:
    """What came of drawing a file: how many pages it has, how many are kept, or `why` there is none."""

    pages: int = 0
    shown: int = 0
    why: str = ""


def is_drawn(content_type: str) -> bool:
    """Whether files of this type get a preview."""
    return content_type in _FORMATS


def formats_of(content_type: str) -> tuple[str, ...]:
    """What a picture may be; nothing for a PDF."""
    return _FORMATS[content_type]


def facts_of(stored: str) -> PreviewFacts | None:
    """What is kept of a file; None where nothing is, or nothing that can be read."""
    try:
        return PreviewFacts(**json.loads(_facts_path(stored).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def page_path(stored: str, page: int) -> Path:
    """Where the PNG of a page lies, if there is one."""
    return _base(stored).with_name(f"{_base(stored).name}.{page}.png")


def keep_preview(stored: str, facts: PreviewFacts, pictures: Sequence[bytes] = ()) -> None:
    """Keep what came of drawing a file in place of what was kept of it before."""
    _base(stored).parent.mkdir(parents=True, exist_ok=True)
    for number, picture in enumerate(pictures, start=1):
        _write(page_path(stored, number), picture)
    _write(_facts_path(stored), json.dumps(asdict(facts)).encode())


def forget(stored: str) -> None:
    """Throw away what is kept of a file. What is gone already is gone."""
    for path in [_facts_path(stored), *(page_path(stored, number) for number in range(1, MOST_PAGES + 1))]:
        with suppress(OSError):
            path.unlink(missing_ok=True)


def drop_old() -> int:
    """Throw away renderings that were made long ago, or of files that are gone; looking at one makes it again."""
    limit = (clock.now() - timedelta(days=int(settings.EVIDENCE_PREVIEW_DAYS))).timestamp()
    dropped = 0
    for path in _all():
        with suppress(OSError):
            if path.stat().st_mtime < limit or not _is_there(path):
                path.unlink()
                dropped += 1
    return dropped


def _is_there(path: Path) -> bool:
    name = path.name.partition(".")[0]
    try:
        return stored_path(f"{name[:2]}/{name}").exists()
    except ValueError:
        return False


def _all() -> Iterator[Path]:
    root = _root()
    for folder in sorted(root.iterdir()) if root.is_dir() else ():
        if folder.is_dir():
            yield from sorted(path for path in folder.iterdir() if path.is_file())


def _root() -> Path:
    return Path(settings.DATA_DIR) / "previews"


def _base(stored: str) -> Path:
    return _root() / stored_path(stored).relative_to(stored_path(stored).parents[1])


def _facts_path(stored: str) -> Path:
    return _base(stored).with_name(f"{_base(stored).name}.json")


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all: somebody may be looking."""
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(content)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
