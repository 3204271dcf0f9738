"""HTML to a PDF file. Whoever calls this never loads WeasyPrint: a process with limits does."""

import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from common.pdf.channel import Request
from common.pdf.guard import run_guarded
from common.pdf.limits import Limits
from common.pdf.series import Series

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")

#: For people, with every tag that a screen reader needs; and for the archive, with the colours described inside.
FOR_READING, FOR_ARCHIVE = "pdf/ua-1", "pdf/a-3b"
VARIANTS = (FOR_READING, FOR_ARCHIVE)


@dataclass(frozen=True, slots=True)
class PdfFacts:
    """What a PDF came to."""

    pages: int
    bytes: int


def render_pdf(
    html: str,
    target: Path,
    *,
    images: Mapping[str, bytes] | None = None,
    base_url: str = "",
    limits: Limits | None = None,
    variant: str = FOR_READING,
    own_fonts: bool = False,
    series: Series | None = None,
) -> PdfFacts:
    """Write `html`, set by `print.css`, as a tagged PDF to `target`, whole or not at all.

    The same HTML and images give the same bytes with the same release, because dates stand in the HTML and nobody asks
    a clock; with `own_fonts` on every machine, because no font of the system is used (`common.paper.glyphs` says what
    ours lack).

    `html` has a `<title>` and `<html lang>`. An image is `<img src="image:NAME" alt="...">` with its bytes among
    `images`; the document reaches nothing else, and one that tries is no document. Links that begin at the root
    lead to `base_url`. With `series` it is one of several that are made there. Raises PdfFailed, in words for a person;
    what stood at `target` before then stands.
    """
    if variant not in VARIANTS:
        raise ValueError(f"{variant!r} is none of {', '.join(VARIANTS)}")
    if series is not None and series.own_fonts != own_fonts:
        raise ValueError("this series draws with other fonts")
    parts = {"html": html.encode()}
    for name, content in (images or {}).items():
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} cannot name an image")
        parts[f"image:{name}"] = content
    descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=f"{target.name}.", suffix=".tmp")
    try:
        values = {"output": descriptor, "base_url": base_url, "variant": variant}
        request = Request(limits or limits_of_settings(), values, parts)
        result = (
            series.draw(request, descriptor)
            if series is not None
            else run_guarded("common.pdf.draw", request, output=descriptor, own_fonts=own_fonts)
        )
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    finally:
        os.close(descriptor)
    _keep_name(target.parent)
    return PdfFacts(pages=result["pages"], bytes=result["bytes"])


def limits_of_settings() -> Limits:
    """The limits that the installation sets."""
    return Limits(
        memory_mb=settings.PDF_MEMORY_MB,
        file_mb=settings.PDF_FILE_MB,
        cpu_seconds=settings.PDF_CPU_SECONDS,
        seconds=settings.PDF_SECONDS,
    )


def _keep_name(folder: Path) -> None:
    """Bring the name of a new file to the disk: a power cut must not take it away."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
