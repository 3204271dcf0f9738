"""One assessment: where it stands, who answers what, and its next step."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.exceptions import RuleBroken, StaleWrite
from common.query import read_query, single_values
from gapanalysis.choices import AssessmentState
from gapanalysis.forms.assessments import ChangeForm
from gapanalysis.models import Assessment
from gapanalysis.selectors import assessment_of
from gapanalysis.selectors.overview import overview_of
from gapanalysis.services.assessments import change_assessment, move_assessment
from projects.access import ProjectRequest, project_view
from projects.answers import conflict
from projects.models import Project
from projects.services.guards import parse_version

_SAID = {
    AssessmentState.OPEN: gettext_lazy("%(title)s is open. Whoever was given sections sees them under My work."),
    AssessmentState.REVIEW: gettext_lazy("%(title)s is in review. Answers can still be changed until it is locked."),
    AssessmentState.LOCKED: gettext_lazy("%(title)s is locked. What it says never changes again."),
}
FIELDS = ("title", "starts_on", "ends_on", "scope", "method")


def found_assessment(project: Project, key: str) -> Assessment:
    """The assessment of `project` that `key` names; raises Http404 where there is none."""
    assessment = assessment_of(project, key)
    if assessment is None:
        raise Http404
    return assessment


@project_view("gap.view")
def overview(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """Its sections with what is answered and by whom; its next step."""
    read_query(request.GET)
    return _page(request, project, found_assessment(project, key))


def _page(
    request: ProjectRequest, project: Project, assessment: Assessment, *, problem: str = "", status: int = 200
) -> HttpResponse:
    view = overview_of(assessment, request.user)
    may_manage = bool(request.access.can("gap.manage"))
    context = {
        "project": project,
        "assessment": assessment,
        "view": view,
        "problem": problem,
        "may_manage": may_manage,
        "may_change": may_manage and not assessment.is_locked,
        "may_lock": bool(request.access.can("gap.lock")),
        "may_answer": assessment.takes_answers
        and bool(request.access.can("gap.answer"))
        and (may_manage or view.mine is not None),
    }
    return render(request, "gapanalysis/assessment.html", context, status=status)


@project_view(post="gap.lock")
def state(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """Open it, hand it to review, take it back, or lock it for good. Services ask for `gap.manage` where it is due."""
    assessment = found_assessment(project, key)
    to = request.POST.get("state", "")
    if to not in AssessmentState.values:
        raise BadRequest("no such state")
    try:
        moved = move_assessment(
            acting_user=request.user,
            project=project,
            assessment=assessment,
            version=parse_version(request.POST.get("version")),
            state=to,
        )
    except RuleBroken as error:
        return _page(request, project, assessment, problem=str(error), status=422)
    messages.success(request, str(_SAID[AssessmentState(to)]) % {"title": moved.title})
    return redirect("gap_assessment", project.slug, key)


@project_view("gap.manage", post="gap.manage")
def change(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """Other words and dates."""
    assessment = found_assessment(project, key)
    if request.method != "POST":
        read_query(request.GET)
        initial = {name: getattr(assessment, name) for name in FIELDS}
        return _change_page(request, project, assessment, ChangeForm(initial=initial), assessment.version)
    data = single_values(request.POST)
    version = parse_version(data.get("version"))
    form = ChangeForm(data)
    if form.is_valid():
        try:
            change_assessment(
                acting_user=request.user,
                project=project,
                assessment=assessment,
                version=version,
                plan=form.plan(assessment),
            )
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        except StaleWrite as error:
            hidden: list[tuple[str, Any]] = [(name, data.get(name, "")) for name in FIELDS]
            return conflict(
                request,
                error,
                action=reverse("gap_change", args=[project.slug, key]),
                hidden=[*hidden, ("version", assessment.version)],
                back=reverse("gap_assessment", args=[project.slug, key]),
            )
        else:
            messages.success(request, _("Saved."))
            return redirect("gap_assessment", project.slug, key)
    return _change_page(request, project, assessment, form, version, status=422)


def _change_page(
    request: ProjectRequest,
    project: Project,
    assessment: Assessment,
    form: ChangeForm,
    version: int,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {"project": project, "assessment": assessment, "form": form, "version": version}
    return render(request, "gapanalysis/change.html", context, status=status)
