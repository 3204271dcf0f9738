"""The sheets of costs and benefits: a row a line, its three amounts, and its months by formula.

The formulas round as `businesscase.domain.flow` does: what is spread is rounded from its running total.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from businesscase.choices import BenefitKind, Category
from businesscase.domain.content import BenefitItem, CaseContent, CostItem, Estimate
from businesscase.domain.flow import STEPS
from businesscase.domain.months import Month, first_day
from businesscase.exports_pen import COUNT, MONEY, MONTH, PERCENT, Pen

NUMBERS, HEADS, TOTALS, FIRST = 1, 2, 3, 4
Columns = Sequence[tuple[str, str, int]]  # key, heading, width


@dataclass(frozen=True, slots=True)
class Names:
    """Cells that the formulas of all sheets use: the scenario picked (1 to 3), first month, months, rates."""

    picked: str
    first_month: str
    months: str
    rate: str


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the lines of a sheet stand: their rows, and the letter of each column by its key."""

    sheet: str
    last: int
    letters: dict[str, str]
    months: Sequence[str]

    def all(self, key: str) -> str:
        """A column of all lines, as a range."""
        letter = self.letters[key]
        return f"{self.sheet}!${letter}${FIRST}:${letter}${self.last}"

    def total(self, number: int) -> str:
        """The cell that adds up a month, by its number from 1."""
        return f"{self.sheet}!{self.months[number - 1]}${TOTALS}"

    @property
    def whole(self) -> str:
        """The cell that adds up all months."""
        return f"{self.sheet}!${self.letters['sum']}${TOTALS}"


class _LineSheet:
    """What the two sheets have in common."""

    def __init__(self, pen: Pen, content: CaseContent, names: Names, columns: Columns, lines: int) -> None:
        from openpyxl.utils import get_column_letter  # noqa: PLC0415 (12 MB, seldom needed)

        self.pen, self.names, self.columns = pen, names, columns
        keys = [key for key, _heading, _width in self.columns]
        self.places = {key: place for place, key in enumerate(keys, start=1)}
        letters = {key: get_column_letter(place) for key, place in self.places.items()}
        self.begin = len(keys) + 1
        months = [get_column_letter(self.begin + at) for at in range(content.months)]
        self.grid = Grid(pen.name, max(FIRST + lines - 1, FIRST), letters, months)

    def head(self) -> None:
        """Numbers of months, headings, and the sums of all lines."""
        pen, grid = self.pen, self.grid
        pen.heading(HEADS, [heading for _key, heading, _width in self.columns])
        pen.text(NUMBERS, 1, _("Yellow is what was given: change it and see what follows. The number of each month:"))
        pen.text(TOTALS, 1, _("All lines"), bold=True)
        for at, letter in enumerate(grid.months):
            pen.value(NUMBERS, self.begin + at, at + 1, COUNT)
            pen.formula(HEADS, self.begin + at, f"EDATE({self.names.first_month},{at})", MONTH, bold=True)
            pen.formula(TOTALS, self.begin + at, f"SUM({letter}{FIRST}:{letter}{grid.last})", MONEY, bold=True)
        letter = grid.letters["sum"]
        pen.formula(TOTALS, self.places["sum"], f"SUM({letter}{FIRST}:{letter}{grid.last})", MONEY, bold=True)
        pen.widths([width for _key, _heading, width in self.columns] + [11] * len(grid.months))
        pen.sheet.freeze_panes = f"C{FIRST}"
        pen.sheet.row_dimensions[HEADS].height = 44

    def cell(self, key: str, row: int) -> str:
        """A cell of a line, its column fixed."""
        return f"${self.grid.letters[key]}{row}"

    def month_number(self, key: str, row: int) -> str:
        """The number of the month that a cell names, from 1."""
        cell, first = self.cell(key, row), self.names.first_month
        return f"(YEAR({cell})-YEAR({first}))*12+MONTH({cell})-MONTH({first})+1"

    def texts(self, row: int, values: dict[str, str]) -> None:
        """Texts of a line by column."""
        for key, value in values.items():
            self.pen.text(row, self.places[key], value)

    def month(self, row: int, key: str, value: Month | None) -> None:
        """A month that was given, or none."""
        day = first_day(value) if value is not None else None
        self.pen.value(row, self.places[key], day, MONTH, given=True)

    def estimate(self, row: int, estimate: Estimate) -> None:
        """The three points that were given."""
        for key in ("low", "likely", "high"):
            self.pen.value(row, self.places[key], getattr(estimate, key), MONEY, given=True)

    def amounts(self, row: int) -> None:
        """The amount of the scenario that is picked, and what the line comes to."""
        three = ",".join(self.cell(key, row) for key in ("cautious", "expected", "good"))
        self.pen.formula(row, self.places["picked"], f"CHOOSE({self.names.picked},{three})", MONEY)
        first, last = self.grid.months[0], self.grid.months[-1]
        self.pen.formula(row, self.places["sum"], f"SUM({first}{row}:{last}{row})", MONEY)

    def months_of(self, row: int, formula: str) -> None:
        """The months of a line. In `formula` `{m}` is the cell with the number of the month."""
        for at, letter in enumerate(self.grid.months):
            self.pen.formula(row, self.begin + at, formula.replace("{m}", f"{letter}${NUMBERS}"), MONEY)


class _CostSheet(_LineSheet):
    def fill(self, items: Iterable[CostItem]) -> Grid:
        self.head()
        for row, item in enumerate(items, start=FIRST):
            self._line(row, item)
        return self.grid

    def _line(self, row: int, item: CostItem) -> None:
        pen, at, places, names = self.pen, self.cell, self.places, self.names
        self.texts(
            row,
            {
                "ref": item.ref,
                "title": item.title,
                "category": str(Category(item.category).label),
                "role": item.role,
                "service": item.service,
                "risk": item.risk,
                "source": item.source,
            },
        )
        pen.value(row, places["phase"], item.phase, COUNT)
        self.month(row, "from", item.first_month)
        self.month(row, "to", item.last_month)
        pen.value(row, places["every"], STEPS.get(item.rhythm, 0), COUNT, given=True)
        pen.value(row, places["rate"], item.day_rate, MONEY, given=True)
        self.estimate(row, item.estimate)
        first, last, every = at("first", row), at("last", row), at("every", row)
        pen.formula(row, places["first"], self.month_number("from", row), COUNT)
        end = self.month_number("to", row)
        pen.formula(
            row,
            places["last"],
            f'IF({at("to", row)}="",IF({every}=0,{first},{names.months}),'
            f"IF({every}=0,{end},MIN({end},{names.months})))",
            COUNT,
        )
        pen.formula(row, places["count"], f"MAX(1,{last}-{first}+1)", COUNT)
        for key, point in (("cautious", "high"), ("expected", "likely"), ("good", "low")):
            rate = f'IF({at("rate", row)}="",1,{at("rate", row)})'
            pen.formula(row, places[key], f"ROUND({at(point, row)}*{rate},2)", MONEY)
        self.amounts(row)
        amount, count = at("picked", row), at("count", row)
        spread = f"ROUND(ROUND({amount}*({{m}}-{first}+1)/{count},2)-ROUND({amount}*({{m}}-{first})/{count},2),2)"
        again = f"IF(MOD({{m}}-{first},{every})=0,{amount},0)"
        self.months_of(row, f"IF(OR({{m}}<{first},{{m}}>{last}),0,IF({every}=0,{spread},{again}))")


class _BenefitSheet(_LineSheet):
    def fill(self, items: Iterable[tuple[BenefitItem, Estimate]]) -> Grid:
        self.head()
        for row, (item, estimate) in enumerate(items, start=FIRST):
            self._line(row, item, estimate)
        return self.grid

    def _line(self, row: int, item: BenefitItem, estimate: Estimate) -> None:
        pen, at, places, names = self.pen, self.cell, self.places, self.names
        self.texts(
            row,
            {
                "ref": item.ref,
                "title": item.title,
                "kind": str(BenefitKind(item.kind).label),
                "service": item.service,
                "confirmed": item.confirmed_by,
                "source": item.source,
            },
        )
        pen.value(row, places["phase"], item.phase, COUNT)
        self.month(row, "from", item.from_month)
        self.month(row, "to", item.until_month)
        pen.value(row, places["ramp"], item.ramp_months, COUNT, given=True)
        pen.value(row, places["confidence"], item.confidence, PERCENT, given=True)
        self.estimate(row, estimate)
        first, last, ramp = at("first", row), at("last", row), at("grows", row)
        pen.formula(row, places["first"], self.month_number("from", row), COUNT)
        end = self.month_number("to", row)
        pen.formula(row, places["last"], f'IF({at("to", row)}="",{names.months},MIN({end},{names.months}))', COUNT)
        pen.formula(row, places["grows"], f"MAX(1,{at('ramp', row)})", COUNT)
        for key, point in (("cautious", "low"), ("expected", "likely"), ("good", "high")):
            pen.formula(row, places[key], f"{at(point, row)}*{at('confidence', row)}", MONEY)
        self.amounts(row)
        amount = at("picked", row)
        number = f"({{m}}-{first}+1)"
        grown = f"IF({number}>={ramp},ROUND({amount},2),ROUND({amount}*{number}/{ramp},2))"
        self.months_of(row, f"IF(OR({{m}}<{first},{{m}}>{last}),0,{grown})")


def cost_sheet(pen: Pen, content: CaseContent, names: Names) -> Grid:
    """Fill the sheet of costs."""
    columns = [
        ("ref", _("Ref"), 8),
        ("title", _("What is paid for"), 40),
        ("category", _("Category"), 20),
        ("phase", _("Phase"), 7),
        ("role", _("Role"), 20),
        ("service", _("Service"), 18),
        ("risk", _("Risk"), 8),
        ("source", _("Source of the figure"), 26),
        ("from", _("First month"), 10),
        ("to", _("Last month"), 10),
        ("every", _("Due every … months (0: once, spread evenly)"), 14),
        ("rate", _("Day rate (then the estimate is in days)"), 14),
        ("low", _("Low"), 12),
        ("likely", _("Likely"), 12),
        ("high", _("High"), 12),
        ("first", _("No. of the first month"), 9),
        ("last", _("No. of the last month"), 9),
        ("count", _("Months from first to last"), 9),
        ("cautious", _("Cautious, each time"), 13),
        ("expected", _("Expected, each time"), 13),
        ("good", _("Good, each time"), 13),
        ("picked", _("In the scenario picked"), 13),
        ("sum", _("Within the horizon"), 14),
    ]
    return _CostSheet(pen, content, names, columns, len(content.costs)).fill(content.costs)


def benefit_sheet(pen: Pen, content: CaseContent, names: Names) -> Grid:
    """Fill the sheet of benefits in figures."""
    columns = [
        ("ref", _("Ref"), 8),
        ("title", _("What becomes better"), 40),
        ("kind", _("Kind"), 28),
        ("phase", _("Phase"), 7),
        ("service", _("Service"), 18),
        ("confirmed", _("Confirmed by"), 20),
        ("source", _("Source of the figure"), 26),
        ("from", _("From"), 10),
        ("to", _("Until"), 10),
        ("ramp", _("Grows over … months"), 10),
        ("confidence", _("Confidence"), 11),
        ("low", _("Low, a month"), 12),
        ("likely", _("Likely, a month"), 12),
        ("high", _("High, a month"), 12),
        ("first", _("No. of the first month"), 9),
        ("last", _("No. of the last month"), 9),
        ("grows", _("Months of growth, at least 1"), 10),
        ("cautious", _("Cautious, weighted"), 13),
        ("expected", _("Expected, weighted"), 13),
        ("good", _("Good, weighted"), 13),
        ("picked", _("In the scenario picked"), 13),
        ("sum", _("Within the horizon"), 14),
    ]
    items = [
        (item, item.estimate)
        for item in content.benefits
        if item.estimate is not None and item.form == "figures" and item.from_month is not None
    ]
    return _BenefitSheet(pen, content, names, columns, len(items)).fill(items)


def cost_in_month(grid: Grid, scenario: str, month: str) -> str:
    """What all cost lines take in the month whose number stands in the cell `month`, under a scenario."""
    amount, first, count, every = (grid.all(key) for key in (scenario, "first", "count", "every"))
    within = f"({first}<={month})*({grid.all('last')}>={month})"
    safe = f"({count}+({count}=0))"
    spread = f"({every}=0)*(ROUND({amount}*({month}-{first}+1)/{safe},2)-ROUND({amount}*({month}-{first})/{safe},2))"
    again = f"({every}>0)*(MOD({month}-{first},{every}+({every}=0))=0)*{amount}"
    return f"ROUND(SUMPRODUCT({within}*({spread}+{again})),2)"


def benefit_in_month(grid: Grid, scenario: str, month: str) -> str:
    """What all benefits in figures bring in the month whose number stands in the cell `month`, under a scenario."""
    amount, first, ramp = grid.all(scenario), grid.all("first"), grid.all("grows")
    within = f"({first}<={month})*({grid.all('last')}>={month})"
    number, safe = f"({month}-{first}+1)", f"({ramp}+({ramp}=0))"
    whole = f"({number}>={ramp})*ROUND({amount},2)"
    growing = f"({number}<{ramp})*ROUND({amount}*{number}/{safe},2)"
    return f"ROUND(SUMPRODUCT({within}*({whole}+{growing})),2)"
