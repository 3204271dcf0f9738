"""Marks of evidence: how fresh it is, what it is."""

from django import template
from django.template.defaultfilters import filesizeformat
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from common.templatetags.ui import mark
from evidence.choices import EvidenceKind, RequestState

register = template.Library()

_WORDS = {
    "fresh": ("check-circle", _("Fresh"), "ok"),
    "expiring": ("circle-half", _("Expiring"), "warn"),
    "expired": ("exclamation-circle", _("Expired"), "bad"),
    "superseded": ("archive", _("No longer counts"), ""),
}
_STATES = {
    "asked": ("hourglass-split", ""),
    "given": ("check2-square", "accent"),
    "accepted": ("check-circle", "ok"),
    "sent back": ("arrow-return-right", "warn"),
    "cancelled": ("archive", ""),
}
ICONS = {EvidenceKind.FILE: "paperclip", EvidenceKind.LINK: "link-45deg", EvidenceKind.RECORD: "lock"}


@register.simple_tag
def freshness(word: str) -> SafeString:
    """How fresh an item is, as a shape and a word."""
    shape, said, tone = _WORDS[word]
    return mark(shape, str(said), tone)


@register.filter
def freshness_word(word: str) -> str:
    """The word alone, for lists to choose from."""
    return str(_WORDS[word][1])


@register.simple_tag
def request_state(state: str) -> SafeString:
    """Where a request stands, as a shape and a word."""
    shape, tone = _STATES[state]
    return mark(shape, str(RequestState(state).label), tone)


@register.filter
def kind_icon(kind: str) -> str:
    """The name of the icon of a kind."""
    return ICONS[EvidenceKind(kind)]


@register.filter
def size(value: int | None) -> str:
    """Bytes as a person reads them."""
    return filesizeformat(value or 0)
