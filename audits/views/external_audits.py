"""Audits by certification bodies and customers: one, planned, changed, held, let go."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from audits.choices import BodyState, ExternalAuditState
from audits.forms.certification import ExternalFindingForm, ExternalForm, HeldForm
from audits.models import AuditFinding, CertificationBody, ExternalAudit
from audits.selectors.certification import external_of
from audits.services.external_audits import (
    AHEAD,
    CERTIFIES,
    add_external_audit,
    cancel_external_audit,
    change_external_audit,
    hold_external_audit,
)
from audits.services.findings import raise_finding
from audittrail.selectors import history_of
from audittrail.sentences import sentence
from common import clock
from common.exceptions import RuleBroken, StaleWrite
from common.query import read_query, single_values
from evidence.selectors import seen_by
from projects.access import ProjectRequest, project_view
from projects.models import Party, Project
from projects.services.guards import parse_version, require

LATEST = 12


@project_view("certification.manage", post="certification.manage")
def new(request: ProjectRequest, project: Project) -> HttpResponse:
    """Plan one."""
    if request.method != "POST":
        read_query(request.GET)
        return _form(request, project, ExternalForm(bodies=_bodies(project)))
    form = ExternalForm(single_values(request.POST), bodies=_bodies(project))
    if form.is_valid():
        try:
            made = add_external_audit(acting_user=request.user, project=project, facts=form.facts())
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("%(ref)s is planned.") % {"ref": made.ref})
            return redirect("external_audit", project.slug, made.ref)
    return _form(request, project, form, status=422)


@project_view("certification.view")
def page(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """One audit, its outcome and its findings."""
    read_query(request.GET)
    return _page(request, _found(project, ref))


@project_view("certification.manage", post="certification.manage")
def change(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Change one that was not held yet."""
    audit = _found(project, ref)
    if request.method != "POST":
        read_query(request.GET)
        return _form(request, project, ExternalForm(bodies=_bodies(project), audit=audit), audit=audit)
    data = single_values(request.POST)
    form, status = ExternalForm(data, bodies=_bodies(project), audit=audit), 422
    if form.is_valid():
        try:
            change_external_audit(
                acting_user=request.user, audit=audit, version=parse_version(data.get("version")), facts=form.facts()
            )
        except StaleWrite as error:
            form.add_error(None, str(error))
            status = 409
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("external_audit", project.slug, ref)
    return _form(request, project, form, audit=audit, status=status)


@project_view(post="certification.manage")
def hold(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Say what it came to."""
    audit = _found(project, ref)
    data = single_values(request.POST)
    form = HeldForm(data)
    if not form.is_valid():
        return _page(request, audit, held=form, status=422)

    def act(version: int) -> None:
        hold_external_audit(acting_user=request.user, audit=audit, version=version, held=form.held())

    return _done(request, audit, act, _("%(ref)s is held. Put its findings on the register."), form)


@project_view(post="certification.manage")
def cancel(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Let it go, with words."""
    audit = _found(project, ref)
    why = single_values(request.POST).get("why", "")

    def act(version: int) -> None:
        cancel_external_audit(acting_user=request.user, audit=audit, version=version, why=why)

    return _done(request, audit, act, _("%(ref)s does not take place."), None, {"why": why})


@project_view(post="findings.raise")
def finding(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Put a finding of theirs on the register."""
    audit = _found(project, ref)
    form = ExternalFindingForm(single_values(request.POST), owners=_owners(project))
    # What is to be seen of an audit is for who sees the way to the certificate.
    require(request.access.can("certification.view"))
    if audit.state != ExternalAuditState.HELD:
        return _page(
            request, audit, raised=form, problem=_("It was not held yet. Say first what it came to."), status=422
        )
    if form.is_valid():
        try:
            made = raise_finding(
                acting_user=request.user, project=project, facts=form.facts(audit), external_audit=audit
            )
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("%(ref)s is on the register.") % {"ref": made.ref})
            return redirect(f"{reverse('external_audit', args=[project.slug, ref])}#h-findings")
    return _page(request, audit, raised=form, status=422)


def _done(
    request: ProjectRequest,
    audit: ExternalAudit,
    act: Callable[[int], None],
    said: str,
    form: HeldForm | None,
    typed: dict[str, str] | None = None,
) -> HttpResponse:
    """Do it and lead back, or show the page with the refusal and what was typed."""
    project, ref = audit.project, audit.ref
    try:
        act(parse_version(request.POST.get("version")))
    except StaleWrite:
        problem = _("Somebody changed this audit meanwhile. Read it again; nothing was saved.")
        return _page(request, _found(project, ref), problem=problem, held=form, typed=typed, status=409)
    except RuleBroken as error:
        if form is not None and error.field in form.fields:
            form.add_error(error.field, str(error))
            return _page(request, audit, held=form, status=422)
        return _page(request, audit, problem=str(error), held=form, typed=typed, status=422)
    messages.success(request, said % {"ref": ref})
    return redirect("external_audit", project.slug, ref)


def _found(project: Project, ref: str) -> ExternalAudit:
    audit = external_of(project, ref) if len(ref) <= 12 else None
    if audit is None:
        raise Http404
    return audit


def _bodies(project: Project) -> list[CertificationBody]:
    return list(
        CertificationBody.objects.filter(project=project).exclude(state=BodyState.DECLINED).order_by("state", "name")
    )


def _owners(project: Project) -> list[Party]:
    return list(Party.objects.filter(project=project).order_by("name"))


def _page(
    request: ProjectRequest,
    audit: ExternalAudit,
    *,
    problem: str = "",
    held: HeldForm | None = None,
    typed: dict[str, str] | None = None,
    raised: ExternalFindingForm | None = None,
    status: int = 200,
) -> HttpResponse:
    project = audit.project
    is_ahead = audit.state in AHEAD
    today = clock.today(project.time_zone)
    context: dict[str, Any] = {
        "project": project,
        "audit": audit,
        "is_ahead": is_ahead,
        "is_held": audit.state == ExternalAuditState.HELD,
        "certifies": audit.kind in CERTIFIES,
        "findings": list(
            AuditFinding.objects.filter(project=project, external_audit=audit).select_related("owner").order_by("pk")
        ),
        "report": audit.report
        if audit.report is not None and seen_by(project, request.access).filter(pk=audit.report.pk).exists()
        else None,
        "form": held or HeldForm(initial={"ended_on": min(audit.ends_on, today), "version": audit.version}),
        "may_manage": bool(request.access.can("certification.manage")),
        "raised": (raised or ExternalFindingForm(owners=_owners(project)))
        if request.access.can("findings.raise")
        else None,
        "days_late": (today - audit.ends_on).days if is_ahead and audit.ends_on < today else None,
        "days_left": (audit.starts_on - today).days if is_ahead and audit.starts_on >= today else None,
        "changes": [sentence(event) for event in history_of(project.uuid, "external audit", [audit.ref])[:LATEST]]
        if request.access.can("trail.view")
        else [],
        "problem": problem,
        "typed": typed or {},
    }
    return render(request, "audits/external_audit.html", context, status=status)


def _form(
    request: ProjectRequest,
    project: Project,
    form: ExternalForm,
    *,
    audit: ExternalAudit | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"project": project, "form": form, "audit": audit}
    return render(request, "audits/external_audit_form.html", context, status=status)
