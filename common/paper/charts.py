"""Charts of pages as figures of a document: attributes alone, words large enough for paper."""

import re

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from common.charts.heat import HeatMap
from common.charts.parts import Chart
from common.charts.standalone import ON_PAPER, chart_svg, heat_svg

_POINTS = 470
_SIZE = re.compile(r'width="(\d+)" height="(\d+)" viewBox')


def chart_figure(chart: Chart, note: str = "") -> SafeString:
    """`chart` over its title and `note`."""
    return _figure(chart_svg(chart, ON_PAPER), chart.title, note)


def heat_figure(heat: HeatMap, note: str = "") -> SafeString:
    """A map of shares over its title and `note`."""
    return _figure(heat_svg(heat, ON_PAPER), heat.title, note)


def _figure(svg: str, title: str, note: str) -> SafeString:
    return format_html(
        '<figure class="full">{}<figcaption><b>{}</b> {}</figcaption></figure>',
        mark_safe(_SIZE.sub(_fitted, svg, count=1)),  # noqa: S308 (our own chart, made of escaped parts)
        title,
        note,
    )


def _fitted(found: re.Match[str]) -> str:
    """The picture as wide as the text of a page, whatever it was drawn on."""
    width, height = int(found[1]), int(found[2])
    return f'width="{_POINTS}pt" height="{height * _POINTS / width:.1f}pt" viewBox'
