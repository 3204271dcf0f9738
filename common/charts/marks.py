"""What pictures of several kinds are drawn with: lines, areas, rules, words and dots.

x in percent, y in pixels, so that a picture stretches and its words never scale. Each shape has the colour of its class
as an attribute too, for where no style sheet reaches (PDF).
"""

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from common.charts.parts import PRINT
from common.charts.scale import number


def line(css: str, points: str, width: float, dashes: str = "") -> SafeString:
    """A line through `points`, in the units of the viewBox around it."""
    return format_html(
        '<polyline class="{}" fill="none" stroke="{}" stroke-width="{}"{}'
        ' vector-effect="non-scaling-stroke" points="{}"/>',
        css,
        PRINT[css],
        width,
        format_html(' stroke-dasharray="{}"', dashes) if dashes else "",
        points,
    )


def area(css: str, points: str) -> SafeString:
    """A filled area, in the units of the viewBox around it."""
    return format_html('<polygon class="{}" fill="{}" points="{}"/>', css, PRINT[css], points)


def rule(css: str, x1: float, x2: float, y1: float, y2: float) -> SafeString:
    """A straight line."""
    return format_html(
        '<line class="{}" stroke="{}" x1="{}%" x2="{}%" y1="{}" y2="{}"/>',
        css,
        PRINT[css],
        number(x1),
        number(x2),
        number(y1),
        number(y2),
    )


def text(
    x: float, y: float, words: str, strong: str = "", *, anchor: str = "start", dx: int = 0, aside: str = ""
) -> SafeString:
    """Words at a place: `aside` (left out where it is narrow, strong where what follows is), `strong`, `words`."""
    return format_html(
        '<text class="halo" fill="{}" font-size="11" x="{}%" y="{}"{}{}>{}{}{}{}</text>',
        PRINT["t-axis"],
        number(x),
        number(y),
        format_html(' dx="{}"', dx) if dx else "",
        format_html(' text-anchor="{}"', anchor) if anchor != "start" else "",
        _aside(aside, bool(strong)) if aside else "",
        format_html('<tspan class="lbl" fill="{}">{}</tspan>', PRINT["t-label"], strong) if strong else "",
        " " if strong and words else "",
        words,
    )


def _aside(words: str, strong: bool) -> SafeString:
    if strong:
        return format_html('<tspan class="lbl narrow-out" fill="{}">{} </tspan>', PRINT["t-label"], words)
    return format_html('<tspan class="narrow-out">{} </tspan>', words)


def dot(css: str, stroke: str, x: float, y: float) -> SafeString:
    """A round mark."""
    return format_html(
        '<circle class="f-surface {}" fill="#ffffff" stroke="{}" stroke-width="2" cx="{}%" cy="{}" r="4"/>',
        css,
        stroke,
        number(x),
        number(y),
    )


def joined(parts: Iterable[SafeString]) -> SafeString:
    """All parts, one after the other."""
    return format_html_join("", "{}", ((part,) for part in parts))


def stretched(inside: Iterable[SafeString], height: int, width: str = "100%", wide: int = 1000) -> SafeString:
    """A picture of its own, `wide` units wide, that stretches over `width` of its place."""
    return format_html(
        '<svg width="{}" height="{}" viewBox="0 0 {} {}" preserveAspectRatio="none">{}</svg>',
        width,
        height,
        wide,
        height,
        joined(inside),
    )
