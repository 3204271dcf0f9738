"""Marks of documents: where a version stands."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common.templatetags.ui import icon, tag
from documents.choices import VersionState
from documents.models import DocumentVersion

register = template.Library()

_LOOK = {
    VersionState.DRAFT: ("pencil", "accent"),
    VersionState.IN_REVIEW: ("hourglass-split", "warn"),
    VersionState.APPROVED: ("check2-square", "accent"),
    VersionState.PUBLISHED: ("check-circle", "ok"),
    VersionState.OBSOLETE: ("archive", ""),
    VersionState.DROPPED: ("trash", ""),
}


def _word(version: DocumentVersion) -> str:
    state = VersionState(version.state)
    return _("In force") if state == VersionState.PUBLISHED else str(state.label)


@register.simple_tag
def version_pill(version: DocumentVersion) -> SafeString:
    """Number and state, beside the title of a page."""
    shape, tone = _LOOK[VersionState(version.state)]
    css = "pill pill-active" if tone == "accent" else f"pill doc-pill-{tone or 'plain'}"
    return format_html('<span class="{}">{}{}, {}</span>', css, icon(shape), version.number, _word(version).lower())


@register.simple_tag
def version_tag(version: DocumentVersion) -> SafeString:
    """The state, in a list of versions."""
    shape, tone = _LOOK[VersionState(version.state)]
    return tag(_word(version), tone, shape)
