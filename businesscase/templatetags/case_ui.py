"""How money, months and scenarios are written on the pages of a business case."""

import datetime
from decimal import ROUND_HALF_UP, Decimal

from django import template
from django.utils import dateformat
from django.utils.translation import gettext_lazy as _

from businesscase.domain.content import Scenario
from businesscase.domain.months import Month, first_day

register = template.Library()

NOTHING = "–"
THIN = "\u202f"  # a thin space at which no line breaks
MINUS = "\u2212"
SCENARIO_WORDS = {Scenario.LOW: _("Cautious"), Scenario.LIKELY: _("Expected"), Scenario.HIGH: _("Good")}


@register.filter
def money(amount: Decimal | int | None) -> str:
    """An amount in whole units, thousands kept apart by thin spaces: `12 400`; nothing is an en dash."""
    if amount is None:
        return NOTHING
    whole = Decimal(amount).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    text = f"{abs(whole):,}".replace(",", THIN)
    return f"{MINUS}{text}" if whole < 0 else text


@register.filter
def money_thousands(amount: Decimal | int | None) -> str:
    """An amount in thousands: 796 for 796 123."""
    return NOTHING if amount is None else money(Decimal(amount) / 1000)


@register.filter
def amount_exact(amount: Decimal | None) -> str:
    """An amount as it was given, without places that say nothing: `600`, `12.50`; nothing is an en dash."""
    if amount is None:
        return NOTHING
    places = 0 if amount == amount.to_integral_value() else 2
    text = f"{abs(amount):,.{places}f}".replace(",", THIN)
    return f"{MINUS}{text}" if amount < 0 else text


@register.filter
def percent(fraction: Decimal | float | None, places: int = 0) -> str:
    """A fraction in percent: `6 %` for 0.06; nothing is an en dash."""
    if fraction is None:
        return NOTHING
    unit = Decimal(1).scaleb(-places)
    whole = (Decimal(str(fraction)) * 100).quantize(unit, rounding=ROUND_HALF_UP)
    text = f"{abs(whole):,}".replace(",", THIN)
    return f"{MINUS if whole < 0 else ''}{text}{THIN}%"


@register.filter
def month(value: Month | datetime.date | None) -> str:
    """A month (a number of the domain, or a day in it) as `Mar 2027`; nothing is an en dash."""
    if value is None:
        return NOTHING
    day = value if isinstance(value, datetime.date) else first_day(value)
    return dateformat.format(day, "M Y")


@register.filter
def scenario_word(scenario: Scenario | str) -> str:
    """The name of a scenario on pages."""
    return str(SCENARIO_WORDS[Scenario(scenario)])
