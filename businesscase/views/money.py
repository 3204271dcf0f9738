"""What the pages about the money of a case share: which case, its addresses, the words for a case not begun."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from businesscase.choices import CaseKind
from businesscase.domain.money import ZERO, total
from businesscase.domain.months import Month, first_day, month_of
from businesscase.models import BusinessCase
from businesscase.selectors import case_of
from businesscase.selectors.money import CaseMoney
from businesscase.views.case_pages import title_of
from common import clock
from projects.access import ProjectRequest
from projects.models import Project

IMPLEMENTATION, SMALL = str(CaseKind.IMPLEMENTATION), str(CaseKind.GAP)


def address(project: Project, kind: str, name: str, *args: object) -> str:
    """The address of a page of the money of one of the two cases."""
    return reverse(name.replace("case_", "small_") if kind == SMALL else name, args=[project.slug, *args])


def case_address(project: Project, kind: str) -> str:
    """Where the case itself stands."""
    return f"/projects/{project.slug}/business-case/{'gap-analysis/' if kind == SMALL else ''}"


def needed_case(project: Project, kind: str) -> BusinessCase:
    """The case. Raises Http404 where it was not begun."""
    case = case_of(project, kind)
    if case is None:
        raise Http404
    return case


def no_case(request: ProjectRequest, project: Project, kind: str, title: str) -> HttpResponse:
    """The page of a case that was not begun: what to do first."""
    context = {"project": project, "title": title, **money_words(project, kind)}
    return render(request, "businesscase/money_none.html", context)


def money_words(project: Project, kind: str) -> dict[str, Any]:
    """Addresses and words of a case, for every page about its money."""
    pages: Mapping[str, str] = {
        "actuals": address(project, kind, "case_actuals"),
        "until": address(project, kind, "case_actuals_until"),
        "import": address(project, kind, "case_actuals_import"),
        "export": address(project, kind, "case_actuals_export"),
        "outlook": address(project, kind, "case_variance"),
        "benefits": "" if kind == SMALL else reverse("case_benefits", args=[project.slug]),
        "case": case_address(project, kind),
    }
    return {"pages": pages, "case_name": title_of(kind), "currency": project.currency, "is_small": kind == SMALL}


def this_month(project: Project) -> Month:
    """The month that today lies in."""
    return month_of(clock.today(project.time_zone))


def latest_month(case: BusinessCase) -> Month:
    """The last month that something can be booked for: this one, within the horizon."""
    first = month_of(case.first_month)
    return max(first, min(this_month(case.project), first + case.months - 1))


def next_to_close(money: CaseMoney) -> date:
    """The month that is booked next: after the last one for which all is in."""
    first = money.current.first_month
    after = money.until + 1 if money.until is not None else first
    return first_day(max(first, min(after, latest_month(money.case))))


def totals_of(money: CaseMoney) -> Mapping[str, object]:
    """The sums of all phases, and which of them stand badly."""
    plan = total(each.plan for each in money.outlooks)
    actual = total(each.actual for each in money.outlooks)
    forecast = total(each.forecast for each in money.outlooks)
    return {
        "plan": plan,
        "actual": actual,
        "remaining": total(each.remaining for each in money.outlooks),
        "forecast": forecast,
        "deviation": forecast - plan,
        "beyond": [each for each in money.outlooks if each.bounds == "beyond"],
        "near": [each for each in money.outlooks if each.bounds == "near"],
        "is_over": forecast - plan > ZERO,
        "until_day": first_day(money.until) if money.until is not None else None,
    }
