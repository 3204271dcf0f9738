"""The pictures of a case, for its pages and for the board paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from businesscase.domain.content import CaseContent, Scenario
from businesscase.domain.figures import Figures, value_at_rates
from businesscase.domain.months import Month, first_day, month_of
from businesscase.domain.tornado import RATE, Swing
from businesscase.selectors.standing import Standing, month_at
from businesscase.templatetags.case_ui import money, month, percent
from common.charts import Bin, CashFlow, Chart, cash_flow, histogram, profile, tornado
from common.charts import Swing as SwingRow

LARGE = 100_000


@dataclass(frozen=True, slots=True)
class Unit:
    """In what a page counts: `divisor` of the currency, and its name."""

    divisor: int
    word: str

    def say(self, amount: Decimal | float) -> str:
        """An amount of the currency, in this unit."""
        return money(Decimal(amount) / self.divisor)


def unit_of(currency: str, amounts: Sequence[Decimal]) -> Unit:
    """Thousands where one of `amounts` is large, else whole units."""
    if any(abs(amount) >= LARGE for amount in amounts):
        return Unit(1000, _("thousand %(currency)s") % {"currency": currency})
    return Unit(1, currency)


def unit_for(figures: Figures, currency: str) -> Unit:
    """The unit in which a case is told, by what it costs and brings."""
    return unit_of(currency, (figures.cost, figures.benefit))


def standing_flow_chart(found: Standing) -> Chart:
    """The cumulative cash flow of a case as it stands: actual, expected, approved, and between which ends."""
    until = found.actuals.until
    happened = 0 if until is None else min(until, found.content.last_month) - found.content.first_month + 1
    return flow_chart(
        found.content,
        found.figures,
        happened=max(0, happened),
        approved=(found.approved, found.then) if found.approved is not None and found.then is not None else None,
        today=found.today,
    )


def flow_chart(
    content: CaseContent,
    figures: Mapping[Scenario, Figures],
    *,
    happened: int = 0,
    approved: tuple[CaseContent, Figures] | None = None,
    today: date | None = None,
) -> Chart:
    """The cumulative cash flow of `content`. Of the expected one, the first `happened` months are past."""
    likely = figures[Scenario.LIKELY]
    unit = unit_for(likely, content.currency)
    back = month_at(content, likely.payback_month)
    return cash_flow(
        CashFlow(
            title=_("Cumulative cash flow"),
            description=_flow_words(content, figures, unit),
            expected=_running(likely),
            months=tuple(month(each) for each in range(content.first_month, content.last_month + 1)),
            years=_years(content),
            say=unit.say,
            happened=happened,
            plan=_aligned(content, *approved) if approved is not None else (),
            low=_running(figures[Scenario.LOW]),
            high=_running(figures[Scenario.HIGH]),
            today=_place(content, today) if today is not None else None,
            pays_back=(likely.payback_month or 0, month(back)) if back else None,
        )
    )


def _running(figures: Figures) -> tuple[float, ...]:
    return (0.0, *(float(each) for each in figures.cumulative))


def _aligned(content: CaseContent, approved: CaseContent, figures: Figures) -> tuple[float | None, ...]:
    """What was approved, at the months of `content`; None outside of its own horizon."""
    running = dict(enumerate(_running(figures), start=approved.first_month))
    return tuple(running.get(each) for each in range(content.first_month, content.last_month + 2))


def _years(content: CaseContent) -> tuple[tuple[int, str], ...]:
    """January of each year, and the first month where the first January is far off; every other one in long cases."""
    starts = [each for each in range(content.first_month, content.last_month + 1) if each % 12 == 0]
    starts = starts[:: max(1, -(-len(starts) // 6))]
    marks = [(each - content.first_month, str(each // 12)) for each in starts]
    if content.months <= 18:
        marks = [
            (each - content.first_month, month(each)) for each in range(content.first_month, content.last_month + 1, 3)
        ]
    elif not marks or marks[0][0] >= content.months / 8:
        marks.insert(0, (0, month(content.first_month)))
    return tuple(marks)


def _place(content: CaseContent, today: date) -> float | None:
    """How many months of the horizon are over today; None outside of it."""
    this: Month = month_of(today)
    length = (first_day(this + 1) - first_day(this)).days
    place = this - content.first_month + (today.day - 1) / length
    return place if 0 <= place <= content.months else None


def _flow_words(content: CaseContent, figures: Mapping[Scenario, Figures], unit: Unit) -> str:
    likely = figures[Scenario.LIKELY]
    values = {
        "lowest": unit.say(likely.lowest),
        "when": month(month_at(content, likely.lowest_month)),
        "end": unit.say(likely.net),
        "month": month(content.last_month),
        "low": unit.say(figures[Scenario.LOW].net),
        "high": unit.say(figures[Scenario.HIGH].net),
        "unit": unit.word,
    }
    ends = _("At the end of %(month)s %(end)s, cautious %(low)s, good %(high)s, in %(unit)s.") % values
    return _("Lowest in %(when)s with %(lowest)s. ") % values + ends if likely.lowest < 0 else ends


def tornado_chart(content: CaseContent, swings: Sequence[Swing], npv: Decimal) -> Chart:
    """What moves the net present value of `content`, the widest first."""
    unit = unit_of(content.currency, [npv, *(each.worse for each in swings), *(each.better for each in swings)])
    return tornado(
        [
            SwingRow(swing_name(each), swing_ends(content, each), float(each.worse), float(each.better))
            for each in swings
        ],
        float(npv),
        unit.say,
        title=_("What moves the result most"),
        description=_("Net present value in %(unit)s, expected %(npv)s.") % {"unit": unit.word, "npv": unit.say(npv)},
    )


def rate_words(rate: Decimal) -> str:
    """A rate in percent, with a place where it needs one."""
    return percent(rate, 0 if rate * 100 == (rate * 100).to_integral_value() else 1)


def swing_name(swing: Swing) -> str:
    """What is moved."""
    return _("Discount rate") if swing.ref == RATE else swing.title


def swing_ends(content: CaseContent, swing: Swing) -> str:
    """From where to where an estimate goes, the worse end first."""
    if swing.ref == RATE:
        return _("%(one)s to %(other)s") % {
            "one": rate_words(swing.worse_at),
            "other": rate_words(swing.better_at),
        }
    ends = {"one": money(swing.worse_at), "other": money(swing.better_at)}
    if any(each.ref == swing.ref and each.day_rate is not None for each in content.costs):
        return _("%(one)s to %(other)s days") % ends
    if any(each.ref == swing.ref for each in content.benefits):
        return _("%(one)s to %(other)s a month") % ends
    return _("%(one)s to %(other)s") % ends


def rates_chart(content: CaseContent, figures: Figures) -> Chart:
    """The net present value at several discount rates, the case's own marked, and the rates at which it is zero."""
    points = value_at_rates(figures.flow)
    unit = unit_of(content.currency, [value for _rate, value in points])
    return profile(
        [(float(rate * 100), float(value)) for rate, value in points],
        unit.say,
        title=_("Net present value by discount rate"),
        description=_("In %(unit)s, from %(first)s at no discount to %(last)s at %(rate)s.")
        % {
            "unit": unit.word,
            "first": unit.say(points[0][1]),
            "last": unit.say(points[-1][1]),
            "rate": percent(points[-1][0]),
        },
        own=float(content.discount_rate * 100),
        roots=[float(each * 100) for each in figures.rates.roots],
    )


def runs_chart(result: Mapping[str, Any], currency: str) -> Chart:
    """How the net present values of ten thousand runs spread."""
    npv = result["npv"]
    unit = unit_of(currency, [Decimal(npv["p10"]), Decimal(npv["p90"])])
    values = {name: unit.say(Decimal(npv[name])) for name in ("p10", "p50", "p90")}
    return histogram(
        [Bin(float(each["low"]), float(each["high"]), each["count"]) for each in result["bins"]],
        [(name.upper(), float(npv[name])) for name in ("p10", "p50", "p90")],
        unit.say,
        title=_("How the net present values of all runs spread"),
        description=_("In %(unit)s: one in ten below %(p10)s, half below %(p50)s, nine in ten below %(p90)s.")
        % {"unit": unit.word, **values},
    )
