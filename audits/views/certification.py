"""The way to the certificate: its page, the way that is chosen, bodies that quote, and the statement without one."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audits.certification_guide import ways
from audits.choices import Way
from audits.forms.certification import BodyForm, WayForm
from audits.models import CertificationBody, CertificationPath
from audits.selectors.certification import path_of, way_page
from audits.services.certification import begin_statement, choose_way
from audits.services.certification_bodies import add_body, change_body, settle_body
from audits.services.external_audits import plan_external_audits
from common.exceptions import RuleBroken, StaleWrite
from common.query import read_query, single_values
from projects.access import ProjectRequest, project_view
from projects.models import Project
from projects.services.guards import parse_version


@project_view("certification.view")
def page(request: ProjectRequest, project: Project) -> HttpResponse:
    """The way, what must stand by when, the quotes, the audits."""
    read_query(request.GET)
    return _page(request, project)


@project_view("certification.manage", post="certification.manage")
def way(request: ProjectRequest, project: Project) -> HttpResponse:
    """Choose the way, and say for what."""
    path = path_of(project)
    if request.method != "POST":
        read_query(request.GET)
        return _way(request, path, WayForm(path=path))
    data = single_values(request.POST)
    form, status = WayForm(data, path=path), 422
    if form.is_valid():
        try:
            choose_way(
                acting_user=request.user,
                project=project,
                version=parse_version(data.get("version")),
                facts=form.facts(),
            )
        except StaleWrite as error:
            form.add_error(None, str(error))
            status = 409
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect("certification", project.slug)
    return _way(request, path, form, status)


@project_view(post="certification.manage")
def plan(request: ProjectRequest, project: Project) -> HttpResponse:
    """Plan the audits of a round from the end of phase 3."""
    try:
        made = plan_external_audits(acting_user=request.user, project=project)
    except RuleBroken as error:
        return _page(request, project, problem=str(error), status=422)
    said = ngettext("%(n)d audit is planned.", "%(n)d audits are planned.", made) if made else _("All stand already.")
    messages.success(request, said % {"n": made})
    return redirect(f"{reverse('certification', args=[project.slug])}#audits")


@project_view(post="certification.manage")
def statement(request: ProjectRequest, project: Project) -> HttpResponse:
    """Begin the declaration, or the statement to customers."""
    try:
        document = begin_statement(acting_user=request.user, project=project)
    except RuleBroken as error:
        return _page(request, project, problem=str(error), status=422)
    messages.success(request, _("The draft stands in the documents."))
    return redirect("document", project.slug, document.key)


@project_view("certification.manage", post="certification.manage")
def body_new(request: ProjectRequest, project: Project) -> HttpResponse:
    """Put a body on the list."""
    if request.method != "POST":
        read_query(request.GET)
        return _body(request, project, BodyForm())
    form = BodyForm(single_values(request.POST))
    if form.is_valid():
        try:
            body = add_body(acting_user=request.user, project=project, facts=form.facts())
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("%(name)s is on the list.") % {"name": body.name})
            return redirect(f"{reverse('certification', args=[project.slug])}#quotes")
    return _body(request, project, form, status=422)


@project_view("certification.manage", post="certification.manage")
def body_change(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    """Change what is known of a body, choose it or let it go."""
    body = _found(project, pk)
    if request.method != "POST":
        read_query(request.GET)
        return _body(request, project, BodyForm(body=body), body=body)
    data = single_values(request.POST)
    form, status = BodyForm(data, body=body), 422
    if form.is_valid():
        try:
            change_body(
                acting_user=request.user, body=body, version=parse_version(data.get("version")), facts=form.facts()
            )
        except StaleWrite as error:
            form.add_error(None, str(error))
            status = 409
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("Saved."))
            return redirect(f"{reverse('certification', args=[project.slug])}#quotes")
    return _body(request, project, form, body=body, status=status)


@project_view(post="certification.manage")
def body_settle(request: ProjectRequest, project: Project, pk: int) -> HttpResponse:
    """Choose a body, or let it go."""
    body = _found(project, pk)
    data = single_values(request.POST)
    why = data.get("why", "")
    try:
        settled = settle_body(
            acting_user=request.user,
            body=body,
            version=parse_version(data.get("version")),
            state=data.get("state", ""),
            why=why,
        )
    except (RuleBroken, StaleWrite) as error:
        status = 409 if isinstance(error, StaleWrite) else 422
        fresh = _found(project, pk)
        return _body(
            request, project, BodyForm(body=fresh), body=fresh, problem=str(error), typed={"why": why}, status=status
        )
    messages.success(request, _("%(name)s: %(state)s.") % {"name": settled.name, "state": settled.get_state_display()})
    return redirect(f"{reverse('certification', args=[project.slug])}#quotes")


def _found(project: Project, pk: int) -> CertificationBody:
    body = CertificationBody.objects.filter(project=project, pk=pk).select_related("quote").first()
    if body is None:
        raise Http404
    body.project = project
    return body


def _page(request: ProjectRequest, project: Project, *, problem: str = "", status: int = 200) -> HttpResponse:
    shown = way_page(project)
    context: dict[str, Any] = {
        "project": project,
        "page": shown,
        "ways": [(Way(key), guide) for key, guide in ways().items()],
        "has_statement": shown.path.way in (Way.DECLARATION, Way.CUSTOMERS),
        "may_manage": bool(request.access.can("certification.manage")),
        "problem": problem,
    }
    return render(request, "audits/certification.html", context, status=status)


def _way(request: ProjectRequest, path: CertificationPath, form: WayForm, status: int = 200) -> HttpResponse:
    context = {"project": path.project, "form": form, "ways": [(Way(key), guide) for key, guide in ways().items()]}
    return render(request, "audits/certification_way.html", context, status=status)


def _body(
    request: ProjectRequest,
    project: Project,
    form: BodyForm,
    *,
    body: CertificationBody | None = None,
    problem: str = "",
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"project": project, "form": form, "body": body, "problem": problem, "typed": typed or {}}
    return render(request, "audits/certification_body.html", context, status=status)
