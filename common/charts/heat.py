"""A heat map: a table whose cells say a share and show it on the scale of six steps."""

from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from common.charts.scale import heat_level, percent


@dataclass(frozen=True)
class HeatCell:
    """`part` of `total`. `title` says the cell in words; `mark`, when given, is what the small triangle means.

    With `word` the cell shows that instead of a share, and no colour: for what cannot be told yet. `aside` stands
    small beside the share, where there is room.
    """

    part: int
    total: int
    title: str = ""
    url: str = ""
    mark: str = ""
    word: str = ""
    aside: str = ""

    def html(self) -> SafeString:
        """The cell's content: a link where there is one to follow, nothing where there is nothing to do."""
        level = heat_level(self.part, self.total)
        if level is None:
            return mark_safe('<span class="heat heat-none" aria-hidden="true"></span>')
        words = f"{self.title}, {self.mark}" if self.mark else self.title
        flag = (
            mark_safe('<svg class="i" viewBox="0 0 16 16" aria-hidden="true"><path d="M2 5h12l-6 7z"/></svg>')
            if self.mark
            else ""
        )
        text = self.word or f"{percent(self.part, self.total)}%"
        beside = format_html('<small aria-hidden="true">{}</small>', self.aside) if self.aside else ""
        css = "open" if self.word else level
        if self.url:
            return format_html(
                '<a class="heat heat-{}" href="{}" aria-label="{}: {}">{}{}{}</a>',
                css,
                self.url,
                text,
                words,
                text,
                beside,
                flag,
            )
        return format_html(
            '<span class="heat heat-{}" title="{}">{}{}{}<span class="visually-hidden">: {}</span></span>',
            css,
            words,
            text,
            beside,
            flag,
            words,
        )


@dataclass(frozen=True)
class HeatColumn:
    label: str
    note: str = ""


@dataclass(frozen=True)
class HeatRow:
    """`label` may be shortened; then `title` holds the whole name."""

    label: str
    cells: tuple[HeatCell, ...]
    title: str = ""
    is_total: bool = False


@dataclass(frozen=True)
class HeatMap:
    """Rows and columns of a heat map; `corner` heads the row names. Rendered by components/heat_table.html."""

    title: str
    corner: str
    columns: tuple[HeatColumn, ...]
    rows: tuple[HeatRow, ...]

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row.cells) != len(self.columns):
                raise ValueError(f"{row.label!r} has {len(row.cells)} cells under {len(self.columns)} columns")
