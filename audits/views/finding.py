"""The page of one finding: what was found, how it is corrected, and whether that works."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from audits.choices import Grade
from audits.finding_permissions import may_describe
from audits.forms.asking import FindingForm, StepForm, TreatmentForm
from audits.selectors.finding_page import finding_page, suggested_items
from audits.selectors.findings import FindingLine, finding_of
from audits.services.asking import say_of_finding
from audits.services.finding_steps import await_effect, check_effect, close_finding, reopen_finding
from audits.services.findings import (
    describe_finding,
    grade_finding,
    link_to_finding,
    treat_finding,
    unlink_from_finding,
    withdraw_finding,
)
from audits.views.findings import clause_links, parties_of
from audittrail.selectors import history_of
from audittrail.sentences import sentence
from common import clock
from common.exceptions import RuleBroken, StaleWrite
from common.query import choice, read_query, single_values
from evidence.forms.items import refs_of
from governance.views.refused import refuse
from projects.access import ProjectRequest, project_view
from projects.models import Project
from projects.services.guards import parse_version, require

LATEST = 15
PARTS = ("treat",)


def found_or_404(request: ProjectRequest, project: Project, ref: str) -> FindingLine:
    """The finding; hidden equals absent."""
    line = finding_of(project, ref, request.access) if len(ref) <= 12 else None
    if line is None:
        raise Http404
    return line


@project_view("findings.view")
def page(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """One finding: what is to be done next comes first."""
    values, _lists = read_query(request.GET, single=("edit",))
    editing = choice("edit", values["edit"], PARTS)
    return show(request, project, found_or_404(request, project, ref), editing=editing)


@project_view("findings.raise", post="findings.raise")
def describe(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Put right what was found."""
    line = found_or_404(request, project, ref)
    require(may_describe(line.finding, request.access))
    if request.method != "POST":
        read_query(request.GET)
        return _describe_page(request, project, line, FindingForm(finding=line.finding))
    data = single_values(request.POST)
    form = FindingForm(data, finding=line.finding)
    status = 422
    if form.is_valid():
        try:
            describe_finding(
                acting_user=request.user,
                finding=line.finding,
                version=parse_version(data.get("version")),
                facts=form.facts(),
            )
        except StaleWrite as error:
            form.add_error(None, str(error))
            status = 409
        except RuleBroken as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("finding", project.slug, ref)
    return _describe_page(request, project, line, form, status=status)


@project_view(post="requests.answer")
def treat(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Say how it is corrected."""
    line = found_or_404(request, project, ref)
    data = single_values(request.POST)
    form = TreatmentForm(data, parties=parties_of(project, line.finding.owner_id), finding=line.finding)
    status = 422
    if form.is_valid():
        try:
            treat_finding(
                acting_user=request.user,
                finding=line.finding,
                version=parse_version(data.get("version")),
                said=form.said(),
            )
        except StaleWrite as error:
            form.add_error(None, str(error))
            status = 409
        except RuleBroken as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("finding", project.slug, ref)
    return show(request, project, line, editing="treat", treatment=form, status=status)


@project_view(post="findings.raise")
def grade(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Grade it anew, with a reason."""

    def act(line: FindingLine, version: int, data: Mapping[str, str]) -> None:
        grade_finding(
            acting_user=request.user,
            finding=line.finding,
            version=version,
            grade=data.get("grade", ""),
            reason=data.get("reason", ""),
        )

    return done(request, project, ref, act, _("%(ref)s is graded anew."))


@project_view(post="findings.raise")
def withdraw(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Take it back, with a reason."""

    def act(line: FindingLine, version: int, data: Mapping[str, str]) -> None:
        withdraw_finding(acting_user=request.user, finding=line.finding, version=version, reason=data.get("reason", ""))

    return done(request, project, ref, act, _("%(ref)s is withdrawn. It stays on the register."))


@project_view(post="requests.answer")
def ready(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Say that all is done, so that somebody else looks at the effect."""

    def act(line: FindingLine, version: int, _data: Mapping[str, str]) -> None:
        await_effect(acting_user=request.user, finding=line.finding, version=version)

    return done(request, project, ref, act, _("%(ref)s waits for a look at its effect."))


@project_view(post="findings.verify")
def check(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Say whether the actions work."""

    def act(line: FindingLine, version: int, data: Mapping[str, str]) -> None:
        if data.get("holds") not in ("yes", "no"):
            raise RuleBroken(_("Say whether it works."), field="holds")
        check_effect(
            acting_user=request.user,
            finding=line.finding,
            version=version,
            holds=data["holds"] == "yes",
            words=data.get("words", ""),
        )

    holds = request.POST.get("holds") == "yes"
    said = _("%(ref)s is closed: it works.") if holds else _("%(ref)s is being corrected again.")
    return done(request, project, ref, act, said)


@project_view(post="requests.answer")
def close(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Close an observation or an opportunity with words."""

    def act(line: FindingLine, version: int, data: Mapping[str, str]) -> None:
        close_finding(acting_user=request.user, finding=line.finding, version=version, words=data.get("words", ""))

    return done(request, project, ref, act, _("%(ref)s is closed."))


@project_view(post="findings.view")
def take_up(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Take it up again, with a reason; the service says who may."""

    def act(line: FindingLine, version: int, data: Mapping[str, str]) -> None:
        reopen_finding(acting_user=request.user, finding=line.finding, version=version, reason=data.get("reason", ""))

    return done(request, project, ref, act, _("%(ref)s is taken up again."))


@project_view(post="findings.view")
def link(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Link evidence to it; the service says who may."""
    chosen, more = request.POST.getlist("item"), request.POST.get("keys", "")[:2000]
    keys = [*chosen, *(key.upper() for key in refs_of(more))]

    def act(line: FindingLine, _version: int, _data: Mapping[str, str]) -> None:
        link_to_finding(acting_user=request.user, finding=line.finding, keys=keys)

    typed = {"chosen": chosen, "more": more}
    return done(request, project, ref, act, _("Linked to %(ref)s."), typed=typed, versioned=False)


@project_view(post="findings.view")
def unlink(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Take an item off it; the service says who may."""

    def act(line: FindingLine, _version: int, data: Mapping[str, str]) -> None:
        unlink_from_finding(acting_user=request.user, finding=line.finding, key=data.get("key", ""))

    return done(request, project, ref, act, _("Taken off %(ref)s."), versioned=False)


@project_view(post="findings.view")
def say(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Say something in its conversation; the service says who may."""

    def act(line: FindingLine, _version: int, data: Mapping[str, str]) -> None:
        say_of_finding(acting_user=request.user, finding=line.finding, words=data.get("said", ""))

    return done(request, project, ref, act, _("Said."), versioned=False)


def done(
    request: ProjectRequest,
    project: Project,
    ref: str,
    act: Callable[[FindingLine, int, Mapping[str, str]], None],
    said: str,
    *,
    typed: Mapping[str, Any] | None = None,
    versioned: bool = True,
) -> HttpResponse:
    """Do it and lead back, or show the page with the refusal and what was typed."""
    line = found_or_404(request, project, ref)
    sent = single_values(request.POST, multiple=("item",))
    data = {name: sent.get(name, "") for name in sent}
    kept = typed or data
    try:
        act(line, parse_version(data.get("version")) if versioned else 0, data)
    except StaleWrite:
        problem = _("Somebody changed this finding meanwhile. Read it again; nothing was saved.")
        return show(request, project, found_or_404(request, project, ref), problem=problem, typed=kept, status=409)
    except RuleBroken as error:
        return show(request, project, line, problem=str(error), field=error.field, typed=kept, status=422)
    messages.success(request, said % {"ref": ref})
    return redirect("finding", project.slug, ref)


def show(
    request: ProjectRequest,
    project: Project,
    line: FindingLine,
    *,
    editing: str = "",
    treatment: TreatmentForm | None = None,
    step_form: StepForm | None = None,
    problem: str = "",
    field: str = "",
    typed: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, as it stands or with what was refused."""
    found = finding_page(line, project, request.access)
    finding = line.finding
    parties = parties_of(project, finding.owner_id) if found.may_handle else []
    if editing and found.may_handle and treatment is None:
        treatment = TreatmentForm(parties=parties, finding=finding)
    edits_links = found.may_handle or found.may_describe
    clauses = [(finding.edition, number) for number in finding.clauses]
    linked = {item.pk for item in found.items}
    context: dict[str, Any] = {
        "project": project,
        "found": found,
        "line": line,
        "finding": finding,
        "clauses": clause_links(project, finding.edition, finding.clauses),
        "treatment": treatment if found.may_handle else None,
        "step_form": step_form or (StepForm(parties=parties) if found.may_handle else None),
        "suggested": [
            item for item in suggested_items(project, request.access, clauses=clauses) if item.pk not in linked
        ]
        if edits_links
        else [],
        "edits_links": edits_links,
        "may_talk": bool(request.access.can("findings.raise") or request.access.can("requests.answer")),
        "may_improve": bool(request.access.can("improvements.propose")) and found.improvement is None,
        "grades": Grade.choices,
        "today": clock.today(project.time_zone),
        "changes": [sentence(event) for event in history_of(project.uuid, "audit finding", [finding.ref])[:LATEST]]
        if request.access.can("trail.view")
        else [],
        "problem": problem,
        "field": field,
        "typed": typed or {},
    }
    return render(request, "audits/finding.html", context, status=status)


def _describe_page(
    request: ProjectRequest, project: Project, line: FindingLine, form: FindingForm, *, status: int = 200
) -> HttpResponse:
    context = {"project": project, "form": form, "finding": line.finding}
    return render(request, "audits/finding_form.html", context, status=status)
