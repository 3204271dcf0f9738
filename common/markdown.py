"""Text that people write, on its way to a page: Markdown in, clean HTML out.

Two gates, one behind the other: the parser takes no HTML, and the cleaner keeps only the few tags below. There are
no images, because a page must never fetch anything from another host.
"""

import re
from functools import lru_cache
from html import escape, unescape

import nh3
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

BLOCKS = {"p", "br", "hr", "pre", "blockquote", "ul", "ol", "li", "h3", "h4", "h5", "h6"}
TABLES = {"table", "thead", "tbody", "tr", "th", "td"}
INLINE = {"a", "strong", "em", "s", "code", "mark"}
TAGS = frozenset(BLOCKS | TABLES | INLINE)
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = frozenset({"http", "https", "mailto"})
LINK_REL = "nofollow noopener"

_parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"]).disable("image")

# A marked part travels through the parser as its number between two characters that no text may use.
_OPEN, _CLOSE = "\ue000", "\ue001"
_PLACE = re.compile(f"{_OPEN}([0-9]+){_CLOSE}")
_NO_PLACES = dict.fromkeys(map(ord, (_OPEN, _CLOSE)))

# A page has its h1 and h2 already: what a person writes as a heading goes below them.
_LOWER = {"h1": "h3", "h2": "h4", "h3": "h5", "h4": "h6", "h5": "h6"}


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Only whole addresses: a relative one would mean something else in a mail, and `//host` hides where it goes."""
    if tag == "a" and name == "href" and value.partition(":")[0].lower() not in SCHEMES:
        return None
    return value


def _html(source: str, marked: tuple[str, ...] = ()) -> str:
    tokens = _parser.parse(source)
    for token in tokens:
        if marked and token.children:
            token.children = [part for child in token.children for part in _with_marks(child, marked)]
        if token.type in ("heading_open", "heading_close"):
            token.tag = _LOWER.get(token.tag, token.tag)
    return str(_parser.renderer.render(tokens, _parser.options, {}))


def _with_marks(token: Token, marked: tuple[str, ...]) -> list[Token]:
    """A run of text taken apart at its marked parts; any other token as it is."""
    if token.type != "text":
        return [token]
    parts = []
    for place, piece in enumerate(_PLACE.split(token.content)):
        if place % 2:
            parts.append(Token("html_inline", "", 0, content=f"<mark>{escape(marked[int(piece)])}</mark>"))
        elif piece:
            parts.append(Token("text", "", 0, content=piece))
    return parts


def plain_text(source: str) -> str:
    """`source` (Markdown) without its marks, on one line, for excerpts. Plain text: escape it before it is shown."""
    return " ".join(unescape(strip_tags(_html(source))).split())


@lru_cache(maxsize=512)
def render_markdown(source: str, marks: tuple[tuple[int, int], ...] = ()) -> SafeString:
    """`source` (Markdown, from anybody) as HTML that is safe on every page and in mails.

    `marks` are parts of `source` (start, end), in order, that become `<mark>`, whatever signs they hold; inside code
    and addresses they stay text.
    """
    pieces: list[str] = []
    marked: list[str] = []
    end = 0
    for start, stop in marks:
        pieces += [source[end:start].translate(_NO_PLACES), f"{_OPEN}{len(marked)}{_CLOSE}"]
        marked.append(source[start:stop].translate(_NO_PLACES))
        end = stop
    cleaned = nh3.clean(
        _html("".join([*pieces, source[end:].translate(_NO_PLACES)]), tuple(marked)),
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=_attribute,
        url_schemes=set(SCHEMES),
        link_rel=LINK_REL,
    )
    if marked:
        # In code and in titles of links the parser kept the place: the plain words go there.
        cleaned = _PLACE.sub(lambda found: escape(marked[int(found[1])]), cleaned)
    return mark_safe(cleaned)  # noqa: S308 (nh3 has cleaned it)
