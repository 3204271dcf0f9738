"""What a PDF or a picture looks like, as PNG. The file may be hostile: a process with limits reads it."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from common.pdf.channel import Request
from common.pdf.guard import run_guarded
from common.pdf.limits import Limits

LIMITS = Limits(memory_mb=1024, file_mb=100, cpu_seconds=20, seconds=60)
BOX = (1200, 1600)
MOST_PIXELS = 100_000_000


@dataclass(frozen=True, slots=True)
class Drawn:
    """How many pages there are, and the first of them as PNG."""

    pages: int
    pictures: tuple[bytes, ...]


def draw_preview(path: Path, *, formats: tuple[str, ...] = (), most_pages: int = 3) -> Drawn:
    """The first pages of the PDF at `path`; with `formats` (names of Pillow) those of a picture in one of them.

    A picture stands as it is to be seen and carries no facts about itself. Raises PdfFailed where it cannot be read,
    is locked, or would take more memory or time than one may take.
    """
    with path.open("rb") as source, tempfile.TemporaryFile() as out:
        values = {
            "source": source.fileno(),
            "output": out.fileno(),
            "formats": list(formats),
            "most_pages": most_pages,
            "width": BOX[0],
            "height": BOX[1],
            "most_pixels": MOST_PIXELS,
        }
        request = Request(LIMITS, values, {})
        said = run_guarded("common.pdf.preview", request, output=out.fileno(), source=source.fileno())
        out.seek(0)
        return Drawn(said["pages"], tuple(out.read(size) for size in said["sizes"]))
