"""How criteria speak: numbers without needless places, names without an endless list."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

SHOWN = 3
"""So many names stand in one sentence."""


def bare(number: Decimal) -> str:
    """`85` for 85.00, `12.5` for 12.50."""
    return f"{number.normalize():f}"


def named(names: Sequence[str]) -> str:
    """The first names, and how many there are more."""
    shown, more = ", ".join(names[:SHOWN]), len(names) - SHOWN
    return _("%(names)s and %(n)d more") % {"names": shown, "n": more} if more > 0 else shown
