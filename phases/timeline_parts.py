"""What a timeline of packages shows: its rows, phases and gates, where a day stands, a package in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from phases.selectors.plan_packages import PackageLine

# One row is as high in the list of names beside the picture (static/css/plan.css).
HEAD, ROW, FOOT = 56, 26, 48
QUARTER, MONTH = "quarter", "month"


@dataclass(frozen=True, slots=True)
class Frame:
    """A phase as the timeline draws it: a band from its first to its last day. The name stands where there is room."""

    label: str
    name: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Gate:
    """The end of a phase, or another day that is booked; `forecast` where it is expected on another day."""

    label: str
    day: date
    passed: bool = False
    forecast: date | None = None


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """A component with its packages; `first_of_supplement` where a line parts it from the catalogue's."""

    code: str
    title: str
    short_title: str
    lines: tuple[PackageLine, ...]
    first_of_supplement: bool = False

    @property
    def is_supplement(self) -> bool:
        """Whether it is counted apart."""
        return self.lines[0].is_supplement


@dataclass(frozen=True, slots=True)
class Timeline:
    """What a timeline shows, from `start` to `end`. `urls` leads from packages to their pages."""

    title: str
    description: str
    start: date
    end: date
    today: date
    rows: tuple[TimelineRow, ...]
    frames: tuple[Frame, ...]
    gates: tuple[Gate, ...]
    waits: tuple[tuple[tuple[str, int], tuple[str, int]], ...]
    urls: dict[tuple[str, int], str]
    zoom: str = QUARTER

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError("a timeline ends after it starts")

    @property
    def height(self) -> int:
        """Its height in pixels."""
        return HEAD + ROW * len(self.rows) + FOOT

    def at(self, day: date) -> float:
        """Where the morning of `day` stands from left to right in percent, kept inside the picture."""
        share = (day - self.start).days / ((self.end - self.start).days + 1)
        return 100 * min(1.0, max(0.0, share))

    def shows(self, first: date, last: date) -> bool:
        """Whether any of the days from `first` to `last` is in the picture."""
        return last >= self.start and first <= self.end


def timeline_rows(lines: Sequence[PackageLine]) -> tuple[TimelineRow, ...]:
    """`lines` by component, in the order of the catalogue, the supplement's last."""
    found: dict[str, list[PackageLine]] = {}
    for line in sorted(lines, key=lambda one: (one.is_supplement, one.component_number, one.component, one.phase)):
        found.setdefault(line.component, []).append(line)
    rows: list[TimelineRow] = []
    for code, packages in found.items():
        first = packages[0]
        begins = first.is_supplement and bool(rows) and not rows[-1].is_supplement
        rows.append(TimelineRow(code, first.title, first.short_title, tuple(packages), begins))
    return tuple(rows)


def line_words(line: PackageLine) -> str:
    """A package in words: name, dates, how far it is, what is wrong with it."""
    said = [_("%(component)s, phase %(phase)d") % {"component": line.title, "phase": line.phase}]
    if line.start and line.end:
        days = {"start": _day(line.start), "end": _day(line.end)}
        said.append(
            _("own dates %(start)s to %(end)s") % days
            if line.has_own_dates
            else _("%(start)s to %(end)s, as its phase") % days
        )
    said.append(
        _("%(done)d of %(total)d done or verified") % {"done": line.tally.finished, "total": line.tally.applicable}
    )
    if line.last_due:
        said.append(_("last due %(day)s") % {"day": _day(line.last_due)})
    if line.is_late:
        said.append(ngettext("%(n)d overdue", "%(n)d overdue", line.tally.overdue) % {"n": line.tally.overdue})
    if line.is_critical:
        said.append(_("critical"))
    if slips(line) and line.forecast:
        said.append(_("forecast %(day)s") % {"day": _day(line.forecast)})
    return "; ".join(said)


def slips(line: PackageLine) -> bool:
    """Whether a package is expected to end after its last due date, that of the baseline where there is one."""
    return line.forecast is not None and line.shown_end is not None and line.forecast > line.shown_end


def _day(day: date) -> str:
    return dateformat.format(day, "j M Y")
