"""How money, months and scenarios are written on the pages of a business case."""

import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import template
from django.utils import dateformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from businesscase.choices import Rhythm
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
    """A fraction in percent, with `places` at most: `6 %` for 0.06; nothing is an en dash."""
    if fraction is None:
        return NOTHING
    unit = Decimal(1).scaleb(-places)
    whole = (Decimal(str(fraction)) * 100).quantize(unit, rounding=ROUND_HALF_UP)
    text = f"{abs(whole):,}".replace(",", THIN)
    text = text.rstrip("0").rstrip(".") if "." in text else text
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


def _month_range(first: datetime.date, last: datetime.date | None) -> str:
    if last is None or last == first:
        return month(first)
    begin = dateformat.format(first, "M") if first.year == last.year else month(first)
    return f"{begin}–{month(last)}"


@register.filter
def cost_when(row: Any) -> str:
    """When a cost line falls due: `Mar 2026`, `Jan–Jun 2026`, `every month from Jan 2028`."""
    if row.rhythm == Rhythm.ONCE:
        return _month_range(row.first_month, row.last_month)
    words = {"rhythm": str(Rhythm(row.rhythm).label).lower(), "first": month(row.first_month)}
    if row.last_month is None:
        return gettext("%(rhythm)s from %(first)s") % words
    return gettext("%(rhythm)s, %(months)s") % {**words, "months": _month_range(row.first_month, row.last_month)}


@register.filter
def benefit_when(row: Any) -> str:
    """When a benefit in figures comes in: `from Jul 2026, whole after 3 months`."""
    if row.from_month is None:
        return NOTHING
    if row.until_month is None:
        said = gettext("from %(first)s") % {"first": month(row.from_month)}
    else:
        said = _month_range(row.from_month, row.until_month)
    if row.ramp_months > 1:
        said += gettext(", whole after %(count)d months") % {"count": row.ramp_months}
    return said


@register.filter
def spread_words(row: Any) -> str:
    """The three estimates of a line: `50 (40–70)`, one figure where they are the same; 9.5 days, but 9.50 of money."""
    if row.likely is None:
        return NOTHING
    written = _days if getattr(row, "day_rate", None) else amount_exact
    likely = written(row.likely)
    return likely if row.low == row.high else f"{likely} ({written(row.low)}–{written(row.high)})"


def _days(amount: Decimal) -> str:
    text = amount_exact(amount)
    return text.rstrip("0") if "." in text else text


@register.filter
def iso_day(text: str) -> str:
    """A day kept as `2026-03-01`, as 1 Mar 2026; nothing is an en dash."""
    return dateformat.format(datetime.date.fromisoformat(text), "j M Y") if text else NOTHING


@register.filter
def line_url(page: Any, name: str) -> str:
    """The address below which the lines of one kind stand."""
    return str(page.url("line_new", name)).removesuffix("new/")
