"""What the templates of the board paper are given. One set of templates serves the page and the PDF."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from businesscase import guide
from businesscase.choices import CaseKind, Conformity, Verdict, VersionState
from businesscase.completeness_words import state_words
from businesscase.domain.completeness import states_of
from businesscase.domain.figures import Figures
from businesscase.domain.money import total
from businesscase.domain.months import Month
from businesscase.domain.outlook import Bounds, PhaseOutlook
from businesscase.models import Condition
from businesscase.paper import Paper
from businesscase.paper_charts import cash_flow_picture, tornado_picture
from businesscase.paper_tables import (
    assumption_tables,
    benefits_in_figures,
    benefits_in_words,
    cost_groups,
    impact_words,
    interested_rows,
    open_risks,
    phase_name,
    phase_rows,
    risk_matrix,
    services,
    settled_risks,
    years,
)
from businesscase.paper_words import (
    against_words,
    day_words,
    flow_words,
    horizon_words,
    key_figures,
    money_with,
    name_words,
    rates_words,
    span_words,
    state_word,
    verdict_word,
    verdict_words,
)
from businesscase.templatetags.case_ui import money, month, percent

_PARTS = frozenset("abcdefghij")


@dataclass(frozen=True, slots=True)
class PaperSection:
    """One point on paper: its heading, what was written, and the template of what it holds as data."""

    key: str
    title: str
    anchor: str
    text: str
    part: str
    missing: str


@dataclass(frozen=True, slots=True)
class SoFarRow:
    """A phase against what was approved."""

    name: str
    outlook: PhaseOutlook
    difference: str
    bounds: str
    reason: str


@dataclass(frozen=True, slots=True)
class SoFar:
    """What happened since the approval."""

    until: Month
    now: Figures
    rows: tuple[SoFarRow, ...]


def paper_context(paper: Paper) -> dict[str, Any]:
    """All that the templates of one paper show."""
    return {
        "paper": paper,
        "title": title_of(paper),
        "named": name_words(paper),
        "state": state_word(paper),
        "sections": sections_of(paper),
        "horizon": horizon_words(paper.content.months),
        "span": span_words(paper.content.first_month, paper.content.last_month),
        "rate": percent(paper.content.discount_rate, 1 if paper.content.discount_rate * 100 % 1 else 0),
        "cost_groups": cost_groups(paper),
        "conditions": conditions_of(paper),
        "verdicts": [
            Verdict(each).label for each in (Verdict.APPROVE, Verdict.CONDITIONS, Verdict.CHANGES, Verdict.REJECT)
        ],
        "ask_words": ask_words(paper),
        **({} if paper.is_small else _case_context(paper)),
    }


def title_of(paper: Paper) -> str:
    """The title of the document."""
    words = _("Case for the gap analysis") if paper.is_small else _("Business case")
    return f"{words}: {paper.content.known.project}"


def _case_context(paper: Paper) -> dict[str, Any]:
    benefit_figures, risks, so_far = benefits_in_figures(paper), open_risks(paper), so_far_of(paper)
    appendices = [("cash-flow", _("Cash flow"))] if paper.has_money else []
    if so_far is not None:
        appendices.append(("so-far", _("What happened since the approval")))
    return {
        "verdict": verdict_word(paper),
        "verdict_words": verdict_words(paper),
        "key_figures": key_figures(paper),
        "flow_words": flow_words(paper),
        "picture": cash_flow_picture(paper),
        "swings": tornado_picture(paper),
        "decided_words": decided_words(paper),
        "phases": phase_rows(paper),
        "full_year": total(row.a_year for row in benefit_figures),
        "assumptions": assumption_tables(paper),
        "benefit_figures": benefit_figures,
        "benefit_words": benefits_in_words(paper),
        "services": services(paper),
        "risks": risks,
        "matrix": risk_matrix(risks),
        "impacts": impact_words(),
        "settled": settled_risks(paper),
        "conformity": _conformity(paper),
        "interested": interested_rows(paper),
        "years": years(paper),
        "scenarios": _scenarios(paper),
        "so_far": so_far,
        "appendices": [*appendices, ("approval", _("Approval"))],
    }


def sections_of(paper: Paper) -> list[PaperSection]:
    """The points in order. What is missing is said of a draft alone: a version was submitted as it is."""
    texts: Mapping[str, guide.Point] = (
        {each.key: each for each in guide.small_case().points} if paper.content.kind == CaseKind.GAP else guide.points()
    )
    return [
        PaperSection(
            state.point,
            texts[state.point].title,
            slugify(texts[state.point].title),
            paper.content.sections.get(state.point, "").strip(),
            f"print/businesscase/points/{state.point}.html" if state.point in _PARTS else "",
            state_words(state).lower() if paper.is_draft and not state.complete else "",
        )
        for state in states_of(paper.content)
    ]


def ask_words(paper: Paper) -> str:
    """The decision in one or two sentences: what is asked for, or was."""
    words = {
        "cost": money_with(paper, paper.expected.cost),
        "horizon": horizon_words(paper.content.months),
        "tolerance": _tolerances(paper),
    }
    if paper.is_small:
        said = _("Approve the gap analysis for %(cost)s, and release the people it names.")
        if paper.is_approved or paper.is_over:
            said = _("Asked for was a gap analysis for %(cost)s, and the time of the people it names.")
    elif paper.is_approved or paper.is_over:
        said = _(
            "Asked for were %(cost)s over %(horizon)s for the implementation, to be released phase by phase, each "
            "within %(tolerance)s of its plan."
        )
    else:
        said = _(
            "Approve %(cost)s over %(horizon)s for the implementation, to be released phase by phase, each within "
            "%(tolerance)s of its plan."
        )
    said = said % words
    if paper.content.conformity == Conformity.RECOMMENDED and not paper.is_small:
        said += " " + _("A formal, independent assessment of conformity is recommended.")
    if (against := against_words(paper)) and not (paper.is_approved or paper.is_over):
        said += " " + against
    if paper.is_waiting and paper.version is not None:
        said += " " + _("Decide by %(day)s.") % {"day": day_words(paper.version.decide_by)}
    return said


def _tolerances(paper: Paper) -> str:
    found = sorted({each.tolerance for each in paper.content.known.phases}) or [Decimal("0.1")]
    if len(found) == 1:
        return percent(found[0])
    return _("%(least)s to %(most)s") % {"least": percent(found[0]), "most": percent(found[-1])}


def decided_words(paper: Paper) -> str:
    """By whom it was decided, and with how many conditions."""
    if paper.version is None or paper.is_waiting:
        return ""
    people = ", ".join(str(each.approver) for each in paper.approvals if each.verdict != Verdict.WAITING)
    said = _("Decided by %(people)s.") % {"people": people} if people else ""
    conditions = conditions_of(paper)
    if conditions:
        open_now = sum(each.met_on is None for each, _who in conditions)
        said += " " + _("%(count)d conditions, %(open)d not met yet.") % {"count": len(conditions), "open": open_now}
    if paper.version.state == VersionState.SUPERSEDED and paper.in_force is not None:
        said += " " + _("Version %(number)d is in force now.") % {"number": paper.in_force.number}
    return said.strip()


def conditions_of(paper: Paper) -> list[tuple[Condition, str]]:
    """The conditions of a version, with who asked for each."""
    return [(each, str(approval.approver)) for approval in paper.approvals for each in approval.conditions.all()]


def so_far_of(paper: Paper) -> SoFar | None:
    """Plan, spent and forecast by phase, beside a draft whose case was approved and has actuals."""
    standing = paper.standing
    if standing is None or standing.approved is None or standing.actuals.until is None:
        return None
    words = {
        Bounds.WITHIN: _("within"),
        Bounds.NEAR: _("within, nearly used up"),
        Bounds.BEYOND: _("beyond"),
    }
    rows = tuple(
        SoFarRow(
            f"{each.phase} {phase_name(paper, each.phase)}",
            each,
            _signed(each),
            f"{words[each.bounds]} ({percent(each.tolerance)})",
            standing.reasons.get(each.phase, ""),
        )
        for each in standing.outlooks
        if each.plan or each.actual or each.remaining
    )
    return SoFar(standing.actuals.until, standing.now, rows)


def _signed(outlook: PhaseOutlook) -> str:
    sign = "+" if outlook.deviation > 0 else ""
    share = f" ({sign}{percent(outlook.share, 1)})" if outlook.share is not None else ""
    return f"{sign}{money(outlook.deviation)}{share}"


def _conformity(paper: Paper) -> str:
    return {
        Conformity.RECOMMENDED: _("A formal, independent assessment of conformity is recommended."),
        Conformity.NOT_RECOMMENDED: _("A formal, independent assessment of conformity is not recommended."),
        Conformity.OPEN: _("Whether a formal assessment of conformity is recommended is not decided yet."),
    }[Conformity(paper.content.conformity)]


def _scenarios(paper: Paper) -> Iterator[tuple[str, list[str]]]:
    each = (paper.cautious, paper.expected, paper.good)
    never = _("never")

    def at(number: int | None) -> str:
        return never if number is None else month(paper.month_at(number))

    yield _("Cost"), [money(figures.cost) for figures in each]
    yield _("Benefit"), [money(figures.benefit) for figures in each]
    yield _("Net present value"), [money(figures.npv) for figures in each]
    yield _("Internal rate of return a year"), [rates_words(figures) for figures in each]
    yield _("Return on investment"), [percent(figures.roi) for figures in each]
    yield _("Payback"), [at(figures.payback_month) for figures in each]
    yield _("Payback, discounted"), [at(figures.discounted_payback_month) for figures in each]
    yield _("Deepest point"), [f"{money(figures.lowest)}, {at(figures.lowest_month)}" for figures in each]
