"""More analysis: every estimate that moves the result, the rates of return, and ten thousand runs."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from businesscase import guide
from businesscase.charts import rates_chart, runs_chart, tornado_chart, unit_for
from businesscase.choices import CaseKind
from businesscase.domain.tornado import tornado
from businesscase.panels_figures import IRR_REASONS, irr_words
from businesscase.panels_overview import tornado_words
from businesscase.panels_runs import runs_panel
from businesscase.selectors import case_of
from businesscase.selectors.runs import estimates_sha256, is_under_way, latest_job, latest_runs
from businesscase.selectors.standing import Reading, Standing, standing_of
from businesscase.services.runs import request_runs
from common.exceptions import RuleBroken
from common.query import read_query
from projects.access import ProjectRequest, project_view
from projects.models import Project


@project_view("case.view")
def analysis(request: ProjectRequest, project: Project) -> HttpResponse:
    """All of it on one page; the simulation where there is one."""
    read_query(request.GET)
    return render(request, "businesscase/analysis.html", _context(request, project))


def _context(request: ProjectRequest, project: Project, **more: Any) -> dict[str, Any]:
    found = standing_of(project, Reading.LINES)
    if found is None:
        raise Http404
    unit = unit_for(found.now, found.content.currency)
    return {
        "project": project,
        "standing": found,
        "content": found.content,
        "unit": unit,
        "npv": unit.say(found.now.npv),
        "has_money": bool(found.now.cost or found.now.benefit),
        "may_run": bool(request.access.can("case.edit")),
        "seed": "",
        **_moves(found),
        **_rates(found),
        **_runs(found),
        **more,
    }


def _moves(found: Standing) -> dict[str, Any]:
    swings = tornado(found.content, found.ahead)
    return {
        "tornado": tornado_chart(found.content, swings, found.now.npv),
        "tornado_words": tornado_words(swings, found.now.npv),
        "tornado_guide": guide.figures()["tornado"],
    }


def _rates(found: Standing) -> dict[str, Any]:
    rates = found.now.rates
    return {
        "rates": rates_chart(found.content, found.now),
        "irr": irr_words(found.now),
        "irr_reason": str(IRR_REASONS[rates.reason]) if rates.reason else "",
        "irr_guide": guide.figures()["irr"],
        "rate_guide": guide.figures()["discount rate"],
    }


def _runs(found: Standing) -> dict[str, Any]:
    made, job = latest_runs(found.case), latest_job(found.case)
    panel = runs_panel(made, found, estimates_sha256(found)) if made is not None else None
    return {
        "runs": panel,
        "runs_chart": runs_chart(made.result, found.content.currency) if made is not None else None,
        "job": job,
        "under_way": is_under_way(job),
        "failed": job.error if job is not None and job.error and (made is None or made.job_id != job.pk) else "",
        "runs_guide": (guide.figures()["P10 P50 P90"], guide.figures()["chance to pay back"]),
    }


@project_view(post="case.edit")
def run(request: ProjectRequest, project: Project) -> HttpResponse:
    """Ask for the runs. A seed that was typed repeats a result."""
    case = case_of(project, CaseKind.IMPLEMENTATION)
    if case is None:
        raise Http404
    typed = request.POST.get("seed", "").strip()
    try:
        if typed and not (typed.isascii() and typed.isdigit() and len(typed) <= 20):
            raise RuleBroken(
                _("A seed is a whole number, such as 20261130. Leave it empty for a new one."), field="seed"
            )
        request_runs(acting_user=request.user, case=case, seed=int(typed) if typed else None)
    except RuleBroken as error:
        context = _context(request, project, seed=typed, seed_problem=str(error))
        return render(request, "businesscase/analysis.html", context, status=422)
    messages.success(request, _("The runs are being computed. They take a few seconds; this page shows them then."))
    return redirect("case_analysis", project.slug)
