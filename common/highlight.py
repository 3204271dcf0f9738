"""Marks what was searched for in a text, for lists of results."""

import re
from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_ELLIPSIS = "…"


def search_words(query: str) -> list[str]:
    """The words of a query, in small letters, each once."""
    return list(dict.fromkeys(query.casefold().split()))


def contains_all(text: str, words: Sequence[str]) -> bool:
    """Whether every word stands somewhere in `text`, whatever the case."""
    folded = text.casefold()
    return all(word in folded for word in words)


def contains_any(text: str, words: Sequence[str]) -> bool:
    """Whether one of the words stands in `text`, whatever the case."""
    folded = text.casefold()
    return any(word in folded for word in words)


def _pattern(words: Sequence[str]) -> re.Pattern[str] | None:
    known = sorted((word for word in words if word), key=len, reverse=True)
    return re.compile("|".join(re.escape(word) for word in known), re.IGNORECASE) if known else None


def marked(text: str, words: Sequence[str]) -> SafeString:
    """`text`, escaped, with each of `words` in a `<mark>`."""
    pattern = _pattern(words)
    if pattern is None:
        return format_html("{}", text)
    pieces: list[tuple[str, str]] = []
    start = 0
    for hit in pattern.finditer(text):
        pieces.append((text[start : hit.start()], hit.group()))
        start = hit.end()
    return format_html("{}{}", format_html_join("", "{}<mark>{}</mark>", pieces), text[start:])


def excerpt(text: str, words: Sequence[str], width: int = 180) -> SafeString:
    """About `width` characters of `text` on one line, around `words` as a phrase or the first, marked."""
    line = " ".join(text.split())
    pattern = _pattern(words)
    whole = _pattern([" ".join(words)]) if words else None
    hit = (whole.search(line) if whole else None) or (pattern.search(line) if pattern else None)
    first = 0
    if hit is not None and hit.start() > width // 2:
        first = line.rfind(" ", 0, max(0, hit.start() - width // 3)) + 1
    last = len(line)
    if last - first > width:
        space = line.rfind(" ", first, first + width)
        last = space if space > (hit.end() if hit else first) else first + width
    shown = marked(line[first:last], words)
    return format_html("{}{}{}", f"{_ELLIPSIS} " if first else "", shown, f" {_ELLIPSIS}" if last < len(line) else "")
