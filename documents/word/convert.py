"""The process that reads a Word file: `python -m documents.word.convert`, started by `documents.word.reading`."""

import io
from typing import Any

from common.pdf.channel import Refused, Request, answer

# A title above the first heading is what the cover says already: it stays, as a line of its own.
_STYLES = """
p[style-name='Title'] => p:fresh > strong:fresh
p[style-name='Subtitle'] => p:fresh > em:fresh
p.Title => p:fresh > strong:fresh
p.Subtitle => p:fresh > em:fresh
"""


def convert(request: Request) -> dict[str, Any]:
    """The text of the Word file in `request` as HTML; pictures and comments are left out."""
    import mammoth  # noqa: PLC0415 (after the limits are set)

    try:
        made = mammoth.convert_to_html(
            io.BytesIO(request.parts["docx"]),
            style_map=_STYLES,
            include_embedded_style_map=False,
            convert_image=lambda image: [],
        )
    except (OSError, KeyError, ValueError, AttributeError, IndexError) as error:
        raise Refused("unreadable") from error
    return {"html": made.value}


if __name__ == "__main__":
    answer(convert)
