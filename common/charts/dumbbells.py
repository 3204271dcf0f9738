"""Then, now and target in rows: on a scale (dumbbells), or on a ladder of steps."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from common.charts.parts import PRINT, Chart, ChartRow, LegendItem, Table
from common.charts.scale import number

_NOTHING = mark_safe("")


@dataclass(frozen=True)
class DumbbellRow:
    """A name with its value then and now, each None where there is none, and the target where one is set.

    `most` is what the value could still become; it is drawn as a pale band from `now`.
    """

    label: str
    before: int | None
    now: int | None
    target: int | None = None
    most: int | None = None
    base: str = ""
    note: str = ""
    url: str = ""


def _plain(value: int) -> str:
    return str(value)


def dumbbells(
    rows: Sequence[DumbbellRow],
    *,
    title: str,
    label: str,
    names: tuple[str, str],
    description: str = "",
    top: int = 100,
    say: Callable[[int], str] = _plain,
    most_name: str = "",
) -> Chart:
    """Rows on one scale from 0 to `top`: an empty dot then, a full dot now, a black mark for the target.

    `names` are what then and now are called, `most_name` what the pale band is; `label` heads the names of the rows;
    `say` writes a value.
    """

    def word(value: int | None) -> str:
        return "–" if value is None else say(value)

    legend = [LegendItem("f-surface st-control", names[0], shape="ring"), LegendItem("f-accent", names[1], shape="dot")]
    has_most = any(row.most is not None for row in rows)
    if has_most:
        legend.append(LegendItem("f-mute", most_name))
    has_target = any(row.target is not None for row in rows)
    if has_target:
        legend.append(LegendItem("f-text", gettext("Target"), shape="mark"))
    return Chart(
        title=title,
        description=description,
        rows=tuple(
            ChartRow(
                label=row.label,
                svg=_dumbbell(row, names, top, word),
                figure=word(row.now),
                base=row.base,
                note=row.note,
                url=row.url,
            )
            for row in rows
        ),
        legend=tuple(legend),
        table=Table(
            headers=(label, *names, *((most_name,) if has_most else ()), *((gettext("Target"),) if has_target else ())),
            rows=tuple(
                (
                    row.label,
                    word(row.before),
                    word(row.now),
                    *((word(row.most),) if has_most else ()),
                    *((word(row.target),) if has_target else ()),
                )
                for row in rows
            ),
        ),
    )


def _ring(at: str) -> SafeString:
    return format_html(
        '<circle class="f-surface st-control" fill="{}" stroke="{}" stroke-width="1.6" cx="{}%" cy="9" r="4"/>',
        PRINT["f-surface"],
        PRINT["ln-plan"],
        at,
    )


def _words(row: DumbbellRow, names: tuple[str, str], word: Callable[[int | None], str]) -> str:
    parts = [f"{names[0]} {word(row.before)}", f"{names[1]} {word(row.now)}"]
    if row.most is not None:
        parts.append(gettext("at most %(value)s") % {"value": word(row.most)})
    if row.target is not None:
        parts.append(gettext("target %(value)s") % {"value": word(row.target)})
    return f"{row.label}: {', '.join(parts)}"


def _dumbbell(row: DumbbellRow, names: tuple[str, str], top: int, word: Callable[[int | None], str]) -> SafeString:
    def at(value: int) -> str:
        return number(100 * min(max(value, 0), top) / top)

    parts = [
        format_html('<line class="g-line" stroke="{}" x1="0" x2="100%" y1="9" y2="9"/>', PRINT["g-line"]),
    ]
    if row.most is not None:
        start = row.now or 0
        parts.append(
            format_html(
                '<rect class="f-mute" fill="{}" x="{}%" y="6" width="{}%" height="6" rx="3"/>',
                PRINT["f-mute"],
                at(start),
                number(100 * max(0, min(row.most, top) - start) / top),
            )
        )
    if row.before is not None and row.now is not None:
        parts.append(
            format_html(
                '<line class="ln-dumb" stroke="{}" stroke-width="3" x1="{}%" x2="{}%" y1="9" y2="9"/>',
                PRINT["f-soft"],
                at(row.before),
                at(row.now),
            )
        )
    if row.target is not None:
        parts.append(
            format_html(
                '<rect class="f-text" fill="{}" x="{}%" y="2" width="2" height="14"/>', PRINT["f-text"], at(row.target)
            )
        )
    if row.before is not None:
        parts.append(_ring(at(row.before)))
    if row.now is not None:
        parts.append(
            format_html('<circle class="f-accent" fill="{}" cx="{}%" cy="9" r="5"/>', PRINT["f-accent"], at(row.now))
        )
    return format_html(
        '<svg class="bar dumb" width="100%" height="18" role="img"><title>{}</title>{}</svg>',
        _words(row, names, word),
        format_html_join("", "{}", ((part,) for part in parts)),
    )


@dataclass(frozen=True)
class Steps:
    """A ladder: which steps are ticked, from the lowest. What lies above a gap is drawn as not counting.

    `before` is the level then, `target` the level wanted; `words` say all of it.
    """

    ticked: tuple[bool, ...]
    words: str
    before: int | None = None
    target: int | None = None

    @property
    def level(self) -> int:
        """How many steps are ticked without a gap below."""
        return next((place for place, is_on in enumerate(self.ticked) if not is_on), len(self.ticked))

    def svg(self) -> SafeString:
        """The ladder lying on its side, as wide as its place: boxes, a ring at the level then, a mark at the target."""
        count = max(1, len(self.ticked))
        width = 100 / count
        parts = []
        for place, is_on in enumerate(self.ticked):
            css = "step-on" if place < self.level else "step-above" if is_on else "step-off"
            parts.append(
                format_html(
                    '<rect class="{}" fill="{}" x="{}%" y="3" width="{}%" height="12" rx="2"/>',
                    css,
                    PRINT[css],
                    number(place * width + 0.4),
                    number(width - 0.8),
                )
            )
        if self.target is not None:
            parts.append(
                format_html(
                    '<rect class="f-text" fill="{}" x="{}%" y="0" width="2" height="18"/>',
                    PRINT["f-text"],
                    number(min(self.target * width, 99.2)),
                )
            )
        if self.before is not None:
            parts.append(_ring(number(self.before * width)))
        return format_html(
            '<svg class="bar dumb" width="100%" height="18" role="img"><title>{}</title>{}</svg>',
            self.words,
            format_html_join("", "{}", ((part,) for part in parts)) if parts else _NOTHING,
        )
