"""How criteria of gates are shown: state, bar, who said so."""

from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.charts.parts import PRINT
from common.templatetags.ui import mark
from governance.criteria.words import bare
from governance.selectors.gates import GONE, MET, NOT_MET, NOT_SAID, WAIVED, CriterionStanding

register = template.Library()

_STATES = {
    MET: ("check-circle-fill", gettext_lazy("Met"), "ok"),
    NOT_MET: ("ring", gettext_lazy("Not met"), ""),
    NOT_SAID: ("ring", gettext_lazy("Nobody has said"), "mute"),
    WAIVED: ("st-not-applicable", gettext_lazy("Waived"), "mute"),
    GONE: ("tri", gettext_lazy("Source gone"), "bad"),
}
_UNITS = {
    "percent": gettext_lazy("%(n)s%%"),
    "count": gettext_lazy("%(n)s"),
    "months": gettext_lazy("%(n)s months"),
    "days": gettext_lazy("%(n)s days"),
}
HEIGHT = 10
EDGE = 99.0


@register.simple_tag
def criterion_state(line: CriterionStanding) -> SafeString:
    """Shape and word of how a criterion stands; what is on its way is not merely "not met"."""
    if line.state == NOT_MET and line.reading.share:
        return mark("st-in-progress", _("Under way"), "accent")
    shape, word, tone = _STATES[line.state]
    return mark(shape, str(word), tone)


@register.simple_tag
def kept_state(met: bool | str) -> SafeString:
    """The same of a criterion as a decision keeps it."""
    shape, word, tone = _STATES[WAIVED if met == "waived" else MET if met else NOT_MET]
    return mark(shape, str(word), tone)


@register.simple_tag
def criterion_bar(line: CriterionStanding) -> SafeString:
    """How far a criterion is and where its threshold lies; nothing where there is no bar to draw."""
    reading = line.reading
    if reading.share is None:
        return mark_safe("")
    tone = "f-ok" if line.state == MET else "f-mid"
    limit = (
        format_html(
            '<rect class="f-text" fill="{}" x="{}%" y="-2" width="2" height="{}" rx="1"/>',
            PRINT["f-text"],
            f"{min(EDGE, reading.mark * 100):.1f}",
            HEIGHT + 4,
        )
        if reading.mark is not None
        else ""
    )
    return format_html(
        '<svg class="bar" height="{height}" role="img"><title>{title}</title>'
        '<rect class="f-track" fill="{track}" width="100%" height="{height}" rx="3"/>'
        '<rect class="{tone}" fill="{fill}" width="{share}%" height="{height}" rx="3"/>{limit}</svg>',
        height=HEIGHT,
        title=_("%(title)s: %(value)s, threshold %(threshold)s")
        % {"title": line.title, "value": reading.value, "threshold": reading.threshold},
        track=PRINT["f-track"],
        tone=tone,
        fill=PRINT[tone],
        share=f"{reading.share * 100:.1f}",
        limit=limit,
    )


@register.simple_tag
def threshold(value: Decimal | None, unit: str) -> str:
    """A threshold with its unit: 85 %, 3 months; an en dash where there is none to set."""
    if value is None:
        return _("of the business case") if unit == "percent" else "–"
    return str(_UNITS[unit]) % {"n": bare(value)}
