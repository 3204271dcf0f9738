"""Markdown that people write, as the body of a document on paper.

Two gates, one behind the other: the parser takes no HTML, and the cleaner keeps only what is listed here. No text of a
person is ever run as a template: what stands in double brackets is looked up by whoever calls, and written as text.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import NamedTuple

import nh3
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.token import Token

from common.exceptions import RuleBroken
from common.markdown import LINK_REL, SCHEMES
from common.paper.glyphs import missing_words
from common.paper.paper import Heading
from common.paper.tables import set_tables

#: More is no document: some two hundred pages.
MOST_CHARACTERS = 500_000
#: Each line may be a list item, each bracket a link that is looked for: a text of nothing else takes a minute to read.
MOST_LINES = MOST_BRACKETS = 20_000
#: Lists and quotations inside each other.
MOST_NESTED = 8

_TAGS = {
    *("p", "br", "hr", "pre", "blockquote", "ul", "ol", "li", "h2", "h3", "h4"),
    *("table", "colgroup", "col", "thead", "tbody", "tr", "th", "td", "div"),
    *("a", "strong", "em", "s", "code", "img"),
}
_ATTRIBUTES = {
    **{tag: {"class"} for tag in ("table", "col", "tr", "div")},
    **{tag: {"class", "dir"} for tag in ("td", "p")},
    "h2": {"id", "dir"},
    "h3": {"id", "dir"},
    "h4": {"dir"},
    "th": {"scope", "class", "dir"},
    "a": {"href", "title"},
    "ol": {"start"},
    "img": {"src", "alt"},
}
_NESTING = frozenset({"bullet_list", "ordered_list", "blockquote"})
_FIELD = re.compile(r"\[\[([^\[\]\n]{1,400})\]\]")
_MARKUP = re.compile(r"</?[a-zA-Z][^<>\n]{0,80}>")
# No text may use these: a block travels through the cleaner as its number between them.
_OPEN, _CLOSE = "\ue000", "\ue001"
_PLACE = re.compile(f"<p>{_OPEN}([0-9]+){_CLOSE}</p>")
# What no page can hold: the places above, and controls but tab and newline.
_NOT_TEXT = dict.fromkeys([ord(_OPEN), ord(_CLOSE), *(n for n in range(32) if n not in (9, 10)), 0x7F])

_parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 4 * MOST_NESTED}).enable(["table", "strikethrough"])
# Every address becomes a link and the cleaner drops those that lead astray: their text stays, the brackets do not.
_parser.validateLink = lambda url: True  # type: ignore[method-assign]  # the way that markdown-it gives


class PaperText(NamedTuple):
    """The body of a document, its headings, and sentences for the author about what will not look as meant."""

    html: SafeString
    headings: tuple[Heading, ...]
    warnings: tuple[str, ...]


def markdown_to_paper(
    text: str,
    *,
    images: Collection[str] = (),
    fill: Callable[[str], str | None] | None = None,
    blocks: Mapping[str, str] | None = None,
) -> PaperText:
    """`text` (Markdown, from anybody) as the body of a `ControlledPaper`.

    `images` are the names that `![words](image:NAME)` may use. `fill` gets what stands in `[[...]]` and gives the
    text that goes there, or None where it stays as it is. `blocks` are clean HTML of ours for a `[[...]]` that is a
    paragraph of its own. Raises RuleBroken, in words for the author, for a text too long or nested too deeply.
    """
    if len(text) > MOST_CHARACTERS:
        raise RuleBroken(
            _(
                "The text has %(count)s characters; %(most)s are the most. Leave something out, or make two documents "
                "of it."
            )
            % {"count": f"{len(text):,}", "most": f"{MOST_CHARACTERS:,}"},
            field="text",
        )
    tokens = _parsed(text)
    body = _Body(frozenset(images), fill or (lambda key: None), dict(blocks or {}))
    html = body.made_of(tokens)
    # What the project fills in must be shown too.
    missing = missing_words(html)
    warnings = [*body.warnings, *([missing] if missing else [])]
    return PaperText(mark_safe(html), tuple(body.headings), tuple(dict.fromkeys(warnings)))  # noqa: S308 (nh3 has cleaned it)


def check_nesting(text: str) -> None:
    """Raise RuleBroken where lists and quotations stand too deep inside each other, and name the line; or where there
    are more lines or brackets than any document has."""
    _parsed(text)


def _parsed(text: str) -> list[Token]:
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_NOT_TEXT)
    for found, most, words in (
        (text.count("\n"), MOST_LINES, _("The text has %(count)s lines; %(most)s are the most.")),
        (text.count("["), MOST_BRACKETS, _("The text has %(count)s opening brackets; %(most)s are the most.")),
    ):
        if found > most:
            counted = words % {"count": f"{found:,}", "most": f"{most:,}"}
            raise RuleBroken(f"{counted} {_('Split it, or attach a part as evidence.')}", field="text")
    tokens = _parser.parse(text)
    depth = 0
    for token in tokens:
        if token.type.rpartition("_")[0] not in _NESTING:
            continue
        depth += token.nesting
        if depth > MOST_NESTED:
            raise RuleBroken(
                _("Line %(line)d is inside %(depth)d lists or quotations; %(most)d are the most. Bring it further up.")
                % {"line": (token.map or [0])[0] + 1, "depth": depth, "most": MOST_NESTED},
                field="text",
            )
    return tokens


class _Body:
    """One text on its way: what was found in it stands beside it."""

    def __init__(self, images: frozenset[str], fill: Callable[[str], str | None], blocks: Mapping[str, str]) -> None:
        self.images, self.fill, self.blocks = images, fill, blocks
        self.headings: list[Heading] = []
        self.warnings: list[str] = []
        self._used: list[str] = []

    def made_of(self, tokens: list[Token]) -> str:
        """The clean HTML of `tokens`."""
        for place, token in enumerate(tokens):
            if token.children is not None:
                token.children = list(self._inline(token.children))
                if _runs_left("".join(child.content for child in token.children)):
                    tokens[place - 1].attrSet("dir", "rtl")
        self._set_headings(tokens)
        self._set_links(tokens)
        tokens = set_tables(list(self._blocks(tokens)))
        cleaned = nh3.clean(
            str(_parser.renderer.render(tokens, _parser.options, {})),
            tags=set(_TAGS),
            attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
            attribute_filter=_attribute,
            url_schemes={*SCHEMES, "image"},
            link_rel=LINK_REL,
        )
        return _PLACE.sub(lambda found: self.blocks[self._used[int(found[1])]], cleaned)

    def _inline(self, children: list[Token]) -> Iterator[Token]:
        """The parts of a line, with what is filled in, and without pictures that are not there."""
        for child in children:
            if child.type == "text":
                child.content = _FIELD.sub(self._filled, child.content)
                if found := _MARKUP.search(child.content):
                    self._warn(_("HTML is printed as it stands: %(what)s"), found[0])
            elif child.type == "image":
                child = self._picture(child)
            elif child.type == "html_inline":
                child = Token("text", "", 0, content=child.content)
            yield child

    def _filled(self, found: re.Match[str]) -> str:
        value = self.fill(found[1].strip())
        return found[0] if value is None else value.translate(_NOT_TEXT)

    def _picture(self, token: Token) -> Token:
        source, words = str(token.attrs.get("src", "")), token.content.strip()
        if source.startswith("image:") and source.removeprefix("image:") in self.images:
            if not words:
                self._warn(_("A picture has no words for those who cannot see it: %(what)s"), source)
            return token
        self._warn(_("A picture that is not among those of the document is left out: %(what)s"), source)
        return Token("text", "", 0, content=_("[Picture: %(words)s]") % {"words": words or source})

    def _blocks(self, tokens: list[Token]) -> Iterator[Token]:
        """`tokens` with our own blocks in the place of the paragraphs that name them."""
        for token in tokens:
            found = _FIELD.fullmatch(token.content.strip()) if token.type == "inline" and token.level == 1 else None
            if found and (key := found[1].strip()) in self.blocks:
                self._used.append(key)
                token.children = [Token("text", "", 0, content=f"{_OPEN}{len(self._used) - 1}{_CLOSE}")]
            yield token

    def _set_headings(self, tokens: list[Token]) -> None:
        """Make headings h2 to h4 without a gap, each with an anchor of words; the title of the document is the h1."""
        opening = [token for token in tokens if token.type == "heading_open"]
        shift = 1 if any(token.tag == "h1" and not token.level for token in opening) else 0
        last, taken = 1, dict.fromkeys(("about-this-document", "contents"), 1)
        level = 0
        for place, token in enumerate(tokens):
            if token.type == "heading_open":
                words = "".join(part.content for part in tokens[place + 1].children or [])
                if token.level:
                    # Inside a list or quotation it is no section.
                    token.tag, level = "p", 0
                    token.attrSet("class", "head")
                    continue
                level = min(int(token.tag[1]) + shift, last + 1, 4)
                last, token.tag = level, f"h{level}"
                if level < 4:
                    anchor = _anchor(words, len(self.headings) + 1, taken)
                    token.attrSet("id", anchor)
                    self.headings.append(Heading(level, words.strip(), anchor))
            elif token.type == "heading_close":
                token.tag = f"h{level}" if level else "p"

    def _set_links(self, tokens: list[Token]) -> None:
        """Leave only links to whole addresses and to headings; of the others their text stays."""
        places = {f"#{each.anchor}" for each in self.headings}
        for token in (child for each in tokens for child in each.children or [] if child.type == "link_open"):
            address = str(token.attrs.get("href", ""))
            if address not in places and address.partition(":")[0].lower() not in SCHEMES:
                self._warn(_("A link leads nowhere from a document and became text: %(what)s"), address)
                token.attrs = {}

    def _warn(self, words: str, what: str) -> None:
        self.warnings.append(words % {"what": what[:120]})


def _attribute(tag: str, name: str, value: str) -> str | None:
    """The second gate: an image is one that came along, a link never `image:`."""
    if name in ("src", "href") and value.startswith("image:") != (tag == "img"):
        return None
    return value


def _runs_left(text: str) -> bool:
    """Whether its first letter belongs to a writing from right to left, as Hebrew and Arabic."""
    sides = (unicodedata.bidirectional(each) for each in text)
    return next((side for side in sides if side in ("L", "R", "AL")), "L") != "L"


def _anchor(words: str, place: int, taken: dict[str, int]) -> str:
    """Readable words, as a screen reader says them; one that is taken gets a number. `taken` holds the last of each."""
    base = slugify(words)[:60].strip("-") or f"section-{place}"
    found, count = base, taken.get(base, 1)
    while found in taken:
        count += 1
        found = f"{base}-{count}"
    taken[base] = count
    taken[found] = taken.get(found, 1)
    return found
