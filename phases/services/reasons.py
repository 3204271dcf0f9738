"""A reason that an auditor will read: it needs words."""

from django.utils.translation import gettext as _

from common.exceptions import RuleBroken
from common.texts import clean_text

LONGEST_REASON = 2000


def check_reason(text: str, *, field: str = "supplement_reason") -> str:
    """`text` as it is kept. Raises RuleBroken at `field` where it has no word in it, or is a whole report."""
    kept = clean_text(text)
    if sum(letter.isalpha() for letter in kept) < 2:
        raise RuleBroken(_("Say why in a line. An auditor will read it."), field=field)
    if len(kept) > LONGEST_REASON:
        raise RuleBroken(_("Give %(most)d characters at most.") % {"most": LONGEST_REASON}, field=field)
    return kept
