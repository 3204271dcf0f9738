"""The clean HTML of a document on a page: cut into its sections, with the places marked that nothing fills yet."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser

_EXAMPLE = re.compile(r"<blockquote>(\s*<p>)(?=Example:)")
_EDGE = re.compile(r'(?=<h2 id=")')
_ANCHOR = re.compile(r'<h2 id="([^"]+)">')


@dataclass(frozen=True, slots=True)
class SheetPart:
    """A section of a document as HTML with its heading; what stands before the first has no anchor and number 0."""

    anchor: str
    number: int
    html: str


def sheet_parts(html: str) -> list[SheetPart]:
    """`html` (clean) cut at the headings of its sections."""
    parts: list[SheetPart] = []
    number = 0
    for piece in _EDGE.split(html):
        if found := _ANCHOR.match(piece):
            number += 1
            parts.append(SheetPart(found[1], number, piece))
        elif piece.strip():
            parts.append(SheetPart("", 0, piece))
    return parts


def with_examples(html: str) -> str:
    """`html` (clean) with a class at each passage that is an example to adapt."""
    return _EXAMPLE.sub(r'<blockquote class="doc-example">\1', html)


def with_gaps(html: str, gaps: Mapping[str, str]) -> str:
    """`html` (clean) with each «gap» in its text marked. `gaps` gives by its words where it is filled, or ""."""
    if not gaps:
        return html
    marker = _Marker(gaps)
    marker.feed(html)
    marker.close()
    return marker.made()


class _Marker(HTMLParser):
    """Writes what it reads; only text between tags is changed."""

    def __init__(self, gaps: Mapping[str, str]) -> None:
        super().__init__(convert_charrefs=False)
        self._gaps = {f"«{escape(' '.join(words.split()), quote=False)}»": to for words, to in gaps.items()}
        self._find = re.compile("|".join(re.escape(each) for each in sorted(self._gaps, key=len, reverse=True)))
        self._out: list[str] = []
        self._text: list[str] = []
        self._links = 0

    def made(self) -> str:
        """All that was read, with its gaps marked."""
        self._settle()
        return "".join(self._out)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._settle()
        self._links += tag == "a"
        self._out.append(self.get_starttag_text() or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._settle()
        self._out.append(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        self._settle()
        self._links -= tag == "a"
        self._out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self._text.append(data)

    def handle_entityref(self, name: str) -> None:
        self._text.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._text.append(f"&#{name};")

    def _settle(self) -> None:
        if self._text:
            self._out.append(self._find.sub(self._marked, "".join(self._text)))
            self._text = []

    def _marked(self, found: re.Match[str]) -> str:
        to = self._gaps[found[0]]
        if not to or self._links:
            return f'<span class="doc-gap">{found[0]}</span>'
        return f'<a class="doc-gap" href="{escape(to)}">{found[0]}</a>'
