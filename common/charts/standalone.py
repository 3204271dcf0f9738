"""A chart as a picture of its own: an SVG file that looks right without a page or style sheet around it."""

import re

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from common.charts.heat import HeatMap
from common.charts.parts import DASHES, PRINT, Chart, LegendItem
from common.charts.scale import heat_level, percent

WIDTH = 960
_LABELS, _BARS, _ROW, _TOP = 260, 560, 26, 64
_FONT = "Inter, 'DejaVu Sans', sans-serif"
_SHADES = ("#eef0f4", "#e3e8fb", "#c8d2f7", "#a9b7ee", "#7186dc", "#2c409e")
_CLASS = re.compile(r' class="[^"]*"')


def _frame(title: str, height: int, inside: SafeString) -> str:
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}" role="img" '
        'font-family="{font}" font-size="12"><title>{title}</title>'
        '<rect width="100%" height="100%" fill="#ffffff"/>'
        '<text x="16" y="26" font-size="15" font-weight="600" fill="{ink}">{title}</text>{inside}</svg>',
        w=WIDTH,
        h=height,
        font=_FONT,
        title=title,
        ink=PRINT["t-label"],
        inside=inside,
    )


def _legend(items: tuple[LegendItem, ...]) -> SafeString:
    return format_html_join(
        "",
        '{}<text x="{}" y="46" fill="{}">{}</text>',
        (
            (_swatch(item, 16 + place * 170), 38 + place * 170, PRINT["t-axis"], item.word)
            for place, item in enumerate(items)
        ),
    )


def _swatch(item: LegendItem, x: int) -> SafeString:
    colour = PRINT.get(item.css, PRINT["f-mute"])
    if item.shape != "line":
        return format_html('<rect x="{}" y="38" width="12" height="8" rx="2" fill="{}"/>', x, colour)
    return format_html(
        '<line x1="{}" x2="{}" y1="42" y2="42" stroke="{}" stroke-width="2" stroke-dasharray="{}"/>',
        x,
        x + 18,
        colour,
        DASHES.get(item.css, "none"),
    )


def _plain(svg: str) -> SafeString:
    """Without classes: nothing outside styles it, and its presentation attributes hold."""
    return mark_safe(_CLASS.sub("", svg))  # noqa: S308 (our own chart, made of escaped parts)


def chart_svg(chart: Chart) -> str:
    """`chart` with its title and legend as one SVG document."""
    if not chart.rows:
        picture = format_html(
            '<svg x="16" y="{}" width="{}" height="345" overflow="visible">{}</svg>',
            _TOP,
            WIDTH - 32,
            _plain(chart.svg),
        )
        return _frame(chart.title, _TOP + 355, _legend(chart.legend) + picture)
    rows = format_html_join(
        "",
        '<text x="16" y="{}" fill="{}">{}</text>'
        '<svg x="{}" y="{}" width="{}" height="16" overflow="visible">{}</svg>'
        '<text x="{}" y="{}" fill="{}">{} {}</text>',
        (
            (
                _TOP + 20 + place * _ROW,
                PRINT["t-label"],
                row.label[:40],
                _LABELS,
                _TOP + 9 + place * _ROW,
                _BARS,
                _plain(row.svg),
                _LABELS + _BARS + 16,
                _TOP + 20 + place * _ROW,
                PRINT["t-label"],
                row.figure,
                row.base,
            )
            for place, row in enumerate(chart.rows)
        ),
    )
    return _frame(chart.title, _TOP + 24 + len(chart.rows) * _ROW, _legend(chart.legend) + rows)


def heat_svg(heat: HeatMap) -> str:
    """A heat map as one SVG document; each cell says its share."""

    step = (WIDTH - 32 - _LABELS) // max(1, len(heat.columns))
    heads = format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="middle" fill="{}">{}</text>',
        (
            (_LABELS + place * step + step // 2, _TOP, PRINT["t-axis"], column.label)
            for place, column in enumerate(heat.columns)
        ),
    )
    cells = []
    for number, row in enumerate(heat.rows):
        y = _TOP + 12 + number * _ROW
        cells.append(format_html('<text x="16" y="{}" fill="{}">{}</text>', y + 16, PRINT["t-label"], row.label))
        for place, cell in enumerate(row.cells):
            if not cell.total:
                continue
            level = heat_level(cell.part, cell.total) or 0
            cells.append(
                format_html(
                    '<rect x="{}" y="{}" width="{}" height="{}" rx="3" fill="{}"/>'
                    '<text x="{}" y="{}" text-anchor="middle" fill="{}">{}%</text>',
                    _LABELS + place * step,
                    y,
                    step - 4,
                    _ROW - 3,
                    _SHADES[min(level, len(_SHADES) - 1)],
                    _LABELS + place * step + step // 2,
                    y + 16,
                    "#ffffff" if level >= 4 else PRINT["t-label"],
                    percent(cell.part, cell.total),
                )
            )
    body = mark_safe("".join(cells))  # noqa: S308 (parts that format_html escaped)
    return _frame(heat.title, _TOP + 24 + len(heat.rows) * _ROW, heads + body)
