"""What one process gets and gives: it stands in the middle, what comes in at its left, what goes out at its right."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from textwrap import wrap

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from common.charts.marks import joined
from common.charts.parts import PRINT, Chart, LegendItem, Table
from common.charts.scale import number

WIDE, SIDE, BOX_LEFT, BOX_RIGHT = 1000, 386.0, 436.0, 564.0
_LINE, _GAP, _HEAD, _BETWEEN, _LETTERS, _MOST_LINES = 15.0, 5.0, 19.0, 12.0, 57, 3
_BOX_LEAST = 96.0
_LETTERS_IN_BOX = 15


@dataclass(frozen=True)
class HandOver:
    """One line: the process at the other end, what passes, when, and whether both agree on it."""

    other: str
    what: str
    when: str = ""
    is_agreed: bool = True


@dataclass(frozen=True)
class _Group:
    """The lines of one other process as they are drawn, from `top` to `bottom`."""

    other: str
    lines: Sequence[tuple[HandOver, Sequence[str]]]
    top: float
    bottom: float

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


def hand_overs(centre: str, gets: Sequence[HandOver], gives: Sequence[HandOver], *, title: str) -> Chart:
    """The picture of `centre`; lines of one process that follow each other stand under its name once.

    Long words break; a line of more than three rows ends in an ellipsis, and the table has all of it.
    """
    left, right = list(_groups(gets)), list(_groups(gives))
    height = max([_BOX_LEAST + 8, *(group.bottom for group in [*left, *right])]) + 6
    left, right = _centred(left, height), _centred(right, height)
    box = min(height - 8, max(_BOX_LEAST, 22.0 * max(len(left), len(right))))
    top = (height - box) / 2
    parts = [
        *(_column(left, 0.0, SIDE, top, box, is_left=True)),
        *(_column(right, WIDE - SIDE, SIDE, top, box, is_left=False)),
        _box(centre, top, box, len(gets), len(gives)),
    ]
    described = gettext("%(name)s gets %(gets)d things and gives %(gives)d. The table below has each.") % {
        "name": centre,
        "gets": len(gets),
        "gives": len(gives),
    }
    return Chart(
        title=title,
        description=described,
        svg=format_html(
            '<svg class="chart hand-overs" width="100%" viewBox="0 0 {} {}" role="img">'
            "<title>{}</title><desc>{}</desc>{}</svg>",
            WIDE,
            number(height),
            title,
            described,
            joined(parts),
        ),
        legend=(
            LegendItem("f-accent", gettext("Agreed"), shape="dot"),
            LegendItem("f-surface st-control", gettext("To be agreed"), shape="ring"),
        ),
        table=Table(
            headers=(gettext("Process"), gettext("Direction"), gettext("What"), gettext("When")),
            rows=tuple(
                (line.other, way, line.what, line.when)
                for way, lines in ((gettext("gives to it"), gets), (gettext("gets from it"), gives))
                for line in lines
            ),
        ),
    )


def _groups(lines: Sequence[HandOver]) -> Iterator[_Group]:
    at = 4.0
    for other, found in groupby(lines, key=lambda line: line.other):
        top = at
        drawn = []
        at += _HEAD
        for line in found:
            rows = wrap(line.what, _LETTERS) or ["–"]
            if len(rows) > _MOST_LINES:
                rows = [*rows[: _MOST_LINES - 1], f"{rows[_MOST_LINES - 1][: _LETTERS - 1]}…"]
            drawn.append((line, rows))
            at += _LINE * len(rows) + _GAP
        yield _Group(other, drawn, top, at)
        at += _BETWEEN


def _centred(groups: list[_Group], height: float) -> list[_Group]:
    """`groups` moved to the middle of `height`."""
    down = (height - 6 - groups[-1].bottom) / 2 if groups else 0.0
    return [_Group(each.other, each.lines, each.top + down, each.bottom + down) for each in groups]


def _column(
    groups: Sequence[_Group], x: float, width: float, top: float, box: float, *, is_left: bool
) -> Iterator[SafeString]:
    """The groups of one side with their lines to or from the middle, spread over the side of the box."""
    edge = x + width if is_left else x
    for place, group in enumerate(groups):
        meets = top + box * (place + 0.5) / len(groups)
        yield _text(x + (0 if is_left else 14), group.top + 12, group.other, css="lbl", size=13)
        at = group.top + _HEAD
        for line, rows in group.lines:
            yield _dot(x + (5 if is_left else 19), at + 8, line.is_agreed)
            for row in rows:
                yield _text(x + (16 if is_left else 30), at + 12, row, css="ho-what", size=12)
                at += _LINE
            at += _GAP
        yield _wire(group, edge, meets, is_left=is_left)


def _wire(group: _Group, edge: float, meets: float, *, is_left: bool) -> SafeString:
    """The bracket at a group, and the arrow between it and the box."""
    end = BOX_LEFT - 7 if is_left else BOX_RIGHT
    turn = (edge + end) / 2
    y = group.middle
    tip = (BOX_LEFT - 1, meets) if is_left else (edge, y)
    start = edge if is_left else edge - 6
    return format_html(
        '<path class="ho-wire" fill="none" stroke="{stroke}" stroke-width="1.5" '
        'd="M{edge} {t}V{b}M{start} {y}C{turn} {y} {turn} {meets} {end} {meets}"/>'
        '<path class="f-text ho-tip" fill="{ink}" d="M{tx} {ty}l-7 -4v8z"/>',
        stroke=PRINT["ln-plan"],
        ink=PRINT["f-text"],
        edge=number(edge),
        t=number(group.top + 2),
        b=number(group.bottom - 2),
        start=number(start),
        y=number(y),
        turn=number(turn),
        meets=number(meets),
        end=number(end),
        tx=number(tip[0]),
        ty=number(tip[1]),
    )


def _box(centre: str, top: float, height: float, gets: int, gives: int) -> SafeString:
    words = wrap(centre, _LETTERS_IN_BOX)[:4]
    middle = (BOX_LEFT + BOX_RIGHT) / 2
    first = top + height / 2 - 9 * len(words)
    said = gettext("gets %(gets)d, gives %(gives)d") % {"gets": gets, "gives": gives}
    return format_html(
        '<rect class="f-surface st-accent" fill="#ffffff" stroke="{}" stroke-width="2" x="{}" y="{}" width="{}" '
        'height="{}" rx="8"/>{}{}',
        PRINT["ln-actual"],
        number(BOX_LEFT),
        number(top),
        number(BOX_RIGHT - BOX_LEFT),
        number(height),
        joined(
            _text(middle, first + 12 + 17 * place, word, css="lbl", size=14, anchor="middle")
            for place, word in enumerate(words)
        ),
        _text(middle, first + 14 + 17 * len(words), said, size=11, anchor="middle"),
    )


def _dot(x: float, y: float, is_agreed: bool) -> SafeString:
    css, fill = ("f-accent st-accent", PRINT["f-accent"]) if is_agreed else ("f-surface st-control", "#ffffff")
    stroke = PRINT["f-accent"] if is_agreed else PRINT["ln-plan"]
    return format_html(
        '<circle class="{}" fill="{}" stroke="{}" stroke-width="1.6" cx="{}" cy="{}" r="3.6"/>',
        css,
        fill,
        stroke,
        number(x),
        number(y),
    )


def _text(x: float, y: float, words: str, *, css: str = "", size: int, anchor: str = "start") -> SafeString:
    return format_html(
        '<text{} fill="{}" font-size="{}" x="{}" y="{}"{}{}>{}</text>',
        format_html(' class="{}"', css) if css else "",
        PRINT["t-axis"] if not css else PRINT["t-label"],
        size,
        number(x),
        number(y),
        format_html(' text-anchor="{}"', anchor) if anchor != "start" else "",
        SafeString(' font-weight="600"') if css == "lbl" else "",
        words,
    )
