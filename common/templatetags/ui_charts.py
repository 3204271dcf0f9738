"""What the chart components need; pages include those components instead of loading this."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from common.charts.heat import HeatCell
from common.charts.parts import ChartRow, LegendItem
from common.templatetags.ui import avatar_html

register = template.Library()


@register.simple_tag
def heat_cell(cell: HeatCell) -> SafeString:
    """One cell of a heat map."""
    return cell.html()


@register.simple_tag
def row_avatar(row: ChartRow) -> SafeString:
    """The avatar before a row's name in a chart by person or group."""
    return avatar_html(row.label, row.kind, row.initials)


@register.simple_tag
def legend_swatch(item: LegendItem) -> SafeString:
    """The swatch before a word of a legend: a box, a mark (target, plan), a line, a ring or a dot."""
    if item.shape == "mark":
        return format_html(
            '<svg width="6" height="12" aria-hidden="true"><rect class="{}" x="2" width="2" height="12"/></svg>',
            item.css,
        )
    if item.shape == "line":
        return format_html(
            '<svg width="18" height="8" aria-hidden="true"><path class="{}" d="M1 4h16"/></svg>',
            item.css,
        )
    if item.shape in ("ring", "dot"):
        return format_html(
            '<svg width="12" height="12" aria-hidden="true"><circle class="{}" cx="6" cy="6" r="{}"/></svg>',
            item.css,
            4 if item.shape == "ring" else 5,
        )
    return format_html(
        '<svg width="10" height="10" aria-hidden="true"><rect class="{}" width="10" height="10" rx="2"/></svg>',
        item.css,
    )
