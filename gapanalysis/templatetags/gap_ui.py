"""How answers look: the one place that gives each a word, a shape and a tone."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy

from common.templatetags import ui
from gapanalysis.choices import AnswerValue
from gapanalysis.domain.ladder import Rung, known_rungs, standing_of
from gapanalysis.selectors.answering import Line

register = template.Library()

LOOKS = {
    AnswerValue.CONFORMS: ("check-circle-fill", "ok"),
    AnswerValue.MINOR: ("diamond", "warn"),
    AnswerValue.MAJOR: ("tri", "bad"),
    AnswerValue.NO_CASE: ("hourglass-split", "accent"),
    AnswerValue.EXCLUDED: ("st-not-applicable", "bad"),
    AnswerValue.UNANSWERED: ("st-not-started", "faint"),
}

# A label that explains itself is cut where a list has no room for it.
SHORT = {AnswerValue.EXCLUDED: gettext_lazy("Excluded")}


def answer_word(value: str) -> str:
    """An answer in a word or two."""
    return str(SHORT.get(AnswerValue(value), AnswerValue(value).label))


@register.simple_tag
def answer_mark(value: str, css: str = "") -> SafeString:
    """An answer as shape and word."""
    shape, tone = LOOKS[AnswerValue(value)]
    return ui.mark(shape, answer_word(value), tone, css)


@register.simple_tag
def answer_shape(value: str) -> SafeString:
    """The shape of an answer alone, where its word stands beside it."""
    shape, tone = LOOKS[AnswerValue(value)]
    return ui.icon(shape, f"shape-{tone}")


@register.simple_tag
def level_mark(level: int, most: int = 7) -> SafeString:
    """A level of a ladder: "Level 3 of 7"."""
    return format_html(
        '<span class="badge-s hl num">{}</span>', gettext("Level %(n)d of %(most)d") % {"n": level, "most": most}
    )


RUNG_WORDS = {
    Rung.DEFINED: gettext_lazy("Defined"),
    Rung.DOCUMENTED: gettext_lazy("Documented"),
    Rung.IMPLEMENTED: gettext_lazy("Implemented"),
    Rung.OPERATED: gettext_lazy("Operated"),
    Rung.MEASURED: gettext_lazy("Measured"),
    Rung.REVIEWED: gettext_lazy("Reviewed"),
    Rung.IMPROVED: gettext_lazy("Improved"),
}


@register.filter
def rung_word(rung: Rung) -> str:
    """A rung of a ladder in a word."""
    return str(RUNG_WORDS[Rung(rung)])


@register.filter
def dot_class(line: Line) -> str:
    """The class of a question in the row of a section."""
    if line.is_for_later and not line.is_answered:
        return "qd-l"
    if not line.is_answered:
        return "qd-n"
    return {AnswerValue.MINOR: "qd-f", AnswerValue.MAJOR: "qd-m", AnswerValue.EXCLUDED: "qd-m"}.get(
        AnswerValue(line.value), "qd-a"
    )


@register.filter
def line_word(line: Line) -> str:
    """Where a question stands, in words."""
    if line.is_answered:
        return answer_word(line.value) if line.value != AnswerValue.UNANSWERED else gettext("Answered")
    return gettext("For later") if line.is_for_later else gettext("Open")


@register.simple_tag
def level_of(rungs: list[str]) -> SafeString:
    """The level that ticked rungs give."""
    return level_mark(standing_of(known_rungs(rungs)).level)
