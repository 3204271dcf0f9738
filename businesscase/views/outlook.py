"""What each phase will have cost, how far that is from what was approved, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from businesscase.choices import Category
from businesscase.domain.money import exact, total
from businesscase.domain.outlook import Bounds, PhaseOutlook
from businesscase.forms.outlook import PhaseMoneyForm, first_values, percent_text
from businesscase.models import BusinessCase, PhaseMoney
from businesscase.selectors import case_of
from businesscase.selectors.money import CaseMoney, LineMoney, lines_of, money_of
from businesscase.services.money import set_phase_money
from businesscase.views.money import IMPLEMENTATION, address, money_words, needed_case, no_case, totals_of
from common.exceptions import RuleBroken, StaleWrite
from common.query import read_query, single_values
from phases.choices import PHASE_NAMES
from projects.access import ProjectRequest, project_view
from projects.answers import conflict
from projects.models import Project

PHASES = range(5)
SHOWN_LINES = 10


@dataclass(frozen=True, slots=True)
class PhaseLine:
    """A phase as the table shows it."""

    outlook: PhaseOutlook
    name: str
    is_closed: bool
    reason: str
    address: str

    @property
    def tolerance(self) -> str:
        """The tolerance in percent."""
        return percent_text(self.outlook.tolerance)

    @property
    def needs_reason(self) -> bool:
        """Whether it is dearer than allowed and nobody said why."""
        return self.outlook.bounds == Bounds.BEYOND and not self.reason

    @property
    def has_money(self) -> bool:
        """Whether anything was approved, spent or is to come."""
        return bool(self.outlook.plan or self.outlook.actual or self.outlook.remaining)


@dataclass(frozen=True, slots=True)
class CategoryLine:
    """Money of one category."""

    label: str
    plan: Decimal
    actual: Decimal
    remaining: Decimal

    @property
    def forecast(self) -> Decimal:
        """What it will have cost, as its lines say."""
        return self.actual + self.remaining

    @property
    def deviation(self) -> Decimal:
        """Forecast less plan."""
        return self.forecast - self.plan


@project_view("case.view")
def outlook(request: ProjectRequest, project: Project, kind: str = IMPLEMENTATION) -> HttpResponse:
    """Plan, actual and forecast of every phase and category, and the lines that differ most."""
    read_query(request.GET)
    case = case_of(project, kind)
    if case is None:
        return no_case(request, project, kind, _("Costs against the plan"))
    money = money_of(case)
    lines = lines_of(money)
    phases = [_phase_line(money, phase) for phase in PHASES]
    categories = _categories(lines)
    context = {
        "project": project,
        "case": case,
        "money": money,
        **money_words(project, kind),
        **totals_of(money),
        "phases": [line for line in phases if line.has_money],
        "needs_reason": [line for line in phases if line.needs_reason],
        "with_reason": [line for line in phases if line.reason],
        "categories": categories,
        # What was stated by hand for a phase names no category: without it the table would not add up.
        "by_hand": total(each.forecast for each in money.outlooks) - total(each.forecast for each in categories),
        "stated": [line for line in phases if _is_stated(money, line.outlook.phase)],
        "lines": sorted((line for line in lines if line.deviation), key=lambda line: -abs(line.deviation))[
            :SHOWN_LINES
        ],
        "may": bool(request.access.can("case.actuals")),
    }
    return render(request, "businesscase/outlook.html", context)


@project_view("case.view", post="case.actuals")
def phase_outlook(request: ProjectRequest, project: Project, phase: int, kind: str = IMPLEMENTATION) -> HttpResponse:
    """The money of one phase line by line, and what is settled about it."""
    if phase not in PHASES:
        raise Http404
    case = needed_case(project, kind)
    if request.method != "POST":
        read_query(request.GET)
        return _phase_page(request, case, phase, None)
    form = PhaseMoneyForm(single_values(request.POST))
    if not form.is_valid():
        return _phase_page(request, case, phase, form, status=422)
    values = form.cleaned_data
    try:
        set_phase_money(
            acting_user=request.user,
            case=case,
            phase=phase,
            version=values["version"] or 0,
            tolerance=values["tolerance"],
            remaining=values["remaining"],
            reason=values["reason"],
        )
    except StaleWrite as error:
        version = PhaseMoney.objects.filter(case=case, phase_number=phase).values_list("version", flat=True).first()
        typed = [(name, request.POST.get(name, "")) for name in ("remaining", "tolerance", "reason")]
        again = [*typed, ("version", version or 0)]
        return conflict(request, error, action=request.path, hidden=again, back=request.path)
    except RuleBroken as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return _phase_page(request, case, phase, form, status=422)
    line = _phase_line(money_of(case), phase)
    if line.needs_reason:
        messages.warning(request, _("Saved. The phase is dearer than its tolerance allows: say why, too."))
    else:
        messages.success(request, _("The outlook of phase %(phase)d was saved.") % {"phase": phase})
    return redirect(address(project, kind, "case_outlook", phase))


def _phase_page(
    request: ProjectRequest, case: BusinessCase, phase: int, form: PhaseMoneyForm | None, *, status: int = 200
) -> HttpResponse:
    money = money_of(case)
    line = _phase_line(money, phase)
    lines = lines_of(money, phase)
    settled = money.settled.get(phase)
    approved = {fact.number: fact.tolerance for fact in money.plan.known.phases} if money.version else {}
    context = {
        "project": case.project,
        "case": case,
        "money": money,
        **money_words(case.project, case.kind),
        "phase": phase,
        "phase_name": PHASE_NAMES[phase],
        "line": line,
        "lines": lines,
        "sums": {
            "plan": total(each.plan for each in lines),
            "actual": total(each.actual for each in lines),
            "remaining": total(each.remaining for each in lines),
            "forecast": total(each.forecast for each in lines),
            "deviation": total(each.deviation for each in lines),
        },
        "is_stated": _is_stated(money, phase),
        "allowed": _allowed(line.outlook),
        "approved_tolerance": percent_text(approved[phase])
        if phase in approved and approved[phase] != line.outlook.tolerance
        else "",
        "may": bool(request.access.can("case.actuals")),
        "form": form or PhaseMoneyForm(initial=first_values(settled, line.outlook)),
    }
    return render(request, "businesscase/phase_outlook.html", context, status=status)


def _phase_line(money: CaseMoney, phase: int) -> PhaseLine:
    return PhaseLine(
        money.outlook(phase),
        f"{phase} {PHASE_NAMES[phase]}",
        phase in money.closed,
        money.reason(phase),
        address(money.case.project, money.case.kind, "case_outlook", phase),
    )


def _is_stated(money: CaseMoney, phase: int) -> bool:
    """Whether somebody said what is still to come of a phase that is not closed."""
    settled = money.settled.get(phase)
    return settled is not None and settled.remaining is not None and phase not in money.closed


def _allowed(outlook: PhaseOutlook) -> Decimal:
    with localcontext(exact()):
        return outlook.plan * (1 + outlook.tolerance)


def _categories(lines: Iterable[LineMoney]) -> Sequence[CategoryLine]:
    by_category: dict[str, list[LineMoney]] = {}
    for line in lines:
        by_category.setdefault(line.category, []).append(line)
    return [
        CategoryLine(
            str(Category(category).label),
            total(line.plan for line in by_category[category]),
            total(line.actual for line in by_category[category]),
            total(line.remaining for line in by_category[category]),
        )
        for category in Category.values
        if category in by_category
    ]
