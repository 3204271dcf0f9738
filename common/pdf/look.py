"""The process that looks into a PDF: `python -m common.pdf.look`, started by the functions of `pages`."""

import io
from typing import Any

from common.pdf.channel import Refused, Request, answer


def look(request: Request) -> dict[str, Any]:
    """Count the pages of the PDF in `request`, or write one of them as PNG to the open file it names."""
    import pypdfium2  # noqa: PLC0415 (after the limits are set)

    try:
        document = pypdfium2.PdfDocument(request.parts["pdf"])
        pages = len(document)
    except pypdfium2.PdfiumError as error:
        raise Refused("unreadable") from error
    if (number := request.values.get("page")) is None:
        return {"pages": pages}
    if not 1 <= number <= pages:
        raise Refused("no page")
    page = document[number - 1]
    scale = request.values["dpi"] / 72
    if page.get_width() * page.get_height() * scale * scale > request.values["most_pixels"]:
        raise Refused("memory")
    out = io.BytesIO()
    page.render(scale=scale).to_pil().save(out, format="PNG")
    with open(request.values["output"], "wb") as target:
        target.write(out.getvalue())
    return {"pages": pages}


if __name__ == "__main__":
    answer(look)
