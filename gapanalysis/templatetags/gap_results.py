"""How results show an answer and a change: shape and word."""

from django import template
from django.utils.safestring import SafeString

from common.charts import HeatCell, percent
from common.templatetags import ui
from gapanalysis.domain.answers import Value
from gapanalysis.domain.history import Change
from gapanalysis.results_words import change_label, value_label

register = template.Library()

VALUES = {
    Value.CONFORMS: ("check-circle-fill", "ok"),
    Value.MINOR: ("diamond", "warn"),
    Value.MAJOR: ("tri", "bad"),
    Value.NO_CASE: ("hourglass-split", ""),
    Value.EXCLUDED: ("x-lg", "bad"),
    Value.UNANSWERED: ("ring", "faint"),
}
CHANGES = {
    Change.BETTER: ("up", "ok"),
    Change.WORSE: ("down", "bad"),
    Change.SAME: ("dot", ""),
    Change.STANDS: ("lock", "faint"),
    Change.FIRST: ("plus-lg", ""),
    Change.OPEN: ("ring", "faint"),
}


@register.simple_tag
def value_mark(value: Value | None) -> SafeString:
    """An answer."""
    shape, tone = VALUES[value or Value.UNANSWERED]
    return ui.mark(shape, value_label(value), tone)


@register.simple_tag
def change_mark(change: Change | None) -> SafeString | str:
    """What became of a question; nothing where there is no comparison."""
    if change is None:
        return ""
    shape, tone = CHANGES[change]
    return ui.mark(shape, change_label(change), tone)


@register.filter
def value_words(value: Value | None) -> str:
    """An answer in words, for paper."""
    return value_label(value)


@register.filter
def share_words(cell: HeatCell) -> str:
    """The share of a cell in words, for paper: percent, that nobody has looked, or nothing."""
    return "–" if not cell.total else cell.word or f"{percent(cell.part, cell.total)}%"
