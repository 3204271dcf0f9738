"""One internal audit: planned, given its auditors and checklist, begun, given up."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audits.choices import AuditState
from audits.exports_internal import POINT_COLUMNS, point_rows
from audits.forms.internal import AuditForm, initial_audit, read_auditors, refuse
from audits.models import Audit, Programme
from audits.selectors.impartiality import candidates, conflict_words, ties_of
from audits.selectors.internal import AuditPage, audit_of, audit_page, current_programme
from audits.services.audits import begin_audit, cancel_audit, change_audit, name_auditors, plan_audit
from audits.services.checklists import add_point, drop_point, fill_checklist
from audittrail.selectors import history_of
from audittrail.sentences import sentence
from common.exceptions import RuleBroken, StaleWrite
from common.query import choice, read_query, single_values
from common.workbook_out import FORMATS, table_response
from projects.access import ProjectRequest, project_view
from projects.choices import Edition
from projects.models import Project
from projects.services.guards import parse_version, require

LATEST = 6
QUIET = frozenset({"check", "take sample", "drop sample", "draw sample"})
"""What an audit is made of day by day; its checklist shows it."""


@project_view("audits.manage", post="audits.manage")
def new(request: ProjectRequest, project: Project) -> HttpResponse:
    """Plan an audit, in the programme at work where there is one."""
    programme = current_programme(project)
    if request.method != "POST":
        values, lists = read_query(request.GET, single=("edition",), multiple=("clause",))
        wanted = choice("edition", values["edition"], Edition.values)
        edition = wanted or (programme.edition if programme is not None else project.edition)
        used = programme if programme is not None and programme.edition == edition else None
        form = AuditForm(edition=edition, programme=used, initial={"clauses": lists["clause"]})
        return _form_page(request, project, form)
    data = single_values(request.POST, multiple=("clauses",))
    wanted = choice("edition", data.get("edition", ""), Edition.values)
    edition = wanted or (programme.edition if programme is not None else project.edition)
    used = programme if programme is not None and programme.edition == edition else None
    form = AuditForm(data, edition=edition, programme=used)
    if form.is_valid():
        try:
            made = plan_audit(acting_user=request.user, project=project, facts=form.facts())
        except RuleBroken as error:
            refuse(form, error)
        else:
            messages.success(request, _("%(ref)s is planned. Name its auditors.") % {"ref": made.ref})
            return redirect("audit", project.slug, made.ref)
    return _form_page(request, project, form, status=422)


@project_view("project.view")
def page(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """One audit: how far it is, who audits, its checklist, what it found."""
    read_query(request.GET)
    return show(request, found_or_404(request, project, ref))


@project_view("project.view")
def export(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """The checklist of an audit as a file."""
    values, _lists = read_query(request.GET, single=("format",))
    form = choice("format", values["format"], FORMATS) or FORMATS[0]
    rows = point_rows(audit_page(found_or_404(request, project, ref), request.access))
    return table_response(form, f"{project.slug}-{ref}-checklist", POINT_COLUMNS, rows)


@project_view("audits.manage", post="audits.manage")
def change(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Change the plan of an audit that was not begun."""
    audit = found_or_404(request, project, ref)
    clauses = [clause for clause, _title in audit_page(audit, request.access).clauses]
    if audit.state != AuditState.PLANNED:
        return show(request, audit, problem=_("This audit was begun; its plan stays as it is."), status=422)
    if request.method != "POST":
        read_query(request.GET)
        form = _audit_form(None, audit, clauses, initial=initial_audit(audit, clauses))
        return _form_page(request, project, form, audit)
    data = single_values(request.POST, multiple=("clauses",))
    form, status = _audit_form(data, audit, clauses), 422
    if form.is_valid():
        try:
            change_audit(
                acting_user=request.user,
                project=project,
                ref=ref,
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
            return redirect("audit", project.slug, ref)
    return _form_page(request, project, form, audit, status=status)


@project_view("audits.manage", post="audits.manage")
def team(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Name the auditors. Who did what the audit looks at is shown with the reason why they cannot be chosen."""
    audit = found_or_404(request, project, ref)
    if request.method != "POST":
        read_query(request.GET)
        return _team_page(request, audit)
    data = request.POST
    people = {each.key: each for each in candidates(project)}
    try:
        name_auditors(
            acting_user=request.user,
            project=project,
            ref=ref,
            version=parse_version(data.get("version")),
            auditors=read_auditors(data, people),
        )
    except StaleWrite as error:
        return _team_page(request, audit, data, str(error), status=409)
    except RuleBroken as error:
        return _team_page(request, audit, data, str(error), status=422)
    messages.success(request, _("The auditors of %(ref)s are named.") % {"ref": ref})
    return redirect("audit", project.slug, ref)


@project_view(post="audits.conduct")
def begin(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Begin an audit."""
    audit = found_or_404(request, project, ref)
    version = parse_version(single_values(request.POST).get("version"))
    return _done(
        request,
        audit,
        lambda: begin_audit(acting_user=request.user, project=project, ref=ref, version=version),
        _("%(ref)s is under way.") % {"ref": ref},
    )


@project_view(post="audits.manage")
def cancel(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Give an audit up, with words."""
    data = single_values(request.POST)
    version, why = parse_version(data.get("version")), data.get("why", "")
    return _done(
        request,
        found_or_404(request, project, ref),
        lambda: cancel_audit(acting_user=request.user, project=project, ref=ref, version=version, why=why),
        _("%(ref)s is not held. Its clauses count as not looked at.") % {"ref": ref},
        {"why": why},
    )


@project_view(post="audits.conduct")
def fill(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Put the questions of the bank onto the checklist."""
    audit = found_or_404(request, project, ref)
    short = choice("form", single_values(request.POST).get("form", ""), ("short", "whole")) == "short"
    try:
        made = fill_checklist(acting_user=request.user, project=project, ref=ref, short=short)
    except RuleBroken as error:
        return show(request, audit, problem=str(error), status=422)
    said = ngettext("%(n)d question is on the checklist.", "%(n)d questions are on the checklist.", made) % {"n": made}
    messages.success(request, said if made else _("The bank has no further question on these clauses."))
    return redirect("audit", project.slug, ref)


@project_view(post="audits.conduct")
def add(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Put a point of one's own onto the checklist."""
    data = single_values(request.POST)
    clause, text = data.get("clause", "")[:12], data.get("text", "")
    return _done(
        request,
        found_or_404(request, project, ref),
        lambda: add_point(acting_user=request.user, project=project, ref=ref, clause=clause, text=text),
        _("The point is on the checklist."),
        {"text": text, "clause": clause},
    )


@project_view(post="audits.conduct")
def drop(request: ProjectRequest, project: Project, ref: str, point: int) -> HttpResponse:
    """Take a point off the checklist."""
    audit = found_or_404(request, project, ref)
    if not audit.items.filter(pk=point).exists():
        raise Http404
    return _done(
        request,
        audit,
        lambda: drop_point(acting_user=request.user, project=project, ref=ref, point=point),
        _("The point is off the checklist."),
    )


def found_or_404(request: ProjectRequest, project: Project, ref: str) -> Audit:
    """The audit `ref`, for who may see audits, and for its auditors whatever their role."""
    audit = audit_of(project, ref)
    if audit is None:
        raise Http404
    may_see = request.access.can("audits.view")
    if not may_see and not audit.team.filter(party__user=request.user).exists():
        require(may_see)
    return audit


def show(
    request: ProjectRequest,
    audit: Audit,
    *,
    problem: str = "",
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of `audit`, with what was refused and what was typed."""
    project = audit.project
    found: AuditPage = audit_page(audit, request.access)
    may_manage = bool(request.access.can("audits.manage"))
    is_open = audit.state in (AuditState.PLANNED, AuditState.UNDERWAY)
    conducts = found.is_team and bool(request.access.can("audits.conduct"))
    sees_trail = bool(request.access.can("trail.view"))
    context: dict[str, Any] = {
        "project": project,
        "page": found,
        "audit": audit,
        "is_open": is_open,
        "may_manage": may_manage,
        "may_change": may_manage and audit.state == AuditState.PLANNED,
        "may_prepare": is_open and (may_manage or conducts),
        "may_work": conducts and audit.state == AuditState.UNDERWAY,
        "may_begin": audit.state == AuditState.PLANNED and (may_manage or (conducts and found.is_lead)),
        "may_report": conducts and found.is_lead and audit.state == AuditState.UNDERWAY,
        "is_ready": bool(found.points) and any(each.row.is_lead for each in found.team),
        "refused": [
            (each.row.party, [conflict_words(one) for one in each.conflicts]) for each in found.team if each.conflicts
        ],
        "changes": [
            sentence(event)
            for event in history_of(project.uuid, "audit", [audit.ref]).exclude(action__in=QUIET)[:LATEST]
        ]
        if sees_trail
        else [],
        "problem": problem,
        "typed": typed or {},
    }
    return render(request, "audits/audit.html", context, status=status)


def _done(
    request: ProjectRequest,
    audit: Audit,
    act: Callable[[], object],
    said: str,
    typed: dict[str, str] | None = None,
) -> HttpResponse:
    """Do it and lead back, or show the page with the refusal and what was typed."""
    try:
        act()
    except StaleWrite as error:
        return show(
            request, found_or_404(request, audit.project, audit.ref), problem=str(error), typed=typed, status=409
        )
    except RuleBroken as error:
        return show(request, audit, problem=str(error), typed=typed, status=422)
    messages.success(request, said)
    return redirect("audit", audit.project.slug, audit.ref)


def _audit_form(data: Any, audit: Audit, clauses: list[str], **kwargs: Any) -> AuditForm:
    return AuditForm(data, edition=audit.edition, programme=audit.programme, also=clauses, **kwargs)


def _form_page(
    request: ProjectRequest, project: Project, form: AuditForm, audit: Audit | None = None, *, status: int = 200
) -> HttpResponse:
    programme: Programme | None = form.programme
    context = {
        "project": project,
        "form": form,
        "audit": audit,
        "programme": programme,
        "edition": form.edition,
        "edition_name": Edition(form.edition).label,
    }
    return render(request, "audits/audit_form.html", context, status=status)


def _team_page(
    request: ProjectRequest, audit: Audit, data: QueryDict | None = None, problem: str = "", *, status: int = 200
) -> HttpResponse:
    project = audit.project
    found = audit_page(audit, request.access)
    clauses = [clause for clause, _title in found.clauses]
    ties = ties_of(project, audit.edition, but=audit.pk)
    there = {each.row.party_id: each.row for each in found.team}
    free: list[dict[str, Any]] = []
    refused: list[dict[str, Any]] = []
    for person in candidates(project):
        row = there.get(person.party.pk) if person.party is not None else None
        conflicts = ties.conflicts(person.party.pk, clauses) if person.party is not None else ()
        line = {
            "person": person,
            "reasons": [conflict_words(each) for each in conflicts],
            "named": person.key in data.getlist("auditor") if data is not None else row is not None,
            "leads": data.get("lead") == person.key if data is not None else row is not None and row.is_lead,
            "competence": data.get(f"competence-{person.key}", "")
            if data is not None
            else (row.competence if row is not None else ""),
        }
        (refused if line["reasons"] else free).append(line)
    context = {
        "project": project,
        "audit": audit,
        "page": found,
        "free": free,
        "refused": refused,
        "problem": problem,
    }
    return render(request, "audits/audit_team.html", context, status=status)
