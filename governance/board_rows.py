"""The rows of the committee's page with their pictures: the same for the page and for its PDF."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from businesscase.charts import Unit
from businesscase.domain.risks import Level
from businesscase.risk_words import LEVEL_TONES, LEVEL_WORDS
from common.charts import LegendItem, MoneyBar, ProgressBar, Series, segments
from common.charts.parts import PRINT
from common.charts.scale import number
from governance.board_words import carried_words, milestone_title, unit_of_money
from governance.domain.board import (
    ActionLine,
    AssessmentFigures,
    Board,
    LateFinding,
    Milestone,
    PhaseFigures,
    PhaseMoney,
    RiskLine,
)
from phases.choices import PhaseState

TREND_ICONS = {"rising": "arrow-up-right", "falling": "arrow-down-right", "steady": "arrow-right"}
LEVEL_ICONS = {"high": "tri", "medium": "diamond"}
MOST_ACTIONS = 6


@dataclass(frozen=True, slots=True)
class PhaseRow:
    """A phase on the page."""

    figures: PhaseFigures
    title: str
    word: str
    shape: str
    tone: str
    bar: SafeString
    done: str
    outcomes: str


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """The money of a phase, or of all, in the unit of the page."""

    title: str
    bar: SafeString
    budget: str
    actual: str
    forecast: str
    difference: str
    percent: str
    tone: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RiskRow:
    """A risk on the page."""

    line: RiskLine
    word: str
    tone: str
    icon: str
    trend: str
    trend_icon: str
    note: str


@dataclass(frozen=True, slots=True)
class SlipRow:
    """A milestone on the page."""

    line: Milestone
    title: str
    late: str
    tone: str
    bar: SafeString
    note: str


@dataclass(frozen=True, slots=True)
class GapRow:
    """An assessment on the page."""

    figures: AssessmentFigures
    bar: SafeString
    share: int


@dataclass(frozen=True, slots=True)
class ActionRow:
    """An open action on the page."""

    line: ActionLine
    days_late: int | None


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A late nonconformity in the pack."""

    line: LateFinding
    days_late: int


@dataclass(frozen=True, slots=True)
class GateRow:
    """A gate in the strip."""

    number: int
    word: str
    tone: str
    planned: date | None
    decided: date | None
    is_next: bool

    @property
    def on(self) -> date | None:
        """The day that counts: of the decision, else of the plan."""
        return self.decided or self.planned


def phase_rows(board: Board) -> list[PhaseRow]:
    """All phases. Those with nothing in them say so."""
    rows = []
    for each in board.phases:
        title = f"{each.number} {each.name}"
        plan = each.planned if each.is_under_way else None
        rows.append(
            PhaseRow(
                figures=each,
                title=title,
                word=str(PhaseState(each.state).label),
                shape=_shape(each),
                tone="ok" if each.is_closed else "",
                bar=ProgressBar(each.verified, each.done, each.applicable, plan, title).svg(),
                done=_("%(n)d of %(of)d") % {"n": each.finished, "of": each.applicable} if each.applicable else "–",
                outcomes=_("%(n)d of %(of)d") % {"n": each.confirmed, "of": each.outcomes} if each.outcomes else "–",
            )
        )
    return rows


def _shape(each: PhaseFigures) -> str:
    if each.is_closed:
        return "st-done"
    return "st-in-progress" if each.is_under_way else "st-not-started"


def phases_foot(board: Board) -> str:
    """What was carried over, and what the mark is."""
    return " ".join(part for part in (carried_words(board), _("The black mark is the plan for the day.")) if part)


def money_rows(board: Board) -> list[MoneyRow]:
    """Phases 0 to 3 with their bars; none without a case."""
    money = board.money
    if money is None:
        return []
    unit = unit_of_money(money)
    longest = max((max(each.budget, each.actual, each.forecast) for each in money.phases), default=Decimal(0))
    return [_money_row(each, unit, longest) for each in money.phases]


def money_total(board: Board) -> MoneyRow | None:
    """All of them together."""
    money = board.money
    if money is None:
        return None
    unit = unit_of_money(money)
    return MoneyRow(
        _("Total"),
        mark_safe(""),
        *_amounts(money.budget, money.actual, money.forecast, unit),
        tone=_money_tone(money.difference, any(each.is_beyond for each in money.phases)),
    )


def _money_row(each: PhaseMoney, unit: Unit, longest: Decimal) -> MoneyRow:
    title = f"{each.number} {each.name}"
    budget, actual, forecast, difference, share = _amounts(each.budget, each.actual, each.forecast, unit)
    words = _("%(phase)s: budget %(budget)s, actual %(actual)s, forecast %(forecast)s") % {
        "phase": title,
        "budget": budget,
        "actual": actual,
        "forecast": forecast,
    }
    bar = MoneyBar(words, float(each.budget), float(each.actual), float(each.forecast), float(longest)).svg()
    return MoneyRow(
        title,
        bar,
        budget,
        actual,
        forecast,
        difference,
        share,
        _money_tone(each.difference, each.is_beyond),
        each.reason,
    )


def _money_tone(difference: Decimal, is_beyond: bool) -> str:
    if difference <= 0:
        return ""
    return "bad" if is_beyond else "warn"


def _amounts(budget: Decimal, actual: Decimal, forecast: Decimal, unit: Unit) -> tuple[str, str, str, str, str]:
    by = forecast - budget
    difference = unit.say(by)
    if by > 0 and difference != "0":
        difference = f"+{difference}"
    share = "–"
    if budget:
        tenths = f"{by / budget * 100:+.1f}".replace("-", "\u2212")
        share = "0.0" if tenths in ("+0.0", "\u22120.0") else tenths
    return unit.say(budget), unit.say(actual) if actual else "–", unit.say(forecast), difference, share


def risk_rows(board: Board) -> list[RiskRow]:
    """The most serious open risks."""
    return [
        RiskRow(
            line,
            str(LEVEL_WORDS[Level(line.level)]),
            LEVEL_TONES[Level(line.level)],
            LEVEL_ICONS.get(line.level, ""),
            {"rising": _("rising"), "falling": _("falling"), "steady": _("steady")}.get(line.trend, line.trend),
            TREND_ICONS.get(line.trend, ""),
            ": ".join(part for part in (line.owner or _("nobody owns it"), line.response or _("no response yet"))),
        )
        for line in board.risks
    ]


def slip_rows(board: Board) -> list[SlipRow]:
    """The milestones against the baseline, on one scale of days."""
    most = slip_scale(board)
    rows = []
    for line in board.milestones:
        late = line.late
        tone = "warn" if late and late > 0 and not line.is_reached else ""
        if line.is_reached:
            note = _("reached")
        elif line.is_forecast:
            note = _("forecast")
        else:
            note = _("planned")
        rows.append(
            SlipRow(
                line,
                milestone_title(line),
                "–" if late is None else str(late).replace("-", "\u2212"),
                tone,
                _slip_bar(line, most),
                note,
            )
        )
    return rows


def slip_scale(board: Board) -> int:
    """How many days late fill a bar: whole weeks, three at least."""
    worst = max((max(each.late or 0, each.before or 0) for each in board.milestones), default=0)
    return max(21, -(-worst // 7) * 7)


def _slip_bar(line: Milestone, most: int) -> SafeString:
    late = max(0, line.late or 0)
    words = _("%(what)s: %(n)d days late") % {"what": milestone_title(line), "n": late}
    if line.before is not None:
        words += ", " + _("%(n)d at the last meeting") % {"n": max(0, line.before)}
    css = "f-mute" if line.is_reached else "f-warn"
    parts = [("f-track", 0.0, 100.0, 14, 0, 2), (css, 0.0, 100.0 * late / most, 8, 3, 1)]
    bars = format_html_join(
        "",
        '<rect class="{}" fill="{}" x="{}%" y="{}" width="{}%" height="{}" rx="{}"/>',
        ((css, PRINT[css], number(x), y, number(width), height, rx) for css, x, width, height, y, rx in parts if width),
    )
    mark: SafeString = mark_safe("")
    if line.before is not None and line.before > 0:
        mark = format_html(
            '<rect class="f-text" fill="{}" x="{}%" width="2" height="14"/>',
            PRINT["f-text"],
            number(min(99.0, 100.0 * line.before / most)),
        )
    return format_html(
        '<svg class="bar" width="100%" height="14" role="img"><title>{}</title>{}{}</svg>', words, bars, mark
    )


def gap_rows(board: Board) -> list[GapRow]:
    """What each assessment says, oldest first."""
    series = gap_series()
    return [
        GapRow(
            each,
            segments(
                [each.conforms, each.minor, each.major, each.other],
                series,
                label=each.title,
            ),
            100 * each.conforms // each.asked if each.asked else 0,
        )
        for each in board.assessments
    ]


def gap_series() -> Sequence[Series]:
    """The kinds of answers in their order, for bars and legends."""
    return (
        Series(_("conform"), "ok"),
        Series(_("minor gap"), "warn"),
        Series(_("major gap"), "bad"),
        Series(_("other answer, or none"), "mute"),
    )


def gap_legend() -> list[LegendItem]:
    """What the colours of the bars of assessments mean."""
    return [LegendItem(f"f-{each.tone}", each.word) for each in gap_series()]


def action_rows(board: Board, most: int = MOST_ACTIONS) -> list[ActionRow]:
    """The open conditions and actions, what depends on them first."""
    return [
        ActionRow(line, (board.day - line.due).days if line.due < board.day else None) for line in board.actions[:most]
    ]


def finding_rows(board: Board) -> list[FindingRow]:
    """The nonconformities that are late, the gravest and latest first."""
    return [FindingRow(line, (board.day - line.due).days) for line in board.findings or ()]


def gate_rows(board: Board) -> list[GateRow]:
    """All gates with what was decided or when they come."""
    upcoming = board.next_gate
    rows = []
    for gate in board.gates:
        if gate.outcome:
            word = {
                "go": _("Go"),
                "go with conditions": _("Go with conditions"),
                "hold": _("Hold"),
                "stop": _("Stop"),
            }.get(gate.outcome, gate.outcome)
            tone = {"go": "ok", "go with conditions": "ok", "hold": "warn", "stop": "bad"}.get(gate.outcome, "")
        else:
            word, tone = (_("Passed without a decision") if gate.number < board.phase else _("Not decided")), ""
        rows.append(GateRow(gate.number, word, tone, gate.planned_on, gate.decided_on, upcoming is gate))
    return rows
