"""The cumulative cash flow of a business case: what happened, what is expected, what was approved, and how far apart a
cautious and a good course end."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from common.charts.marks import area, dot, joined, line, rule, stretched, text
from common.charts.parts import PRINT, Chart, LegendItem, Table
from common.charts.scale import number, ticks

HEIGHT = 340
TOP, BOTTOM = 26, 310
# The lines end here, in percent: the words of their ends need the rest.
WIDE = 88.0
APART = 14


@dataclass(frozen=True)
class CashFlow:
    """What has come in less what has gone out, at the start (0) and at the end of each month of a horizon.

    `expected` and, where there are any, `plan`, `low` and `high` hold one value more than there are months; the plan
    holds None outside of its own horizon. Of `expected`, the first `happened` months are past. `years` are (months
    since the start, label). `pays_back` is the month from which it stays at or above zero, and its name. `say` writes
    an amount.
    """

    title: str
    expected: tuple[float, ...]
    years: tuple[tuple[int, str], ...]
    months: tuple[str, ...]
    say: Callable[[float], str]
    description: str = ""
    happened: int = 0
    plan: tuple[float | None, ...] = ()
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    today: float | None = None
    pays_back: tuple[int, str] | None = None

    def __post_init__(self) -> None:
        whole = len(self.months) + 1
        if len(self.expected) != whole or any(len(each) not in (0, whole) for each in (self.plan, self.low, self.high)):
            raise ValueError("a cash flow has a value for its start and for the end of each month")

    @property
    def planned(self) -> list[tuple[int, float]]:
        """The plan where it is known: months since the start, and what it came to then."""
        return [(place, value) for place, value in enumerate(self.plan) if value is not None]

    @property
    def span(self) -> int:
        """How many months it has."""
        return len(self.months)

    def steps(self) -> list[float]:
        """Where the lines of the grid lie."""
        values = [*self.expected, *(value for _month, value in self.planned), *self.low, *self.high, 0.0]
        low, high = min(values), max(values)
        return ticks(low, high, 5) if high > low else [0.0, 1.0]


def cash_flow(chart: CashFlow) -> Chart:
    """Actual solid, expected dotted, plan dashed, a band from cautious to good; ends, lowest and payback labelled."""
    steps = chart.steps()
    bottom, top = steps[0], steps[-1]

    def y(value: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * (value - bottom) / (top - bottom)

    def x(month: float) -> float:
        return WIDE * min(1.0, max(0.0, month / chart.span))

    def path(values: Sequence[float], first: int = 0) -> str:
        return " ".join(
            f"{number(1000 * (first + place) / chart.span)},{number(y(value))}" for place, value in enumerate(values)
        )

    past = chart.happened
    parts, marks = [], []
    if chart.low and chart.high:
        edge = [*path(chart.high[past:], past).split(), *reversed(path(chart.low[past:], past).split())]
        parts.append(stretched([area("band", " ".join(edge))], HEIGHT, f"{number(WIDE)}%"))
    for value in steps:
        parts.append(rule("g-line" if value else "g-axis", 0, WIDE, y(value), y(value)))
        marks.append(text(0, y(value) - 4, chart.say(value)))
    lines = []
    if chart.planned:
        lines.append(line("ln-plan", path([value for _at, value in chart.planned], chart.planned[0][0]), 1.5, "5 4"))
    lines.append(line("ln-forecast", path(chart.expected[past:], past), 1.75, "2 4"))
    if past:
        lines.append(line("ln-actual", path(chart.expected[: past + 1]), 2.25))
    parts.append(stretched(lines, HEIGHT, f"{number(WIDE)}%"))
    if chart.today is not None:
        parts.append(rule("ln-today", x(chart.today), x(chart.today), 14, BOTTOM))
        side = "start" if x(chart.today) < 4 else "middle"
        marks.append(text(x(chart.today), 10, "", gettext("Today"), anchor=side))
    marks += [*_points(chart, x, y), *_ends(chart, y)]
    for month, label in chart.years:
        parts.append(rule("g-axis", x(month), x(month), BOTTOM, BOTTOM + 6))
        marks.append(text(x(month), HEIGHT - 8, label))
    return Chart(
        title=chart.title,
        description=chart.description,
        svg=format_html(
            '<svg class="chart" width="100%" height="{}" role="img"><title>{}</title><desc>{}</desc>{}{}</svg>',
            HEIGHT,
            chart.title,
            chart.description,
            joined(parts),
            joined(marks),
        ),
        legend=_legend(chart),
        table=_table(chart),
    )


def _points(chart: CashFlow, x: Callable[[float], float], y: Callable[[float], float]) -> list[SafeString]:
    """Now, the lowest point and the payback, each with its words."""
    found = []
    past = chart.happened
    lowest = min(range(len(chart.expected)), key=chart.expected.__getitem__)
    if past:
        value = chart.expected[past]
        found.append(dot("st-accent", PRINT["ln-actual"], x(past), y(value)))
        left = x(past) > 12
        found.append(
            text(x(past), y(value) + 16, "", chart.say(value), anchor="end" if left else "start", dx=-8 if left else 8)
        )
    if lowest != past and chart.expected[lowest] < 0:
        side = "middle" if x(lowest) < WIDE - 8 else "end"
        found.append(
            text(
                x(lowest),
                min(y(chart.expected[lowest]) + 18, BOTTOM - 3),
                "",
                chart.say(chart.expected[lowest]),
                anchor=side,
                aside=gettext("lowest"),
            )
        )
    if chart.pays_back is not None and chart.pays_back[0] > 1:
        month, words = chart.pays_back
        # The line passes zero within the month.
        before, after = chart.expected[month - 1], chart.expected[month]
        at = month - 1 + (-before / (after - before) if after > before else 1)
        found.append(dot("st-accent", PRINT["ln-forecast"], x(at), y(0)))
        right = x(at) > WIDE * 0.8
        found.append(
            text(
                x(at),
                y(0) + 17,
                "",
                words,
                anchor="end" if right else "start",
                dx=-8 if right else 8,
                aside=gettext("pays back"),
            )
        )
    return found


def _ends(chart: CashFlow, y: Callable[[float], float]) -> list[SafeString]:
    """The words at the ends of the lines, moved apart where they would overlap."""
    ends = [(gettext("expected"), chart.expected[-1], True)]
    ends += [(gettext("plan"), value, False) for at, value in chart.planned if at == chart.span]
    if chart.low and chart.high:
        ends += [(gettext("cautious"), chart.low[-1], False), (gettext("good"), chart.high[-1], False)]
    ends.sort(key=lambda end: -end[1])
    places: list[float] = []
    for _word, value, _strong in ends:
        places.append(max(y(value) + 4, places[-1] + APART if places else 0))
    over = places[-1] - BOTTOM
    if over > 0:
        for place in range(len(places) - 1, -1, -1):
            most = BOTTOM - APART * (len(places) - 1 - place)
            places[place] = min(places[place], most)
    return [
        text(WIDE + 0.8, place, "" if strong else chart.say(value), chart.say(value) if strong else "", aside=word)
        for (word, value, strong), place in zip(ends, places, strict=True)
    ]


def _legend(chart: CashFlow) -> tuple[LegendItem, ...]:
    items = [LegendItem("ln-actual", gettext("Actual"), shape="line")] if chart.happened else []
    items.append(LegendItem("ln-forecast", gettext("Expected"), shape="line"))
    if chart.planned:
        items.append(LegendItem("ln-plan", gettext("Approved plan"), shape="line"))
    if chart.low and chart.high:
        items.append(LegendItem("band", gettext("Cautious to good")))
    return tuple(items)


def _table(chart: CashFlow) -> Table:
    columns: list[tuple[str, Sequence[float | None]]] = [(gettext("Expected"), chart.expected)]
    columns += [(gettext("Approved plan"), chart.plan)] if chart.planned else []
    if chart.low and chart.high:
        columns += [(gettext("Cautious"), chart.low), (gettext("Good"), chart.high)]
    return Table(
        headers=(gettext("End of"), *(word for word, _values in columns)),
        rows=tuple(
            (label, *("–" if (value := values[place]) is None else chart.say(value) for _word, values in columns))
            for place, label in enumerate(chart.months, start=1)
        ),
    )
