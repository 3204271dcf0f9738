"""Requests for evidence: the list, asking, one request, giving and saying a word."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import clock
from common.exceptions import RuleBroken, StaleWrite
from common.query import choice, read_query, single_values, whole_number
from evidence.choices import RequestState
from evidence.forms.items import refs_of
from evidence.forms.requests import AskForm
from evidence.models import EvidenceRequest
from evidence.selectors import item_of
from evidence.selectors.requests import (
    SHOWS,
    accountable_for,
    counts_of_requests,
    listed,
    request_lines,
    request_of,
    suggested_items,
    title_of,
    usual_proof,
)
from evidence.services.requests import ask_for_evidence, give_evidence, given_words, settle_request
from phases.models import ProjectActivity
from projects.access import ProjectRequest, project_view
from projects.models import Project
from projects.services.guards import parse_version

PER_PAGE = 50
USUAL_TIME = timedelta(days=14)
_TABS = {
    "open": gettext_lazy("Open"),
    "mine": gettext_lazy("Mine"),
    "late": gettext_lazy("Late"),
    "all": gettext_lazy("All"),
}


@project_view("evidence.view")
def requests(request: ProjectRequest, project: Project) -> HttpResponse:
    """Who is asked for what by when, and what became of it."""
    values, _lists = read_query(request.GET, single=("show", "page"))
    show = choice("show", values["show"], SHOWS) or "open"
    paginator = Paginator(listed(project, request.access, show), PER_PAGE)
    number = whole_number("page", values["page"]) or 1
    if not 1 <= number <= paginator.num_pages:
        raise BadRequest("page has no such value")
    page = paginator.page(number)
    counts = counts_of_requests(project, request.access)
    address = reverse("evidence_requests", args=[project.slug])
    context: dict[str, Any] = {
        "project": project,
        "show": show,
        "page_obj": page,
        "lines": request_lines(project, request.access, page.object_list),
        "counts": counts,
        "tabs": [
            {
                "label": label,
                "url": address if key == "open" else f"{address}?show={key}",
                "count": counts[key],
                "current": key == show,
            }
            for key, label in _TABS.items()
        ],
        "may_ask": bool(request.access.can("evidence.ask")),
    }
    return render(request, "evidence/requests.html", context)


@project_view("evidence.ask", post="evidence.ask")
def ask(request: ProjectRequest, project: Project) -> HttpResponse:
    """Ask somebody: for an activity (`ref`), for a newer revision of an item, or as a request before (`again`)."""
    if request.method != "POST":
        values, _lists = read_query(request.GET, single=("ref", "item", "again"))
        return _ask_form(request, project, AskForm(initial=_initial(request, project, **values), project=project))
    form = AskForm(single_values(request.POST), project=project)
    if form.is_valid():
        try:
            made = ask_for_evidence(
                acting_user=request.user,
                project=project,
                text=form.cleaned_data["text"],
                asked_of=form.cleaned_data["asked_of"],
                due=form.cleaned_data["due"],
                activity=form.activity,
            )
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            said = _("%(name)s is asked: %(key)s.") % {"name": made.asked_of, "key": made.key}
            messages.success(request, said)
            return redirect("evidence_request", project.slug, made.key)
    return _ask_form(request, project, form, status=422)


def _initial(request: ProjectRequest, project: Project, *, ref: str, item: str, again: str) -> dict[str, Any]:
    initial: dict[str, Any] = {
        "ref": ref,
        "due": clock.today(project.time_zone) + USUAL_TIME,
        "asked_of": accountable_for(project, ref) if ref else None,
    }
    if item and (found := item_of(project, request.access, item)) is not None:
        text = _("A newer revision of %(key)s, %(title)s.") % {"key": found.key, "title": found.title}
        initial |= {"text": text, "asked_of": found.owner_id}
    if again and (before := request_of(project, again)) is not None:
        initial |= {"text": before.text, "ref": before.activity.ref if before.activity else ref}
    return initial


def _ask_form(request: ProjectRequest, project: Project, form: AskForm, *, status: int = 200) -> HttpResponse:
    ref = str(form["ref"].value() or "").strip()
    activity = ProjectActivity.objects.filter(project=project, ref=ref).first() if ref else None
    context = {
        "project": project,
        "form": form,
        "activity": activity,
        "activity_title": title_of(project, activity),
        "usual": usual_proof(project, activity),
    }
    return render(request, "evidence/ask.html", context, status=status)


def _found(project: Project, key: str) -> EvidenceRequest:
    found = request_of(project, key)
    if found is None:
        raise Http404
    return found


@project_view("evidence.view")
def request_page(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """What is asked, what was given, and what may be done about it."""
    read_query(request.GET)
    return _page(request, project, key)


def _page(
    request: ProjectRequest,
    project: Project,
    key: str,
    *,
    problem: str = "",
    field: str = "",
    typed: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    found = _found(project, key)
    (line,) = request_lines(project, request.access, [found])
    context = {
        "project": project,
        "asked": found,
        "line": line,
        "activity_title": title_of(project, found.activity),
        "suggested": suggested_items(project, request.access, found) if line.may_give else [],
        "may_ask": bool(request.access.can("evidence.ask")),
        "problem": problem,
        "field": field,
        "typed": typed or {},
    }
    return render(request, "evidence/request.html", context, status=status)


@project_view(post="evidence.add")
def give(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """Give what is here already."""
    found = _found(project, key)
    chosen = request.POST.getlist("item")
    more = request.POST.get("keys", "")[:2000]
    keys = list(dict.fromkeys([*chosen, *(part.upper() for part in refs_of(more))]))
    typed = {"chosen": chosen, "more": more}
    try:
        give_evidence(
            acting_user=request.user,
            request=found,
            item_keys=keys,
            version=parse_version(request.POST.get("version")),
        )
    except RuleBroken as error:
        return _page(request, project, key, problem=str(error), field=error.field, typed=typed, status=422)
    except StaleWrite:
        return _page(request, project, key, problem=_stale(), typed=typed, status=409)
    messages.success(request, given_words(found))
    return redirect("evidence_request", project.slug, key)


def _stale() -> str:
    return _("This request moved on meanwhile. How it stands now is below; what you chose or wrote is still there.")


@project_view(post="evidence.ask")
def settle(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """Accept, send back with words, or take the request back."""
    found = _found(project, key)
    state, words = request.POST.get("state", ""), request.POST.get("words", "")
    typed = {"words": words, "state": state}
    try:
        settle_request(
            acting_user=request.user,
            request=found,
            version=parse_version(request.POST.get("version")),
            state=state,
            words=words,
        )
    except RuleBroken as error:
        return _page(request, project, key, problem=str(error), field=error.field, typed=typed, status=422)
    except StaleWrite:
        return _page(request, project, key, problem=_stale(), typed=typed, status=409)
    said = {
        RequestState.ACCEPTED: _("Accepted."),
        RequestState.SENT_BACK: _("Sent back. %(name)s reads your words."),
        RequestState.CANCELLED: _("Taken back. Nobody is asked for it any more."),
    }[RequestState(state)]
    messages.success(request, said % {"name": found.asked_of} if "%(name)s" in said else said)
    return redirect("evidence_request", project.slug, key)
