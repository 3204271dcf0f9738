"""What every chart is made of: a title that says the message, rows or one picture, a legend, its data as a table."""

from dataclasses import dataclass, field

from django.utils.safestring import SafeString, mark_safe

#: Light values of the classes that colour charts, as presentation attributes for where no style sheet reaches.
#: On a page the class wins and follows the theme.
PRINT = {
    "f-accent": "#3650c0",
    "f-soft": "#a9b7ee",
    "f-mid": "#7186dc",
    "f-ok": "#2f9467",
    "f-warn": "#d99a26",
    "f-bad": "#cf4149",
    "f-mute": "#cfd5de",
    "f-track": "#eef0f4",
    "f-text": "#171b23",
    "f-surface": "#ffffff",
    "f-bad-text": "#b4262f",
    "t-axis": "#636b79",
    "t-label": "#171b23",
    "ln-plan": "#8a919e",
    "ln-actual": "#3650c0",
    "ln-forecast": "#3650c0",
    "ln-today": "#636b79",
    "ln-gate": "#d99a26",
    "g-line": "#e4e7ec",
    "g-axis": "#c9ced7",
    "step-on": "#3650c0",
    "step-above": "#fdf2da",
    "step-off": "#eef0f4",
    "band": "#e7eaf8",
    "area": "#f2f4fc",
}

#: The dashes of lines, for legends.
DASHES = {"ln-plan": "5 4", "ln-forecast": "2 4"}

#: A cell of a data table: a word or a figure (figures stand at the right).
Cell = str | int


@dataclass(frozen=True)
class Table:
    """A chart's data; the first column names the row."""

    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.headers):
                raise ValueError(f"a row of {len(row)} cells under {len(self.headers)} headers")


@dataclass(frozen=True)
class LegendItem:
    """A swatch (`css` colours it), its word and, where it helps, its figure; `shape`: box, mark, line, ring, dot."""

    css: str
    word: str
    figure: int | None = None
    shape: str = "box"


@dataclass(frozen=True)
class ChartRow:
    """One labelled bar: the picture, its figure with the base it counts from, and who or where it leads to."""

    label: str
    svg: SafeString
    figure: str = ""
    base: str = ""
    note: str = ""
    kind: str = ""
    initials: str = ""
    url: str = ""


@dataclass(frozen=True)
class Chart:
    """A finished chart: rows of bars or one picture (`svg`), to be rendered by components/chart.html."""

    title: str
    table: Table
    description: str = ""
    rows: tuple[ChartRow, ...] = ()
    svg: SafeString = field(default_factory=lambda: mark_safe(""))
    legend: tuple[LegendItem, ...] = ()

    @property
    def has_base(self) -> bool:
        """Whether the rows say what their figure counts from."""
        return any(row.base for row in self.rows)
