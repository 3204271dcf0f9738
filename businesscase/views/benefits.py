"""Benefits followed month by month, also after the project: the list, and the page on which one is confirmed."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from businesscase.choices import BenefitKind
from businesscase.domain.money import total
from businesscase.domain.months import first_day, month_label
from businesscase.forms.benefits import TypedMonth, asked_months, note_refusal, sent_again, typed_months, words_of
from businesscase.models import BusinessCase
from businesscase.selectors import case_of
from businesscase.selectors.benefits import FollowedBenefit, followed_benefits
from businesscase.services.cost_texts import read_month
from businesscase.services.money import confirm_months
from businesscase.views.money import IMPLEMENTATION, money_words, needed_case, no_case
from common.exceptions import RuleBroken, StaleWrite
from common.query import read_query, single_values
from projects.access import ProjectRequest, project_view
from projects.answers import conflict
from projects.models import Project


@project_view("case.view")
def benefits(request: ProjectRequest, project: Project) -> HttpResponse:
    """What each benefit was to bring until now, what was confirmed, and what waits for whose word."""
    read_query(request.GET)
    case = case_of(project)
    if case is None:
        return no_case(request, project, IMPLEMENTATION, _("Benefits confirmed"))
    found = followed_benefits(case)
    figures = [each for each in found if each.in_figures]
    context = {
        "project": project,
        "case": case,
        **money_words(project, IMPLEMENTATION),
        "figures": figures,
        "words": [each for each in found if not each.in_figures],
        "plan": total(each.plan for each in figures),
        "confirmed": total(each.confirmed for each in figures),
        "difference": total(each.difference for each in figures),
        "waiting": sum(len(each.due) for each in found),
        "mine": sum(len(each.due) for each in found if _is_named(request, each)),
        "unnamed": [each for each in found if each.line.confirmed_by is None],
        "is_approved": any(each.is_approved for each in found),
    }
    return render(request, "businesscase/benefits.html", context)


@project_view("case.view", post="case.confirm")
def benefit(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """One benefit: its months, and the form for those that wait for a word."""
    case = needed_case(project, IMPLEMENTATION)
    found = _found(case, ref)
    if request.method != "POST":
        return _page(request, case, found)
    sent = single_values(request.POST)
    typed = typed_months(found, asked_months(found, all_of=True), sent)
    words = words_of(found, typed)
    if any(each.faults for each in typed):
        return _page(request, case, found, typed=typed, status=422)
    if not words:
        problem = _("Type what at least one month brought, 0 where it brought nothing.")
        return _page(request, case, found, typed=typed, problem=problem, status=422)
    try:
        rows = confirm_months(acting_user=request.user, line=found.line, words=words)
    except StaleWrite as error:
        now = _found(case, ref)
        versions = {month_label(each.month): str(each.word.version if each.word else 0) for each in now.months}
        return conflict(request, error, action=request.path, hidden=sent_again(sent, versions), back=request.path)
    except RuleBroken as error:
        problem = "" if note_refusal(typed, error.field, str(error)) else str(error)
        return _page(request, case, found, typed=typed, problem=problem, status=422)
    said = ngettext("%(n)d month was confirmed.", "%(n)d months were confirmed.", len(rows))
    messages.success(request, said % {"n": len(rows)})
    return redirect(request.path)


def _found(case: BusinessCase, ref: str) -> FollowedBenefit:
    found = followed_benefits(case, ref)
    if not found:
        raise Http404
    return found[0]


def _is_named(request: ProjectRequest, found: FollowedBenefit) -> bool:
    named = found.line.confirmed_by
    return named is not None and named.user_id == request.user.pk


def _page(
    request: ProjectRequest,
    case: BusinessCase,
    found: FollowedBenefit,
    *,
    typed: Sequence[TypedMonth] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    values, _lists = read_query(request.GET, single=("month",))
    wanted = read_month(values["month"]) if values["month"] else None
    may_any = bool(request.access.can("case.actuals"))
    may = may_any or (bool(request.access.can("case.confirm")) and _is_named(request, found))
    label = f"{wanted:%Y-%m}" if wanted else ""
    shown = typed if typed is not None else typed_months(found, asked_months(found, label), None)
    context = {
        "project": case.project,
        "case": case,
        **money_words(case.project, IMPLEMENTATION),
        "found": found,
        "kind_label": BenefitKind(found.line.kind).label,
        "months": [(first_day(each.month), each) for each in found.months],
        "may": may,
        "typed": shown if may else [],
        "problem": problem,
        "faulty": bool(problem) or any(each.faults for each in shown),
    }
    return render(request, "businesscase/benefit.html", context, status=status)
