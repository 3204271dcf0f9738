"""The assessments of a project: the list, and starting another one."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from common.exceptions import RuleBroken
from common.query import read_query, single_values
from gapanalysis.choices import AssessmentKind
from gapanalysis.forms.assessments import ASKS, StartForm
from gapanalysis.selectors import assessments_of
from gapanalysis.selectors.progress import Progress, progress_by_assessment
from gapanalysis.selectors.starting import Starting, starting_point
from gapanalysis.services.assessments import start_assessment
from projects.access import ProjectRequest, project_view
from projects.models import Project


@project_view("gap.view")
def assessments(request: ProjectRequest, project: Project) -> HttpResponse:
    """All assessments, the newest first, each with how far it is."""
    read_query(request.GET)
    found = list(assessments_of(project))
    progress = progress_by_assessment(found)
    context = {
        "project": project,
        "lines": [(each, progress.get(each.pk, Progress())) for each in reversed(found)],
        "may_manage": bool(request.access.can("gap.manage")),
    }
    return render(request, "gapanalysis/assessments.html", context)


@project_view("gap.manage", post="gap.manage")
def start(request: ProjectRequest, project: Project) -> HttpResponse:
    """Start an assessment: its kind, what stands beside, scope, method and dates."""
    point = starting_point(project)
    shape: dict[str, Any] = {"locked": point.locked, "has_baseline": point.has_baseline}
    if request.method != "POST":
        read_query(request.GET)
        return _form(request, project, StartForm(initial=_initial(point), **shape), point)
    form = StartForm(single_values(request.POST), **shape)
    if form.is_valid():
        plan, started_from = form.plan(project)
        try:
            made = start_assessment(acting_user=request.user, project=project, plan=plan, started_from=started_from)
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("%(title)s is a draft. Say who answers what.") % {"title": made.title})
            return redirect("gap_assessors", project.slug, made.key)
    return _form(request, project, form, point, status=422)


def _initial(point: Starting) -> dict[str, Any]:
    return {
        "kind": point.kind,
        "small": point.is_small,
        "started_from": point.locked[-1].key if point.locked else "",
        "scope": point.scope,
    }


def _form(
    request: ProjectRequest, project: Project, form: StartForm, point: Starting, *, status: int = 200
) -> HttpResponse:
    context = {
        "project": project,
        "form": form,
        "asks": {kind.value: str(words) for kind, words in ASKS.items()},
        "baseline": AssessmentKind.BASELINE,
        "point": point,
    }
    return render(request, "gapanalysis/start.html", context, status=status)
