"""How risks look on pages: their level, why they need somebody."""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from businesscase.domain.risks import Level, Trend, level_of
from businesscase.risk_words import LEVEL_TONES, LEVEL_WORDS, level_words
from businesscase.selectors.risks import Line, Why
from common.templatetags.ui import tag

register = template.Library()

CELL_CSS = {Level.HIGH: "rm-b", Level.MEDIUM: "rm-w", Level.LOW: "rm-n"}


@register.simple_tag
def level_tag(level: Level | str, trend: Trend | str = Trend.STEADY) -> SafeString:
    """The level of a risk, and which way it moves."""
    known = Level(level)
    return tag(level_words(known, Trend(trend)), LEVEL_TONES[known])


@register.simple_tag
def level_tag_at(probability: int, impact: int) -> SafeString:
    """The level of what stands at a place of the matrix."""
    return level_tag(level_of(probability, impact))


@register.filter
def level_css(level: Level) -> str:
    """The class of a cell of the matrix."""
    return CELL_CSS[level]


@register.filter
def level_word(level: Level | str) -> str:
    """A level in a word."""
    return str(LEVEL_WORDS[Level(level)])


@register.simple_tag
def why_tag(line: Line, why: Why) -> SafeString:
    """One reason why a risk needs somebody; how late a look is stands with its day."""
    if why is Why.OVERDUE:
        return tag(_("look overdue by %(n)d d") % {"n": line.days_late}, "bad")
    if why is Why.RISING:
        return tag(_("rising"), "warn", "arrow-up-right")
    if why is Why.NEW:
        return tag(_("new, no owner"), "accent")
    if why is Why.LEFT:
        return tag(_("owner has left"), "bad")
    return tag(_("no response") if why is Why.UNANSWERED else _("no owner"), "bad")
