"""How the differences between catalogue and plan are called and look."""

from django import template
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.templatetags import ui
from phases.domain.tailoring import ADDED, APPROACH, CARRIED, LEFT_OUT, MISSING, MOVED, OWN, PART, SPLIT
from phases.selectors.tailoring import PlanLine

register = template.Library()

WORDS: dict[str, Promise] = {
    LEFT_OUT: gettext_lazy("Not applicable"),
    OWN: gettext_lazy("Own activity"),
    ADDED: gettext_lazy("Added to the phase"),
    MOVED: gettext_lazy("Moved here"),
    PART: gettext_lazy("Part of a split activity"),
    SPLIT: gettext_lazy("Split into parts"),
    CARRIED: gettext_lazy("Carried over"),
    APPROACH: gettext_lazy("Placed by the approach"),
    MISSING: gettext_lazy("Not taken into the plan"),
}
_LOOKS = {
    LEFT_OUT: ("", "st-not-applicable"),
    OWN: ("accent", "plus-lg"),
    ADDED: ("accent", "plus-lg"),
    MOVED: ("accent", "arrow-right"),
    PART: ("accent", "layers"),
    SPLIT: ("", "layers"),
    CARRIED: ("", "arrow-return-right"),
    APPROACH: ("", "signpost-split"),
    MISSING: ("warn", "tri"),
}


@register.filter
def kind_word(kind: str) -> str:
    """A kind of difference in words."""
    return str(WORDS.get(kind, _("As in the catalogue")))


@register.simple_tag
def kind_tag(line: PlanLine) -> SafeString | str:
    """How a line differs, as a tag that says from which phase a row came."""
    if not line.kind:
        return ""
    tone, icon = _LOOKS[line.kind]
    word = str(WORDS[line.kind])
    if line.kind in (MOVED, CARRIED) and line.origin_phase is not None:
        word = (_("Moved from phase %(n)d") if line.kind == MOVED else _("Carried over from phase %(n)d")) % {
            "n": line.origin_phase
        }
    return ui.tag(word, tone, icon)
