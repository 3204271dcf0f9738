"""What the overview of a case shows, beside its health: key figures, phases, what moves it, what changed, risks."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from businesscase.charts import Unit, rate_words, unit_for
from businesscase.choices import Impact, Probability, RiskCategory, RiskState
from businesscase.domain.content import CaseContent, RiskItem, Scenario
from businesscase.domain.money import ZERO, total
from businesscase.domain.outlook import Bounds, PhaseOutlook
from businesscase.domain.parts import LineSum, benefit_sums, by_phase, cost_sums
from businesscase.domain.risks import Cell, Level, level_of, matrix_of, score
from businesscase.domain.tornado import Swing
from businesscase.selectors.standing import OPERATION, Standing, month_at
from businesscase.standing_words import horizon_words
from businesscase.templatetags.case_ui import month, percent
from common.charts import MoneyBar
from phases.choices import PHASE_NAMES

MOST_CHANGES = 4
MOST_RISKS = 3


@dataclass(frozen=True, slots=True)
class Tile:
    """A key figure, what it counts, and what was approved."""

    label: str
    icon: str
    value: str
    unit: str
    note: str
    url: str


def tiles(found: Standing) -> list[Tile]:
    """Net present value, payback, return on investment; each leads to how it comes about."""
    content, now, then = found.content, found.now, found.then
    unit = unit_for(now, content.currency)
    low, high = found.figures[Scenario.LOW], found.figures[Scenario.HIGH]
    project = found.case.project
    rate = {
        "unit": unit.word,
        "horizon": horizon_words(content),
        "rate": rate_words(content.discount_rate),
    }
    return [
        Tile(
            _("Net present value"),
            "graph-up-arrow",
            unit.say(now.npv),
            _("%(unit)s, %(horizon)s at %(rate)s") % rate,
            _noted(unit.say(then.npv) if then else "", _("cautious %(amount)s") % {"amount": unit.say(low.npv)}),
            reverse("case_figure", args=[project.slug, "npv"]),
        ),
        Tile(
            _("Payback"),
            "calendar3",
            month(found.payback) if found.payback is not None else _("Not yet"),
            _("month %(month)d of %(months)d") % {"month": now.payback_month, "months": content.months}
            if now.payback_month is not None
            else _("by %(end)s") % {"end": month(content.last_month)},
            _noted(
                (month(found.approved_payback) if found.approved_payback is not None else _("never")) if then else "",
                _("good case %(month)s") % {"month": month(month_at(content, high.payback_month))}
                if high.payback_month is not None
                else _("nor in the good case"),
            ),
            reverse("case_figure", args=[project.slug, "payback"]),
        ),
        Tile(
            _("Return on investment"),
            "signpost-split",
            percent(now.roi),
            _("of %(cost)s %(unit)s spent by %(end)s")
            % {"cost": unit.say(now.cost), "unit": unit.word, "end": month(content.last_month)},
            _noted(percent(then.roi) if then else "", _("running costs included")),
            reverse("case_figure", args=[project.slug, "roi"]),
        ),
    ]


def _noted(approved: str, more: str) -> str:
    return f"{_('approved %(value)s') % {'value': approved}}, {more}" if approved else more


@dataclass(frozen=True, slots=True)
class PhaseRow:
    """A phase: what it costs and brings, in the unit of the page. `tone` colours its deviation."""

    name: str
    cost_bar: SafeString
    plan: str
    actual: str
    forecast: str
    deviation: str
    tone: str
    why: str
    benefit_bar: SafeString
    benefit_plan: str
    benefit_to_date: str
    benefit_forecast: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class PhaseTable:
    """The phases with money, what phases 0 to 3 come to together, and operation."""

    rows: tuple[PhaseRow, ...]
    whole: PhaseRow
    operation: PhaseRow | None


def phase_table(found: Standing, unit: Unit) -> PhaseTable:
    """Cost and benefit by phase. Benefit is what a whole year brings, weighted by confidence."""
    approved = {each.phase: each for each in by_phase(found.approved)} if found.approved is not None else {}
    current = {each.phase: each for each in by_phase(found.content)}
    years = {phase: (approved[phase].a_year if approved else ZERO, current[phase].a_year) for phase in current}
    longest = max((max(each.plan, each.forecast) for each in found.outlooks if each.phase != OPERATION), default=ZERO)
    most = max((max(pair) for pair in years.values()), default=ZERO)

    def row(each: PhaseOutlook, name: str, year: tuple[Decimal, Decimal], *, bars: bool = True) -> PhaseRow:
        plan, forecast = year
        has_plan = found.approved is not None
        return PhaseRow(
            name=name,
            cost_bar=_cost_bar(name, each, longest, unit) if bars else SafeString(""),
            plan=_amount(each.plan, unit),
            actual=_amount(each.actual, unit),
            forecast=_amount(each.forecast, unit),
            deviation=_signed(each.deviation, unit) if has_plan else "–",
            tone={Bounds.BEYOND: "bad", Bounds.NEAR: "warn"}.get(each.bounds, "") if has_plan and bars else "",
            why=found.reasons.get(each.phase, "") if bars else "",
            benefit_bar=_benefit_bar(name, each, year, most, unit) if bars else SafeString(""),
            benefit_plan=_amount(plan, unit) if has_plan else "–",
            benefit_to_date=_amount(each.benefit_to_date, unit),
            benefit_forecast=_amount(forecast, unit),
            url=reverse("case_outlook", args=[found.case.project.slug, each.phase]) if bars else "",
        )

    shown = [each for each in found.outlooks if each.phase != OPERATION]
    rows = [row(each, f"{each.phase} {PHASE_NAMES[each.phase]}", years[each.phase]) for each in shown]
    last = found.outlooks[OPERATION]
    operation = None
    if last.plan or last.forecast or any(years[OPERATION]) or last.benefit_to_date:
        operation = row(last, f"{OPERATION} {PHASE_NAMES[OPERATION]}", years[OPERATION], bars=False)
    whole = row(
        PhaseOutlook(
            phase=-1,
            plan=found.to_implement_as_approved,
            actual=total(each.actual for each in shown),
            remaining=total(each.remaining for each in shown),
            tolerance=ZERO,
            benefit_to_date=total(each.benefit_to_date for each in shown),
        ),
        _("Total"),
        (total(years[each.phase][0] for each in shown), total(years[each.phase][1] for each in shown)),
        bars=False,
    )
    return PhaseTable(tuple(rows), whole, operation)


def _amount(amount: Decimal, unit: Unit) -> str:
    return unit.say(amount) if amount else "–"


def _signed(amount: Decimal, unit: Unit) -> str:
    text = unit.say(amount)
    return f"+{text}" if amount > 0 and text != "0" else text


def _cost_bar(name: str, each: PhaseOutlook, longest: Decimal, unit: Unit) -> SafeString:
    words = _("%(phase)s, cost: plan %(plan)s, actual %(actual)s, forecast %(forecast)s") % {
        "phase": name,
        "plan": unit.say(each.plan),
        "actual": unit.say(each.actual),
        "forecast": unit.say(each.forecast),
    }
    return MoneyBar(words, float(each.plan), float(each.actual), float(each.forecast), float(longest)).svg()


def _benefit_bar(name: str, each: PhaseOutlook, year: tuple[Decimal, Decimal], most: Decimal, unit: Unit) -> SafeString:
    plan, forecast = year
    if not plan and not forecast and not each.benefit_to_date:
        return SafeString("")
    words = _("%(phase)s, benefit a year: plan %(plan)s, to date %(actual)s, forecast %(forecast)s") % {
        "phase": name,
        "plan": unit.say(plan),
        "actual": unit.say(each.benefit_to_date),
        "forecast": unit.say(forecast),
    }
    bar = MoneyBar(words, float(plan), float(each.benefit_to_date), float(forecast), float(most), tone="ok")
    return bar.svg()


def tornado_words(swings: Sequence[Swing], npv: Decimal) -> str:
    """What the tornado says about how safe the case is."""
    alone = [each for each in swings if each.worse < 0 <= npv]
    if npv < 0:
        return _("Each estimate alone, the others as expected.")
    if alone:
        return ngettext(
            "Each estimate alone, the others as expected. %(count)d of them can make the case negative.",
            "Each estimate alone, the others as expected. Each of %(count)d can make the case negative.",
            len(alone),
        ) % {"count": len(alone)}
    return _("Each estimate alone, the others as expected. No single one makes the case negative.")


def changes_since(found: Standing, unit: Unit) -> list[str]:
    """What the draft says otherwise than the approved version, in money; the largest first."""
    if found.approved is None:
        return []
    lines = [
        *_moved(cost_sums(found.approved), cost_sums(found.content), unit, _COST_WORDS),
        *_moved(benefit_sums(found.approved), benefit_sums(found.content), unit, _BENEFIT_WORDS),
    ]
    return [words for _weight, words in sorted(lines, key=lambda line: -line[0])[:MOST_CHANGES]]


_COST_WORDS = (
    lambda title, amount: _("%(title)s costs %(amount)s more") % {"title": title, "amount": amount},
    lambda title, amount: _("%(title)s costs %(amount)s less") % {"title": title, "amount": amount},
    lambda title, amount: _("New: %(title)s costs %(amount)s") % {"title": title, "amount": amount},
    lambda title, amount: _("Gone: %(title)s, %(amount)s") % {"title": title, "amount": amount},
)
_BENEFIT_WORDS = (
    lambda title, amount: _("%(title)s brings %(amount)s more") % {"title": title, "amount": amount},
    lambda title, amount: _("%(title)s brings %(amount)s less") % {"title": title, "amount": amount},
    lambda title, amount: _("New: %(title)s brings %(amount)s") % {"title": title, "amount": amount},
    lambda title, amount: _("No longer counted: %(title)s, %(amount)s") % {"title": title, "amount": amount},
)


def _moved(
    before: Sequence[LineSum], after: Sequence[LineSum], unit: Unit, words: Sequence[object]
) -> list[tuple[Decimal, str]]:
    more, less, new, gone = words
    old, now = {each.item.ref: each for each in before}, {each.item.ref: each for each in after}
    found: list[tuple[Decimal, str]] = []
    for ref in [*old, *(each for each in now if each not in old)]:
        was = old[ref].amount if ref in old else ZERO
        is_now = now[ref].amount if ref in now else ZERO
        if was == is_now:
            continue
        title = (now.get(ref) or old[ref]).item.title
        say = new if ref not in old else gone if ref not in now else more if is_now > was else less
        found.append((abs(is_now - was), str(say(title, unit.say(abs(is_now - was))))))  # type: ignore[operator]  # one of the four above
    return found


@dataclass(frozen=True, slots=True)
class RiskPanel:
    """The open risks by likelihood and harm, and the most serious ones."""

    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    heads: tuple[str, ...]
    top: tuple[tuple[RiskItem, Level], ...]
    count: int
    kinds: str


def risk_panel(content: CaseContent) -> RiskPanel:
    """The matrix of the risks that may still happen."""
    live = [each for each in content.risks if each.state == RiskState.OPEN]
    rows = matrix_of((each.ref, each.probability, each.impact) for each in live)
    top = sorted(live, key=lambda each: (-score(each.probability, each.impact), -each.impact, each.ref))[:MOST_RISKS]
    counts = [(str(kind.label), sum(each.category == kind for each in live)) for kind in RiskCategory]
    return RiskPanel(
        rows=tuple((str(Probability(row[0].probability).label), row) for row in rows),
        heads=tuple(str(each.label) for each in Impact),
        top=tuple((each, level_of(each.probability, each.impact)) for each in top),
        count=len(live),
        kinds=", ".join(f"{label} {count}" for label, count in counts),
    )


def scenario_words(content: CaseContent, found: Standing, unit: Unit) -> str:
    """What the two other scenarios take."""
    low, likely, high = (found.figures[each] for each in Scenario)
    return _(
        "Cautious: every cost at its highest estimate and every benefit at its lowest, %(low_cost)s spent and "
        "%(low_benefit)s brought in by %(end)s. Good: the other way round, %(high_cost)s and %(high_benefit)s. "
        "Expected: %(cost)s and %(benefit)s."
    ) % {
        "low_cost": unit.say(low.cost),
        "low_benefit": unit.say(low.benefit),
        "high_cost": unit.say(high.cost),
        "high_benefit": unit.say(high.benefit),
        "cost": unit.say(likely.cost),
        "benefit": unit.say(likely.benefit),
        "end": month(content.last_month),
    }
