"""What the board paper says in sentences: whether it pays, by how much, what is asked, and where it stands."""

from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from businesscase.choices import VersionState
from businesscase.domain.figures import Figures
from businesscase.domain.months import Month
from businesscase.paper import Paper
from businesscase.templatetags.case_ui import money, month, percent


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One of the three figures: what it is called, what it is, what it counts from, and its range."""

    name: str
    value: str
    base: str
    scope: str


def horizon_words(months: int) -> str:
    """A number of months, in years where it is whole ones."""
    if months % 12 == 0:
        years = months // 12
        return ngettext("%(count)d year", "%(count)d years", years) % {"count": years}
    return ngettext("%(count)d month", "%(count)d months", months) % {"count": months}


def state_word(paper: Paper) -> str:
    """Where it stands, in two or three words."""
    return str(_("Draft")) if paper.version is None else str(VersionState(paper.version.state).label)


def name_words(paper: Paper) -> str:
    """What the paper is of: `Draft of 3 March 2027`, `Version 2, submitted 3 March 2027`."""
    if paper.version is None:
        return _("Draft of %(day)s") % {"day": day_words(paper.today)}
    return _("Version %(number)d, submitted %(day)s") % {
        "number": paper.version.number,
        "day": day_words(paper.version.submitted_at.astimezone(ZoneInfo(paper.project.time_zone)).date()),
    }


def day_words(day: object) -> str:
    """A day in full: `3 March 2027`."""
    return dateformat.format(day, "j F Y")  # type: ignore[arg-type]  # a date or a time


def money_with(paper: Paper, amount: Decimal) -> str:
    """An amount with its currency."""
    return f"{money(amount)}\N{NO-BREAK SPACE}{paper.content.currency}"


def verdict_word(paper: Paper) -> str:
    """Whether it pays, in as few words as stand in the margin."""
    if not paper.is_counted:
        return _("Not counted")
    return _("It pays") if paper.expected.npv >= 0 else _("It does not pay")


def verdict_words(paper: Paper) -> str:
    """Whether it pays, over which time, and how sure that is."""
    figures = paper.expected
    if not paper.has_money:
        return _("Neither costs nor benefits are in it yet, so that there is nothing to judge by.")
    if not figures.benefit:
        return _(
            "It counts costs of %(cost)s and no benefits in figures yet, so that nobody can say whether it pays."
        ) % {"cost": money_with(paper, figures.cost)}
    if not figures.cost:
        return _("It counts benefits of %(benefit)s and no costs yet, so that nobody can say whether it pays.") % {
            "benefit": money_with(paper, figures.benefit)
        }
    words = {
        "horizon": horizon_words(paper.content.months),
        "cost": money_with(paper, figures.cost),
        "benefit": money_with(paper, figures.benefit),
        "worth": money_with(paper, abs(figures.npv)),
        "rate": percent(paper.content.discount_rate, 1 if paper.content.discount_rate * 100 % 1 else 0),
    }
    if figures.npv >= 0:
        said = _(
            "Over %(horizon)s it costs %(cost)s and brings %(benefit)s. At %(rate)s a year that is worth "
            "%(worth)s more than it costs."
        )
    else:
        said = _(
            "Over %(horizon)s it costs %(cost)s and brings %(benefit)s. At %(rate)s a year that is worth "
            "%(worth)s less than it costs."
        )
    return " ".join(part for part in (said % words, _risk_words(paper), _so_far_words(paper)) if part)


def _risk_words(paper: Paper) -> str:
    cautious = {"worth": money_with(paper, paper.cautious.npv)}
    if paper.expected.npv >= 0 and paper.cautious.npv >= 0:
        return _("In the cautious case it still pays, with %(worth)s.") % cautious
    if paper.expected.npv >= 0:
        return _("In the cautious case it does not pay: %(worth)s.") % cautious
    if paper.good.npv >= 0:
        return _("Only in the good case it pays, with %(worth)s.") % {"worth": money_with(paper, paper.good.npv)}
    return _("It does not pay in the good case either.")


def _so_far_words(paper: Paper) -> str:
    """What it is worth with what was really spent and confirmed, beside a draft that goes on."""
    standing = paper.standing
    if standing is None or standing.actuals.until is None:
        return ""
    return _("With what was spent and confirmed until %(month)s it is worth %(worth)s.") % {
        "month": month(standing.actuals.until),
        "worth": money_with(paper, standing.now.npv),
    }


def against_words(paper: Paper) -> str:
    """How far the cost is from that of the version in force, where that is another."""
    in_force = paper.in_force
    if in_force is None or (paper.version is not None and paper.version.pk == in_force.pk):
        return ""
    more = paper.expected.cost - Decimal(in_force.figures["cost"])
    words = {"number": in_force.number, "amount": money_with(paper, abs(more))}
    if more > 0:
        return _("That is %(amount)s more than version %(number)d, which is in force.") % words
    if more < 0:
        return _("That is %(amount)s less than version %(number)d, which is in force.") % words
    return _("That is as much as version %(number)d, which is in force.") % words


def key_figures(paper: Paper) -> list[KeyFigure]:
    """Net present value, payback, return on investment."""
    expected, cautious, good = paper.expected, paper.cautious, paper.good
    rate = percent(paper.content.discount_rate, 1 if paper.content.discount_rate * 100 % 1 else 0)
    horizon = horizon_words(paper.content.months)
    back = _("%(currency)s over %(horizon)s at %(rate)s") % {
        "currency": paper.content.currency,
        "horizon": horizon,
        "rate": rate,
    }
    after = (
        ngettext("after %(count)d month", "after %(count)d months", expected.payback_month)
        % {"count": expected.payback_month}
        if expected.payback_month is not None
        else _("not within %(horizon)s") % {"horizon": horizon}
    )
    return [
        KeyFigure(
            str(_("Net present value")),
            money(expected.npv) if paper.is_counted else "–",
            back,
            _range(money(cautious.npv), money(good.npv)),
        ),
        KeyFigure(
            str(_("Payback")),
            month(paper.month_at(expected.payback_month)) if paper.is_counted else "–",
            after,
            _range(_month_or_never(paper, cautious.payback_month), _month_or_never(paper, good.payback_month)),
        ),
        KeyFigure(
            str(_("Return on investment")),
            percent(expected.roi) if paper.is_counted else "–",
            _("of %(cost)s spent") % {"cost": money_with(paper, expected.cost)},
            _range(percent(cautious.roi), percent(good.roi)),
        ),
    ]


def _month_or_never(paper: Paper, number: int | None) -> str:
    return month(paper.month_at(number)) if number is not None else str(_("never"))


def _range(cautious: str, good: str) -> str:
    return _("cautious %(cautious)s, good %(good)s") % {"cautious": cautious, "good": good}


def flow_words(paper: Paper) -> str:
    """What the picture of the cumulative cash flow says."""
    figures = paper.expected
    lowest = {
        "lowest": money_with(paper, -figures.lowest),
        "when": month(paper.month_at(figures.lowest_month)),
        "back": month(paper.month_at(figures.payback_month)),
    }
    if figures.lowest >= 0:
        return str(_("At no time more has gone out than come in."))
    if figures.payback_month is None:
        return _("At most %(lowest)s are out, in %(when)s, and they do not come back within the horizon.") % lowest
    return _("At most %(lowest)s are out, in %(when)s; from %(back)s on all of it has come back.") % lowest


def rates_words(figures: Figures) -> str:
    """The internal rate of return, or why there is none to state."""
    rates = figures.rates
    if rates.rate is not None:
        return percent(rates.rate, 1)
    if rates.reason == "several":
        return _("several: %(rates)s") % {"rates": ", ".join(percent(each, 1) for each in rates.roots)}
    reasons = {
        "no flow": _("none: nothing flows"),
        "only costs": _("none: only costs"),
        "only benefits": _("none: only benefits"),
    }
    return str(reasons.get(rates.reason, _("none")))


def span_words(first: Month, last: Month | None) -> str:
    """A month, or the first and the last of several: `Jan to Mar 2027`."""
    if last is None or last == first:
        return month(first)
    words = {"first": month(first).split()[0] if first // 12 == last // 12 else month(first), "last": month(last)}
    return _("%(first)s to %(last)s") % words
