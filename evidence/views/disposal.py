"""Retention and disposal: what may go, what a hold keeps, what went; and a confirmation before anything does."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.exceptions import RuleBroken
from common.query import choice, read_query, single_values, whole_number
from common.workbook_out import FORMATS, table_response
from evidence.exports_disposal import COLUMNS, disposal_table
from evidence.models import EvidenceItem
from evidence.selectors.retention import (
    disposals_of,
    due_items,
    expired_but_counting,
    held_items,
    retention_of,
    rules_of,
)
from evidence.services.disposal import MOST_AT_ONCE, dispose_items
from evidence.services.rules import rule_words
from projects.access import ProjectRequest, project_view
from projects.models import Project
from projects.services.guards import parse_version

PER_PAGE = 50


@project_view("evidence.view")
def disposal(request: ProjectRequest, project: Project) -> HttpResponse:
    """What may be disposed of now, and by which rule."""
    values, _lists = read_query(request.GET, single=("page",))
    return _due_page(request, project, whole_number("page", values["page"]) or 1)


def _due_page(
    request: ProjectRequest, project: Project, number: int = 1, *, problem: str = "", status: int = 200
) -> HttpResponse:
    rules = rules_of(project)
    page = _page_of(due_items(project, request.access, rules), number)
    context = {
        **_frame(request, project, "due"),
        "page_obj": page,
        "lines": [{"item": item, "rule": rule_words(item.kind, rules.months(item.kind))} for item in page],
        "expired": expired_but_counting(project, request.access),
        "problem": problem,
    }
    return render(request, "evidence/disposal.html", context, status=status)


@project_view("evidence.view")
def holds(request: ProjectRequest, project: Project) -> HttpResponse:
    """What is on legal hold, and why."""
    values, _lists = read_query(request.GET, single=("page",))
    page = _page_of(held_items(project, request.access), whole_number("page", values["page"]) or 1)
    return render(request, "evidence/holds.html", {**_frame(request, project, "held"), "page_obj": page})


@project_view("evidence.view")
def disposals(request: ProjectRequest, project: Project) -> HttpResponse:
    """What was disposed of, when, by whom, by which rule."""
    values, _lists = read_query(request.GET, single=("page",))
    page = _page_of(disposals_of(project, request.access), whole_number("page", values["page"]) or 1)
    return render(request, "evidence/disposals.html", {**_frame(request, project, "disposed"), "page_obj": page})


@project_view("evidence.view")
def export(request: ProjectRequest, project: Project) -> HttpResponse:
    """The record of disposals as a file, a line for each revision whose content is gone."""
    values, _lists = read_query(request.GET, single=("format",))
    form = choice("format", values["format"], FORMATS) or "csv"
    table = disposal_table(disposals_of(project, request.access).iterator(chunk_size=500))
    return table_response(form, f"{project.slug}-disposals", COLUMNS, table)


@project_view("evidence.dispose", post="evidence.dispose")
def confirm(request: ProjectRequest, project: Project) -> HttpResponse:
    """GET: what was chosen, with count and rule. POST: dispose of it."""
    if request.method != "POST":
        _values, lists = read_query(request.GET, multiple=("item",))
        return _confirmation(request, project, list(dict.fromkeys(lists["item"])))
    data = single_values(request.POST, multiple=("item",))
    chosen = {}
    for pair in data.getlist("item")[: MOST_AT_ONCE + 1]:
        key, _space, version = pair.partition(" ")
        chosen[key] = parse_version(version)
    try:
        made = dispose_items(acting_user=request.user, project=project, chosen=chosen, why=data.get("why", ""))
    except EvidenceItem.DoesNotExist as error:
        raise Http404 from error
    except RuleBroken as error:
        return _confirmation(request, project, list(chosen), problem=str(error), why=data.get("why", ""), status=422)
    messages.success(
        request,
        ngettext(
            "%(n)d item was disposed of. Its hashes and its trail stay.",
            "%(n)d items were disposed of. Their hashes and their trail stay.",
            len(made),
        )
        % {"n": len(made)},
    )
    return redirect("evidence_disposals", project.slug)


def _confirmation(
    request: ProjectRequest, project: Project, keys: list[str], *, problem: str = "", why: str = "", status: int = 200
) -> HttpResponse:
    rules = rules_of(project)
    due = list(due_items(project, request.access, rules).filter(key__in=keys))
    if not due:
        problem = problem or _("Choose at least one item.")
        return _due_page(request, project, problem=problem, status=422)
    by_rule: dict[str, list[EvidenceItem]] = {}
    for item in due:
        by_rule.setdefault(rule_words(item.kind, rules.months(item.kind)), []).append(item)
    context = {
        "project": project,
        "count": len(due),
        "weight": sum(item.weight for item in due),  # type: ignore[attr-defined]  # annotated by due_items
        "by_rule": by_rule.items(),
        "left_out": len(keys) - len(due),
        "problem": problem,
        "why": why,
    }
    return render(request, "evidence/disposal_confirm.html", context, status=status)


def _frame(request: ProjectRequest, project: Project, tab: str) -> dict[str, Any]:
    """What the pages of retention share."""
    rules = rules_of(project)
    return {
        "project": project,
        "tab": tab,
        "retention": retention_of(project, request.access, rules),
        "may_dispose": bool(request.access.can("evidence.dispose")),
    }


def _page_of(rows: QuerySet[Any], number: int) -> Page[Any]:
    paginator = Paginator(rows, PER_PAGE)
    if not 1 <= number <= paginator.num_pages:
        raise BadRequest("page has no such value")
    return paginator.page(number)
