"""The dashboard's figures as charts and lines, each with the address of the rows behind it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.charts import (
    Chart,
    HeatCell,
    HeatColumn,
    HeatMap,
    HeatRow,
    PhaseProgress,
    Series,
    StackedRow,
    percent,
    phase_progress,
    stacked_bars,
)
from phases.choices import PhaseState, Status
from phases.domain.figures import SOON_DAYS, Figures, Tally
from phases.domain.transitions import NOT_APPLICABLE, STATUSES
from phases.forms.board import query_string
from phases.selectors.attention import OVERDUE, STUCK, UNASSIGNED, Concern
from phases.selectors.board import BoardQuery
from phases.selectors.catalogue import CatalogueTexts
from phases.selectors.dashboard import Dashboard, PhaseLine
from projects.models import Project

APPLICABLE = tuple(status for status in STATUSES if status != NOT_APPLICABLE)
FINISHED = (Status.DONE.value, Status.VERIFIED.value)
# The phases in which the components run; initiation has no components.
COMPONENT_PHASES = (1, 2, 3)
NOBODY = 0


def board_url(project: Project, phase: int, *, open_ref: str = "", **asked: Any) -> str:
    """The board of a phase, showing what `asked` (fields of BoardQuery) says."""
    extra = [("open", open_ref)] if open_ref else []
    return reverse("board", args=[project.slug, phase]) + query_string(BoardQuery(**asked), extra=extra)


@dataclass(frozen=True, slots=True)
class Tile:
    """A key figure and the rows behind it."""

    label: str
    value: int
    note: str
    icon: str
    tone: str
    url: str


@dataclass(frozen=True, slots=True)
class ConcernLine:
    """A line of what needs attention."""

    ref: str
    title: str
    tag: str
    tone: str
    why: str
    party_name: str
    party_kind: str
    party_initials: str
    url: str


@dataclass(frozen=True, slots=True)
class StripPhase:
    """A phase in the strip of dates."""

    line: PhaseLine
    word: str
    note: str
    url: str


def state_shape(state: str) -> str:
    """The shape of a phase state."""
    return "ps-" + state.replace(" ", "-")


def tiles(project: Project, board: Dashboard) -> list[Tile]:
    """What is late, blocked, unassigned and to verify in the current phase."""
    tally, ages, number = board.current.tally, board.ages, board.current.number

    def oldest(days: int | None) -> str:
        if days is None:
            return ""
        return _("oldest today") if days == 0 else ngettext("oldest %d day", "oldest %d days", days) % days

    soon = ages.unassigned_soon
    return [
        Tile(
            _("Overdue"),
            tally.overdue,
            oldest(ages.overdue) or _("nothing is late"),
            "alarm",
            "bad" if tally.overdue else "",
            board_url(project, number, view="overdue"),
        ),
        Tile(
            _("Blocked"),
            tally.blocked,
            oldest(ages.blocked) or _("nothing is blocked"),
            "st-blocked",
            "bad" if tally.blocked else "",
            board_url(project, number, view="blocked"),
        ),
        Tile(
            _("Unassigned"),
            tally.unassigned,
            ngettext("%(n)d due within %(days)d days", "%(n)d due within %(days)d days", soon)
            % {"n": soon, "days": SOON_DAYS}
            if tally.unassigned
            else _("everything has somebody"),
            "person-dash",
            "warn" if tally.unassigned else "",
            board_url(project, number, view="unassigned"),
        ),
        Tile(
            _("To verify"),
            tally.done,
            oldest(ages.to_verify) or _("nothing waits"),
            "shield-check",
            "",
            board_url(project, number, view="verify"),
        ),
    ]


def progress_links(project: Project, board: Dashboard) -> dict[str, str]:
    """Where the figures of the current phase lead."""
    number = board.current.number
    return {
        "finished": board_url(project, number, statuses=FINISHED),
        "verified": board_url(project, number, statuses=(Status.VERIFIED.value,)),
        "done": board_url(project, number, statuses=(Status.DONE.value,)),
        "applicable": board_url(project, number, statuses=APPLICABLE),
        "left_out": board_url(project, number, statuses=(Status.NOT_APPLICABLE.value,)),
        "planned": board_url(project, number, statuses=APPLICABLE, due_until=board.today),
        "board": board_url(project, number),
    }


def concern_line(project: Project, concern: Concern, phase: int) -> ConcernLine:
    """One line of what needs attention, in words."""
    row, days = concern.row, concern.days
    status = Status(row.status).label
    if concern.kind == OVERDUE:
        tag, tone = ngettext("%d day late", "%d days late", days) % days, "bad"
        why = f"{status}: {row.reason}" if row.reason and row.status == Status.BLOCKED else str(status)
        view = "overdue"
    elif concern.kind == STUCK:
        tag, tone = _("Blocked %d d") % days, "bad"
        why, view = row.reason or _("No reason given"), "blocked"
    elif concern.kind == UNASSIGNED:
        tag, tone, view = _("Unassigned"), "warn", "unassigned"
        why = (
            _("Due today and nobody is responsible")
            if days == 0
            else ngettext("Due in %d day and nobody is responsible", "Due in %d days and nobody is responsible", days)
            % days
        )
    else:
        tag, tone, view = _("To verify"), "", "verify"
        why = (
            ngettext("Done %d day ago, nobody has verified it", "Done %d days ago, nobody has verified it", days) % days
        )
    return ConcernLine(
        ref=row.ref,
        title=row.title,
        tag=tag,
        tone=tone,
        why=why,
        party_name=row.party_name,
        party_kind=row.party_kind,
        party_initials=row.party_initials if row.party_name else "",
        url=board_url(project, phase, view=view, open_ref=row.ref),
    )


def progress_chart(project: Project, board: Dashboard) -> Chart | None:
    """Done and verified of what is applicable, per phase; None where no phase has activities."""
    rows = [_progress_row(project, line, line.tally, str(line.name)) for line in board.phases if line.tally.total]
    if not rows:
        return None
    chart = phase_progress(
        rows,
        title=_("Progress per phase"),
        description=_("Verified and done of what is applicable; the mark is the plan for today."),
    )
    return _without_sums(chart)


def supplement_chart(project: Project, board: Dashboard) -> Chart | None:
    """Progress on the supplement's rows, which no other figure includes; None where there are none."""
    supplement = board.figures.supplement
    if supplement is None:
        return None
    rows = [
        _progress_row(project, line, supplement.phases[line.number], str(line.name))
        for line in board.phases
        if line.number in supplement.phases
    ]
    return _without_sums(phase_progress(rows, title=_("Progress of the supplement per phase")))


def _without_sums(chart: Chart) -> Chart:
    """Phases ask for different things, so nothing is added up over them, not even in a legend."""
    return replace(chart, legend=tuple(replace(item, figure=None) for item in chart.legend))


def _progress_row(project: Project, line: PhaseLine, tally: Tally, name: str) -> PhaseProgress:
    return PhaseProgress(
        label=f"{line.number} {name}",
        verified=tally.verified,
        done=tally.done,
        total=tally.applicable,
        plan=tally.planned_by_today if line.is_under_way else None,
        url=board_url(project, line.number),
    )


def component_map(project: Project, board: Dashboard, texts: CatalogueTexts) -> HeatMap | None:
    """Component x phase: how much of what is applicable is done or verified."""
    lines = [line for line in board.phases if line.number in COMPONENT_PHASES]
    figures = board.figures
    codes = [code for code in texts.components if _has_rows(figures, code)]
    codes += sorted(code for code in figures.components if code not in texts.components and _has_rows(figures, code))
    if not codes or not lines:
        return None
    rows = []
    for code in codes:
        text = texts.components.get(code)
        title = text.title if text else code
        cells = tuple(_cell(project, line, figures.components[code].get(line.number), title, code) for line in lines)
        rows.append(HeatRow(text.short_title if text else code, cells, title))
    rows.append(
        HeatRow(
            _("All components"),
            tuple(_cell(project, line, line.tally, _("All components"), "") for line in lines),
            is_total=True,
        )
    )
    return HeatMap(
        title=_("Done or verified, of what is applicable, by component and phase"),
        corner=_("Component"),
        columns=tuple(
            HeatColumn(_("Phase %(number)d") % {"number": line.number}, str(PhaseState(line.state).label).lower())
            for line in lines
        ),
        rows=tuple(rows),
    )


def _has_rows(figures: Figures, code: str) -> bool:
    return any(number in COMPONENT_PHASES for number in figures.components.get(code, {}))


def _cell(project: Project, line: PhaseLine, tally: Tally | None, name: str, code: str) -> HeatCell:
    if tally is None or not tally.applicable:
        return HeatCell(0, 0)
    behind = tally.planned_by_today - tally.finished
    return HeatCell(
        part=tally.finished,
        total=tally.applicable,
        title=_("%(name)s in phase %(phase)d: %(part)d of %(total)d done or verified")
        % {"name": name, "phase": line.number, "part": tally.finished, "total": tally.applicable},
        url=board_url(project, line.number, components=(code,) if code else (), statuses=APPLICABLE),
        mark=_("%(count)d behind plan") % {"count": behind} if behind > 0 and not line.is_closed else "",
    )


def workload_chart(project: Project, board: Dashboard) -> Chart | None:
    """The parties of the current phase; None where nothing in it is given to anybody."""
    if not any(load.party_id is not None for load in board.loads):
        return None
    rows = []
    for load in board.loads:
        tally = load.tally
        rows.append(
            StackedRow(
                label=load.name or _("Unassigned"),
                values=(tally.finished, tally.on_time, tally.due_soon, tally.overdue),
                kind=load.kind or "nobody",
                url=board_url(project, board.current.number, parties=(load.party_id or NOBODY,), statuses=APPLICABLE),
                flag=_("%d late") % tally.overdue if tally.overdue else "",
            )
        )
    series = [
        Series(_("Done or verified"), "mid"),
        Series(_("On time"), "mute"),
        Series(_("Due within %d days") % SOON_DAYS, "warn"),
        Series(_("Overdue"), "bad"),
    ]
    return stacked_bars(rows, series, title=_("Workload by responsible party"), label=_("Responsible party"))


def strip(project: Project, board: Dashboard) -> list[StripPhase]:
    """The phases with their dates, in words."""
    return [
        StripPhase(line, str(PhaseState(line.state).label), _when(line, board.today), board_url(project, line.number))
        for line in board.phases
    ]


def _when(line: PhaseLine, today: date) -> str:
    if line.is_closed or line.end is None:
        return ""
    if line.is_under_way:
        days = (line.end - today).days
        if days < 0:
            return ngettext("%d day over its end", "%d days over its end", -days) % -days
        return ngettext("%d day left", "%d days left", days) % days
    if line.start is not None and line.start < today:
        days = (today - line.start).days
        return ngettext("should have started %d day ago", "should have started %d days ago", days) % days
    return ""


_STRIP_FILLS = {
    PhaseState.CLOSED: ("f-mid", "#7186dc"),
    PhaseState.ACTIVE: ("f-accent", "#3650c0"),
    PhaseState.IN_REVIEW: ("f-accent", "#3650c0"),
    PhaseState.PLANNED: ("f-mute", "#cfd5de"),
}


def strip_svg(phases: Sequence[PhaseLine], today: date) -> SafeString | str:
    """The planned dates of the phases on one line, with today; "" where none is dated. The list says it in words."""
    dated = [(line, line.start, line.end) for line in phases if line.start is not None and line.end is not None]
    if not dated:
        return ""
    first = min(start for _line, start, _end in dated)
    days = (max(end for _line, _start, end in dated) - first).days + 1

    def place(day: date) -> str:
        return f"{100 * (day - first).days / days:.2f}"

    bars = format_html_join(
        "",
        '<rect class="{} seg" fill="{}" x="{}%" y="16" width="{}%" height="10"/>'
        '<text class="t-axis" fill="#636b79" x="{}%" y="10">{}</text>',
        (
            (
                *_STRIP_FILLS[PhaseState(line.state)],
                place(start),
                f"{100 * ((end - start).days + 1) / days:.2f}",
                place(start),
                line.number,
            )
            for line, start, end in dated
        ),
    )
    mark: SafeString | str = ""
    if first <= today < first + timedelta(days=days):
        share = (today - first).days / days
        anchor = "start" if share < 0.1 else "end" if share > 0.9 else "middle"
        mark = format_html(
            '<rect class="f-text" fill="#171b23" x="{}%" y="13" width="2" height="16" rx="1"/>'
            '<text class="lbl" fill="#171b23" x="{}%" y="41" text-anchor="{}">{}</text>',
            place(today),
            place(today),
            anchor,
            _("today"),
        )
    return format_html(
        '<svg class="chart" width="100%" height="44" role="img" font-size="11"><title>{}</title>{}{}</svg>',
        _("The phases on one line of time"),
        bars,
        mark,
    )


def weighted_shares(board: Dashboard) -> list[tuple[PhaseLine, int, int]]:
    """The phases with what is done or verified and what is verified of each, in percent, weighted by package."""
    found = board.found.standing.progress
    return [
        (line, int(found[line.number].finished * 100), int(found[line.number].verified * 100))
        for line in board.phases
        if line.number in found and line.number in COMPONENT_PHASES
    ]


def share_of(tally: Tally) -> int:
    """Done or verified, of what is applicable, in whole percent."""
    return percent(tally.finished, tally.applicable)
