"""Requests of auditors: the list, asking, one request, answering it, and the word to the answer."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audits.exports_asking import REQUEST_COLUMNS, request_lines
from audits.forms.asking import RequestForm, known_clause
from audits.selectors.finding_page import suggested_items
from audits.selectors.requests import (
    ALL,
    OPEN_VIEW,
    VIEWS,
    RequestLine,
    RequestQuery,
    request_counts,
    request_of,
    request_page,
    requests_of,
)
from audits.services import asking
from audits.views.findings import clause_links, parties_of
from audittrail.selectors import history_of
from audittrail.sentences import sentence
from common import clock
from common.exceptions import RuleBroken, StaleWrite
from common.query import choice, read_query, single_values
from common.workbook_out import FORMATS, table_response
from evidence.forms.items import refs_of
from evidence.selectors.requests import accountable_for, title_of
from governance.views.refused import refuse
from phases.selectors.clauses import parse_clause
from projects.access import ProjectRequest, project_view
from projects.choices import Edition
from projects.models import Project
from projects.services.guards import parse_version

LATEST = 12
USUAL_TIME = timedelta(days=7)
VIEW_WORDS = (
    ("open", gettext_lazy("Open")),
    ("mine", gettext_lazy("Mine")),
    ("late", gettext_lazy("Late")),
    ("given", gettext_lazy("Given, to be looked at")),
    ("all", gettext_lazy("All")),
)


@project_view("clauses.view")
def listing(request: ProjectRequest, project: Project) -> HttpResponse:
    """What auditors ask for: open requests by their day, late ones marked."""
    query, _form = _wanted(request)
    counts = request_counts(project, request.access)
    here = reverse("audit_requests", args=[project.slug])
    context = {
        "project": project,
        "query": query,
        "lines": requests_of(project, request.access, query),
        "counts": counts,
        "clause": parse_clause(query.clause) if query.clause else None,
        "tabs": [
            {"label": word, "url": f"{here}?view={key}", "count": counts[key], "current": key == query.view}
            for key, word in VIEW_WORDS
        ],
        "may_ask": bool(request.access.can("requests.ask")),
        "may_export": bool(request.access.can("phases.export")),
    }
    return render(request, "audits/requests.html", context)


@project_view("clauses.view")
def export(request: ProjectRequest, project: Project) -> HttpResponse:
    """The requests of a view, as a file; all where none is named."""
    query, form = _wanted(request, ALL)
    rows = request_lines(project, requests_of(project, request.access, query))
    return table_response(form or FORMATS[0], f"{project.slug}-audit-requests", REQUEST_COLUMNS, rows)


@project_view("requests.ask", post="requests.ask")
def new(request: ProjectRequest, project: Project) -> HttpResponse:
    """Ask for proof; the page of a clause or an activity says what it is about."""
    parties = parties_of(project)
    if request.method != "POST":
        values, _lists = read_query(request.GET, single=("edition", "clause", "activity"))
        form = RequestForm(project=project, parties=parties, initial=_initial(project, values))
        return _form_page(request, project, form)
    form = RequestForm(single_values(request.POST), project=project, parties=parties)
    if form.is_valid():
        try:
            made = asking.ask(acting_user=request.user, project=project, wanted=form.wanted())
        except RuleBroken as error:
            refuse(form, error)
        else:
            messages.success(request, _("Asked: %(ref)s.") % {"ref": made.ref})
            return redirect("audit_request", project.slug, made.ref)
    return _form_page(request, project, form, status=422)


@project_view("project.view")
def page(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """One request. Who was asked sees it whatever their role."""
    read_query(request.GET)
    return _page(request, project, _found(request, project, ref))


@project_view("requests.ask", post="requests.ask")
def change(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Ask in other words, of somebody else or by another day."""
    line = _found(request, project, ref)
    parties = parties_of(project, line.request.asked_of_id)
    if request.method != "POST":
        read_query(request.GET)
        form = RequestForm(project=project, parties=parties, asked=line.request)
        return _form_page(request, project, form, line=line)
    data = single_values(request.POST)
    form = RequestForm(data, project=project, parties=parties, asked=line.request)
    status = 422
    if form.is_valid():
        try:
            asking.change_request(
                acting_user=request.user,
                request=line.request,
                version=parse_version(data.get("version")),
                wanted=form.wanted(),
            )
        except StaleWrite as error:
            form.add_error(None, str(error))
            status = 409
        except RuleBroken as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("audit_request", project.slug, ref)
    return _form_page(request, project, form, line=line, status=status)


@project_view(post="requests.answer")
def give(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Give what is asked for: evidence, words, or both."""
    chosen, more = request.POST.getlist("item"), request.POST.get("keys", "")[:2000]
    keys = [*chosen, *(key.upper() for key in refs_of(more))]
    words = request.POST.get("words", "")

    def act(line: RequestLine, version: int) -> None:
        asking.give(acting_user=request.user, request=line.request, version=version, keys=keys, words=words)

    typed = {"chosen": chosen, "more": more, "words": words}
    return _done(request, project, ref, act, _("Given. The auditor looks at it now."), typed)


@project_view(post="requests.ask")
def settle(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Accept what was given, say that it is not enough, or withdraw the request."""
    data = single_values(request.POST)
    state, words = data.get("state", ""), data.get("words", "")

    def act(line: RequestLine, version: int) -> None:
        asking.settle(acting_user=request.user, request=line.request, version=version, state=state, words=words)

    said = {"accepted": _("Accepted."), "not enough": _("Sent back with your words."), "withdrawn": _("Withdrawn.")}
    return _done(request, project, ref, act, said.get(state, ""), {"verdict": words, "state": state})


@project_view(post="project.view")
def say(request: ProjectRequest, project: Project, ref: str) -> HttpResponse:
    """Say something in its conversation; the service says who may."""
    words = single_values(request.POST).get("said", "")

    def act(line: RequestLine, _version: int) -> None:
        asking.say_of_request(acting_user=request.user, request=line.request, words=words)

    return _done(request, project, ref, act, _("Said."), {"said": words}, versioned=False)


def _wanted(request: ProjectRequest, usual: str = OPEN_VIEW) -> tuple[RequestQuery, str]:
    values, _lists = read_query(request.GET, single=("view", "clause", "format"))
    query = RequestQuery(
        choice("view", values["view"], VIEWS) or usual,
        values["clause"] if parse_clause(values["clause"]) is not None else "",
    )
    return query, choice("format", values["format"], FORMATS)


def _found(request: ProjectRequest, project: Project, ref: str) -> RequestLine:
    """The request, where this person walks through the clauses or was asked; hidden equals absent."""
    line = request_of(project, ref, request.access) if len(ref) <= 12 else None
    if line is None or not (line.is_mine or request.access.can("clauses.view")):
        raise Http404
    return line


def _initial(project: Project, values: Mapping[str, str]) -> dict[str, Any]:
    edition = choice("edition", values["edition"], Edition.values) or project.edition
    ref = values["activity"][:24]
    return {
        "edition": edition,
        "clause": values["clause"] if known_clause(edition, values["clause"]) else "",
        "ref": ref,
        "asked_of": str(accountable_for(project, ref) or "") if ref else "",
        "due": clock.today(project.time_zone) + USUAL_TIME,
    }


def _done(
    request: ProjectRequest,
    project: Project,
    ref: str,
    act: Callable[[RequestLine, int], None],
    said: str,
    typed: Mapping[str, Any],
    *,
    versioned: bool = True,
) -> HttpResponse:
    """Do it and lead back, or show the page with the refusal and what was typed."""
    line = _found(request, project, ref)
    try:
        act(line, parse_version(request.POST.get("version")) if versioned else 0)
    except StaleWrite:
        problem = _("This request moved on meanwhile. How it stands now is below; what you wrote is still there.")
        return _page(request, project, _found(request, project, ref), problem=problem, typed=typed, status=409)
    except RuleBroken as error:
        return _page(request, project, line, problem=str(error), field=error.field, typed=typed, status=422)
    messages.success(request, said)
    return redirect("audit_request", project.slug, ref)


def _page(
    request: ProjectRequest,
    project: Project,
    line: RequestLine,
    *,
    problem: str = "",
    field: str = "",
    typed: Mapping[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    found = request_page(line, project, request.access)
    asked = line.request
    linked = {item.pk for item in found.items}
    clauses = [(asked.edition, asked.clause)] if asked.clause else []
    context: dict[str, Any] = {
        "project": project,
        "found": found,
        "line": line,
        "asked": asked,
        "clause": clause_links(project, asked.edition, [asked.clause])[0] if asked.clause else None,
        "activity_title": title_of(project, asked.activity),
        "sees_list": bool(request.access.can("clauses.view")),
        "suggested": [
            item
            for item in suggested_items(project, request.access, clauses=clauses, activity=asked.activity_id)
            if item.pk not in linked
        ]
        if found.may_give
        else [],
        "may_ask": bool(request.access.can("requests.ask")),
        "may_raise": bool(request.access.can("findings.raise")),
        "may_talk": bool(request.access.can("requests.ask") or request.access.can("requests.answer")),
        "changes": [sentence(event) for event in history_of(project.uuid, "audit request", [asked.ref])[:LATEST]]
        if request.access.can("trail.view")
        else [],
        "problem": problem,
        "field": field,
        "typed": typed or {},
    }
    return render(request, "audits/request.html", context, status=status)


def _form_page(
    request: ProjectRequest,
    project: Project,
    form: RequestForm,
    *,
    line: RequestLine | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"project": project, "form": form, "line": line}
    return render(request, "audits/request_form.html", context, status=status)
