"""How a figure comes about: its formula with the numbers put in, the lines behind it, and its months."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from businesscase import guide
from businesscase.charts import Unit, rate_words
from businesscase.domain.content import CaseContent, Scenario
from businesscase.domain.figures import Figures, discount_factors, discounted
from businesscase.domain.ledger import Entry, Source, entries, present_values
from businesscase.domain.money import cents, exact, total
from businesscase.domain.months import month_label
from businesscase.selectors.standing import Standing, month_at
from businesscase.templatetags.case_ui import money, month, percent, scenario_word
from projects.models import Project

IRR_REASONS: dict[str, str | Promise] = {
    "no flow": gettext_lazy("There is none, because nothing is spent and nothing comes back."),
    "only costs": gettext_lazy("There is none, because no month brings more than it costs."),
    "only benefits": gettext_lazy("There is none, because no month costs more than it brings."),
    "none": gettext_lazy("There is none: at no rate from −99% to 100,000% is the case worth exactly nothing."),
    "several": gettext_lazy(
        "There are several, because the flow changes from costs to benefits more than once. None of them alone means "
        "anything: go by the net present value."
    ),
}


def irr_words(figures: Figures) -> str:
    """The internal rate of return, or all of them, or why there is none."""
    if figures.rates.rate is not None:
        return percent(figures.rates.rate, 1)
    return ", ".join(percent(each, 1) for each in figures.rates.roots) or _("none")


def _month_words(content: CaseContent, number: int | None) -> str:
    if number is None:
        return _("not by %(end)s") % {"end": month(content.last_month)}
    return _("%(month)s, month %(number)d") % {"month": month(month_at(content, number)), "number": number}


Value = Callable[[CaseContent, Figures, Unit], str]


@dataclass(frozen=True, slots=True)
class FigureKind:
    """A figure that has a page. `guide` is its key in the guide, `related` the other figures beside it."""

    title: str | Promise
    value: Value
    guide: str = ""


KINDS: dict[str, FigureKind] = {
    "npv": FigureKind(gettext_lazy("Net present value"), lambda _c, figures, unit: unit.say(figures.npv), "npv"),
    "irr": FigureKind(gettext_lazy("Internal rate of return"), lambda _c, figures, _u: irr_words(figures), "irr"),
    "roi": FigureKind(gettext_lazy("Return on investment"), lambda _c, figures, _u: percent(figures.roi, 1), "roi"),
    "payback": FigureKind(
        gettext_lazy("Payback"), lambda content, figures, _u: _month_words(content, figures.payback_month), "payback"
    ),
    "discounted-payback": FigureKind(
        gettext_lazy("Discounted payback"),
        lambda content, figures, _u: _month_words(content, figures.discounted_payback_month),
        "discounted payback",
    ),
    "cost": FigureKind(gettext_lazy("Cost"), lambda _c, figures, unit: unit.say(figures.cost)),
    "benefit": FigureKind(gettext_lazy("Benefit"), lambda _c, figures, unit: unit.say(figures.benefit)),
    "cash-flow": FigureKind(
        gettext_lazy("Cumulative cash flow"),
        lambda _c, figures, unit: unit.say(figures.net),
        "cumulative cash flow",
    ),
}


def explained(name: str) -> guide.FigureGuide | None:
    """What the guide says about a figure."""
    return guide.figures().get(KINDS[name].guide)


@dataclass(frozen=True, slots=True)
class Course:
    """One scenario, or what was approved, with the value of the figure that the page is about."""

    name: str
    value: str
    cost: str
    benefit: str
    is_shown: bool


def courses(found: Standing, name: str, unit: Unit, shown: Scenario) -> list[Course]:
    """The figure under each scenario, and as it was approved."""
    value = KINDS[name].value
    rows = [
        Course(
            scenario_word(each),
            value(found.content, figures, unit),
            unit.say(figures.cost),
            unit.say(figures.benefit),
            each == shown,
        )
        for each, figures in found.figures.items()
    ]
    if found.approved is not None and found.then is not None:
        then = found.then
        name_then = _("Approved, version %(number)d") % {"number": found.in_force.number if found.in_force else 0}
        rows.append(
            Course(name_then, value(found.approved, then, unit), unit.say(then.cost), unit.say(then.benefit), False)
        )
    return rows


@dataclass(frozen=True, slots=True)
class LineRow:
    """One part of the figure: a line, or what happened. `url` leads to where it can be changed."""

    ref: str
    title: str
    phase: int
    note: str
    amount: str
    worth: str
    url: str


@dataclass(frozen=True, slots=True)
class LineTable:
    """Costs or benefits behind a figure, and what they come to."""

    title: str
    rows: tuple[LineRow, ...]
    amount: str
    worth: str


def line_tables(found: Standing, scenario: Scenario) -> tuple[LineTable, LineTable]:
    """Costs and benefits, each with its amount within the horizon and what that is worth in the first month."""
    parts = entries(found.content, found.actuals, remaining=found.remaining, closed=found.closed, scenario=scenario)
    worth = present_values(found.content, parts)
    pairs = list(zip(parts, worth, strict=True))
    return (
        _line_table(found, _("Costs"), [pair for pair in pairs if pair[0].is_cost]),
        _line_table(found, _("Benefits"), [pair for pair in pairs if not pair[0].is_cost]),
    )


def _line_table(found: Standing, title: str, pairs: Sequence[tuple[Entry, Decimal]]) -> LineTable:
    return LineTable(
        title,
        tuple(_line_row(found, each, worth) for each, worth in pairs),
        money(total(each.amount for each, _worth in pairs)),
        money(total(abs(worth) for _each, worth in pairs)),
    )


def _line_row(found: Standing, each: Entry, worth: Decimal) -> LineRow:
    item = each.item
    kind = "cost" if each.is_cost else "benefit"
    project = found.case.project
    url, note = "", ""
    if each.source == Source.HAPPENED:
        title = item.title if item is not None else _("Booked so far")
        note = _("confirmed until %(month)s") if not each.is_cost else _("until %(month)s")
        note %= {"month": month(found.actuals.until)}
        url = reverse("case_actuals" if each.is_cost else "case_benefits", args=[project.slug])
    elif each.source == Source.SAID:
        title, note = _("Still to come, as entered"), found.reasons.get(each.phase, "")
        url = reverse("case_outlook", args=[project.slug, each.phase])
    else:
        title = item.title if item is not None else ""
        if found.actuals.until is not None:
            note = _("after %(month)s") % {"month": month(found.actuals.until)}
        url = reverse("case_line", args=[project.slug, kind, item.ref]) if item is not None else ""
    return LineRow(
        item.ref if item is not None else "", title, each.phase, note, money(each.amount), money(abs(worth)), url
    )


def worked(name: str, found: Standing, scenario: Scenario) -> list[str]:
    """The formula with the numbers of this case put in, in whole units of the currency."""
    content, figures = found.content, found.figures[scenario]
    if name in ("npv", "irr"):
        costs, benefits = line_tables(found, scenario)
        said = [
            _("%(benefit)s benefits − %(cost)s costs, both in money of %(first)s at %(rate)s a year = %(npv)s %(unit)s")
            % {
                "benefit": benefits.worth,
                "cost": costs.worth,
                "first": month(content.first_month),
                "rate": rate_words(content.discount_rate),
                "npv": money(figures.npv),
                "unit": content.currency,
            }
        ]
        return said if name == "npv" else [_irr_worked(figures), *said]
    values = {"benefit": money(figures.benefit), "cost": money(figures.cost), "unit": content.currency}
    if name == "roi":
        if figures.roi is None:
            return [_("Nothing is spent, so there is no return on it.")]
        return [_("(%(benefit)s − %(cost)s) ÷ %(cost)s = %(roi)s") % {**values, "roi": percent(figures.roi, 1)}]
    if name in ("payback", "discounted-payback"):
        return _payback_worked(content, figures, discounted=name != "payback")
    if name == "cash-flow":
        return [
            _("%(benefit)s benefits − %(cost)s costs = %(net)s %(unit)s at the end; lowest %(low)s in %(at)s")
            % {
                **values,
                "net": money(figures.net),
                "low": money(figures.lowest),
                "at": month(month_at(content, figures.lowest_month)),
            }
        ]
    return []


def _irr_worked(figures: Figures) -> str:
    if figures.rates.rate is not None:
        return _("Discounted at %(rate)s a year, the case is worth exactly 0.") % {
            "rate": percent(figures.rates.rate, 2)
        }
    return str(IRR_REASONS[figures.rates.reason])


def _payback_worked(content: CaseContent, figures: Figures, *, discounted: bool) -> list[str]:
    number = figures.discounted_payback_month if discounted else figures.payback_month
    running = [each.worth_so_far if discounted else each.so_far for each in month_rows(content, figures)]
    if number is None:
        return [
            _("At the end of %(end)s it still stands at %(amount)s %(unit)s.")
            % {"end": month(content.last_month), "amount": money(running[-1]), "unit": content.currency}
        ]
    if number == 1:
        return [_("It never falls below zero.")]
    return [
        _("At the end of %(before)s it stands at %(low)s, at the end of %(at)s at %(high)s, and stays above zero.")
        % {
            "before": month(month_at(content, number - 1)),
            "low": money(running[number - 2]),
            "at": month(month_at(content, number)),
            "high": money(running[number - 1]),
        }
    ]


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One month, or one year: what it costs and brings, and how the case stands at its end."""

    label: str
    cost: Decimal
    benefit: Decimal
    net: Decimal
    so_far: Decimal
    factor: Decimal | None
    worth: Decimal
    worth_so_far: Decimal


def month_rows(content: CaseContent, figures: Figures) -> list[MonthRow]:
    """Every month of the horizon. Discounted amounts are added up before they are rounded."""
    factors = discount_factors(content.discount_rate, content.months)
    with localcontext(exact()):
        worth = [each.net * factor for each, factor in zip(figures.flow, factors, strict=True)]
    return [
        MonthRow(
            month_label(each.month), each.cost, each.benefit, each.net, so_far, factor, cents(here), cents(all_so_far)
        )
        for each, so_far, factor, here, all_so_far in zip(
            figures.flow,
            figures.cumulative,
            factors,
            worth,
            discounted([each.net for each in figures.flow], content.discount_rate),
            strict=True,
        )
    ]


def year_rows(content: CaseContent, figures: Figures) -> list[MonthRow]:
    """The months, year by year."""
    years: dict[str, list[MonthRow]] = {}
    for row in month_rows(content, figures):
        years.setdefault(row.label[:4], []).append(row)
    return [
        MonthRow(
            year,
            total(each.cost for each in rows),
            total(each.benefit for each in rows),
            total(each.net for each in rows),
            rows[-1].so_far,
            None,
            total(each.worth for each in rows),
            rows[-1].worth_so_far,
        )
        for year, rows in years.items()
    ]


def figure_links(project: Project, name: str) -> list[tuple[str, str, bool]]:
    """All figures: title, address, whether it is this one."""
    return [
        (str(kind.title), reverse("case_figure", args=[project.slug, each]), each == name)
        for each, kind in KINDS.items()
    ]
