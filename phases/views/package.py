"""The page of one package, and the form that changes several: first a preview of what moves, then the change."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.exceptions import RuleBroken, StaleWrite
from common.query import read_query
from phases.forms.package import SAVE, ManyForm, PackageForm, Pick, parse_do, parse_picks
from phases.forms.plan import parse_plan_query, plan_query_string
from phases.panels_plan import package_url
from phases.selectors.plan_package import PackageDetail, package_of
from phases.selectors.plan_packages import PlanOfPackages, plan_of_packages
from phases.selectors.plan_query import PlanQuery
from phases.selectors.what_moves import WhatMoves, what_moves
from phases.services.packages import set_packages
from phases.views.plan import STATES, page_context
from projects.access import ProjectRequest, project_view
from projects.answers import conflict
from projects.models import Project
from projects.services.guards import parse_version


@project_view("phases.view", post="phases.schedule")
def package(request: ProjectRequest, project: Project, component: str, phase: int) -> HttpResponse:
    """What a package holds and what it hangs on; show what moves if its dates or its owner change, and change them."""
    found = plan_of_packages(project)
    detail = package_of(found, (component, phase))
    if detail is None:
        raise Http404
    if request.method != "POST":
        read_query(request.GET)
        return render(request, "phases/package.html", _context(request, found, detail))
    return _change(request, found, detail)


def _change(request: ProjectRequest, found: PlanOfPackages, detail: PackageDetail) -> HttpResponse:
    do, version = parse_do(request.POST), parse_version(request.POST.get("version"))
    line = detail.line
    form = PackageForm(request.POST, parties=found.parties, line=line)
    moves = None
    if form.is_valid():
        wish = form.wish(line.key, version)
        try:
            if do == SAVE:
                seen = form.cleaned_data["seen"]
                moved = set_packages(acting_user=request.user, project=found.project, wishes=[wish], seen=seen)
                messages.success(request, _saved(moved))
                return redirect(package_url(found, line.key))
            moves = what_moves(found.project, [wish])
        except StaleWrite as error:
            if not error.sent:
                # The package is as it was seen, but something else of the plan is not: look again, then save.
                return _preview_again(request, found, detail, form, str(error))
            pairs = [(name, request.POST.get(name, "")) for name in ("start", "end", "owner")]
            again = [*pairs, ("version", line.version), ("do", SAVE)]
            return conflict(request, error, action=request.path, hidden=again, back=request.path)
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    context = _context(request, found, detail, form, moves)
    return render(request, "phases/package.html", context, status=422 if form.errors else 200)


def _preview_again(
    request: ProjectRequest, found: PlanOfPackages, detail: PackageDetail, form: PackageForm, said: str
) -> HttpResponse:
    moves = what_moves(found.project, [form.wish(detail.line.key, detail.line.version)])
    context = {**_context(request, found, detail, form, moves), "stale": said}
    return render(request, "phases/package.html", context, status=409)


def _context(
    request: ProjectRequest,
    found: PlanOfPackages,
    detail: PackageDetail,
    form: PackageForm | None = None,
    moves: WhatMoves | None = None,
) -> dict[str, Any]:
    line = detail.line
    shape, word, _tone = STATES[line.state]
    ties = [
        *((_("Waits for"), one) for one in detail.waits_for),
        *((_("Comes after"), one) for one in (detail.before,) if one is not None),
        *((_("Feeds"), one) for one in detail.feeds),
        *((_("Goes on as"), one) for one in (detail.after,) if one is not None),
    ]
    board = reverse("board", args=[found.project.slug, line.phase])
    may_schedule = bool(request.access.can("phases.schedule")) and not line.is_closed
    if form is None and may_schedule:
        form = PackageForm(parties=found.parties, line=line)
    return {
        "project": found.project,
        "plan": found,
        "detail": detail,
        "state": {"shape": shape, "word": word},
        "missing": -(line.reserve or 0),
        "ties": [{"word": said, "line": one, "url": package_url(found, one.key)} for said, one in ties],
        "previous_url": package_url(found, detail.previous.key) if detail.previous else "",
        "following_url": package_url(found, detail.following.key) if detail.following else "",
        "board_url": f"{board}?{urlencode({'component': line.component})}",
        "page_url": package_url(found, line.key),
        "form": form if may_schedule else None,
        "version": request.POST.get("version", line.version),
        "moves": moves,
        "sent": [(name, request.POST.get(name, "")) for name in ("start", "end", "owner", "version")] if moves else [],
    }


def _saved(moved: WhatMoves) -> str:
    dates, parties = len(moved.moves), len(moved.parties)
    said = [_("Saved.")]
    if dates:
        said.append(
            ngettext("%(n)d activity has a new due date.", "%(n)d activities have new due dates.", dates) % {"n": dates}
        )
    if parties:
        said.append(
            ngettext("%(n)d activity has a new party.", "%(n)d activities have a new party.", parties) % {"n": parties}
        )
    if not dates and not parties:
        said.append(_("No activity moved."))
    return " ".join(said)


@project_view(post="phases.schedule")
def packages(request: ProjectRequest, project: Project) -> HttpResponse:
    """Change the owner or the dates of the ticked packages, all or none: a page says first what moves."""
    found = plan_of_packages(project)
    do, picks = parse_do(request.POST), parse_picks(request.POST)
    query = _query_of(found, request.POST.get("question", ""))
    lines = found.by_key
    if any(pick.key not in lines for pick in picks):
        raise Http404
    form = ManyForm(request.POST, parties=found.parties)
    if not picks:
        form.add_error(None, _("Tick the packages that shall change."))
    if form.is_valid():
        wishes = form.wishes(picks, lines)
        try:
            if do == SAVE:
                seen = form.cleaned_data["seen"]
                moved = set_packages(acting_user=request.user, project=project, wishes=wishes, seen=seen)
                messages.success(request, _saved(moved))
                return redirect(reverse("plan", args=[project.slug]) + plan_query_string(query) + "#packages")
            context = _many(request, found, picks, query, what_moves(project, wishes))
            return render(request, "phases/plan_many.html", context)
        except StaleWrite as error:
            if not error.sent:
                context = _many(request, found, picks, query, what_moves(project, wishes))
                return render(request, "phases/plan_many.html", {**context, "stale": str(error)}, status=409)
            fresh = [("row", f"{pick.name}:{lines[pick.key].version}") for pick in picks]
            again = [*_sent(request), *fresh, ("do", SAVE), ("question", plan_query_string(query))]
            back = reverse("plan", args=[project.slug]) + plan_query_string(query)
            return conflict(request, error, action=request.path, hidden=again, back=back)
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    many = {"form": form, "picked": {pick.name for pick in picks}}
    return render(request, "phases/plan.html", page_context(request, found, query, many=many), status=422)


def _sent(request: ProjectRequest) -> list[tuple[str, str]]:
    return [(name, request.POST.get(name, "")) for name in ("owner", "dates", "start", "end")]


def _many(
    request: ProjectRequest, found: PlanOfPackages, picks: list[Pick], query: PlanQuery, moves: WhatMoves
) -> dict[str, Any]:
    lines = found.by_key
    return {
        "project": found.project,
        "lines": [lines[pick.key] for pick in picks],
        "moves": moves,
        "sent": [
            *_sent(request),
            *(("row", f"{pick.name}:{pick.version}") for pick in picks),
            ("question", plan_query_string(query)),
        ],
        "back": reverse("plan", args=[found.project.slug]) + plan_query_string(query) + "#packages",
        "action": request.path,
    }


def _query_of(found: PlanOfPackages, question: str) -> PlanQuery:
    """The question that the page with the form had answered. Raises BadRequest for one that no page of ours has."""
    asked = QueryDict(question.removeprefix("?"))
    return parse_plan_query(
        asked,
        phases=[phase.number for phase in found.phases],
        parties=[party.pk for party in found.parties],
    )
