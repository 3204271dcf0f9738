"""How reviews, improvements and risks to the SMS look on pages."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from audits.effect_chart import figure
from audits.models import Improvement

register = template.Library()


@register.simple_tag
def effect_cell(row: Improvement) -> SafeString:
    """What an improvement is to bring or brought, in figures: "12 → 5 repeats, target 6"."""
    if row.before is None and row.target is None and row.after is None:
        return format_html('<span class="none">{}</span>', "–")
    way = " → ".join(figure(value) for value in (row.before, row.after) if value is not None)
    target = _("target %(value)s") % {"value": figure(row.target)} if row.target is not None else ""
    unit = f" {row.unit}" if row.unit and way else ""
    return format_html(
        '<span class="num">{}{}</span>{}',
        way,
        unit,
        format_html('<small class="t3">{}</small>', target) if target else "",
    )


@register.filter
def figure_of(value: object) -> str:
    """A figure as people write it."""
    return figure(value) if value is not None else ""  # type: ignore[arg-type]  # templates give what the row holds
