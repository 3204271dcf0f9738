"""Charts for documents: money over time, and what moves a result. In points, 470 wide, coloured by attributes alone.

Neither a style sheet nor a script reaches them, so that they look the same in a PDF and on the page that shows it.
Tones stay apart in grey; words stand in the picture and not in a legend.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, log10

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from common.charts.scale import number

WIDE = 470
INK, INK_2, INK_3, HAIR = "#15181e", "#454b57", "#626977", "#c3c7cf"
DARK, MIDDLE, PALE = "#2c429f", "#8c9bdc", "#dfe3f3"
_FONT = "Doc Sans, Inter, sans-serif"
_LEFT, _RIGHT, _TOP, _FLOOR = 34.0, 392.0, 10.0, 22.0
_SIZE = 7.5


@dataclass(frozen=True)
class Line:
    """One line over the same steps as the others; `word` stands at its end."""

    values: Sequence[float]
    word: str


@dataclass(frozen=True)
class Mark:
    """A ring on the middle line at step `place` (from 0), with its words; `below` sets them under it."""

    place: int
    words: str
    below: bool = False


@dataclass(frozen=True)
class MoneyOverTime:
    """A middle line between two others, a dashed one beside it, marks, and where the past ends.

    `ticks` are (step, word) along the floor. `message` is what the picture says, for those who cannot see it.
    """

    message: str
    middle: Line
    low: Line
    high: Line
    ticks: Sequence[tuple[int, str]]
    plan: Line | None = None
    marks: Sequence[Mark] = ()
    now: tuple[int, str] | None = None
    height: int = 178


@dataclass(frozen=True)
class Swing:
    """One row of `swings_picture`: the result at its worse and its better end, each with its words."""

    label: str
    note: str
    worse: float
    better: float
    worse_word: str
    better_word: str


@dataclass(frozen=True)
class Readings:
    """One row of `readings_picture`: values in their order (None: not measured), the target, and their words."""

    label: str
    note: str
    values: Sequence[float | None]
    target: float
    now_word: str
    target_word: str
    is_reached: bool = False


def _text(
    x: float, y: float, words: object, *, anchor: str = "start", fill: str = INK_2, weight: int = 400
) -> SafeString:
    return format_html(
        '<text x="{}" y="{}" text-anchor="{}" fill="{}" font-weight="{}" font-size="{}">{}</text>',
        number(x),
        number(y),
        anchor,
        fill,
        weight,
        _SIZE,
        words,
    )


def _frame(message: str, height: float, parts: Iterable[SafeString], described: str = "") -> SafeString:
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}pt" height="{h}pt" '
        'font-family="{font}" role="img"><title>{message}</title>{described}{parts}</svg>',
        described=format_html("<desc>{}</desc>", described) if described else "",
        w=WIDE,
        h=number(height),
        font=_FONT,
        message=message,
        parts=format_html_join("", "{}", ((part,) for part in parts)),
    )


def round_steps(low: float, high: float, most: int = 5) -> list[float]:
    """Round values from zero or at or below `low` to zero or at or above `high`, about `most` steps; zero is one."""
    span = max(high, 0.0) - min(low, 0.0) or 1.0
    power = 10.0 ** floor(log10(span / most))
    step = next(power * part for part in (1, 2, 5, 10) if power * part * most >= span)
    return [step * place for place in range(floor(min(low, 0.0) / step), ceil(max(high, 0.0) / step) + 1)]


def _apart(wanted: Sequence[float], gap: float) -> list[float]:
    """The heights of labels, moved down as little as keeps them `gap` apart; their order stays."""
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    found = list(wanted)
    for before, after in pairwise(order):
        found[after] = max(found[after], found[before] + gap)
    return found


def money_over_time(chart: MoneyOverTime, word_of: Callable[[float], str]) -> SafeString:
    """The picture of `chart`. `word_of` writes a value of the scale."""
    lines = [chart.low, chart.high, chart.middle, *([chart.plan] if chart.plan else [])]
    every = [value for line in lines for value in line.values]
    steps = round_steps(min(every), max(every))
    bottom, top = min(steps[0], min(every)), max(steps[-1], max(every))
    ground = chart.height - _FLOOR
    last = max(1, len(chart.middle.values) - 1)

    def x(place: float) -> float:
        return _LEFT + (_RIGHT - _LEFT) * place / last

    def y(value: float) -> float:
        return ground - (ground - _TOP) * (value - bottom) / ((top - bottom) or 1.0)

    def path(values: Sequence[float]) -> str:
        return " ".join(f"{number(x(place))},{number(y(value))}" for place, value in enumerate(values))

    parts = []
    for step in steps:
        parts.append(
            format_html(
                '<path d="M{} {}H{}" stroke="{}" stroke-width="{}"/>',
                number(_LEFT),
                number(y(step)),
                number(_RIGHT),
                INK_3 if step == 0 else HAIR,
                ".8" if step == 0 else ".4",
            )
        )
        parts.append(_text(_LEFT - 5, y(step) + 2.6, word_of(step), anchor="end", fill=INK_3))
    band = f"{path(chart.high.values)} " + " ".join(
        f"{number(x(place))},{number(y(value))}" for place, value in reversed(list(enumerate(chart.low.values)))
    )
    parts.append(format_html('<polygon points="{}" fill="{}" fill-opacity=".8"/>', band, PALE))
    if chart.plan is not None:
        parts.append(
            format_html(
                '<polyline points="{}" fill="none" stroke="{}" stroke-width="1" stroke-dasharray="4 2.5"/>',
                path(chart.plan.values),
                INK_3,
            )
        )
    parts.append(
        format_html(
            '<polyline points="{}" fill="none" stroke="{}" stroke-width="1.7" stroke-linejoin="round"/>',
            path(chart.middle.values),
            DARK,
        )
    )
    if chart.now is not None:
        at = x(chart.now[0])
        parts.append(
            format_html('<path d="M{} {}V{}" stroke="{}" stroke-width=".8"/>', number(at), _TOP, number(ground), INK)
        )
        parts.append(_text(at + 4, _TOP + 5, chart.now[1], fill=INK, weight=500))
    for mark in chart.marks:
        cx, cy = x(mark.place), y(chart.middle.values[mark.place])
        parts.append(
            format_html(
                '<circle cx="{}" cy="{}" r="2.8" fill="#ffffff" stroke="{}" stroke-width="1.2"/>',
                number(cx),
                number(cy),
                DARK,
            )
        )
        side = "end" if cx > (_LEFT + _RIGHT) / 2 + 60 and not mark.below else "start"
        dx, dy = (0.0, 12.0) if mark.below else (-6.0, -7.0) if side == "end" else (7.0, 9.0)
        parts.append(_text(cx + dx, min(cy + dy, ground - 3), mark.words, anchor=side, fill=INK, weight=500))
    named = [(line, line is chart.middle) for line in lines if line.word]
    heights = _apart([y(line.values[-1]) + 2.6 for line, _strong in named], 9.5)
    for (line, strong), height in zip(named, heights, strict=True):
        parts.append(_text(_RIGHT + 6, height, line.word, fill=INK if strong else INK_2, weight=600 if strong else 400))
    for place, word in chart.ticks:
        parts.append(
            format_html('<path d="M{} {}v3" stroke="{}" stroke-width=".6"/>', number(x(place)), number(ground), INK_3)
        )
        parts.append(_text(x(place), ground + 12, word, fill=INK_3, anchor="start" if place == 0 else "middle"))
    return _frame(chart.message, chart.height, parts)


def swings_picture(message: str, expected: float, swings: Sequence[Swing]) -> SafeString:
    """What moves a result most: a bar for each row, dark below what is expected and middle above, widest first."""
    row, left, right = 21.0, 200.0, 440.0
    ends = [value for swing in swings for value in (swing.worse, swing.better)] + [expected]
    low, high = min(ends), max(ends)

    def x(value: float) -> float:
        return left + (right - left) * (value - low) / ((high - low) or 1.0)

    parts = []
    for place, swing in enumerate(swings):
        y = 4 + place * row
        parts.append(_text(0, y + 6, swing.label, fill=INK, weight=500))
        parts.append(_text(0, y + 14.5, swing.note, fill=INK_3))
        for value, fill, word in ((swing.worse, DARK, swing.worse_word), (swing.better, MIDDLE, swing.better_word)):
            start, end = sorted((x(value), x(expected)))
            parts.append(
                format_html(
                    '<rect x="{}" y="{}" width="{}" height="10" fill="{}"/>',
                    number(start),
                    number(y + 1),
                    number(max(end - start, 0.4)),
                    fill,
                )
            )
            is_left = x(value) < x(expected)
            parts.append(
                _text(x(value) - 4 if is_left else x(value) + 4, y + 8.6, word, anchor="end" if is_left else "start")
            )
    height = 4 + len(swings) * row
    parts.append(
        format_html('<path d="M{} 0V{}" stroke="{}" stroke-width="1"/>', number(x(expected)), number(height - 4), INK)
    )
    return _frame(message, height, parts)


def readings_picture(message: str, rows: Sequence[Readings]) -> SafeString:
    """Values over the same months, a row for each measure: a line to the last reading, the target dashed.

    Each row has a scale of its own, from the lowest to the highest of its values and target.
    """
    row, left, right, high = 34.0, 186.0, 366.0, 18.0
    steps = max([len(each.values) for each in rows] + [2]) - 1
    parts = []
    for place, each in enumerate(rows):
        top = 6 + place * row
        known = [(at, value) for at, value in enumerate(each.values) if value is not None]
        ends = [value for _at, value in known] + [each.target]
        low, span = min(ends), (max(ends) - min(ends)) or 1.0

        def y(value: float, top: float = top, low: float = low, span: float = span) -> float:
            return top + high - high * (value - low) / span

        parts.append(_text(0, top + 8, _cut(each.label, 44), fill=INK, weight=500))
        parts.append(_text(0, top + 17.5, _cut(each.note, 48), fill=INK_3))
        parts.append(
            format_html(
                '<path d="M{} {}H{}" stroke="{}" stroke-width=".8" stroke-dasharray="4 2.5"/>',
                number(left),
                number(y(each.target)),
                number(right),
                INK_3,
            )
        )
        if known:
            points = [(left + (right - left) * at / steps, y(value)) for at, value in known]
            if len(points) > 1:
                parts.append(
                    format_html(
                        '<polyline points="{}" fill="none" stroke="{}" stroke-width="1.5" stroke-linejoin="round"/>',
                        " ".join(f"{number(x)},{number(height)}" for x, height in points),
                        DARK,
                    )
                )
            x, height = points[-1]
            parts.append(
                format_html(
                    '<circle cx="{}" cy="{}" r="2.6" fill="{}" stroke="{}" stroke-width="1.2"/>',
                    number(x),
                    number(height),
                    DARK if each.is_reached else "#ffffff",
                    DARK,
                )
            )
        parts.append(_text(right + 10, top + 8, _cut(each.now_word, 22), fill=INK, weight=600))
        parts.append(_text(right + 10, top + 17.5, _cut(each.target_word, 22), fill=INK_3))
    described = "; ".join(f"{each.label}: {each.now_word}, {each.target_word}" for each in rows)
    return _frame(message, 6 + len(rows) * row, parts, described)


def _cut(words: str, most: int) -> str:
    """`words`, or their beginning with an ellipsis where they are longer than `most` characters."""
    return words if len(words) <= most else f"{words[: most - 1].rstrip()}…"
