"""What people do with a version: decide, take it back, ask somebody else, say that a condition is met."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.models import User
from businesscase.addresses import case_address
from businesscase.choices import VersionState
from businesscase.forms.approval import DecideForm, MetForm, ReplaceForm
from businesscase.models import Approval, CaseVersion
from businesscase.selectors.approval import approvers_of, condition_of, words_of
from businesscase.services.approval import decide as decide_version
from businesscase.services.approval import is_very_small, meet_condition, replace_approver, withdraw_version
from businesscase.views.case_pages import case_url
from businesscase.views.version_page import Typed, found_version, others_to_ask, version_page
from common.exceptions import RuleBroken, StaleWrite
from common.query import single_values
from projects.access import ProjectRequest, project_view
from projects.models import Project
from projects.services.guards import parse_version


def _back(version: CaseVersion) -> HttpResponse:
    return redirect(case_address(version.project.slug, version.case.kind, "version", version.number))


@project_view("case.view", post="case.approve")
def decide(request: ProjectRequest, project: Project, kind: str, number: int) -> HttpResponse:
    """Say one's word about a version."""
    version = found_version(project, kind, number)
    if request.method != "POST":
        return _back(version)
    form = DecideForm(single_values(request.POST))
    if not form.is_valid():
        return version_page(request, version, typed=Typed(decide=form), status=422)
    values = form.cleaned_data
    try:
        decided = decide_version(
            acting_user=request.user,
            version=version,
            seen_sha256=values["seen"],
            verdict=values["verdict"],
            comment=values["comment"],
            conditions=form.conditions(),
        )
    except StaleWrite as error:
        fresh = found_version(project, kind, number)
        return version_page(request, fresh, typed=Typed(decide=form), problem=str(error), status=409)
    except RuleBroken as error:
        field = "text_0" if error.field == "conditions" else error.field
        if field in form.fields:
            form.add_error(field, str(error))
            return version_page(request, version, typed=Typed(decide=form), status=422)
        return version_page(request, version, typed=Typed(decide=form), problem=str(error), status=422)
    messages.success(request, _said(decided))
    return _back(version)


def _said(version: CaseVersion) -> str:
    """What a decision led to."""
    said = {
        VersionState.SUBMITTED: _("Your decision is recorded. Version %(number)d still waits for others."),
        VersionState.APPROVED: _("Version %(number)d is approved and in force."),
        VersionState.CONDITIONS: _("Version %(number)d is approved with conditions and in force."),
        VersionState.CHANGES: _("Version %(number)d goes back: changes are asked for."),
        VersionState.REJECTED: _("Version %(number)d is rejected."),
    }
    return said[VersionState(version.state)] % {"number": version.number}


@project_view("case.view", post="case.edit")
def withdraw(request: ProjectRequest, project: Project, kind: str, number: int) -> HttpResponse:
    """Take a submitted version back."""
    version = found_version(project, kind, number)
    if request.method != "POST":
        return _back(version)
    note = single_values(request.POST).get("note", "")
    try:
        withdraw_version(acting_user=request.user, version=version, note=note)
    except StaleWrite as error:
        fresh = found_version(project, kind, number)
        return version_page(request, fresh, typed=Typed(withdraw_note=note), problem=str(error), status=409)
    except RuleBroken as error:
        return version_page(request, version, typed=Typed(withdraw_note=note), problem=str(error), status=422)
    messages.success(
        request, _("Version %(number)d is withdrawn. The draft can be changed again.") % {"number": number}
    )
    return redirect(case_url(project, kind, "points"))


@project_view("case.view", post="case.edit")
def replace(request: ProjectRequest, project: Project, kind: str, number: int) -> HttpResponse:
    """Ask somebody else instead of an approver who has not decided."""
    version = found_version(project, kind, number)
    if request.method != "POST":
        return _back(version)
    data = single_values(request.POST)
    people = approvers_of(project)
    others = others_to_ask(version, words_of(version, people), people, very_small=is_very_small(project))
    form = ReplaceForm(data, people=others, auto_id=f"id_{data.get('gone', '')[:12]}_%s")
    if not form.is_valid():
        if "gone" in form.errors:
            raise BadRequest("gone is no person")
        return version_page(request, version, typed=Typed(replace=form), status=422)
    gone = User.objects.filter(pk=form.cleaned_data["gone"]).first()
    if gone is None:
        raise Http404
    try:
        approval = replace_approver(
            acting_user=request.user, version=version, gone=gone, instead=form.people[form.cleaned_data["instead"]]
        )
    except Approval.DoesNotExist:
        said = _("%(name)s is not asked any more. Somebody replaced them meanwhile.") % {"name": gone}
        return version_page(request, found_version(project, kind, number), problem=said, status=409)
    except StaleWrite as error:
        return version_page(request, found_version(project, kind, number), problem=str(error), status=409)
    except RuleBroken as error:
        return version_page(request, version, typed=Typed(replace=form), problem=str(error), status=422)
    messages.success(request, _("%(name)s is asked instead of %(gone)s.") % {"name": approval.approver, "gone": gone})
    return _back(version)


@project_view("case.view", post="case.edit")
def condition(request: ProjectRequest, project: Project, kind: str, number: int, pk: int) -> HttpResponse:
    """Say that a condition is met, or take that back."""
    version = found_version(project, kind, number)
    found = condition_of(version, pk)
    if found is None:
        raise Http404
    if request.method != "POST":
        return _back(version)
    data = single_values(request.POST)
    taken_back = data.get("do") == "take back"
    form = MetForm(data, auto_id=f"id_{pk}_%s")
    if not taken_back and not form.is_valid():
        parse_version(data.get("version"))
        return version_page(request, version, typed=Typed(met={pk: form}), status=422)
    try:
        meet_condition(
            acting_user=request.user,
            condition=found,
            version=parse_version(data.get("version")),
            met_on=None if taken_back else form.cleaned_data["met_on"],
            note="" if taken_back else form.cleaned_data["note"],
        )
    except StaleWrite as error:
        fresh = found_version(project, kind, number)
        return version_page(request, fresh, problem=str(error), status=409)
    except RuleBroken as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return version_page(request, version, typed=Typed(met={pk: form}), status=422)
    messages.success(request, _("Taken back: the condition is open.") if taken_back else _("The condition is met."))
    return _back(version)
