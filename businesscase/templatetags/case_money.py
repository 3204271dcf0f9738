"""How deviations are written on the pages about the money of a case."""

from decimal import Decimal

from django import template

from businesscase.templatetags.case_ui import NOTHING, money

register = template.Library()


@register.filter
def signed(amount: Decimal | None) -> str:
    """A deviation in whole units, with its sign: `+9 200`, `−2 000`, `0`; nothing is an en dash."""
    if amount is None:
        return NOTHING
    text = money(amount)
    return f"+{text}" if amount > 0 and text != "0" else text


@register.filter
def size(amount: Decimal) -> Decimal:
    """How large a deviation is, whichever way it goes."""
    return abs(amount)
