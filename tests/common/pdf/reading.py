"""Reading a PDF in tests: text, fonts, tags, bookmarks. By pypdfium2, which had no part in writing it."""

import ctypes
import re
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium


def document(body: str, *, head: str = "<title>Trial</title>", lang: str = "en") -> str:
    """An HTML document around `body`."""
    return f'<!doctype html><html lang="{lang}"><head>{head}</head><body>{body}</body></html>'


def texts(pdf: Path) -> list[str]:
    """The text of each page, with its lines joined."""
    return [" ".join(page.get_textpage().get_text_bounded().split()) for page in pypdfium2.PdfDocument(pdf)]


def bookmarks(pdf: Path) -> list[tuple[int, str]]:
    """Level and title of each bookmark."""
    return [(mark.level, mark.get_title()) for mark in pypdfium2.PdfDocument(pdf).get_toc()]


def fonts(pdf: Path) -> set[str]:
    """The names of the fonts that text is set in, without the letters that mark a part of a font."""
    found = set()
    opened = pypdfium2.PdfDocument(pdf)
    for page in opened:
        for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT]):
            font = pdfium.FPDFTextObj_GetFont(item.raw)
            assert pdfium.FPDFFont_GetIsEmbedded(font) == 1
            found.add(_text(lambda *room, font=font: pdfium.FPDFFont_GetBaseFontName(font, *room), "utf-8"))
    return {name.partition("+")[2] or name for name in found}


def language(pdf: Path) -> str:
    """The language that the document says it is in."""
    opened = pypdfium2.PdfDocument(pdf)
    return _text(lambda *room: pdfium.FPDFCatalog_GetLanguage(opened.raw, *room), "utf-16-le", pdfium.FPDF_WCHAR)


def unpacked(pdf: Path) -> bytes:
    """What its packed parts say, one after another."""
    packed = re.findall(rb"/FlateDecode.*?stream\r?\n(.*?)\nendstream", pdf.read_bytes(), re.DOTALL)
    return b"\n".join(zlib.decompressobj().decompress(part) for part in packed)


def title(pdf: Path) -> str:
    """The title among the facts about the document."""
    return str(pypdfium2.PdfDocument(pdf).get_metadata_value("Title"))


def is_tagged(pdf: Path) -> bool:
    """Whether it says that its content is marked with a structure (MarkInfo)."""
    opened = pypdfium2.PdfDocument(pdf)
    return bool(pdfium.FPDFCatalog_IsTagged(opened.raw))


def tags(pdf: Path, page: int = 1) -> list[str]:
    """The types in the structure of a page, in reading order."""
    opened = pypdfium2.PdfDocument(pdf)
    held = opened[page - 1]  # the tree dies with its page
    tree = pdfium.FPDF_StructTree_GetForPage(held.raw)
    found: list[str] = []

    def walk(element: Any) -> None:
        found.append(_text(lambda *room: pdfium.FPDF_StructElement_GetType(element, *room), "utf-16-le"))
        for place in range(pdfium.FPDF_StructElement_CountChildren(element)):
            if child := pdfium.FPDF_StructElement_GetChildAtIndex(element, place):
                walk(child)

    for place in range(pdfium.FPDF_StructTree_CountChildren(tree)):
        walk(pdfium.FPDF_StructTree_GetChildAtIndex(tree, place))
    return found


def attachments(pdf: Path) -> int:
    """How many files are embedded."""
    return pypdfium2.PdfDocument(pdf).count_attachments()


def _text(ask: Callable[..., int], encoding: str, kind: Any = ctypes.c_char) -> str:
    size = ask(None, 0)
    room = ctypes.create_string_buffer(size)
    ask(ctypes.cast(room, ctypes.POINTER(kind)), size)
    return room.raw.decode(encoding).rstrip("\0")
