"""What a version says otherwise than another, in words and in money."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from businesscase import guide
from businesscase.choices import (
    AssumptionKind,
    BenefitForm,
    BenefitKind,
    Category,
    Conformity,
    Grade,
    Impact,
    Probability,
    Rhythm,
    RiskCategory,
    RiskResponse,
    RiskState,
)
from businesscase.domain.changes import Change, FieldChange, changes_between
from businesscase.domain.content import CaseContent
from businesscase.domain.parts import benefit_sums, cost_sums
from businesscase.domain.summary import Summary
from businesscase.templatetags.case_ui import amount_exact, money, month, percent

LONG = 60
AREAS: Mapping[str, str | Promise] = {
    "settings": gettext_lazy("Horizon and rate"),
    "sections": gettext_lazy("Texts"),
    "costs": gettext_lazy("Costs"),
    "benefits": gettext_lazy("Benefits"),
    "assumptions": gettext_lazy("Assumptions and constraints"),
    "interested": gettext_lazy("Interested parties"),
    "measures": gettext_lazy("How results are judged"),
    "risks": gettext_lazy("Risks"),
    "known": gettext_lazy("What the project says"),
}
_FIELDS: Mapping[str, str | Promise] = {
    "title": gettext_lazy("title"),
    "first_month": gettext_lazy("first month"),
    "last_month": gettext_lazy("last month"),
    "months": gettext_lazy("months of the horizon"),
    "discount_rate": gettext_lazy("discount rate"),
    "conformity": gettext_lazy("conformity assessment"),
    "currency": gettext_lazy("currency"),
    "text": gettext_lazy("text"),
    "category": gettext_lazy("category"),
    "phase": gettext_lazy("phase"),
    "rhythm": gettext_lazy("rhythm"),
    "low": gettext_lazy("lowest estimate"),
    "likely": gettext_lazy("likely estimate"),
    "high": gettext_lazy("highest estimate"),
    "estimate": gettext_lazy("estimate"),
    "day_rate": gettext_lazy("day rate"),
    "role": gettext_lazy("role"),
    "service": gettext_lazy("service"),
    "source": gettext_lazy("source"),
    "risk": gettext_lazy("risk"),
    "kind": gettext_lazy("kind"),
    "form": gettext_lazy("form"),
    "description": gettext_lazy("description"),
    "from_month": gettext_lazy("begins in"),
    "ramp_months": gettext_lazy("months of ramp-up"),
    "until_month": gettext_lazy("ends in"),
    "confidence": gettext_lazy("confidence"),
    "confirmed_by": gettext_lazy("confirmed by"),
    "indicator": gettext_lazy("indicator"),
    "baseline": gettext_lazy("value today"),
    "target": gettext_lazy("target"),
    "what_if": gettext_lazy("if it does not hold"),
    "check": gettext_lazy("how it is checked"),
    "owner": gettext_lazy("owner"),
    "name": gettext_lazy("name"),
    "interest": gettext_lazy("interest"),
    "influence": gettext_lazy("influence"),
    "wants": gettext_lazy("what they want"),
    "involvement": gettext_lazy("involvement"),
    "what": gettext_lazy("what is judged"),
    "how": gettext_lazy("how"),
    "when": gettext_lazy("when"),
    "cause": gettext_lazy("cause"),
    "event": gettext_lazy("event"),
    "effect": gettext_lazy("effect"),
    "probability": gettext_lazy("probability"),
    "impact": gettext_lazy("impact"),
    "state": gettext_lazy("state"),
    "response": gettext_lazy("response"),
    "response_text": gettext_lazy("what is done about it"),
    "response_cost": gettext_lazy("cost of the response"),
    "residual_probability": gettext_lazy("probability after the response"),
    "residual_impact": gettext_lazy("impact after the response"),
    "project": gettext_lazy("project"),
    "organization": gettext_lazy("organization"),
    "scope": gettext_lazy("scope"),
    "edition": gettext_lazy("edition of the standard"),
    "phases": gettext_lazy("dates or tolerances of phases"),
    "assessment": gettext_lazy("gap analysis"),
    "asked": gettext_lazy("requirements asked about"),
    "conform": gettext_lazy("requirements that conform"),
    "minor_gaps": gettext_lazy("minor gaps"),
    "major_gaps": gettext_lazy("major gaps"),
    "gaps": gettext_lazy("heaviest gaps"),
}
_MONTHS = frozenset({"first_month", "last_month", "from_month", "until_month"})
_SHARES = frozenset({"confidence", "discount_rate"})
_KINDS: Mapping[str, Any] = {"benefits": BenefitKind, "assumptions": AssumptionKind}
_CHOICES: Mapping[str, Any] = {
    "category": Category,
    "rhythm": Rhythm,
    "form": BenefitForm,
    "conformity": Conformity,
    "interest": Grade,
    "influence": Grade,
    "state": RiskState,
    "response": RiskResponse,
    "probability": Probability,
    "residual_probability": Probability,
    "impact": Impact,
    "residual_impact": Impact,
}


@dataclass(frozen=True, slots=True)
class Detail:
    """One field in words. `is_long` marks texts that are read side by side rather than in a line."""

    label: str
    before: str
    after: str
    is_long: bool


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change. `effect` is what it does to the money of the horizon: above zero is more cost, or more benefit."""

    area: str
    ref: str
    title: str
    what: str
    effect: Decimal | None
    details: tuple[Detail, ...]

    @property
    def said(self) -> str:
        """What happened, in a few words."""
        if self.what == "added":
            return _("new") if self.effect is None else _("new, %(amount)s") % {"amount": money(self.effect)}
        if self.what == "removed":
            return _("taken out") if self.effect is None else _("out, %(amount)s") % {"amount": money(-self.effect)}
        if self.effect:
            words = _("%(amount)s more") if self.effect > 0 else _("%(amount)s less")
            return words % {"amount": money(abs(self.effect))}
        return ", ".join(self._field(each) for each in self.details) or _("changed")

    def _field(self, detail: Detail) -> str:
        if detail.is_long:
            return _("%(field)s rewritten") % {"field": detail.label}
        return f"{detail.label} {detail.before} → {detail.after}"


@dataclass(frozen=True, slots=True)
class AreaChanges:
    """The changes of one part of the case. `effect` is what they come to together, None where they are not money."""

    key: str
    title: str
    lines: tuple[ChangeLine, ...]
    effect: Decimal | None


@dataclass(frozen=True, slots=True)
class FigureChange:
    """One figure before and after, in words; `tone` is "good" or "bad" for the case, "" for neither."""

    key: str
    title: str
    before: str
    after: str
    difference: str
    tone: str


def said_changes(before: CaseContent, after: CaseContent) -> list[AreaChanges]:
    """All changes by part of the case, the money first."""
    effects = _effects(before, after)
    by_area: dict[str, list[ChangeLine]] = {}
    for change in changes_between(before, after):
        by_area.setdefault(change.area, []).append(_line(change, effects))
    order = ("costs", "benefits", "settings", "risks", "assumptions", "measures", "interested", "sections", "known")
    return [
        AreaChanges(area, str(AREAS[area]), tuple(by_area[area]), _sum(by_area[area]))
        for area in order
        if area in by_area
    ]


def heaviest(areas: Iterable[AreaChanges], most: int) -> list[ChangeLine]:
    """The changes that a person wants to know first: those that move the most money, then the others in order."""
    lines = [line for area in areas for line in area.lines]
    return sorted(lines, key=lambda line: -abs(line.effect or Decimal(0)))[:most]


def _sum(lines: Sequence[ChangeLine]) -> Decimal | None:
    effects = [line.effect for line in lines if line.effect is not None]
    return sum(effects, Decimal(0)) if effects else None


def _effects(before: CaseContent, after: CaseContent) -> dict[tuple[str, str], Decimal]:
    """What each line of money comes to within its horizon now, less what it came to before."""
    found: dict[tuple[str, str], Decimal] = {}
    for area, sums in (("costs", cost_sums), ("benefits", benefit_sums)):
        for content, sign in ((after, 1), (before, -1)):
            for line in sums(content):
                found[area, line.item.ref] = found.get((area, line.item.ref), Decimal(0)) + sign * line.amount
    return found


def _line(change: Change, effects: Mapping[tuple[str, str], Decimal]) -> ChangeLine:
    return ChangeLine(
        area=change.area,
        ref=f"{change.ref})" if change.area == "sections" and len(change.ref) == 1 else change.ref,
        title=_title(change),
        what=change.what,
        effect=effects.get((change.area, change.ref)),
        details=tuple(_detail(change.area, each) for each in change.fields),
    )


def _title(change: Change) -> str:
    if change.area == "sections":
        return point_title(change.ref)
    return change.title or str(AREAS[change.area])


def point_title(point: str) -> str:
    """The heading of a point of either case."""
    found = guide.points().get(point)
    if found is None:
        found = next((each for each in guide.small_case().points if each.key == point), None)
    return found.title if found is not None else point


def _detail(area: str, change: FieldChange) -> Detail:
    before, after = (_said(area, change.name, value) for value in (change.before, change.after))
    is_long = change.name in ("text", "phases", "gaps") or max(len(before), len(after)) > LONG
    return Detail(str(_FIELDS.get(change.name, change.name)), before or "–", after or "–", is_long)


def _said(area: str, name: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if name in _MONTHS:
        return month(value)
    if name in _SHARES:
        return percent(value, 1 if name == "discount_rate" else 0)
    choices = _KINDS.get(area) if name == "kind" else RiskCategory if (area, name) == ("risks", "category") else None
    choices = choices or _CHOICES.get(name)
    if choices is not None and value in choices.values:
        return str(choices(value).label)
    if isinstance(value, Decimal):
        return amount_exact(value)
    if isinstance(value, tuple):
        return "\n".join(_part(each) for each in value)
    return str(value)


def _part(value: Any) -> str:
    if isinstance(value, str):
        return value
    return f"{value.number} {value.name}: {value.start or '?'} – {value.end or '?'}, {percent(value.tolerance)}"


def figure_changes(before: Summary, after: Summary, first: tuple[int, int]) -> list[FigureChange]:
    """The figures of two versions side by side; `first` are the first months of their horizons."""
    return [
        _money("cost", _("Cost"), before.cost, after.cost, more_is="bad"),
        _money("benefit", _("Benefit"), before.benefit, after.benefit, more_is="good"),
        _money("npv", _("Net present value"), before.npv, after.npv, more_is="good"),
        _share("irr", _("Internal rate of return"), before.irr, after.irr),
        _share("roi", _("Return on investment"), before.roi, after.roi),
        _payback("payback", _("Payback"), before.payback_month, after.payback_month, first),
        _payback(
            "discounted payback",
            _("Discounted payback"),
            before.discounted_payback_month,
            after.discounted_payback_month,
            first,
        ),
        _money("lowest", _("Deepest point"), before.lowest, after.lowest, more_is="good"),
    ]


def _money(key: str, title: str, before: Decimal, after: Decimal, *, more_is: str) -> FigureChange:
    gap = after - before
    said = f"+{money(gap)}" if gap > 0 else money(gap) if gap else "0"
    worse = "bad" if more_is == "good" else "good"
    return FigureChange(key, title, money(before), money(after), said, more_is if gap > 0 else worse if gap else "")


def _share(key: str, title: str, before: Decimal | None, after: Decimal | None) -> FigureChange:
    said, tone = "", ""
    if before is not None and after is not None:
        points = ((after - before) * 100).quantize(Decimal("0.1"))
        said = _("%(points)s points") % {"points": f"{points:+}".replace("-", "−")} if points else "0"
        tone = "good" if points > 0 else "bad" if points else ""
    return FigureChange(key, title, percent(before, 1), percent(after, 1), said, tone)


def _payback(key: str, title: str, before: int | None, after: int | None, first: tuple[int, int]) -> FigureChange:
    then, now = (
        start + number - 1 if number is not None else None for number, start in zip((before, after), first, strict=True)
    )
    said, tone = "", ""
    if then is not None and now is not None:
        gap = now - then
        if gap:
            words = _("%(n)d months later") if gap > 0 else _("%(n)d months sooner")
            said, tone = words % {"n": abs(gap)}, "bad" if gap > 0 else "good"
        else:
            said = "0"
    elif then != now:
        said, tone = (_("no longer"), "bad") if now is None else (_("now it does"), "good")
    never = _("never")
    return FigureChange(
        key, title, month(then) if then is not None else never, month(now) if now is not None else never, said, tone
    )
