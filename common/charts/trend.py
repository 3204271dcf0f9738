"""What was measured month by month, against a target: small in a row of a list, large with its scale and data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import dateformat
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common.charts.marks import dot, joined, line, rule, stretched, text
from common.charts.parts import PRINT, Chart, LegendItem, Table
from common.charts.scale import number, ticks

HEIGHT, TOP, BOTTOM, WIDE = 240, 22, 210, 1000
SMALL, SMALL_TOP, SMALL_BOTTOM = 28, 4, 24
LEFT, RIGHT = 6.0, 97.0


@dataclass(frozen=True, slots=True)
class Trend:
    """`values` by the first day of their month, in order; `target` is the black mark; `unit` stands in the table."""

    title: str
    values: tuple[tuple[date, float], ...]
    target: float
    unit: str = ""
    notes: tuple[str, ...] = ()


def _places(trend: Trend, left: float, right: float) -> list[float]:
    """Where each month stands from left to right: as far apart as the months are."""
    days = [day.year * 12 + day.month for day, _value in trend.values]
    span = days[-1] - days[0] if days else 0
    return [left + (right - left) * (day - days[0]) / span if span else (left + right) / 2 for day in days]


def _heights(low: float, high: float, top: float, bottom: float, values: Sequence[float]) -> list[float]:
    span = high - low
    return [bottom - (bottom - top) * (value - low) / span if span else (top + bottom) / 2 for value in values]


def _black(x: float, width: float, y: float, thick: float = 2) -> SafeString:
    return format_html(
        '<rect class="f-text" fill="{}" x="{}%" width="{}%" y="{}" height="{}"/>',
        PRINT["f-text"],
        number(x),
        number(width),
        number(y - thick / 2),
        number(thick),
    )


def small_trend(trend: Trend) -> SafeString:
    """The run of the values in the height of a line of text, the target as a black mark at its end."""
    found = [value for _day, value in trend.values]
    low, high = min([*found, trend.target]), max([*found, trend.target])
    places = _places(trend, 2, 88)
    heights = _heights(low, high, SMALL_TOP, SMALL_BOTTOM, [*found, trend.target])
    parts = []
    if len(found) > 1:
        path = " ".join(f"{number(10 * x)},{number(y)}" for x, y in zip(places, heights[:-1], strict=True))
        parts.append(stretched([line("ln-actual", path, 1.75)], SMALL))
    if found:
        parts.append(
            format_html(
                '<circle class="f-accent" fill="{}" cx="{}%" cy="{}" r="3"/>',
                PRINT["f-accent"],
                number(places[-1]),
                number(heights[-2]),
            )
        )
    parts.append(_black(92, 8, heights[-1]))
    return format_html(
        '<svg class="bar trend" width="100%" height="{}" role="img"><title>{}</title>{}</svg>',
        SMALL,
        trend.title,
        joined(parts),
    )


def trend_chart(trend: Trend) -> Chart:
    """The values as a line with its dots, the target as a black mark across, figures at the newest."""
    found = [value for _day, value in trend.values]
    low, high = min([*found, trend.target]), max([*found, trend.target])
    if low == high:
        low, high = low - 1, high + 1
    steps = ticks(low, high, 4)
    low, high = steps[0], steps[-1]
    places = _places(trend, LEFT, RIGHT - 4)
    heights = _heights(low, high, TOP, BOTTOM, found)
    grid, words = [], []
    for step in steps:
        (y,) = _heights(low, high, TOP, BOTTOM, [step])
        grid.append(rule("g-axis" if step == low else "g-line", 0, 100, y, y))
        words.append(text(0, y - 4, f"{step:g}"))
    (aim,) = _heights(low, high, TOP, BOTTOM, [trend.target])
    grid.append(_black(0, 100, aim, 2))
    words.append(text(100, aim - 6, f"{trend.target:g} {trend.unit}".strip(), _("Target"), anchor="end"))
    if len(found) > 1:
        path = " ".join(f"{number(10 * x)},{number(y)}" for x, y in zip(places, heights, strict=True))
        grid.append(stretched([line("ln-actual", path, 2.25)], HEIGHT))
    grid += [dot("st-accent", PRINT["ln-actual"], x, y) for x, y in zip(places, heights, strict=True)]
    if found:
        # Away from the words of the target, which stand above it at the right.
        below = abs(heights[-1] - 10 - aim) < 14 or heights[-1] > aim
        words.append(text(places[-1], heights[-1] + (17 if below else -9), "", f"{found[-1]:g}", anchor="middle"))
    every = max(1, -(-len(places) // 9))
    for place, (day, _value) in list(zip(places, trend.values, strict=True))[::-1][::every]:
        words.append(text(place, HEIGHT - 8, dateformat.format(day, "M y"), anchor="middle"))
    svg = format_html(
        '<svg class="chart" width="100%" height="{}" role="img"><title>{}</title>{}{}</svg>',
        HEIGHT,
        trend.title,
        joined(grid),
        joined(words),
    )
    return Chart(
        title=trend.title,
        svg=svg,
        legend=(LegendItem("ln-actual", _("Measured"), shape="line"),),
        table=Table(
            headers=(_("Month"), _("Value"), _("Note")),
            rows=tuple(
                (dateformat.format(day, "M Y"), f"{value:g}", note)
                for (day, value), note in zip(trend.values, trend.notes or [""] * len(found), strict=True)
            ),
        ),
    )
