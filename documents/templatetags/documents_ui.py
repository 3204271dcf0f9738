"""Marks of documents: where they stand, what a version is."""

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.templatetags.ui import icon, mark, tag
from documents.choices import VersionState
from documents.models import DocumentVersion
from documents.selectors.register import Standing

register = template.Library()

_STANDING = {
    Standing.MISSING: ("tri", _("Required, not begun"), "bad"),
    Standing.OVERDUE: ("exclamation-circle", _("Review overdue"), "bad"),
    Standing.IN_REVIEW: ("hourglass-split", _("In review"), "accent"),
    Standing.APPROVED: ("check-circle", _("Approved, not published"), "accent"),
    Standing.SCHEDULED: ("calendar3", _("In force later"), "accent"),
    Standing.DRAFTED: ("pencil", _("Draft"), ""),
    Standing.SOON: ("circle-half", _("Review within 30 days"), "warn"),
    Standing.PUBLISHED: ("check-circle-fill", _("In force"), "ok"),
    Standing.ARCHIVED: ("archive", _("Archived"), "mute"),
}
_LOOK = {
    VersionState.DRAFT: ("pencil", "accent"),
    VersionState.IN_REVIEW: ("hourglass-split", "warn"),
    VersionState.APPROVED: ("check2-square", "accent"),
    VersionState.SCHEDULED: ("calendar3", "accent"),
    VersionState.PUBLISHED: ("check-circle", "ok"),
    VersionState.OBSOLETE: ("archive", ""),
    VersionState.DROPPED: ("trash", ""),
}


@register.simple_tag
def standing(value: str) -> SafeString:
    """Where a document stands, as a shape and a word."""
    shape, word, tone = _STANDING[Standing(value)]
    return mark(shape, str(word), tone)


@register.filter
def standing_word(value: str) -> str:
    """The word alone, for lists to choose from and for files."""
    return str(_STANDING[Standing(value)][1])


def _word(version: DocumentVersion) -> str:
    state = VersionState(version.state)
    if state == VersionState.SCHEDULED and version.effective_on is not None:
        return gettext("In force from %(day)s") % {"day": date_format(version.effective_on, "j M Y")}
    return gettext("In force") if state == VersionState.PUBLISHED else str(state.label)


@register.filter
def version_word(version: DocumentVersion) -> str:
    """Where a version stands, inside a sentence."""
    word = _word(version)
    return word[:1].lower() + word[1:]


@register.simple_tag
def version_pill(version: DocumentVersion) -> SafeString:
    """Number and state, beside the title of a page."""
    shape, tone = _LOOK[VersionState(version.state)]
    css = "pill pill-active" if tone == "accent" else f"pill doc-pill-{tone or 'plain'}"
    return format_html('<span class="{}">{}{}, {}</span>', css, icon(shape), version.number, version_word(version))


@register.simple_tag
def version_tag(version: DocumentVersion) -> SafeString:
    """The state, in a list of versions."""
    shape, tone = _LOOK[VersionState(version.state)]
    return tag(_word(version), tone, shape)
