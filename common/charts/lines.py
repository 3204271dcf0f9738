"""Lines over time: the burn-up. The lines sit in an inner viewBox that stretches; words, marks and dates stand outside
of it in percent across and pixels down, so that text never scales."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import dateformat
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from common.charts.marks import area, dot, line, rule, text
from common.charts.parts import PRINT, Chart, LegendItem, Table
from common.charts.scale import number

Point = tuple[date, int]
HEIGHT = 300
TOP = 24
BOTTOM = 272
WIDE = 1000


@dataclass(frozen=True)
class Forecast:
    """When the total is reached: at the pace of late, at the best and at the worst of it."""

    best: date
    likely: date
    worst: date


@dataclass(frozen=True)
class BurnUp:
    """What is reached over time, against the plan. Points are in order of their dates; `total` is the top line."""

    title: str
    total: int
    start: date
    end: date
    actual: tuple[Point, ...]
    plan: tuple[Point, ...]
    today: date
    description: str = ""
    gate: tuple[date, str] | None = None
    forecast: Forecast | None = None

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError("a burn-up ends after it starts")


def _share(chart: BurnUp, day: date) -> float:
    """Where `day` stands from left to right, 0 to 1, kept inside the picture."""
    return min(1.0, max(0.0, (day - chart.start).days / (chart.end - chart.start).days))


def _y(chart: BurnUp, value: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * min(1.0, max(0.0, value / chart.total if chart.total > 0 else 0.0))


def _path(chart: BurnUp, points: Sequence[tuple[date, float]]) -> str:
    return " ".join(f"{number(WIDE * _share(chart, day))},{number(_y(chart, value))}" for day, value in points)


def _months(chart: BurnUp) -> list[date]:
    first = chart.start.replace(day=1)
    months = []
    while first <= chart.end:
        if first >= chart.start - timedelta(days=16):
            months.append(max(first, chart.start))
        first = (first + timedelta(days=32)).replace(day=1)
    return months[:: max(1, -(-len(months) // 10))]


def value_on(points: Sequence[Point], day: date) -> int:
    """What a line of points has reached on `day`, between its points in proportion; 0 before the first."""
    before = [point for point in points if point[0] <= day]
    after = [point for point in points if point[0] > day]
    if not before:
        return 0
    if not after or before[-1][0] == day:
        return before[-1][1]
    (left, low), (right, high) = before[-1], after[0]
    return round(low + (high - low) * (day - left).days / (right - left).days)


def burn_up(chart: BurnUp) -> Chart:
    """Actual solid, plan dashed, forecast dotted with a band; today, gate and totals are labelled in place."""
    now = chart.actual[-1] if chart.actual else (chart.start, 0)
    planned = value_on(chart.plan, chart.today)
    lines: list[SafeString] = []
    if len(chart.actual) > 1:
        floor = f"{number(WIDE * _share(chart, now[0]))},{BOTTOM} {number(WIDE * _share(chart, chart.start))},{BOTTOM}"
        lines.append(area("area", f"{_path(chart, chart.actual)} {floor}"))
    if chart.forecast is not None:
        ends = [(chart.forecast.best, chart.total), (chart.forecast.worst, chart.total)]
        lines.append(area("band", _path(chart, [now, *ends])))
    lines.append(line("ln-plan", _path(chart, chart.plan), 1.5, "5 4"))
    if chart.forecast is not None:
        lines.append(line("ln-forecast", _path(chart, [now, (chart.forecast.likely, chart.total)]), 1.5, "2 4"))
    if len(chart.actual) > 1:
        lines.append(line("ln-actual", _path(chart, chart.actual), 2.25))

    parts = [rule("g-axis", 0, 100, BOTTOM, BOTTOM)]
    marks = []
    for value in sorted({round(chart.total / 3), round(chart.total * 2 / 3), chart.total} - {0}):
        parts.append(rule("g-line", 0, 100, _y(chart, value), _y(chart, value)))
        words = gettext("%(total)d applicable") % {"total": value} if value == chart.total else str(value)
        marks.append(text(0, _y(chart, value) - 5, words))
    parts.append(
        format_html(
            '<svg width="100%" height="{}" viewBox="0 0 {} {}" preserveAspectRatio="none">{}</svg>',
            HEIGHT,
            WIDE,
            HEIGHT,
            format_html_join("", "{}", ((line,) for line in lines)),
        )
    )
    here = 100 * _share(chart, chart.today)
    parts.append(rule("ln-today", here, here, _y(chart, max(planned, now[1])), BOTTOM))
    marks.append(text(here, BOTTOM - 8, dateformat.format(chart.today, "j M"), gettext("Today"), dx=6))
    if chart.gate is not None:
        there = 100 * _share(chart, chart.gate[0])
        parts.append(rule("ln-gate", there, there, 16, BOTTOM))
        marks.append(
            text(there, BOTTOM - 24, dateformat.format(chart.gate[0], "j M"), chart.gate[1], anchor="end", dx=-6)
        )
    apart = abs(_y(chart, planned) - _y(chart, now[1])) >= 14
    parts.append(dot("st-control", PRINT["ln-plan"], here, _y(chart, planned)))
    parts.append(dot("st-accent", PRINT["ln-actual"], here, _y(chart, now[1])))
    upper = _y(chart, planned) - 8
    marks.append(text(here, upper, "", gettext("plan %(count)d") % {"count": planned}, anchor="end", dx=-8))
    lower = _y(chart, now[1]) + (14 if apart or planned >= now[1] else -10)
    marks.append(text(here, lower, "", gettext("done %(count)d") % {"count": now[1]}, dx=8))
    if chart.forecast is not None:
        end = 100 * _share(chart, chart.forecast.likely)
        parts.append(dot("st-accent", PRINT["ln-forecast"], end, TOP))
        marks.append(
            text(100, 10, dateformat.format(chart.forecast.likely, "j M Y"), gettext("Forecast"), anchor="end")
        )
    for month in _months(chart):
        at = 100 * _share(chart, month)
        marks.append(text(at, HEIGHT - 6, dateformat.format(month, "M"), anchor="start" if at < 3 else "middle"))
    svg = format_html(
        '<svg class="chart" width="100%" height="{}" role="img"><title>{}</title><desc>{}</desc>{}{}</svg>',
        HEIGHT,
        chart.title,
        chart.description,
        format_html_join("", "{}", ((part,) for part in parts)),
        format_html_join("", "{}", ((mark,) for mark in marks)),
    )
    legend = [
        LegendItem("ln-actual", gettext("Actual"), now[1], shape="line"),
        LegendItem("ln-plan", gettext("Plan"), planned, shape="line"),
    ]
    if chart.forecast is not None:
        legend.append(LegendItem("ln-forecast", gettext("Forecast"), shape="line"))
    days = sorted({day for day, _value in (*chart.actual, *chart.plan)})
    reached = dict(chart.actual)
    return Chart(
        title=chart.title,
        description=chart.description,
        svg=svg,
        legend=tuple(legend),
        table=Table(
            headers=(gettext("Date"), gettext("Actual"), gettext("Plan")),
            rows=tuple((day.isoformat(), reached.get(day, "–"), value_on(chart.plan, day)) for day in days),
        ),
    )


def dumbbell(before: int, now: int, *, label: str, target: int | None = None) -> SafeString:
    """Then, now and target on a scale of 0 to 100: an empty dot, a full dot, a black mark."""
    words = gettext("%(label)s: baseline %(before)d, latest %(now)d") % {"label": label, "before": before, "now": now}
    if target is not None:
        words = gettext("%(words)s, target %(target)d") % {"words": words, "target": target}
    return format_html(
        '<svg class="bar dumb" width="100%" height="18" role="img"><title>{}</title>'
        '<line class="g-line" stroke="{}" x1="0" x2="100%" y1="9" y2="9"/>'
        '<line class="ln-dumb" stroke="{}" stroke-width="3" x1="{}%" x2="{}%" y1="9" y2="9"/>{}'
        '<circle class="f-surface st-control" fill="#ffffff" stroke="{}" stroke-width="1.6" cx="{}%" cy="9" r="4"/>'
        '<circle class="f-accent" fill="{}" cx="{}%" cy="9" r="5"/></svg>',
        words,
        PRINT["g-line"],
        PRINT["f-soft"],
        before,
        now,
        format_html('<rect class="f-text" fill="{}" x="{}%" y="3" width="2" height="12"/>', PRINT["f-text"], target)
        if target is not None
        else "",
        PRINT["ln-plan"],
        before,
        PRINT["f-accent"],
        now,
    )
