"""What was spent: month by month and phase by phase, typed in several lines at once, taken back, and taken out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from businesscase.choices import Category
from businesscase.domain.money import total
from businesscase.domain.months import first_day
from businesscase.exports_actuals import HEADER, actual_rows
from businesscase.forms.actuals import TypedCosts, read_typed, until_choices
from businesscase.models import ActualCost, BusinessCase
from businesscase.selectors import case_of
from businesscase.selectors.money import money_of, months_of
from businesscase.services.cost_texts import Judge, entries_of, read_month
from businesscase.services.money import record_costs, remove_cost, set_actual_until
from businesscase.views.money import (
    IMPLEMENTATION,
    address,
    latest_month,
    money_words,
    needed_case,
    next_to_close,
    no_case,
    totals_of,
)
from common.exceptions import RuleBroken, StaleWrite
from common.query import choice, read_query, single_values, whole_number
from common.workbook_out import FORMATS, XLSX, table_response
from phases.choices import PHASE_NAMES
from projects.access import ProjectRequest, project_view
from projects.models import Project
from projects.services.guards import parse_version

SHOWN_A_PAGE = 20
FIRST_ROWS = 5


@project_view("case.view", post="case.actuals")
def actuals(request: ProjectRequest, project: Project, kind: str = IMPLEMENTATION) -> HttpResponse:
    """What was spent, and the form that books several amounts of one month at once."""
    case = case_of(project, kind)
    if case is None:
        if request.method == "POST":
            raise Http404
        return no_case(request, project, kind, _("Actual costs"))
    if request.method != "POST":
        return _page(request, case, None)
    typed = read_typed(single_values(request.POST))
    if typed.wants_more:
        return _page(request, case, typed)
    judge = Judge(case)
    rows = [judge.read(text) for text in typed.texts]
    doubles = judge.doubles(rows)
    if not typed.check(case, rows, doubles):
        return _page(request, case, typed, status=422)
    entries = entries_of(rows, {}, with_doubles=True)
    try:
        record_costs(acting_user=request.user, case=case, entries=entries, until=typed.closed_until(case))
    except RuleBroken as error:
        typed.problem = str(error)
        return _page(request, case, typed, status=422)
    amount = total(entry.amount for entry in entries)
    said = ngettext("%(n)d amount was booked.", "%(n)d amounts were booked.", len(entries)) % {"n": len(entries)}
    if typed.closes and typed.month is not None:
        said += " " + _("All costs are in until %(month)s.") % {"month": dateformat.format(typed.month, "F Y")}
    messages.success(request, said if amount else _("The month is closed without a booking."))
    return redirect(f"{address(project, kind, 'case_actuals')}#booked")


@project_view(post="case.actuals")
def until(request: ProjectRequest, project: Project, kind: str = IMPLEMENTATION) -> HttpResponse:
    """Say until which month all costs are in, or that none is closed."""
    case = needed_case(project, kind)
    values, _lists = read_query(request.POST, single=("until", "csrfmiddlewaretoken"))
    month = read_month(values["until"]) if values["until"] else None
    if values["until"] and month is None:
        raise RuleBroken(_("%(typed)s is no month. Write it as 2026-03.") % {"typed": values["until"][:20]})
    set_actual_until(acting_user=request.user, case=case, until=month)
    said = _("No month is closed: everything counts as still to come.")
    if month is not None:
        said = _("All costs are in until %(month)s. The forecast begins with the month after.") % {
            "month": dateformat.format(month, "F Y")
        }
    messages.success(request, said)
    return redirect(address(project, kind, "case_actuals"))


@project_view(post="case.actuals")
def remove(request: ProjectRequest, project: Project, number: int, kind: str = IMPLEMENTATION) -> HttpResponse:
    """Take back an amount that was booked by mistake."""
    case = needed_case(project, kind)
    row = ActualCost.objects.filter(case=case, pk=number).first()
    if row is None:
        said = _("This booking is not here any more. Perhaps it was taken back already.")
        raise StaleWrite(said, current={}, sent={})
    row.project = project
    remove_cost(acting_user=request.user, row=row, version=parse_version(request.POST.get("version")))
    messages.success(request, _("The booking was taken back. The trail keeps what it said."))
    return redirect(f"{address(project, kind, 'case_actuals')}#booked")


@project_view("case.view")
def export(request: ProjectRequest, project: Project, kind: str = IMPLEMENTATION) -> HttpResponse:
    """Every booking as XLSX or CSV, in the columns that the import takes."""
    values, _lists = read_query(request.GET, single=("format",))
    form = choice("format", values["format"], FORMATS) or XLSX
    case = needed_case(project, kind)
    return table_response(form, f"{project.slug}-actual-costs", HEADER, actual_rows(case))


@dataclass(frozen=True, slots=True)
class _MonthLine:
    """A line of the table of months: a cell for each phase, what was planned, whether all costs of it are in."""

    day: date
    cells: Sequence[object]
    actual: object
    plan: object
    is_closed: bool


def _page(request: ProjectRequest, case: BusinessCase, typed: TypedCosts | None, *, status: int = 200) -> HttpResponse:
    project = case.project
    # What was posted has the fields of the form in its address, not those of the list.
    values, _lists = read_query(request.GET if request.method != "POST" else QueryDict(), single=("month", "page"))
    shown = read_month(values["month"]) if values["month"] else None
    page = whole_number("page", values["page"]) or 1
    money = money_of(case)
    may = bool(request.access.can("case.actuals"))
    listed = ActualCost.objects.filter(case=case).select_related("cost_line", "recorded_by")
    if shown is not None:
        listed = listed.filter(month=shown)
    booked = Paginator(listed.order_by("-month", "-pk"), SHOWN_A_PAGE).get_page(page)
    months = months_of(money, latest_month(case))
    phases = [phase for phase in range(5) if any(phase in month.by_phase for month in months)] or [0, 1]
    context: dict[str, Any] = {
        "project": project,
        "case": case,
        "money": money,
        **money_words(project, case.kind),
        **totals_of(money),
        "months": [
            _MonthLine(
                first_day(month.month),
                [month.by_phase.get(phase) for phase in phases],
                month.actual,
                month.plan,
                money.until is not None and month.month <= money.until,
            )
            for month in months
        ],
        "phases": [(phase, PHASE_NAMES[phase]) for phase in phases],
        "months_open": sum(month.month > (money.until or 0) for month in months),
        "months_plan": total(month.plan for month in months),
        "phase_totals": [money.outlook(phase).actual for phase in phases],
        "booked": booked,
        "shown_month": shown,
        "may": may,
    }
    if may:
        context |= {
            "typed": typed or read_typed(QueryDict(), month=next_to_close(money), rows=FIRST_ROWS),
            "lines": money.current.costs,
            "all_phases": PHASE_NAMES.items(),
            "categories": Category.choices,
            "until_choices": until_choices(case, latest_month(case)),
            "until_value": f"{case.actual_until:%Y-%m}" if case.actual_until else "",
        }
    return render(request, "businesscase/actuals.html", context, status=status)
