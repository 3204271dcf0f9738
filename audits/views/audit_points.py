"""Working through the checklist of an audit: one point on a page, with keys and on a phone; and the report."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audits.choices import AuditState, CheckResult
from audits.forms.internal import (
    PointFindingForm,
    PointForm,
    ReportForm,
    initial_point,
    refuse,
)
from audits.models import Audit, CheckItem
from audits.selectors.audit_samples import choices_for
from audits.selectors.internal import PointPage, audit_page, point_page
from audits.services.audit_findings import raise_at_point
from audits.services.checklists import Picked, draw_sample, drop_sample, save_point, take_sample
from audits.services.findings import FindingFacts
from audits.services.reporting import report_audit
from audits.views.audits import found_or_404, show
from common.exceptions import RuleBroken, StaleWrite
from common.query import read_query, single_values
from phases.selectors.clauses import clause_titles
from projects.access import ProjectRequest, project_view
from projects.answers import conflict
from projects.models import Party, Project
from projects.services.guards import parse_version


@project_view("project.view", post="audits.conduct")
def point(request: ProjectRequest, project: Project, ref: str, point: int) -> HttpResponse:
    """A point: what is asked, what was found, what was looked at. A POST keeps the result and leads to the next."""
    audit, found = _found(request, project, ref, point)
    if request.method != "POST":
        read_query(request.GET)
        return _page(request, audit, found)
    data = single_values(request.POST)
    form = PointForm(data)
    version = parse_version(data.get("version"))
    here = reverse("audit_point", args=[project.slug, ref, point])
    status = 422
    if form.is_valid():
        try:
            save_point(
                acting_user=request.user,
                project=project,
                ref=ref,
                point=point,
                version=version,
                result=form.cleaned_data["result"],
                notes=form.cleaned_data["notes"],
            )
        except RuleBroken as error:
            refuse(form, error)
        except StaleWrite as error:
            now = CheckItem.objects.values_list("version", flat=True).get(pk=point)
            sent = [(name, data.get(name, "")) for name in ("result", "notes")]
            return conflict(request, error, action=here, hidden=[*sent, ("version", now)], back=here)
        else:
            if data.get("then") == "stay" or found.after is None:
                messages.success(request, _("Saved."))
                return redirect(here if data.get("then") == "stay" else reverse("audit", args=[project.slug, ref]))
            return redirect("audit_point", project.slug, ref, found.after)
    return _page(request, audit, found, form=form, status=status)


@project_view(post="audits.conduct")
def sample(request: ProjectRequest, project: Project, ref: str, point: int) -> HttpResponse:
    """Write down what was looked at: picked from the lists, or in words."""
    audit, found = _found(request, project, ref, point)
    data = single_values(request.POST)
    picked = Picked(
        words=data.get("words", ""),
        evidence=data.get("evidence", "")[:20],
        document=data.get("document", "")[:80],
        activity=data.get("activity", "")[:24],
    )
    try:
        take_sample(acting_user=request.user, project=project, ref=ref, point=point, picked=picked)
    except RuleBroken as error:
        return _page(request, audit, found, problem=str(error), typed={"words": picked.words}, status=422)
    messages.success(request, _("Written down."))
    return redirect(reverse("audit_point", args=[project.slug, ref, point]) + "#samples")


@project_view(post="audits.conduct")
def draw(request: ProjectRequest, project: Project, ref: str, point: int) -> HttpResponse:
    """Draw items of evidence at random."""
    audit, found = _found(request, project, ref, point)
    raw = single_values(request.POST).get("count", "")
    count = int(raw) if raw.isascii() and raw.isdecimal() and len(raw) < 4 else 0
    try:
        drawn = draw_sample(acting_user=request.user, project=project, ref=ref, point=point, count=count)
    except RuleBroken as error:
        return _page(request, audit, found, problem=str(error), typed={"count": raw}, status=422)
    said = ngettext("%(n)d item was drawn.", "%(n)d items were drawn.", len(drawn)) % {"n": len(drawn)}
    messages.success(request, said)
    return redirect(reverse("audit_point", args=[project.slug, ref, point]) + "#samples")


@project_view(post="audits.conduct")
def unsample(request: ProjectRequest, project: Project, ref: str, point: int, sample: int) -> HttpResponse:
    """Take a sample back."""
    audit, found = _found(request, project, ref, point)
    if all(each.pk != sample for each in found.samples):
        raise Http404
    try:
        drop_sample(acting_user=request.user, project=project, ref=ref, sample=sample)
    except RuleBroken as error:
        return _page(request, audit, found, problem=str(error), status=422)
    return redirect(reverse("audit_point", args=[project.slug, ref, point]) + "#samples")


@project_view("audits.conduct", post="audits.conduct")
def finding(request: ProjectRequest, project: Project, ref: str, point: int) -> HttpResponse:
    """Raise a finding at a point."""
    audit, found = _found(request, project, ref, point)
    parties = list(Party.objects.filter(project=project, is_active=True).order_by("name"))
    if request.method != "POST":
        read_query(request.GET)
        initial = {"grade": "minor", "found": found.item.notes}
        return _finding_page(request, audit, found, PointFindingForm(parties=parties, initial=initial))
    data = single_values(request.POST)
    form, status = PointFindingForm(data, parties=parties), 422
    if form.is_valid():
        clean = form.cleaned_data
        facts = FindingFacts(
            title=clean["title"],
            found=clean["found"],
            grade=clean["grade"],
            proof=clean["proof"],
            owner=form.party,
            due=clean["due"],
        )
        try:
            made = raise_at_point(
                acting_user=request.user,
                project=project,
                ref=ref,
                point=point,
                version=parse_version(data.get("version")),
                facts=facts,
            )
        except StaleWrite as error:
            form.add_error(None, str(error))
            status = 409
        except RuleBroken as error:
            refuse(form, error)
        else:
            messages.success(request, _("%(ref)s is on the register.") % {"ref": made.ref})
            return redirect("audit_point", project.slug, ref, point)
    return _finding_page(request, audit, found, form, status=status)


@project_view("audits.conduct", post="audits.conduct")
def report(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Say what the audit came to, which ends it."""
    audit = found_or_404(request, project, ref)
    if audit.state != AuditState.UNDERWAY:
        return show(request, audit, problem=_("A report is made while the audit is under way."), status=422)
    if request.method != "POST":
        read_query(request.GET)
        return _report_page(request, audit, ReportForm(initial={"version": audit.version}))
    data = single_values(request.POST)
    form, status = ReportForm(data), 422
    if form.is_valid():
        try:
            done = report_audit(
                acting_user=request.user,
                project=project,
                ref=ref,
                version=parse_version(data.get("version")),
                summary=form.cleaned_data["summary"],
                conclusion=form.cleaned_data["conclusion"],
            )
        except StaleWrite as error:
            form.add_error(None, str(error))
            status = 409
        except RuleBroken as error:
            refuse(form, error)
        else:
            number = done.report.number if done.report is not None else ""
            messages.success(
                request, _("The report is document %(number)s, a draft to be approved.") % {"number": number}
            )
            return redirect("audit", project.slug, ref)
    return _report_page(request, audit, form, status=status)


def _found(request: ProjectRequest, project: Project, ref: str, point: int) -> tuple[Audit, PointPage]:
    audit = found_or_404(request, project, ref)
    found = point_page(audit, point)
    if found is None:
        raise Http404
    return audit, found


def _page(
    request: ProjectRequest,
    audit: Audit,
    found: PointPage,
    *,
    form: PointForm | None = None,
    problem: str = "",
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    project = audit.project
    is_team = audit.team.filter(party__user=request.user).exists()
    may_work = is_team and audit.state == AuditState.UNDERWAY and bool(request.access.can("audits.conduct"))
    context: dict[str, Any] = {
        "project": project,
        "audit": audit,
        "page": found,
        "item": found.item,
        "clause_title": clause_titles()[audit.edition].get(found.item.clause, ""),
        "form": form or PointForm(initial=initial_point(found.item)),
        "results": [each for each in CheckResult.choices if each[0] != CheckResult.OPEN],
        "may_work": may_work,
        "choices": choices_for(project, request.access, audit.edition, found.item.clause) if may_work else None,
        "problem": problem,
        "typed": typed or {},
    }
    return render(request, "audits/audit_point.html", context, status=status)


def _finding_page(
    request: ProjectRequest, audit: Audit, found: PointPage, form: PointFindingForm, *, status: int = 200
) -> HttpResponse:
    context = {"project": audit.project, "audit": audit, "page": found, "item": found.item, "form": form}
    return render(request, "audits/audit_finding.html", context, status=status)


def _report_page(request: ProjectRequest, audit: Audit, form: ReportForm, *, status: int = 200) -> HttpResponse:
    context = {
        "project": audit.project,
        "audit": audit,
        "page": audit_page(audit, request.access),
        "form": form,
    }
    return render(request, "audits/audit_report.html", context, status=status)
