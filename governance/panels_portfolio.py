"""The portfolio's columns on gates, decisions and money."""

from collections.abc import Mapping, Sequence
from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from businesscase.templatetags.case_ui import money
from common import clock
from governance.choices import Outcome
from governance.models import GateFigures
from governance.selectors.portfolio import GateLine, by_decision, by_gate, by_spent, gate_lines, old_first
from governance.services.gate_figures import refresh_gate_figures
from phases.registries import (
    PortfolioCell,
    PortfolioColumn,
    PortfolioPart,
    PortfolioSaid,
    register_portfolio_part,
)
from projects.models import Project

AT_ONCE = 3
"""Figures that are old are computed for so many projects when somebody looks; the others follow at the next look."""
COLUMNS = (
    PortfolioColumn(gettext_lazy("Next gate"), sort="gate", by=by_gate),
    PortfolioColumn(gettext_lazy("Decisions"), is_number=True, sort="decisions", by=by_decision),
    PortfolioColumn(gettext_lazy("Spent"), is_number=True, sort="spent", by=by_spent),
)
NAMES = (
    "next gate",
    "gate on",
    "open criteria",
    "criteria",
    "decisions asked",
    "decide by",
    "spent",
    "plan of phases 0 to 3",
    "forecast of phases 0 to 3",
    "currency",
)


def read(user: User, projects: Sequence[Project]) -> Mapping[int, PortfolioSaid]:
    """What the columns say of each project. Two queries where the figures are fresh."""
    lines = gate_lines(user, projects)
    old = old_first(lines)[:AT_ONCE]
    if old:
        refresh_gate_figures([line.project for line in old])
        lines = gate_lines(user, projects)
    return {line.project.pk: _said(line) for line in lines}


def _said(line: GateLine) -> PortfolioSaid:
    figures, project = line.figures, line.project
    gate = figures if figures is not None and line.sees_gates else None
    worth = figures if figures is not None and line.sees_money else None
    asked = line.asked
    return PortfolioSaid(
        (
            _gate(line, gate) if gate is not None and gate.gate_number is not None else PortfolioCell(),
            _decisions(line),
            _spent(line, worth) if worth is not None else PortfolioCell(),
        ),
        (
            f"G{gate.gate_number}" if gate is not None and gate.gate_number is not None else "",
            _iso(gate.gate_on) if gate is not None else "",
            gate.open_count if gate is not None and gate.criteria_count else "",
            gate.criteria_count if gate is not None and gate.criteria_count else "",
            asked.count if asked is not None else "",
            _iso(asked.first) if asked is not None else "",
            worth.spent if worth is not None and worth.spent is not None else "",
            worth.plan if worth is not None and worth.plan is not None else "",
            worth.forecast if worth is not None and worth.forecast is not None else "",
            project.currency if worth is not None and worth.spent is not None else "",
        ),
    )


def _gate(line: GateLine, figures: GateFigures) -> PortfolioCell:
    today = clock.today(line.project.time_zone)
    text = f"G{figures.gate_number}"
    tone, why = "", ""
    if figures.gate_on is not None:
        text = f"{text} {_day(figures.gate_on)}"
        if figures.gate_on < today:
            tone = "bad"
            why = _("Its day was %(day)s.") % {"day": date_format(figures.gate_on, "j M Y")}
    if figures.outcome == Outcome.HOLD and figures.hold_until is not None:
        note = _("on hold until %(day)s") % {"day": _day(figures.hold_until)}
    elif figures.outcome == Outcome.STOP:
        note = _("stopped")
    elif not figures.criteria_count:
        note = "" if line.has_board else _("no committee")
    elif figures.open_count:
        note = _("%(n)d of %(m)d open") % {"n": figures.open_count, "m": figures.criteria_count}
    else:
        note = _("all met")
    if line.is_old:
        said = _("As of %(day)s; it follows at the next look.") % {"day": _day(figures.day)}
        why = f"{why} {said}".strip()
    return PortfolioCell(text, note, reverse("gate", args=[line.project.slug, figures.gate_number]), tone, why)


def _decisions(line: GateLine) -> PortfolioCell:
    if line.asked is None or not line.sees_gates:
        return PortfolioCell()
    late = line.asked.first < clock.today(line.project.time_zone)
    words = _("since %(day)s") if late else _("by %(day)s")
    return PortfolioCell(
        str(line.asked.count),
        words % {"day": _day(line.asked.first)},
        reverse("decisions", args=[line.project.slug]),
        "bad" if late else "",
    )


def _spent(line: GateLine, figures: GateFigures) -> PortfolioCell:
    if figures.spent is None or figures.plan is None or figures.forecast is None:
        return PortfolioCell()
    over = figures.forecast > figures.plan
    why = _("Spent so far, of what phases 0 to 3 were planned with; they will have cost %(amount)s %(currency)s.") % {
        "amount": money(figures.forecast),
        "currency": line.project.currency,
    }
    share = (figures.forecast - figures.plan) * 100 / figures.plan if figures.plan else None
    note = _("of %(plan)s") % {"plan": money(figures.plan)}
    if share is not None and over and round(share):
        note = _("of %(plan)s, +%(share)d %%") % {"plan": money(figures.plan), "share": round(share)}
    tone = "warn" if share is not None and over and round(share) else ""
    return PortfolioCell(money(figures.spent), note, reverse("case", args=[line.project.slug]), tone, why)


def _day(day: date) -> str:
    return date_format(day, "j M")


def _iso(day: date | None) -> str:
    return day.isoformat() if day is not None else ""


def register() -> None:
    """Let the portfolio show them."""
    register_portfolio_part("gates", PortfolioPart(COLUMNS, NAMES, read))
