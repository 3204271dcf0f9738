"""A business case as a workbook that computes: every figure is a formula over the lines, ours stand beside."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from businesscase.choices import (
    BenefitKind,
    Category,
    Impact,
    Probability,
    RiskCategory,
    RiskResponse,
    RiskState,
    VersionState,
)
from businesscase.domain.content import CaseContent, Scenario
from businesscase.domain.months import first_day
from businesscase.exports_flow import (
    FLOW_FIRST,
    FORMS,
    Compared,
    Months,
    figure_words,
    flow_sheet,
    scenario_sheet,
)
from businesscase.exports_lines import Grid, Names, benefit_sheet, cost_sheet
from businesscase.exports_pen import COUNT, MONEY, MONTH, PERCENT, WHOLE, Pen
from businesscase.exports_shown import Shown
from businesscase.templatetags.case_ui import SCENARIO_WORDS
from common.workbook_out import saved, sheet_name

PICKED_ROW = 7
FIGURES_ROW = 10


def case_xlsx(shown: Shown, *, made_on: date) -> bytes:
    """The workbook. Whoever picks another scenario or changes a yellow cell sees what follows from it."""
    from openpyxl import Workbook  # noqa: PLC0415 (12 MB that most processes never need)

    book = Workbook()
    content = shown.content
    words = [str(SCENARIO_WORDS[each]) for each in Scenario]
    summary = Pen(book.active)
    summary.sheet.title = sheet_name(_("Summary"))
    settings, costs, benefits, flow, scenarios, risks = (
        Pen(book.create_sheet(sheet_name(name)))
        for name in (_("Settings"), _("Costs"), _("Benefits"), _("Cash flow"), _("Scenarios"), _("Risks"))
    )
    names = _settings_sheet(settings, shown, summary, words)
    cost_grid = cost_sheet(costs, content, names)
    benefit_grid = benefit_sheet(benefits, content, names)
    months = flow_sheet(flow, content, names, cost_grid, benefit_grid)
    figures = shown.figures["scenarios"]
    compared = scenario_sheet(scenarios, content, names, cost_grid, benefit_grid, figures, words)
    _risk_sheet(risks, content)
    if any(item.form == "words" for item in content.benefits):
        _words_sheet(Pen(book.create_sheet(sheet_name(_("Benefits in words")))), content)
    _Summary(summary, shown, names, made_on).fill(months, compared, cost_grid, benefit_grid)
    _draw(summary, flow, content)
    for sheet in book.worksheets:
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
    # There are no results in the file yet: whoever opens it has them computed.
    book.calculation.fullCalcOnLoad = True
    return saved(book)


def _settings_sheet(pen: Pen, shown: Shown, summary: Pen, words: list[str]) -> Names:
    content = shown.content
    pen.text(1, 1, _("What all figures rest on"), bold=True)
    pen.text(2, 1, _("Currency"))
    pen.text(2, 2, content.currency)
    pen.text(3, 1, _("First month"))
    pen.value(3, 2, first_day(content.first_month), MONTH)
    pen.text(4, 1, _("Months of the horizon"))
    pen.value(4, 2, content.months, COUNT)
    pen.text(5, 1, _("Discount rate, a year"))
    pen.value(5, 2, content.discount_rate, PERCENT, given=True)
    pen.text(6, 1, _("Discount rate, a month"))
    pen.formula(6, 2, "(1+B5)^(1/12)-1", "0.0000%")
    pen.text(7, 1, _("Number of the scenario that is picked"))
    pen.formula(7, 2, f"MATCH({summary.name}!$B${PICKED_ROW},$A$10:$A$12,0)", COUNT)
    pen.heading(9, [_("Scenario"), _("It takes of each cost"), _("and of each benefit")])
    points = [_("the high estimate"), _("the likely estimate"), _("the low estimate")]
    for at, word in enumerate(words):
        pen.text(10 + at, 1, word)
        pen.text(10 + at, 2, points[at])
        pen.text(10 + at, 3, points[2 - at])
    notes = [
        _("First month and months belong to the columns of the other sheets; to change them, export the case again."),
        _("A cost that is due once and spread has its months rounded so that they add up to its amount."),
        _("A benefit grows evenly over its months of growth, and counts with its confidence."),
        _("For another line, insert a row between two lines and copy one of them into it, with all its formulas."),
        _("Yellow cells were given by people, the others are formulas or labels."),
    ]
    for at, note in enumerate(notes):
        pen.text(14 + at, 1, note)
    pen.widths([40, 24, 24])
    sheet = pen.name
    return Names(f"{sheet}!$B$7", f"{sheet}!$B$3", f"{sheet}!$B$4", f"{sheet}!$B$5")


class _Summary:
    """The first sheet: which case it is, the scenario to pick, the figures, and what they are made of."""

    def __init__(self, pen: Pen, shown: Shown, names: Names, made_on: date) -> None:
        self.pen, self.shown, self.names, self.made_on = pen, shown, names, made_on
        self.row = FIGURES_ROW + len(FORMS) + 2

    def fill(self, months: Months, compared: Compared, costs: Grid, benefits: Grid) -> None:
        """All of it."""
        self._head(compared)
        self._figures(months, compared)
        self._phases(costs, benefits)
        self._groups(_("Cost by category"), [str(each.label) for each in Category], costs, "category")
        self._groups(_("Benefit by kind"), [str(each.label) for each in BenefitKind], benefits, "kind")
        self._services(costs)
        self.pen.widths([44, 20, 20, 14, 10, 4])

    def _head(self, compared: Compared) -> None:
        from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415 (12 MB, seldom needed)

        pen, shown, known = self.pen, self.shown, self.shown.content.known
        pen.text(1, 1, _("Business case: %(project)s") % {"project": known.project or shown.slug}, bold=True)
        pen.text(2, 1, known.organization)
        if shown.number is None:
            state = _("Draft as of %(day)s") % {"day": self.made_on.isoformat()}
        else:
            state = _("Version %(number)d, %(state)s") % {
                "number": shown.number,
                "state": str(VersionState(shown.state).label).lower(),
            }
        pen.text(3, 1, state)
        pen.text(4, 1, _("Hash of what was exported: %(sha256)s") % {"sha256": shown.sha256})
        pen.formula(5, 1, compared.check, "General", bold=True)
        pen.text(PICKED_ROW, 1, _("Scenario (pick one)"), bold=True)
        pen.text(PICKED_ROW, 2, str(SCENARIO_WORDS[Scenario.LIKELY]), given=True)
        sheet = self.names.picked.rpartition("!")[0]
        choices = DataValidation(type="list", formula1=f"={sheet}!$A$10:$A$12", allow_blank=False)
        choices.showErrorMessage = True
        choices.add(f"B{PICKED_ROW}")
        pen.sheet.add_data_validation(choices)

    def _figures(self, months: Months, compared: Compared) -> None:
        pen = self.pen
        currency = self.shown.content.currency
        heads = [currency, _("Computed here"), _("smsplan says"), _("Difference"), _("Month")]
        pen.heading(FIGURES_ROW - 1, heads)
        formulas = months.formulas(compared.ours("irr", self.names.picked))
        for row, (key, word) in enumerate(figure_words().items(), start=FIGURES_ROW):
            pen.text(row, 1, word)
            pen.formula(row, 2, formulas[key], FORMS[key], bold=True)
            pen.formula(row, 3, compared.ours(key, self.names.picked), FORMS[key])
            pen.formula(row, 4, f'IF(AND(ISNUMBER(B{row}),ISNUMBER(C{row})),ROUND(B{row}-C{row},6),"")', "0.00")
            if FORMS[key] == COUNT:
                named = f'IF(ISNUMBER(B{row}),EDATE({self.names.first_month},B{row}-1),"")'
                pen.formula(row, 5, named, MONTH)

    def _phases(self, costs: Grid, benefits: Grid) -> None:
        self.pen.heading(self.row, [_("By phase, in the scenario picked"), _("Cost"), _("Benefit")])
        phases = {phase.number: phase.name for phase in self.shown.content.known.phases}
        first = self.row + 1
        for number in range(5):
            row = first + number
            self.pen.text(row, 1, f"{number} {phases.get(number, '')}".strip())
            for column, grid in ((2, costs), (3, benefits)):
                self.pen.formula(row, column, f"SUMIF({grid.all('phase')},{number},{grid.all('sum')})", MONEY)
        self._sum(first, first + 4, 3)

    def _sum(self, first: int, last: int, columns: int) -> None:
        self.pen.text(last + 1, 1, _("Sum"), bold=True)
        for column in range(2, columns + 1):
            letter = "ABC"[column - 1]
            self.pen.formula(last + 1, column, f"SUM({letter}{first}:{letter}{last})", MONEY, bold=True)
        self.row = last + 3

    def _groups(self, title: str, labels: list[str], grid: Grid, key: str) -> None:
        self.pen.heading(self.row, [title, self.shown.content.currency])
        first = self.row + 1
        for row, label in enumerate(labels, start=first):
            self.pen.text(row, 1, label)
            self.pen.formula(row, 2, f"SUMIF({grid.all(key)},$A{row},{grid.all('sum')})", MONEY)
        self._sum(first, first + len(labels) - 1, 2)

    def _services(self, costs: Grid) -> None:
        """What each service costs: what names it, and an even share of what names none."""
        content = self.shown.content
        services = list(content.services)
        services += sorted({item.service for item in content.costs if item.service} - set(services))
        if not services:
            return
        self.pen.heading(self.row, [_("Cost by service"), _("Own lines"), _("Even share of the rest")])
        first, last = self.row + 1, self.row + len(services)
        rest = f"ROUND({costs.whole}-SUM($B${first}:$B${last}),2)"
        for number, (row, name) in enumerate(zip(range(first, last + 1), services, strict=True), start=1):
            self.pen.text(row, 1, name)
            # EXACT and not SUMIF: a name may hold what SUMIF takes for a pattern.
            own = f"SUMPRODUCT(EXACT({costs.all('service')},$A{row})*{costs.all('sum')})"
            self.pen.formula(row, 2, own, MONEY)
            count = len(services)
            share = f"ROUND({rest}*{number}/{count},2)-ROUND({rest}*{number - 1}/{count},2)"
            self.pen.formula(row, 3, share, MONEY)
        self._sum(first, last, 3)


def _draw(summary: Pen, flow: Pen, content: CaseContent) -> None:
    """The cumulative flow as a line beside the figures."""
    from openpyxl.chart import LineChart, Reference  # noqa: PLC0415 (12 MB, seldom needed)

    last = FLOW_FIRST + content.months - 1
    chart = LineChart()
    chart.title = _("Cumulative cash flow")
    chart.height, chart.width = 9, 20
    chart.add_data(Reference(flow.sheet, min_col=6, min_row=FLOW_FIRST - 1, max_row=last), titles_from_data=True)
    chart.set_categories(Reference(flow.sheet, min_col=2, min_row=FLOW_FIRST, max_row=last))
    chart.series[0].smooth = False
    chart.x_axis.number_format, chart.y_axis.number_format = MONTH, WHOLE
    chart.x_axis.tickLblSkip = chart.x_axis.tickMarkSkip = 12
    chart.x_axis.tickLblPos = "low"
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.legend = None
    summary.sheet.add_chart(chart, f"G{FIGURES_ROW - 1}")


def _risk_sheet(pen: Pen, content: CaseContent) -> None:
    pen.heading(
        1,
        [
            _("Ref"),
            _("Risk"),
            _("Kind"),
            _("Cause"),
            _("Event"),
            _("Effect"),
            _("Probability"),
            _("Impact"),
            _("Product, 1 to 16"),
            _("State"),
            _("Response"),
            _("What is done"),
            _("Its cost"),
            _("Owner"),
            _("Probability left"),
            _("Impact left"),
        ],
    )
    for row, item in enumerate(content.risks, start=2):
        response = str(RiskResponse(item.response).label) if item.response else ""
        texts: dict[int, Any] = {
            1: item.ref,
            2: item.title,
            3: str(RiskCategory(item.category).label),
            4: item.cause,
            5: item.event,
            6: item.effect,
            10: str(RiskState(item.state).label),
            11: response,
            12: item.response_text,
            14: item.owner,
        }
        for column, text in texts.items():
            pen.text(row, column, text, wrap=column in (2, 4, 5, 6, 12))
        pen.value(row, 7, item.probability, _step(item.probability, Probability))
        pen.value(row, 8, item.impact, _step(item.impact, Impact))
        pen.formula(row, 9, f"G{row}*H{row}", COUNT)
        pen.value(row, 13, item.response_cost, MONEY)
        pen.value(row, 15, item.residual_probability, _step(item.residual_probability, Probability))
        pen.value(row, 16, item.residual_impact, _step(item.residual_impact, Impact))
    pen.widths([8, 32, 20, 34, 34, 34, 14, 14, 10, 11, 11, 40, 12, 20, 14, 14])
    pen.sheet.freeze_panes = "C2"
    pen.sheet.auto_filter.ref = pen.sheet.dimensions


def _step(number: int | None, steps: Any) -> str:
    """A number that shows the word of its step beside it."""
    if number is None:
        return COUNT
    word = str(steps(number).label).replace('"', "")
    return f'0 "{word}"'


def _words_sheet(pen: Pen, content: CaseContent) -> None:
    pen.heading(
        1,
        [
            _("Ref"),
            _("What becomes better"),
            _("Kind"),
            _("Phase"),
            _("Indicator"),
            _("Today"),
            _("Target"),
            _("Confirmed by"),
            _("Description"),
        ],
    )
    for row, item in enumerate((each for each in content.benefits if each.form == "words"), start=2):
        kind = str(BenefitKind(item.kind).label)
        pen.text(row, 1, item.ref)
        pen.text(row, 2, item.title, wrap=True)
        pen.text(row, 3, kind, wrap=True)
        pen.value(row, 4, item.phase, COUNT)
        for column, text in enumerate((item.indicator, item.baseline, item.target, item.confirmed_by), start=5):
            pen.text(row, column, text, wrap=True)
        pen.text(row, 9, item.description, wrap=True)
    pen.widths([8, 36, 28, 8, 36, 12, 12, 20, 50])
    pen.sheet.freeze_panes = "C2"
