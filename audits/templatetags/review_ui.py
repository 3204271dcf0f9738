"""How reviews, improvements and risks to the SMS look on pages."""

from datetime import date

from django import template
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from audits.choices import ReviewState
from audits.effect_chart import figure
from audits.models import Improvement, ReviewOutput
from audits.selectors.reviews import ReviewStanding
from common.templatetags.ui import mark
from projects.models import Project

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


@register.simple_tag
def review_mark(standing: ReviewStanding) -> SafeString:
    """Where a review stands, as a mark."""
    review = standing.review
    word = str(review.get_state_display())
    if review.state == ReviewState.APPROVED:
        return mark("st-verified", word, "ok")
    if review.state == ReviewState.CANCELLED:
        return mark("x-lg", word, "mute")
    if standing.is_written:
        return mark("st-done", _("Waits for approval"), "warn")
    if review.state == ReviewState.HELD:
        return mark("st-in-progress", word, "accent")
    return mark("health-at-risk", _("Past"), "warn") if standing.is_past else mark("st-not-started", word)


@register.simple_tag
def output_line(project: Project, each: ReviewOutput) -> SafeString:
    """An outcome of a review, with where its row is, who does it and until when."""
    made = each.action or each.improvement
    if made is None:
        return format_html("{}", each.text)
    route = "action" if each.action is not None else "improvement"
    facts = [str(part) for part in (made.owner, date_format(made.due, "j M Y") if made.due else "") if part]
    return format_html(
        '<a class="quiet" href="{}"><span class="ref">{}</span> {}</a>{}',
        reverse(route, args=[project.slug, made.ref]),
        made.ref,
        each.text,
        format_html(' <small class="t3">{}</small>', ", ".join(facts)) if facts else "",
    )


@register.filter
def iso_day(value: str) -> str:
    """A day as records keep it, for a sentence."""
    return date_format(date.fromisoformat(value), "j M Y")
