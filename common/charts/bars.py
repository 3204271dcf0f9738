"""Bars: progress against plan, and stacked bars. x in percent and y in pixels, so that bars stretch and text never
scales. Colours come from classes; the presentation attribute beside a class serves where no style sheet reaches
into an SVG (PDF)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from common.charts.parts import PRINT, Chart, ChartRow, LegendItem, Table
from common.charts.scale import number, percent, positions


def _joined(parts: Sequence[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def _rect(css: str, x: float, width: float, height: int, *, y: int = 0, radius: int = 0) -> SafeString:
    return format_html(
        '<rect class="{}" fill="{}" x="{}%"{} width="{}%" height="{}"{}/>',
        css,
        PRINT[css.split()[0]],
        number(x),
        format_html(' y="{}"', y) if y else "",
        number(width),
        height,
        format_html(' rx="{}"', radius) if radius else "",
    )


def _mark(x: float, height: int) -> SafeString:
    """A black target or plan mark, two pixels wide and kept inside the picture."""
    return format_html(
        '<rect class="f-text" fill="{}" x="{}%" width="2" height="{}" rx="1"/>',
        PRINT["f-text"],
        number(min(x, 99.4)),
        height,
    )


@dataclass(frozen=True)
class ProgressBar:
    """How much of `total` is verified and done; `done` counts what is done but not yet verified.

    `plan` is how many were to be done by today. `label`, when given, opens the words of the title.
    """

    verified: int
    done: int
    total: int
    plan: int | None = None
    label: str = ""
    height: int = 8

    @property
    def share(self) -> int:
        """Done and verified, in whole percent of the total."""
        return percent(self.verified + self.done, self.total)

    def words(self) -> str:
        """The title: the message in words."""
        if self.total <= 0:
            text = gettext("nothing to do")
        else:
            text = gettext("%(verified)d verified, %(done)d done, of %(total)d") % {
                "verified": self.verified,
                "done": self.done,
                "total": self.total,
            }
            if self.plan is not None:
                text = gettext("%(text)s; plan for today %(plan)d") % {
                    "text": text,
                    "plan": self.plan,
                }
        return f"{self.label}: {text}" if self.label else text

    def svg(self) -> SafeString:
        """The bar, as wide as its place."""
        first, second = positions([self.verified, self.done], self.total)
        inset = 4 if self.plan is not None else 0
        radius = self.height // 2
        parts = [_rect("f-track", 0, 100, self.height, y=inset, radius=radius)]
        if second[1]:
            # Drawn from the left under the solid part, so that only the outer ends are round.
            parts.append(
                _rect(
                    "f-soft",
                    0,
                    second[0] + second[1],
                    self.height,
                    y=inset,
                    radius=radius,
                )
            )
        if first[1]:
            parts.append(_rect("f-accent", 0, first[1], self.height, y=inset, radius=radius))
        if self.plan is not None and self.total > 0:
            parts.append(_mark(positions([self.plan], self.total)[0][1], self.height + 2 * inset))
        return format_html(
            '<svg class="bar" width="100%" height="{}" role="img"><title>{}</title>{}</svg>',
            self.height + 2 * inset,
            self.words(),
            _joined(parts),
        )


@dataclass(frozen=True)
class PhaseProgress:
    """One row of the chart of progress per phase."""

    label: str
    verified: int
    done: int
    total: int
    plan: int | None = None
    note: str = ""
    url: str = ""


def phase_progress(rows: Sequence[PhaseProgress], *, title: str, description: str = "") -> Chart:
    """Progress per phase: verified solid, done pale, plan for today a mark, the share and its base as figures."""
    chart_rows = []
    for row in rows:
        bar = ProgressBar(row.verified, row.done, row.total, row.plan, row.label, height=10)
        chart_rows.append(
            ChartRow(
                label=row.label,
                svg=bar.svg(),
                figure=f"{bar.share}%" if row.total > 0 else "–",
                base=gettext("%(part)d of %(total)d") % {"part": row.verified + row.done, "total": row.total}
                if row.total > 0
                else "",
                note=row.note,
                url=row.url,
            )
        )
    legend = [
        LegendItem("f-accent", gettext("Verified"), sum(row.verified for row in rows)),
        LegendItem("f-soft", gettext("Done"), sum(row.done for row in rows)),
    ]
    if any(row.plan is not None for row in rows):
        legend.append(LegendItem("f-text", gettext("Plan for today"), None, shape="mark"))
    table = Table(
        headers=(
            gettext("Phase"),
            gettext("Verified"),
            gettext("Done"),
            gettext("Applicable"),
            gettext("Plan for today"),
        ),
        rows=tuple(
            (
                row.label,
                row.verified,
                row.done,
                row.total,
                "–" if row.plan is None else row.plan,
            )
            for row in rows
        ),
    )
    return Chart(
        title=title,
        description=description,
        rows=tuple(chart_rows),
        legend=tuple(legend),
        table=table,
    )


@dataclass(frozen=True)
class Series:
    """A kind of segment: its word and its fill (`accent`, `soft`, `mid`, `ok`, `warn`, `bad`, `mute`)."""

    word: str
    tone: str


@dataclass(frozen=True)
class StackedRow:
    """One bar: a value for each series, in their order. `flag` is a short word behind the bar ("2 late")."""

    label: str
    values: tuple[int, ...]
    kind: str = ""
    initials: str = ""
    url: str = ""
    flag: str = ""

    @property
    def total(self) -> int:
        return sum(self.values)


def stacked_bar(
    row: StackedRow,
    series: Sequence[Series],
    *,
    longest: int,
    width: float = 100.0,
    height: int = 14,
) -> SafeString:
    """One stacked bar; `longest` is the total that fills `width` percent of the place."""
    if len(row.values) != len(series):
        raise ValueError(f"{row.label!r} has {len(row.values)} values for {len(series)} series")
    spans = positions(row.values, max(longest, row.total), width)
    words = ", ".join(f"{value} {one.word}" for value, one in zip(row.values, series, strict=True) if value)
    parts = [
        _rect(f"f-{one.tone} seg", start, length, height, y=2)
        for (start, length), one in zip(spans, series, strict=True)
        if length
    ]
    if row.flag:
        end = sum(spans[-1]) if spans else 0.0
        parts.append(
            format_html(
                '<text class="seg-n" fill="{}" font-size="11" x="{}%" y="{}" dx="6">{}</text>',
                PRINT["f-bad-text"],
                number(end),
                height - 1,
                row.flag,
            )
        )
    return format_html(
        '<svg class="bar" width="100%" height="{}" role="img"><title>{}: {}</title>{}</svg>',
        height + 4,
        row.label,
        words or gettext("nothing"),
        _joined(parts),
    )


def stacked_bars(
    rows: Sequence[StackedRow],
    series: Sequence[Series],
    *,
    title: str,
    label: str,
    description: str = "",
) -> Chart:
    """Stacked bars on one common scale, a row each; `label` heads the column of names."""
    longest = max((row.total for row in rows), default=0)
    width = 84.0 if any(row.flag for row in rows) else 100.0
    totals = [sum(row.values[index] for row in rows) for index in range(len(series))]
    return Chart(
        title=title,
        description=description,
        rows=tuple(
            ChartRow(
                label=row.label,
                svg=stacked_bar(row, series, longest=longest, width=width),
                figure=str(row.total),
                kind=row.kind,
                initials=row.initials,
                url=row.url,
            )
            for row in rows
        ),
        legend=tuple(LegendItem(f"f-{one.tone}", one.word, total) for one, total in zip(series, totals, strict=True)),
        table=Table(
            headers=(label, *(one.word for one in series), gettext("All")),
            rows=tuple((row.label, *row.values, row.total) for row in rows),
        ),
    )


def segments(values: Sequence[int], series: Sequence[Series], *, label: str, height: int = 14) -> SafeString:
    """One whole bar cut into its shares, always as wide as its place."""
    row = StackedRow(label=label, values=tuple(values))
    return stacked_bar(row, series, longest=row.total, height=height)
