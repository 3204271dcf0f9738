"""The timeline of packages as one SVG: a row a component, a bar a package.

x in percent, y in pixels, so that text never scales; the names of the rows stand beside it, in rows of the same height.
Bars are links, so the picture is a group and no image: a keyboard reaches each.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils import dateformat
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common.charts.parts import PRINT, Chart, LegendItem, Table
from common.charts.scale import number, positions
from phases.selectors.plan_packages import PackageLine
from phases.timeline_parts import HEAD, MONTH, QUARTER, ROW, Timeline, TimelineRow, line_words, slips

MONTH_WIDTH = 84
_DAY = timedelta(days=1)
# Labels nearer than this (percent of the width) go on two lines.
_NEAR = 9.0
# A phase narrower than this (in percent) shows its number alone.
_ROOM_FOR_NAME = 16.0


def timeline_chart(timeline: Timeline) -> Chart:
    """The picture with its legend and its data."""
    lines = [line for row in timeline.rows for line in row.lines]
    parts = [
        *_bands(timeline),
        *_grid(timeline),
        *(part for place, row in enumerate(timeline.rows) for part in _row(timeline, place, row)),
        *_arrows(timeline),
        *_gates(timeline),
        *_today(timeline),
    ]
    months = _months_between(timeline.start, timeline.end)
    svg = format_html(
        '<svg class="chart tl-svg" width="{}" height="{}" role="group" aria-label="{}"><desc>{}</desc>{}</svg>',
        months * MONTH_WIDTH if timeline.zoom == MONTH else "100%",
        timeline.height,
        timeline.title,
        timeline.description,
        _joined(parts),
    )
    return Chart(
        title=timeline.title,
        description=timeline.description,
        svg=svg,
        legend=_legend(timeline, lines),
        table=Table(
            headers=(
                _("Package"),
                _("Start"),
                _("End"),
                _("Verified"),
                _("Done"),
                _("Applicable"),
                _("Last due"),
                _("Overdue"),
                _("Critical"),
            ),
            rows=tuple(
                (
                    f"{line.component} {line.phase}",
                    line.start.isoformat() if line.start else "–",
                    line.end.isoformat() if line.end else "–",
                    line.tally.verified,
                    line.tally.done,
                    line.tally.applicable,
                    line.last_due.isoformat() if line.last_due else "–",
                    line.tally.overdue if line.is_late else 0,
                    _("yes") if line.is_critical else "",
                )
                for line in lines
            ),
        ),
    )


def _legend(timeline: Timeline, lines: Sequence[PackageLine]) -> tuple[LegendItem, ...]:
    items = [
        LegendItem("f-accent", _("Verified")),
        LegendItem("f-soft", _("Done")),
        LegendItem("f-mute", _("Still to do, from first to last due date")),
        LegendItem("tl-frame", _("Dates of the package")),
    ]
    if any(line.baseline_due for line in lines):
        items.append(LegendItem("f-text", _("Last due in the baseline"), shape="mark"))
    if any(slips(line) for line in lines):
        items.append(LegendItem("f-warn", _("Forecast after the last due date")))
    if any(line.is_late for line in lines):
        items.append(LegendItem("tl-late", _("Overdue activities"), shape="figure"))
    if any(line.is_critical for line in lines):
        items.append(LegendItem("tl-crit", _("Critical"), shape="triangle"))
    if timeline.waits:
        items.append(LegendItem("tl-dep", _("Waits for"), shape="line"))
    return tuple(items)


def _joined(parts: Sequence[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))


def _months_between(start: date, end: date) -> int:
    return max(1, (end.year - start.year) * 12 + end.month - start.month + 1)


def _line(css: str, stroke: str, x: float, y1: float, y2: float) -> SafeString:
    return format_html(
        '<line class="{}" stroke="{}" x1="{x}%" x2="{x}%" y1="{}" y2="{}"/>',
        css,
        stroke,
        number(y1),
        number(y2),
        x=number(x),
    )


def _rect(css: str, fill: str, x: float, width: float, y: float, height: float, radius: int = 0) -> SafeString:
    return format_html(
        '<rect class="{}" fill="{}" x="{}%" y="{}" width="{}%" height="{}"{}/>',
        css,
        fill,
        number(x),
        number(y),
        number(width),
        number(height),
        format_html(' rx="{}"', radius) if radius else "",
    )


def _text(x: float, y: float, words: object, *, css: str = "", anchor: str = "start", dx: int = 0) -> SafeString:
    return format_html(
        '<text{} fill="{}" font-size="11" x="{}%" y="{}"{}{}>{}</text>',
        format_html(' class="{}"', css) if css else "",
        PRINT["t-label" if "lbl" in css else "t-axis"],
        number(x),
        number(y),
        format_html(' dx="{}"', dx) if dx else "",
        format_html(' text-anchor="{}"', anchor) if anchor != "start" else "",
        words,
    )


def _shape(css: str, fill: str, x: float, y: float, path: str) -> SafeString:
    """A small shape at a place: its path is in pixels around (0, 0)."""
    return format_html(
        '<svg x="{}%" y="{}" width="1" height="1" overflow="visible"><path class="{}" fill="{}" d="{}"/></svg>',
        number(x),
        number(y),
        css,
        fill,
        path,
    )


def _grid(timeline: Timeline) -> list[SafeString]:
    """A line at the beginning of each month or quarter, with its name."""
    parts = []
    bottom = HEAD + ROW * len(timeline.rows)
    step = 3 if timeline.zoom == QUARTER else 1
    day = timeline.start.replace(day=1)
    if step == 3:
        day = day.replace(month=3 * ((day.month - 1) // 3) + 1)
    first = True
    while day <= timeline.end:
        following = (day + timedelta(days=32 * step)).replace(day=1)
        if step == 3:
            following = following.replace(month=3 * ((following.month - 1) // 3) + 1)
        x = timeline.at(day)
        if day > timeline.start:
            parts.append(_line("g-line", PRINT["g-line"], x, 18, bottom))
        # A name needs room up to the next line.
        if timeline.at(following) - x > (6 if step == 3 else 2.5):
            if step == 3:
                words = _("Q%(quarter)d %(year)d") % {"quarter": (day.month + 2) // 3, "year": day.year}
            else:
                words = dateformat.format(day, "M Y" if first or day.month == 1 else "M")
            parts.append(_text(x, 12, words, dx=3 if day > timeline.start else 0))
        first = False
        day = following
    return parts


def _bands(timeline: Timeline) -> list[SafeString]:
    """The phases: a band each, with its name above."""
    parts = []
    for place, frame in enumerate(timeline.frames):
        if not timeline.shows(frame.start, frame.end):
            continue
        x, until = timeline.at(frame.start), timeline.at(frame.end + _DAY)
        css = "tl-band tl-band-odd" if place % 2 else "tl-band"
        parts.append(
            _rect(css, "#f7f8fa" if place % 2 else "#ffffff", x, until - x, 20, HEAD - 20 + ROW * len(timeline.rows))
        )
        words = f"{frame.label} {frame.name}" if until - x > _ROOM_FOR_NAME else frame.label
        parts.append(_text(x, 33, words, css="lbl", dx=3))
    return parts


def _row(timeline: Timeline, place: int, row: TimelineRow) -> list[SafeString]:
    y = HEAD + ROW * place
    parts = []
    if row.first_of_supplement:
        parts.append(
            format_html(
                '<line class="g-axis" stroke="{}" x1="0" x2="100%" y1="{y}" y2="{y}"/>', PRINT["g-axis"], y=number(y)
            )
        )
    parts.extend(
        _bar(timeline, line, line.start, line.end, y)
        for line in row.lines
        if line.start and line.end and timeline.shows(line.start, max(line.end, line.last_due or line.end))
    )
    return parts


def _bar(timeline: Timeline, line: PackageLine, start: date, end: date, y: int) -> SafeString:
    """One package: the frame of its dates, the span of its due dates filled by what is done, marks and numbers."""
    words = line_words(line)
    x, until = timeline.at(start), timeline.at(end + _DAY)
    parts = [
        format_html("<title>{}</title>", words),
        _rect("tl-frame", PRINT["f-track"], x, until - x, y + 5, 16, 3),
    ]
    begins = min(line.first_due or start, start) if line.has_own_dates else line.first_due or start
    left, right = timeline.at(begins), timeline.at((line.last_due or end) + _DAY)
    if right - left < 0.4:
        left = max(0.0, right - 0.4)
    parts.append(_rect("f-mute", PRINT["f-mute"], left, right - left, y + 8, 10, 2))
    if line.tally.applicable:
        verified, done = positions([line.tally.verified, line.tally.done], line.tally.applicable, right - left)
        if done[1]:
            parts.append(_rect("f-soft", PRINT["f-soft"], left, done[0] + done[1], y + 8, 10, 2))
        if verified[1]:
            parts.append(_rect("f-accent", PRINT["f-accent"], left, verified[1], y + 8, 10, 2))
    if line.forecast is not None and line.shown_end is not None and slips(line):
        there = timeline.at(line.shown_end + _DAY)
        parts.append(_rect("f-warn", PRINT["f-warn"], there, timeline.at(line.forecast + _DAY) - there, y + 8, 10, 2))
    if line.baseline_due is not None:
        mark = timeline.at(line.baseline_due + _DAY)
        parts.append(
            format_html(
                '<rect class="f-text" fill="{}" x="{}%" y="{}" width="2" height="16"/>',
                PRINT["f-text"],
                number(mark),
                y + 5,
            )
        )
    if line.is_critical:
        parts.append(_shape("tl-crit", PRINT["f-bad"], x, y + 13, "M5-4.5l5 9H0z"))
    if line.is_late:
        parts.append(_text(right, y + 17, line.tally.overdue, css="tl-late", dx=3))
    content = _joined(parts)
    url = timeline.urls.get(line.key, "")
    if not url:
        return format_html("<g>{}</g>", content)
    return format_html('<a class="tl-a" href="{}" aria-label="{}">{}</a>', url, words, content)


def _ends(timeline: Timeline, line: PackageLine) -> tuple[float, float]:
    """Where work of a package begins and ends in the picture."""
    begins = line.first_due or line.start or timeline.start
    ends = line.last_due or line.end or timeline.end
    return timeline.at(begins), timeline.at(ends + _DAY)


def _arrows(timeline: Timeline) -> list[SafeString]:
    """From the last day of a package down or up to the one that waits for it."""
    places = {
        line.key: (place, line)
        for place, row in enumerate(timeline.rows)
        for line in row.lines
        if line.start and line.end and timeline.shows(line.start, line.end)
    }
    parts = []
    for before, after in timeline.waits:
        if before not in places or after not in places:
            continue
        (from_place, first), (to_place, second) = places[before], places[after]
        x = _ends(timeline, first)[1]
        target = _ends(timeline, second)[0]
        down = to_place > from_place
        y1 = HEAD + ROW * from_place + (18 if down else 8)
        middle = HEAD + ROW * to_place + 13
        hot = " tl-hot" if first.is_critical and second.is_critical else ""
        stroke = PRINT["f-bad"] if hot else PRINT["t-axis"]
        if target > x:
            parts.append(_line(f"tl-dep{hot}", stroke, x, y1, middle))
            parts.append(
                format_html(
                    '<line class="tl-dep{}" stroke="{}" x1="{}%" x2="{}%" y1="{y}" y2="{y}"/>',
                    hot,
                    stroke,
                    number(x),
                    number(target),
                    y=middle,
                )
            )
            parts.append(_shape(f"tl-arr{hot}", stroke, target, middle, "M0 0l-5-3.5v7z"))
        else:
            edge = HEAD + ROW * to_place + (7 if down else 19)
            parts.append(_line(f"tl-dep{hot}", stroke, x, y1, edge))
            parts.append(_shape(f"tl-arr{hot}", stroke, x, edge, "M0 0l-3.5-5h7z" if down else "M0 0l-3.5 5h7z"))
    return parts


_DIAMOND = "M0-6l6 6-6 6-6-6z"


def _gates(timeline: Timeline) -> list[SafeString]:
    """The ends of the phases: a line and a diamond each, hollow where one is expected on another day."""
    parts = []
    bottom = HEAD + ROW * len(timeline.rows)
    previous, level = -100.0, 0
    for gate in timeline.gates:
        if not timeline.start <= gate.day <= timeline.end:
            continue
        x = timeline.at(gate.day + _DAY)
        parts.append(_line("ln-gate", PRINT["ln-gate"], x, 36, bottom + 4))
        css, fill = ("f-ok", PRINT["f-ok"]) if gate.passed else ("f-text", PRINT["f-text"])
        parts.append(_shape(css, fill, x, bottom + 10, _DIAMOND))
        words = dateformat.format(gate.day, "j M Y")
        if gate.forecast is not None and gate.forecast != gate.day:
            parts.append(_shape("tl-gf", "#ffffff", timeline.at(gate.forecast + _DAY), bottom + 10, _DIAMOND))
            words = _("%(day)s, now %(forecast)s") % {
                "day": dateformat.format(gate.day, "j M"),
                "forecast": dateformat.format(gate.forecast, "j M Y"),
            }
        level = 1 - level if x - previous < _NEAR else 0
        previous = x
        anchor = "start" if x < 5 else "end" if x > 92 else "middle"
        said = format_html('<tspan class="lbl" fill="{}">{}</tspan> {}', PRINT["t-label"], gate.label, words)
        parts.append(_text(x, bottom + 29 + 14 * level, said, anchor=anchor))
    return parts


def _today(timeline: Timeline) -> list[SafeString]:
    if not timeline.start <= timeline.today <= timeline.end:
        return []
    x = timeline.at(timeline.today)
    word = format_html('<tspan class="tl-now">{}</tspan>', _("Today"))
    return [
        _line("tl-today", PRINT["ln-actual"], x, 48, HEAD + ROW * len(timeline.rows)),
        _text(x, 46, word, css="halo", anchor="start" if x < 3 else "end" if x > 97 else "middle"),
    ]
