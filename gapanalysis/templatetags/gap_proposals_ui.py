"""What a proposal is called, and what accepting it does."""

from django import template
from django.utils.translation import gettext_lazy

from gapanalysis.choices import ProposalKind

register = template.Library()

EFFECTS = {
    ProposalKind.ALREADY_MET: gettext_lazy("reported done, for somebody else to verify"),
    ProposalKind.IMPROVE_ONLY: gettext_lazy("marked: here it is only made better"),
    ProposalKind.START_EARLIER: gettext_lazy("due four weeks earlier"),
    ProposalKind.MORE_TIME: gettext_lazy("due four weeks later"),
    ProposalKind.REOPEN: gettext_lazy("in progress again, for this reason"),
    ProposalKind.KEY: gettext_lazy("the gate of its phase asks about it"),
}


@register.filter
def kind_word(what: str) -> str:
    """What is proposed, in a word or two."""
    return str(ProposalKind(what).label)


@register.filter
def kind_effect(what: str) -> str:
    """What accepting it does to the row."""
    return str(EFFECTS[ProposalKind(what)])
