"""How the state of an assessment looks, and a bar that says how much of it is answered."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common.templatetags import ui
from gapanalysis.choices import AssessmentState
from gapanalysis.models import Assessment
from gapanalysis.selectors.progress import Progress

register = template.Library()

SHAPES = {
    AssessmentState.DRAFT: ("ps-planned", ""),
    AssessmentState.OPEN: ("ps-active", "accent"),
    AssessmentState.REVIEW: ("ps-in-review", "accent"),
    AssessmentState.LOCKED: ("lock", "ok"),
}


@register.simple_tag
def assessment_state(assessment: Assessment) -> SafeString:
    """The state of an assessment in a list: shape and word."""
    shape, tone = SHAPES[AssessmentState(assessment.state)]
    return ui.mark(shape, str(assessment.get_state_display()), tone)


@register.simple_tag
def assessment_pill(assessment: Assessment) -> SafeString:
    """The state of an assessment beside the title of its page."""
    shape, _tone = SHAPES[AssessmentState(assessment.state)]
    return ui.pill(shape, str(assessment.get_state_display()), assessment.takes_answers)


@register.simple_tag
def answered_bar(progress: Progress) -> SafeString:
    """How much is answered. One colour: it says nothing about what was answered."""
    words = _("%(answered)d of %(asked)d answered") % {"answered": progress.answered, "asked": progress.asked}
    return format_html(
        '<svg class="gp-bar" viewBox="0 0 100 6" preserveAspectRatio="none" role="img" aria-label="{}">'
        "<title>{}</title>"
        '<rect class="gp-bar-all" width="100" height="6"></rect>'
        '<rect class="gp-bar-on" width="{}" height="6"></rect></svg>',
        words,
        words,
        progress.percent,
    )
