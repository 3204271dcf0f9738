"""One interface: a new one, its words, and whether both sides agree on it."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from audittrail.selectors import history_of
from audittrail.sentences import sentence
from common.exceptions import RuleBroken, StaleWrite
from common.query import read_query, single_values
from documents.choices import InterfaceState
from documents.forms.interfaces import InterfaceForm
from documents.models import Interface
from documents.selectors.interfaces import names_of
from documents.services.interfaces import add_interface, change_interface, settle_interface
from projects.access import ProjectRequest, project_view
from projects.answers import conflict
from projects.models import Project
from projects.services.guards import parse_version

LATEST = 10


@project_view("documents.write", post="documents.write")
def new(request: ProjectRequest, project: Project) -> HttpResponse:
    """Add a line of the project's own."""
    names = names_of(project)
    if request.method != "POST":
        values, _lists = read_query(request.GET, single=("from", "to"))
        form = InterfaceForm(initial={"giver": values["from"], "receiver": values["to"]}, names=names)
        return _new_page(request, project, form)
    form = InterfaceForm(single_values(request.POST), names=names)
    if form.is_valid():
        try:
            row = add_interface(acting_user=request.user, project=project, facts=form.facts())
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            messages.success(request, _("%(key)s is in the register. Let the other side read it.") % {"key": row.key})
            return redirect("interface", project.slug, row.key)
    return _new_page(request, project, form, status=422)


def _new_page(request: ProjectRequest, project: Project, form: InterfaceForm, status: int = 200) -> HttpResponse:
    return render(request, "documents/interface_new.html", {"project": project, "form": form}, status=status)


@project_view("documents.view", post="documents.write")
def interface(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """One line, and what is changed in it."""
    row = _found(project, ref)
    names = names_of(project)
    if request.method != "POST":
        read_query(request.GET)
        return _page(request, project, row, _form_of(row, names), row.version)
    form = InterfaceForm(single_values(request.POST), names=names)
    version = parse_version(request.POST.get("version"))
    if form.is_valid():
        try:
            change_interface(acting_user=request.user, project=project, key=ref, version=version, facts=form.facts())
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        except StaleWrite as error:
            hidden = [(name, request.POST.get(name, "")) for name in form.fields]
            now = _found(project, ref).version
            return conflict(request, error, action=request.path, hidden=[*hidden, ("version", now)], back=request.path)
        else:
            messages.success(request, _("Saved."))
            return redirect("interface", project.slug, ref)
    return _page(request, project, row, form, version, status=422)


@project_view(post="documents.write")
def settle(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Agree on it, open it again, or drop it with a reason."""
    row = _found(project, ref)
    why = request.POST.get("why", "")[:400]
    try:
        settled = settle_interface(
            acting_user=request.user,
            project=project,
            key=ref,
            version=parse_version(request.POST.get("version")),
            state=request.POST.get("state", ""),
            why=why,
        )
    except RuleBroken as error:
        form = _form_of(row, names_of(project))
        return _page(request, project, row, form, row.version, status=422, problem=str(error), why=why)
    except StaleWrite:
        now = _found(project, ref)
        problem = _("Somebody changed this line meanwhile. Read it again, then decide.")
        form = _form_of(now, names_of(project))
        return _page(request, project, now, form, now.version, status=409, problem=problem, why=why)
    words = {
        InterfaceState.AGREED: _("Agreed."),
        InterfaceState.OPEN: _("It is to be agreed again."),
        InterfaceState.DROPPED: _("Dropped. It stays readable among the dropped ones."),
    }
    messages.success(request, words[InterfaceState(settled.state)])
    return redirect("interface", project.slug, ref)


def _found(project: Project, ref: str) -> Interface:
    row = Interface.objects.filter(project=project, key=ref).first()
    if row is None:
        raise Http404
    return row


def _form_of(row: Interface, names: dict[str, str]) -> InterfaceForm:
    return InterfaceForm(
        initial={name: getattr(row, name) for name in ("giver", "receiver", "what", "when", "note")}, names=names
    )


def _page(
    request: ProjectRequest,
    project: Project,
    row: Interface,
    form: InterfaceForm,
    version: int,
    *,
    status: int = 200,
    problem: str = "",
    why: str = "",
) -> HttpResponse:
    names = names_of(project)
    may_see = bool(request.access.can("trail.view"))
    context = {
        "project": project,
        "row": row,
        "giver": names.get(row.giver, row.giver),
        "receiver": names.get(row.receiver, row.receiver),
        "form": form,
        "version": version,
        "may_write": bool(request.access.can("documents.write")),
        "may_see_history": may_see,
        "changes": [sentence(event) for event in history_of(project.uuid, "interface", [row.key])[:LATEST]]
        if may_see
        else [],
        "problem": problem,
        "why": why,
        "parent_url": reverse("interfaces", args=[project.slug]),
    }
    return render(request, "documents/interface.html", context, status=status)
