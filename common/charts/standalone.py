"""A chart as a picture of its own: an SVG file that looks right without a page or style sheet around it."""

import re
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from common.charts.heat import HeatMap
from common.charts.parts import DASHES, PRINT, Chart, LegendItem
from common.charts.scale import heat_level, percent


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a chart is drawn on: how wide it is, its labels and its bars; `titled` where the title stands above."""

    width: int
    labels: int
    bars: int
    titled: bool = True
    margin: int = 16
    font: str = "Inter, 'DejaVu Sans', sans-serif"

    @property
    def top(self) -> int:
        """Where the picture begins, below title and legend."""
        return 64 if self.titled else 34


A_FILE = Sheet(960, 260, 560)
#: Narrower, so that its words can be read where it is as wide as a page; the title stands in the caption. WeasyPrint
#: takes shares inside a picture from the outermost one, hence no margin.
ON_PAPER = Sheet(720, 190, 400, titled=False, margin=0, font="Doc Sans")
_ROW = 26
_SHADES = ("#eef0f4", "#e3e8fb", "#c8d2f7", "#a9b7ee", "#7186dc", "#2c409e")
_CLASS = re.compile(r' class="[^"]*"')


def _frame(sheet: Sheet, title: str, height: int, inside: SafeString) -> str:
    above = format_html(
        '<text x="16" y="26" font-size="15" font-weight="600" fill="{}">{}</text>', PRINT["t-label"], title
    )
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}" role="img" '
        'font-family="{font}" font-size="12"><title>{title}</title>'
        '<rect width="100%" height="100%" fill="#ffffff"/>'
        "{above}{inside}</svg>",
        w=sheet.width,
        h=height,
        font=sheet.font,
        title=title,
        above=above if sheet.titled else "",
        inside=inside,
    )


def _legend(sheet: Sheet, items: tuple[LegendItem, ...]) -> SafeString:
    line = sheet.top - 18
    return format_html_join(
        "",
        '{}<text x="{}" y="{}" fill="{}">{}</text>',
        (
            (_swatch(item, 16 + place * 170, line), 38 + place * 170, line, PRINT["t-axis"], item.word)
            for place, item in enumerate(items)
        ),
    )


def _swatch(item: LegendItem, x: int, line: int) -> SafeString:
    colour = PRINT.get(item.css, PRINT["f-mute"])
    if item.shape != "line":
        return format_html('<rect x="{}" y="{}" width="12" height="8" rx="2" fill="{}"/>', x, line - 8, colour)
    return format_html(
        '<line x1="{}" x2="{}" y1="{}" y2="{}" stroke="{}" stroke-width="2" stroke-dasharray="{}"/>',
        x,
        x + 18,
        line - 4,
        line - 4,
        colour,
        DASHES.get(item.css, "none"),
    )


def _plain(svg: str) -> SafeString:
    """Without classes: nothing outside styles it, and its presentation attributes hold."""
    return mark_safe(_CLASS.sub("", svg))  # noqa: S308 (our own chart, made of escaped parts)


def chart_svg(chart: Chart, sheet: Sheet = A_FILE) -> str:
    """`chart` with its title and legend as one SVG document."""
    if not chart.rows:
        picture = format_html(
            '<svg x="{}" y="{}" width="{}" height="345" overflow="visible">{}</svg>',
            sheet.margin,
            sheet.top,
            sheet.width - 2 * sheet.margin,
            _plain(chart.svg),
        )
        return _frame(sheet, chart.title, sheet.top + 355, _legend(sheet, chart.legend) + picture)
    rows = format_html_join(
        "",
        '<text x="16" y="{}" fill="{}">{}</text>'
        '<svg x="{}" y="{}" width="{}" height="16" overflow="visible">{}</svg>'
        '<text x="{}" y="{}" fill="{}">{} {}</text>',
        (
            (
                sheet.top + 20 + place * _ROW,
                PRINT["t-label"],
                row.label[:40],
                sheet.labels,
                sheet.top + 9 + place * _ROW,
                sheet.bars,
                _plain(row.svg),
                sheet.labels + sheet.bars + 16,
                sheet.top + 20 + place * _ROW,
                PRINT["t-label"],
                row.figure,
                row.base,
            )
            for place, row in enumerate(chart.rows)
        ),
    )
    return _frame(sheet, chart.title, sheet.top + 24 + len(chart.rows) * _ROW, _legend(sheet, chart.legend) + rows)


def heat_svg(heat: HeatMap, sheet: Sheet = A_FILE) -> str:
    """A heat map as one SVG document; each cell says its share."""

    step = (sheet.width - 32 - sheet.labels) // max(1, len(heat.columns))
    heads = format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="middle" fill="{}">{}</text>',
        (
            (sheet.labels + place * step + step // 2, sheet.top, PRINT["t-axis"], column.label)
            for place, column in enumerate(heat.columns)
        ),
    )
    cells = []
    for number, row in enumerate(heat.rows):
        y = sheet.top + 12 + number * _ROW
        cells.append(format_html('<text x="16" y="{}" fill="{}">{}</text>', y + 16, PRINT["t-label"], row.label))
        for place, cell in enumerate(row.cells):
            if not cell.total:
                continue
            level = heat_level(cell.part, cell.total) or 0
            cells.append(
                format_html(
                    '<rect x="{}" y="{}" width="{}" height="{}" rx="3" fill="{}"/>'
                    '<text x="{}" y="{}" text-anchor="middle" fill="{}">{}%</text>',
                    sheet.labels + place * step,
                    y,
                    step - 4,
                    _ROW - 3,
                    _SHADES[min(level, len(_SHADES) - 1)],
                    sheet.labels + place * step + step // 2,
                    y + 16,
                    "#ffffff" if level >= 4 else PRINT["t-label"],
                    percent(cell.part, cell.total),
                )
            )
    body = mark_safe("".join(cells))  # noqa: S308 (parts that format_html escaped)
    return _frame(sheet, heat.title, sheet.top + 24 + len(heat.rows) * _ROW, heads + body)
