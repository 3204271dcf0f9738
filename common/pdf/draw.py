"""The process that makes a PDF: `python -m common.pdf.draw`, started by `render.render_pdf`."""

import io
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from common.pdf.channel import Refused, Request, answer

_CSS = Path(__file__).resolve().parents[2] / "static" / "css"
#: In the order in which they are read; pages that show documents use those of static/css alone.
SHEETS = (
    Path(__file__).with_name("print.css"),
    _CSS / "paper.css",
    _CSS / "paper-controlled.css",
)
_USUAL = "pdf/ua-1"
_PICTURES = ("PNG", "JPEG", "GIF", "WEBP")
_MOST_PIXELS = 50_000_000


def draw(request: Request) -> dict[str, Any]:
    """Write the PDF of the HTML in `request` to the open file it names; report pages and bytes."""
    try:
        # After the limits are set, and so that a library which is not there is an answer.
        from weasyprint import CSS, HTML  # noqa: PLC0415 (see above)
        from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 (see above)
        from weasyprint.urls import FatalURLFetchingError  # noqa: PLC0415 (see above)

        from common.pdf.fetcher import DOCUMENT, IMAGE, SHEET, MemoryFetcher  # noqa: PLC0415 (see above)
    except OSError as error:
        raise Refused("library", str(error)) from error

    images = {name.removeprefix(IMAGE): content for name, content in request.parts.items() if name.startswith(IMAGE)}
    _check_pictures(images)
    fetcher, fonts, drawings = MemoryFetcher(images), FontConfiguration(), _Failures()
    logging.getLogger("weasyprint").addHandler(drawings)
    base, variant = request.values["base_url"] or DOCUMENT, request.values.get("variant", _USUAL)
    try:
        html = HTML(string=request.parts["html"].decode(), base_url=base, url_fetcher=fetcher)
        _check_document(html.etree_element)
        sheet = "".join(path.read_text(encoding="utf-8") for path in SHEETS)
        style = CSS(string=sheet, base_url=SHEET, url_fetcher=fetcher, font_config=fonts)
        # Tags in every variant; the identifier is drawn from the content, so that the same content has the same.
        options = {"pdf_variant": variant, "pdf_tags": True, "pdf_identifier": True}
        document = html.render(font_config=fonts, stylesheets=[style], **options)
        with os.fdopen(request.values["output"], "wb") as target:
            document.write_pdf(target, **options)
            target.flush()
            os.fsync(target.fileno())
            size = target.tell()
    except FatalURLFetchingError as error:
        raise Refused("missing", str(error)) from error
    if fetcher.refused:
        raise Refused("missing", fetcher.refused[0])
    if drawings.found:
        raise Refused("picture", drawings.found[0])
    return {"pages": len(document.pages), "bytes": size}


class _Failures(logging.Handler):
    """Keeps what WeasyPrint only logs: a picture or drawing that is left out."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a failure; other errors (a link to an anchor that is not there) spoil nothing."""
        if record.msg.startswith("Failed to"):
            self.found.append(record.getMessage())


def _check_pictures(images: Mapping[str, bytes]) -> None:
    """Raise Refused for an image that is none, too large, or a drawing that could refer to something else."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 (after the limits are set)

    for name, content in images.items():
        try:
            with Image.open(io.BytesIO(content), formats=_PICTURES) as image:
                if image.width * image.height > _MOST_PIXELS:
                    raise Refused("picture", name)
        except (UnidentifiedImageError, Image.DecompressionBombError) as error:
            raise Refused("picture", name) from error


def _check_document(root: Any) -> None:
    """Raise Refused for a document without title or language, or with a link that would attach a file."""
    title = root.find("head/title")
    if title is None or not (title.text or "").strip() or not (root.get("lang") or "").strip():
        raise Refused("nameless")
    for element in root.iter():
        rel = element.get("rel")
        if rel and "attachment" in rel.lower().split():
            raise Refused("attachment", element.get("href") or "")


if __name__ == "__main__":
    answer(draw)
