"""The sheets that add up the lines: the cash flow of the scenario that is picked, and all three side by side."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from businesscase.domain.content import CaseContent, Scenario
from businesscase.exports_lines import Grid, Names, benefit_in_month, cost_in_month
from businesscase.exports_pen import COUNT, MONEY, MONTH, PERCENT, SHARE, Pen, quoted

AMOUNTS = {Scenario.LOW: "cautious", Scenario.LIKELY: "expected", Scenario.HIGH: "good"}
FORMS = {
    "cost": MONEY,
    "benefit": MONEY,
    "net": MONEY,
    "npv": MONEY,
    "irr": PERCENT,
    "roi": PERCENT,
    "payback": COUNT,
    "discounted": COUNT,
    "lowest": MONEY,
    "lowest_month": COUNT,
}
FLOW_FIRST = 4
FIGURES_FIRST = 4
ROOTS = 4
ROOTS_FIRST = FIGURES_FIRST + len(FORMS) + 2
MONTHS_FIRST = ROOTS_FIRST + ROOTS + 3


def figure_words() -> dict[str, str]:
    """What each figure is called."""
    return {
        "cost": _("Cost"),
        "benefit": _("Benefit"),
        "net": _("Benefit less cost"),
        "npv": _("Net present value"),
        "irr": _("Internal rate of return, a year"),
        "roi": _("Return on investment"),
        "payback": _("Pays back in month no."),
        "discounted": _("Pays back in month no., discounted"),
        "lowest": _("Lowest point of the cumulative flow"),
        "lowest_month": _("Lowest point in month no."),
    }


@dataclass(frozen=True, slots=True)
class Months:
    """The ranges of a monthly flow, from which figures are computed."""

    number: str
    factor: str
    cost: str
    benefit: str
    net: str
    running: str
    discounted: str

    def formulas(self, guess: str) -> dict[str, str]:
        """Each figure as a formula over the months. `guess` is a rate a year (or a word) to begin the search with."""
        return {
            "cost": f"ROUND(SUM({self.cost}),2)",
            "benefit": f"ROUND(SUM({self.benefit}),2)",
            "net": f"ROUND(SUM({self.net}),2)",
            "npv": f"ROUND(SUMPRODUCT({self.net},{self.factor}),2)",
            "irr": self._rate(guess),
            "roi": f"IF(ROUND(SUM({self.cost}),2)=0,{quoted(_none())},SUM({self.net})/SUM({self.cost}))",
            "payback": self._stays(self.running),
            "discounted": self._stays(self.discounted),
            "lowest": f"MIN({self.running})",
            "lowest_month": f"MATCH(MIN({self.running}),{self.running},0)",
        }

    def _rate(self, guess: str) -> str:
        """IRR, where it finds a rate at which the flow is worth nothing: it may end elsewhere and not say so."""
        begin = f"IF(ISNUMBER({guess}),(1+{guess})^(1/12)-1,0.005)"
        monthly = f"IFERROR(IRR({self.net},{begin}),IFERROR(IRR({self.net},0.05),-2))"
        worth = f"ABS(SUMPRODUCT({self.net},(1+{monthly})^(1-{self.number})))"
        none, found = quoted(_none()), f"(1+{monthly})^12-1"
        holds = f"IF({monthly}<=-1,FALSE,{worth}<=SUMPRODUCT(ABS({self.net}))/1000000)"
        return f"IF(OR(MIN({self.net})>=0,MAX({self.net})<=0),{none},IF({holds},{found},{none}))"

    def _stays(self, running: str) -> str:
        """The number after the last month that lies below zero."""
        last = f"SUMPRODUCT(MAX((ROUND({running},6)<0)*{self.number}))"
        return f"IF({last}=MAX({self.number}),{quoted(_never())},{last}+1)"


def _none() -> str:
    return _("none")


def _never() -> str:
    return _("never")


def flow_sheet(pen: Pen, content: CaseContent, names: Names, costs: Grid, benefits: Grid) -> Months:
    """The cash flow of the scenario that is picked, month by month."""
    pen.text(1, 1, _("Cash flow of the scenario that is picked on the first sheet"), bold=True)
    pen.text(2, 1, _("The first month is not discounted; month n is divided by (1 + rate) ^ ((n - 1) / 12)."))
    pen.heading(
        FLOW_FIRST - 1,
        [
            _("No."),
            _("Month"),
            _("Cost"),
            _("Benefit"),
            _("Benefit less cost"),
            _("Cumulative"),
            _("Discount factor"),
            _("Present value"),
            _("Cumulative, discounted"),
        ],
    )
    for at in range(content.months):
        row, first = FLOW_FIRST + at, at == 0
        pen.value(row, 1, at + 1, COUNT)
        pen.formula(row, 2, f"EDATE({names.first_month},{at})", MONTH)
        pen.formula(row, 3, costs.total(at + 1), MONEY)
        pen.formula(row, 4, benefits.total(at + 1), MONEY)
        pen.formula(row, 5, f"ROUND(D{row}-C{row},2)", MONEY)
        pen.formula(row, 6, f"E{row}" if first else f"ROUND(F{row - 1}+E{row},2)", MONEY)
        pen.formula(row, 7, _factor(names, f"A{row}"), SHARE)
        pen.formula(row, 8, f"E{row}*G{row}", MONEY)
        pen.formula(row, 9, f"H{row}" if first else f"I{row - 1}+H{row}", MONEY)
    pen.widths([6, 10, 15, 15, 15, 15, 12, 15, 15])
    pen.sheet.freeze_panes = f"C{FLOW_FIRST}"
    last = FLOW_FIRST + content.months - 1
    ranges = {letter: f"{pen.name}!${letter}${FLOW_FIRST}:${letter}${last}" for letter in "AGCDEFI"}
    return Months(*(ranges[letter] for letter in "AGCDEFI"))


def _factor(names: Names, number: str) -> str:
    return f"(1+{names.rate})^(-({number}-1)/12)"


@dataclass(frozen=True, slots=True)
class Compared:
    """Where the sheet of scenarios holds what: smsplan's figure of a scenario, and the sentence of the check."""

    sheet: str

    def ours(self, figure: str, picked: str) -> str:
        """smsplan's figure of the scenario that is picked."""
        row = FIGURES_FIRST + list(FORMS).index(figure)
        return f"CHOOSE({picked},{self.sheet}!E{row},{self.sheet}!F{row},{self.sheet}!G{row})"

    @property
    def check(self) -> str:
        """The cell that says whether both find the same."""
        return f"{self.sheet}!$A$2"


def scenario_sheet(
    pen: Pen,
    content: CaseContent,
    names: Names,
    costs: Grid,
    benefits: Grid,
    figures: Mapping[str, Any],
    words: Sequence[str],
) -> Compared:
    """The three scenarios, each computed over the lines at once, beside what smsplan says."""
    pen.text(1, 1, _("Three scenarios: computed here, by smsplan, and the difference"), bold=True)
    heads = [[_("%(name)s, here"), _("%(name)s, smsplan"), _("%(name)s, difference")][part] for part in range(3)]
    pen.heading(FIGURES_FIRST - 1, ["", *(each % {"name": name} for each in heads for name in words)])
    months = [_months(pen, content, place) for place in range(3)]
    for row, (key, word) in enumerate(figure_words().items(), start=FIGURES_FIRST):
        pen.text(row, 1, word)
        for place, scenario in enumerate(Scenario):
            here, ours = f"{'BCD'[place]}{row}", f"{'EFG'[place]}{row}"
            pen.formula(row, 2 + place, months[place].formulas(ours)[key], FORMS[key])
            _put_ours(pen, row, 5 + place, _ours(figures[scenario], key), FORMS[key])
            places = 6 if FORMS[key] == PERCENT else 2
            differs = f"IF({here}={ours},0,{quoted(_differs())})"
            formula = f"IF(AND(ISNUMBER({here}),ISNUMBER({ours})),ROUND({here}-{ours},{places}),{differs})"
            if key == "irr":  # several rates: a spreadsheet finds one of them and does not say that there are more
                formula = f'IF(ISNUMBER({ours}),{formula},"")'
            pen.formula(row, 8 + place, formula, FORMS[key] if places == 2 else SHARE)
    pen.formula(2, 1, _agreement(), "General", bold=True)
    _put_roots(pen, figures, months)
    _put_months(pen, content, names, costs, benefits, words)
    pen.widths([38] + [15] * 20)
    pen.sheet.freeze_panes = f"B{FIGURES_FIRST}"
    return Compared(pen.name)


def _agreement() -> str:
    """Whether all figures are the same: money to the cent, rates to the sixth place."""
    last = FIGURES_FIRST + len(FORMS) - 1
    whole = f"H{FIGURES_FIRST}:J{last}"
    rates = [row for row, form in enumerate(FORMS.values(), start=FIGURES_FIRST) if form == PERCENT]
    shares = f"H{rates[0]}:J{rates[-1]}"
    within = [f"COUNTIF({whole},{quoted(_differs())})=0"]
    within += [f"MAX({whole})<0.005,MIN({whole})>-0.005,MAX({shares})<0.0000015,MIN({shares})>-0.0000015"]
    good = quoted(_("This workbook finds what smsplan says."))
    bad = quoted(_("This workbook finds other figures than smsplan said: something was changed here."))
    return f"IF(AND({','.join(within)}),{good},{bad})"


def _differs() -> str:
    return _("differs")


def _ours(figures: Mapping[str, Any], key: str) -> Decimal | int | str:
    """A figure of smsplan as this sheet writes it."""
    if key == "net":
        return Decimal(figures["benefit"]) - Decimal(figures["cost"])
    if key == "irr":
        found = figures["irr_per_year"]
        if found is None:
            return _("several") if figures["irr_reason"] == "several" else _none()
        return Decimal(found)
    if key in ("payback", "discounted"):
        month: int | None = figures["payback_month" if key == "payback" else "discounted_payback_month"]
        return _never() if month is None else month
    value = figures[key]
    if value is None:
        return _none()
    return value if isinstance(value, int) else Decimal(value)


def _put_ours(pen: Pen, row: int, column: int, value: Decimal | int | str, form: str) -> None:
    if isinstance(value, str):
        pen.text(row, column, value)
    else:
        pen.value(row, column, value, form)


def _put_roots(pen: Pen, figures: Mapping[str, Any], months: Sequence[Months]) -> None:
    """All rates that smsplan found, and which share of the discounted amounts remains at each: none."""
    pen.text(ROOTS_FIRST - 1, 1, _("At each internal rate that smsplan found, nothing must remain of the amounts:"))
    for at in range(ROOTS):
        row = ROOTS_FIRST + at
        pen.text(row, 1, _("Share that remains at rate %(number)d") % {"number": at + 1})
        for place, scenario in enumerate(Scenario):
            roots = figures[scenario]["irr_roots"]
            if at < len(roots):
                rate = f"{'EFG'[place]}{row}"
                pen.value(row, 5 + place, Decimal(roots[at]), PERCENT)
                powers = f"(1+{rate})^(-({months[place].number}-1)/12)"
                net = months[place].net
                rest = f"SUMPRODUCT({net},{powers})/SUMPRODUCT(ABS({net}),{powers})"
                pen.formula(row, 2 + place, f"ROUND({rest},5)", SHARE)


def _letters(place: int) -> list[str]:
    """The five columns of a scenario in the table of months."""
    return [chr(ord("D") + 5 * place + at) for at in range(5)]


def _months(pen: Pen, content: CaseContent, place: int) -> Months:
    last = MONTHS_FIRST + content.months - 1
    letters = ["A", "C", *_letters(place)]
    return Months(*(f"{pen.name}!${letter}${MONTHS_FIRST}:${letter}${last}" for letter in letters))


def _put_months(
    pen: Pen, content: CaseContent, names: Names, costs: Grid, benefits: Grid, words: Sequence[str]
) -> None:
    parts = [_("cost"), _("benefit"), _("benefit less cost"), _("cumulative"), _("cumulative, discounted")]
    heads = [f"{word}: {part}" for word in words for part in parts]
    pen.heading(MONTHS_FIRST - 1, [_("No."), _("Month"), _("Discount factor"), *heads])
    for at in range(content.months):
        row = MONTHS_FIRST + at
        pen.value(row, 1, at + 1, COUNT)
        pen.formula(row, 2, f"EDATE({names.first_month},{at})", MONTH)
        pen.formula(row, 3, _factor(names, f"A{row}"), SHARE)
        for place, scenario in enumerate(Scenario):
            cost, benefit, net, running, discounted = _letters(place)
            first, number = 4 + 5 * place, f"$A{row}"
            formulas = [
                cost_in_month(costs, AMOUNTS[scenario], number),
                benefit_in_month(benefits, AMOUNTS[scenario], number),
                f"ROUND({benefit}{row}-{cost}{row},2)",
                f"{net}{row}" if at == 0 else f"ROUND({running}{row - 1}+{net}{row},2)",
                f"{net}{row}*$C{row}" if at == 0 else f"{discounted}{row - 1}+{net}{row}*$C{row}",
            ]
            for column, formula in enumerate(formulas, start=first):
                pen.formula(row, column, formula, MONEY)
