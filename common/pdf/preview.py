"""The process that draws what a file looks like: `python -m common.pdf.preview`, started by `previews`."""

import io
import warnings
from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO

from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from common.pdf.channel import Refused, Request, answer


def draw(request: Request) -> dict[str, Any]:
    """Write the first pages or frames of the file in `request` as PNG to the open file it names, one after another.

    Nothing but what can be seen goes along: no names of cameras, no places, no comments.
    """
    values = request.values
    box = (values["width"], values["height"])
    sizes = []
    with open(values["source"], "rb") as source, open(values["output"], "wb") as target:
        if values["formats"]:
            pages, pictures = _frames(source, values["formats"], box, values["most_pixels"])
        else:
            pages, pictures = _pages(source, box)
        for picture in islice(pictures, values["most_pages"]):
            out = io.BytesIO()
            picture.save(out, format="PNG")
            sizes.append(target.write(out.getvalue()))
    return {"pages": pages, "sizes": sizes}


def _pages(source: BinaryIO, box: tuple[int, int]) -> tuple[int, Iterator[Image.Image]]:
    import pypdfium2  # noqa: PLC0415 (after the limits are set)

    try:
        document = pypdfium2.PdfDocument(source)
        pages = len(document)
    except pypdfium2.PdfiumError as error:
        raise Refused("unreadable") from error
    if not pages:
        raise Refused("no page")

    def rendered() -> Iterator[Image.Image]:
        for number in range(pages):
            try:
                page = document[number]
                scale = min(box[0] / max(1, page.get_width()), box[1] / max(1, page.get_height()))
                yield page.render(scale=scale).to_pil().convert("RGB")
            except pypdfium2.PdfiumError as error:
                raise Refused("unreadable") from error

    return pages, rendered()


def _frames(
    source: BinaryIO, formats: list[str], box: tuple[int, int], most_pixels: int
) -> tuple[int, Iterator[Image.Image]]:
    warnings.simplefilter("ignore", Image.DecompressionBombWarning)
    try:
        image = Image.open(source, formats=formats)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise Refused("unreadable") from error
    except Image.DecompressionBombError as error:
        raise Refused("memory") from error
    # Pages of a scan are pages; frames of an animation are not.
    pages = int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1
    image.draft("RGB", box)

    def shrunk() -> Iterator[Image.Image]:
        try:
            for frame in islice(ImageSequence.Iterator(image), pages):
                if frame.width * frame.height > most_pixels:
                    raise Refused("memory")
                yield _plain(frame, box)
        except (OSError, ValueError, SyntaxError) as error:
            raise Refused("unreadable") from error

    return pages, shrunk()


def _plain(frame: Image.Image, box: tuple[int, int]) -> Image.Image:
    """As it is to be seen: turned as the camera was held, no larger than `box`, on white, and nothing else in it."""
    frame.load()
    turned = ImageOps.exif_transpose(frame)
    if turned.mode.startswith("I"):
        # Grey in sixteen bits.
        turned = turned.convert("I").point(lambda value: value / 256).convert("L")
    turned.thumbnail(box)
    seen = turned.convert("RGBA") if turned.has_transparency_data else turned.convert("RGB")
    white = Image.new("RGB", seen.size, "white")
    white.paste(seen, mask=seen.getchannel("A") if seen.mode == "RGBA" else None)
    return white


if __name__ == "__main__":
    answer(draw)
