"""Pictures of what money may come to: what moves a result, how results spread, its value at several rates, and the
money of a phase."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import floor

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from common.charts.marks import dot, joined, line, rule, stretched, text
from common.charts.parts import PRINT, Chart, ChartRow, LegendItem, Table
from common.charts.scale import number, ticks

Say = Callable[[float], str]
ROW = 26
TOP, BOTTOM, HEIGHT = 30, 240, 266


@dataclass(frozen=True)
class Swing:
    """One estimate, and what the result is with it at its worse and at its better end. `note` names the ends."""

    label: str
    note: str
    worse: float
    better: float
    url: str = ""


def tornado(rows: Sequence[Swing], expected: float, say: Say, *, title: str, description: str = "") -> Chart:
    """The widest first, all on one scale; the line is the expected result, the paler one zero."""
    values = [expected, *(each for row in rows for each in (row.worse, row.better))]
    low, high = min(values), max(values)
    # Words stand outside of the bars at both ends.
    room = (high - low) * 0.19 or 1.0
    low, high = low - room, high + room

    def x(value: float) -> float:
        return 100 * (value - low) / (high - low)

    def picture(row: Swing) -> SafeString:
        left, right = sorted((row.worse, row.better))
        bars = [
            _rect("f-warn", *sorted((x(row.worse), x(expected))), y=5, height=16),
            _rect("f-mid", *sorted((x(row.better), x(expected))), y=5, height=16),
        ]
        zero = [rule("g-axis", x(0), x(0), 0, ROW)] if low < 0 < high else []
        return format_html(
            '<svg class="bar chart" width="100%" height="{}" role="img"><title>{}</title>{}</svg>',
            ROW,
            gettext("%(label)s: %(worse)s to %(better)s")
            % {"label": row.label, "worse": say(row.worse), "better": say(row.better)},
            joined(
                [
                    *zero,
                    *bars,
                    rule("ln-today", x(expected), x(expected), 0, ROW),
                    text(x(left), 17, say(left), anchor="end", dx=-5),
                    text(x(right), 17, say(right), dx=5),
                ]
            ),
        )

    return Chart(
        title=title,
        description=description,
        rows=tuple(ChartRow(row.label, picture(row), note=row.note, url=row.url) for row in rows),
        legend=(LegendItem("f-warn", gettext("At its worse end")), LegendItem("f-mid", gettext("At its better end"))),
        table=Table(
            headers=(gettext("Estimate"), gettext("Ends"), gettext("At its worse end"), gettext("At its better end")),
            rows=tuple((row.label, row.note, say(row.worse), say(row.better)) for row in rows),
        ),
    )


def _rect(css: str, left: float, right: float, *, y: int, height: int, radius: int = 2) -> SafeString:
    return format_html(
        '<rect class="{}" fill="{}" x="{}%" width="{}%" y="{}" height="{}" rx="{}"/>',
        css,
        PRINT[css],
        number(left),
        number(max(0.0, right - left)),
        y,
        height,
        radius,
    )


@dataclass(frozen=True)
class Bin:
    """How many results lie from `low` to below `high`."""

    low: float
    high: float
    count: int


def histogram(
    bins: Sequence[Bin], marks: Sequence[tuple[str, float]], say: Say, *, title: str, description: str = ""
) -> Chart:
    """How often each result came; what lies below zero in another colour; `marks` are named results."""
    low, high = bins[0].low, bins[-1].high
    most = max(each.count for each in bins) or 1

    def x(value: float) -> float:
        return 100 * (value - low) / (high - low)

    parts = [rule("g-axis", 0, 100, BOTTOM, BOTTOM)]
    for each in bins:
        tall = (BOTTOM - TOP) * each.count / most
        css = "f-warn" if each.high <= 0 else "f-mid"
        parts.append(
            format_html(
                '<rect class="{}" fill="{}" x="{}%" width="{}%" y="{}" height="{}"/>',
                css,
                PRINT[css],
                number(x(each.low) + 0.15),
                number(max(0.1, x(each.high) - x(each.low) - 0.3)),
                number(BOTTOM - tall),
                number(tall),
            )
        )
    words = []
    for place, (name, value) in enumerate(marks):
        at = min(100.0, max(0.0, x(value)))
        parts.append(rule("ln-today", at, at, TOP - 6, BOTTOM))
        side = "start" if at < 12 else "end" if at > 88 else "middle"
        words.append(text(at, 10 + 12 * (place % 2), say(value), name, anchor=side))
    for value in ticks(low, high, 5):
        if low <= value <= high:
            at = x(value)
            side = "start" if at < 4 else "end" if at > 96 else "middle"
            parts.append(rule("g-axis", at, at, BOTTOM, BOTTOM + 5))
            words.append(text(at, BOTTOM + 18, say(value), anchor=side))
    return Chart(
        title=title,
        description=description,
        svg=_svg(title, description, [*parts, *words]),
        legend=(LegendItem("f-warn", gettext("below zero")), LegendItem("f-mid", gettext("zero or more"))),
        table=Table(
            headers=(gettext("From"), gettext("to below"), gettext("Runs")),
            rows=tuple((say(each.low), say(each.high), each.count) for each in bins),
        ),
    )


def profile(
    points: Sequence[tuple[float, float]],
    say: Say,
    *,
    title: str,
    description: str = "",
    own: float | None = None,
    roots: Sequence[float] = (),
) -> Chart:
    """The value at each of several rates (percent); `own` is the rate that counts, `roots` where the value is zero."""
    values = [value for _rate, value in points]
    steps = ticks(min(*values, 0.0), max(*values, 0.0), 5)
    bottom, top, last = steps[0], steps[-1], max(rate for rate, _value in points)
    if top <= bottom:
        top = bottom + 1

    def y(value: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * (value - bottom) / (top - bottom)

    def x(rate: float) -> float:
        return 6 + 92 * rate / last

    parts, words = [], []
    for value in steps:
        parts.append(rule("g-line" if value else "g-axis", 0, 100, y(value), y(value)))
        words.append(text(0, y(value) - 4, say(value)))
    path = " ".join(f"{number(10 * x(rate))},{number(y(value))}" for rate, value in points)
    parts.append(stretched([line("ln-actual", path, 2.25)], HEIGHT))
    if own is not None:
        parts.append(rule("ln-today", x(own), x(own), TOP - 10, BOTTOM))
        words.append(text(x(own), 12, "", _percent(own), dx=4))
    for root in roots:
        if 0 <= root <= last:
            parts.append(dot("st-accent", PRINT["ln-actual"], x(root), y(0)))
            words.append(text(x(root), y(0) - 8, "", _percent(root), dx=6))
    for rate in _some([rate for rate, _value in points]):
        words.append(text(x(rate), BOTTOM + 18, _percent(rate), anchor="middle"))
    return Chart(
        title=title,
        description=description,
        svg=_svg(title, description, [*parts, *words]),
        table=Table(
            headers=(gettext("Discount rate"), gettext("Net present value")),
            rows=tuple((_percent(rate), say(value)) for rate, value in points),
        ),
    )


def _some(rates: Sequence[float]) -> list[float]:
    """Round rates for the axis, five or six of them."""
    last = max(rates)
    return [each for each in ticks(0.0, last, 6) if each <= last]


def _percent(value: float) -> str:
    rounded = floor(value * 10 + 0.5) / 10
    return f"{rounded:.0f}%" if rounded == int(rounded) else f"{rounded:.1f}%"


def _svg(title: str, description: str, parts: Sequence[SafeString]) -> SafeString:
    return format_html(
        '<svg class="chart" width="100%" height="{}" role="img"><title>{}</title><desc>{}</desc>{}</svg>',
        HEIGHT,
        title,
        description,
        joined(parts),
    )


@dataclass(frozen=True)
class MoneyBar:
    """What something was to come to (`plan`), has come to (`actual`), and will (`forecast`), beside others up to
    `longest`. `tone` is the fill of what has come: accent, ok, warn or bad."""

    label: str
    plan: float
    actual: float
    forecast: float
    longest: float
    tone: str = "accent"

    def svg(self) -> SafeString:
        """Solid what has come, grey what will, a black mark what was planned."""

        def share(value: float) -> float:
            return 100 * min(1.0, max(0.0, value / self.longest)) if self.longest > 0 else 0.0

        mark = min(share(self.plan), 99.4)
        return format_html(
            '<svg class="bar" width="100%" height="12" role="img"><title>{}</title>{}{}{}</svg>',
            self.label,
            _rect("f-mute", 0, share(self.forecast), y=0, height=12),
            _rect(f"f-{self.tone}", 0, share(self.actual), y=3, height=6, radius=1),
            format_html('<rect class="f-text" fill="{}" x="{}%" width="2" height="12"/>', PRINT["f-text"], number(mark))
            if self.plan > 0
            else "",
        )
