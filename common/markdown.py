"""Text that people write, on its way to a page: Markdown in, clean HTML out.

Two gates, one behind the other: the parser takes no HTML, and the cleaner keeps only the few tags below. There are
no images, because a page must never fetch anything from another host.
"""

from functools import lru_cache
from html import unescape

import nh3
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

BLOCKS = {"p", "br", "hr", "pre", "blockquote", "ul", "ol", "li", "h3", "h4", "h5", "h6"}
TABLES = {"table", "thead", "tbody", "tr", "th", "td"}
INLINE = {"a", "strong", "em", "s", "code"}
TAGS = frozenset(BLOCKS | TABLES | INLINE)
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = frozenset({"http", "https", "mailto"})
LINK_REL = "nofollow noopener"

_parser = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable(["table", "strikethrough"]).disable("image")

# A page has its h1 and h2 already: what a person writes as a heading goes below them.
_LOWER = {"h1": "h3", "h2": "h4", "h3": "h5", "h4": "h6", "h5": "h6"}


def _attribute(tag: str, name: str, value: str) -> str | None:
    """Only whole addresses: a relative one would mean something else in a mail, and `//host` hides where it goes."""
    if tag == "a" and name == "href" and value.partition(":")[0].lower() not in SCHEMES:
        return None
    return value


def _html(source: str) -> str:
    tokens = _parser.parse(source)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = _LOWER.get(token.tag, token.tag)
    return str(_parser.renderer.render(tokens, _parser.options, {}))


def plain_text(source: str) -> str:
    """`source` (Markdown) without its marks, on one line, for excerpts. Plain text: escape it before it is shown."""
    return " ".join(unescape(strip_tags(_html(source))).split())


@lru_cache(maxsize=512)
def render_markdown(source: str) -> SafeString:
    """`source` (Markdown, from anybody) as HTML that is safe on every page and in mails."""
    cleaned = nh3.clean(
        _html(source),
        tags=set(TAGS),
        attributes={tag: set(names) for tag, names in ATTRIBUTES.items()},
        attribute_filter=_attribute,
        url_schemes=set(SCHEMES),
        link_rel=LINK_REL,
    )
    return mark_safe(cleaned)  # noqa: S308 (nh3 has cleaned it)
