"""Looking into a PDF: how many pages, and one of them as a picture.

A PDF may be hostile: a process with limits reads it.
"""

import tempfile
from pathlib import Path

from common.pdf.channel import Request
from common.pdf.guard import run_guarded
from common.pdf.limits import Limits

LIMITS = Limits(memory_mb=768, file_mb=50, cpu_seconds=20, seconds=60)
_MOST_PIXELS = 40_000_000


def page_count(pdf: Path) -> int:
    """How many pages `pdf` has. Raises PdfFailed where it cannot be read."""
    pages: int = run_guarded("common.pdf.look", Request(LIMITS, {}, {"pdf": pdf.read_bytes()}))["pages"]
    return pages


def page_as_png(pdf: Path, page: int, dpi: int = 96) -> bytes:
    """Page `page` of `pdf` (from 1) as a PNG. Raises PdfFailed where there is none, or it would be too large."""
    with tempfile.TemporaryFile() as out:
        values = {"page": page, "dpi": dpi, "most_pixels": _MOST_PIXELS, "output": out.fileno()}
        run_guarded("common.pdf.look", Request(LIMITS, values, {"pdf": pdf.read_bytes()}), output=out.fileno())
        out.seek(0)
        return out.read()
