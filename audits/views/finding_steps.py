"""Corrective actions of a finding: added, changed, done, dropped, taken up again."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from audits.finding_permissions import may_handle
from audits.forms.asking import StepForm
from audits.models import CorrectiveAction
from audits.selectors.findings import FindingLine
from audits.services.finding_steps import add_step, change_step, drop_step, finish_step, take_up_step
from audits.views.finding import done, found_or_404, show
from audits.views.findings import parties_of
from common.exceptions import RuleBroken, StaleWrite
from common.query import day, read_query, single_values
from governance.views.refused import refuse
from projects.access import ProjectRequest, project_view
from projects.models import Project
from projects.services.guards import parse_version, require


@project_view(post="requests.answer")
def add(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Add a corrective action."""
    line = found_or_404(request, project, ref)
    form = StepForm(single_values(request.POST), parties=parties_of(project))
    if form.is_valid():
        try:
            made = add_step(acting_user=request.user, finding=line.finding, wish=form.wish())
        except RuleBroken as error:
            refuse(form, error)
        else:
            messages.success(request, _("Action %(n)d is on the list.") % {"n": made.number})
            return redirect("finding", project.slug, ref)
    return show(request, project, line, step_form=form, status=422)


@project_view("requests.answer", post="requests.answer")
def change(request: ProjectRequest, project: Project, ref: str, number: int) -> HttpResponse:
    """Change an open corrective action."""
    line, step = _found(request, project, ref, number)
    require(may_handle(line.finding, request.access))
    parties = parties_of(project, step.owner_id)
    status = 200
    if request.method != "POST":
        read_query(request.GET)
        form = StepForm(parties=parties, step=step)
    else:
        data = single_values(request.POST)
        form = StepForm(data, parties=parties, step=step)
        status = 422
        if form.is_valid():
            try:
                change_step(
                    acting_user=request.user,
                    finding=line.finding,
                    number=number,
                    version=parse_version(data.get("version")),
                    wish=form.wish(),
                )
            except StaleWrite as error:
                form.add_error(None, str(error))
                status = 409
            except RuleBroken as error:
                refuse(form, error)
            else:
                messages.success(request, _("Saved."))
                return redirect("finding", project.slug, ref)
    context = {"project": project, "finding": line.finding, "step": step, "form": form}
    return render(request, "audits/finding_step.html", context, status=status)


@project_view(post="requests.answer")
def finish(request: ProjectRequest, project: Project, ref: str, number: int) -> HttpResponse:
    """Say that it is done, and by what."""
    _found(request, project, ref, number)

    def act(line: FindingLine, version: int, data: Mapping[str, str]) -> None:
        finish_step(
            acting_user=request.user,
            finding=line.finding,
            number=number,
            version=version,
            note=data.get("note", ""),
            done_on=day("done_on", data.get("done_on", "")),
        )

    typed = {"note": request.POST.get("note", ""), "step": number}
    return done(request, project, ref, act, _("Done. Thank you."), typed=typed)


@project_view(post="requests.answer")
def drop(request: ProjectRequest, project: Project, ref: str, number: int) -> HttpResponse:
    """Let it go, with words."""
    _found(request, project, ref, number)

    def act(line: FindingLine, version: int, data: Mapping[str, str]) -> None:
        drop_step(
            acting_user=request.user, finding=line.finding, number=number, version=version, why=data.get("why", "")
        )

    typed = {"why": request.POST.get("why", ""), "step": number}
    return done(request, project, ref, act, _("Dropped. It stays on the list."), typed=typed)


@project_view(post="requests.answer")
def take_up(request: ProjectRequest, project: Project, ref: str, number: int) -> HttpResponse:
    """Open it again, with words."""
    _found(request, project, ref, number)

    def act(line: FindingLine, version: int, data: Mapping[str, str]) -> None:
        take_up_step(
            acting_user=request.user, finding=line.finding, number=number, version=version, why=data.get("why", "")
        )

    typed = {"why": request.POST.get("why", ""), "step": number}
    return done(request, project, ref, act, _("Open again."), typed=typed)


def _found(request: ProjectRequest, project: Project, ref: str, number: int) -> tuple[FindingLine, CorrectiveAction]:
    line = found_or_404(request, project, ref)
    step = CorrectiveAction.objects.select_related("owner").filter(finding=line.finding, number=number).first()
    if step is None:
        raise Http404
    return line, step
