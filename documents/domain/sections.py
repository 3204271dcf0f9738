"""Sections of a document, and what differs between two texts of it."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

_HEADING = re.compile(r"^(#{2,3}) +(.+?) *#* *$")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_WORD = re.compile(r"\s+|[^\s]+")
#: Pairs of words, or of paragraphs, that are looked at one by one.
_MOST = 4_000_000


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with the text below it, up to the next heading. `anchor` is unique in its document."""

    anchor: str
    title: str
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text in a comparison: `kind` is "same", "gone" or "new"."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """A paragraph in a comparison, in pieces. `kind` is "same", "changed", "gone" or "new"."""

    kind: str
    pieces: Sequence[Piece]


def anchor_of(title: str, taken: set[str]) -> str:
    """An anchor for `title` that is not in `taken`, to which it is added."""
    plain = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60] or "section"
    anchor, count = plain, 2
    while anchor in taken:
        anchor, count = f"{plain}-{count}", count + 1
    taken.add(anchor)
    return anchor


def sections_of(text: str) -> list[Section]:
    """The sections of a Markdown text (headings of level 2 and 3). What stands before the first has no title."""
    found: list[Section] = []
    taken: set[str] = set()
    lines: list[str] = []
    title, level, fence = "", 2, ""
    anchor = "top"

    def close() -> None:
        body = "\n".join(lines).strip()
        if title or body:
            found.append(Section(anchor, title, level, body))

    for line in text.splitlines():
        edge = _FENCE.match(line)
        if edge:
            fence = "" if fence and line.strip().startswith(fence) else fence or edge[1]
        heading = None if fence or edge else _HEADING.match(line)
        if heading:
            close()
            title, level, lines = heading[2], len(heading[1]), []
            anchor = anchor_of(title, taken)
        else:
            lines.append(line)
    close()
    return found


def compare(before: str, after: str) -> list[Change]:
    """What differs between two texts, paragraph by paragraph; words are marked within a paragraph that changed."""
    old, new = _paragraphs(before), _paragraphs(after)
    changes: list[Change] = []
    for kind, i1, i2, j1, j2 in _opcodes(old, new):
        if kind == "equal":
            changes += [Change("same", (Piece("same", each),)) for each in old[i1:i2]]
            continue
        pairs = min(i2 - i1, j2 - j1)
        for offset in range(pairs):
            changes.append(_changed(old[i1 + offset], new[j1 + offset]))
        changes += [Change("gone", (Piece("gone", each),)) for each in old[i1 + pairs : i2]]
        changes += [Change("new", (Piece("new", each),)) for each in new[j1 + pairs : j2]]
    return changes


def _opcodes(old: Sequence[str], new: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    """What `difflib` says of two lists. What both begin and end with costs nothing; beyond `_MOST` the rest is one
    change, since comparing it grows with the square of its length."""
    least = min(len(old), len(new))
    head = next((place for place in range(least) if old[place] != new[place]), least)
    tail = next((place for place in range(least - head) if old[-1 - place] != new[-1 - place]), least - head)
    first, last = old[head : len(old) - tail], new[head : len(new) - tail]
    found: list[tuple[str, int, int, int, int]] = [("equal", 0, head, 0, head)] if head else []
    if len(first) * len(last) > _MOST:
        found.append(("replace", head, head + len(first), head, head + len(last)))
    else:
        for kind, i1, i2, j1, j2 in difflib.SequenceMatcher(None, first, last, autojunk=False).get_opcodes():
            found.append((kind, head + i1, head + i2, head + j1, head + j2))
    if tail:
        found.append(("equal", len(old) - tail, len(old), len(new) - tail, len(new)))
    return found


def _paragraphs(text: str) -> list[str]:
    return [each.strip("\n") for each in re.split(r"\n\s*\n", text.strip()) if each.strip()]


def _changed(before: str, after: str) -> Change:
    old, new = _WORD.findall(before), _WORD.findall(after)
    pieces: list[Piece] = []
    for kind, i1, i2, j1, j2 in _opcodes(old, new):
        if kind == "equal":
            pieces.append(Piece("same", "".join(old[i1:i2])))
            continue
        if i2 > i1:
            pieces.append(Piece("gone", "".join(old[i1:i2])))
        if j2 > j1:
            pieces.append(Piece("new", "".join(new[j1:j2])))
    return Change("changed", tuple(pieces))
