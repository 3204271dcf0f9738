"""Policies first: which are needed, what stands, a draft from a few answers, and what does not fit between them."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from common.exceptions import RuleBroken, StaleWrite
from common.query import read_query, single_values, whole_number
from documents.permissions import may_write
from documents.selectors.filling import field_name
from documents.selectors.policies import PolicyRow, counts_words, policy_rows
from documents.selectors.policy_checks import checks_of
from documents.selectors.values import answers_for
from documents.services.policies import LONGEST_WHY, draft_policy, explain_finding
from documents.views.register import tabs_of
from projects.access import ProjectRequest, project_view
from projects.models import Project


@project_view("documents.view")
def policies(request: ProjectRequest, project: Project) -> HttpResponse:
    """What is needed, with what stands, and the checks."""
    read_query(request.GET)
    return _policies_page(request, project)


@project_view(post="documents.write")
def explain(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """Say why a policy stays as it is although a check finds something in it."""
    data = single_values(request.POST)
    typed = {name: data.get(name, "") for name in ("problem", "about", "why")}
    try:
        explain_finding(
            acting_user=request.user,
            project=project,
            key=key,
            seen=whole_number("seen", data.get("seen", "")) or 0,
            **typed,
        )
    except StaleWrite as error:
        return _policies_page(request, project, typed={**typed, "key": key, "said": str(error)}, status=409)
    except RuleBroken as error:
        return _policies_page(request, project, typed={**typed, "key": key, "said": str(error)}, status=422)
    messages.success(request, _("Kept: it stands beside the check, with your name and the day."))
    return redirect(reverse("policies", args=[project.slug]) + "#checks")


def _policies_page(
    request: ProjectRequest, project: Project, *, typed: Mapping[str, str] | None = None, status: int = 200
) -> HttpResponse:
    """The page; `typed` is an explanation that was refused."""
    rows = policy_rows(project, request.access)
    checks = checks_of(project, rows)
    required = [row for row in rows if row.model.is_required and not row.is_hidden]
    writes = {row.model.key for row in rows if row.document is not None and _writes(request, row)}
    may = bool(request.access.can("documents.write"))
    context: dict[str, Any] = {
        "project": project,
        "tabs": tabs_of(project, "policies"),
        "rows": [(row, may and row.is_asking and _writes(request, row)) for row in rows],
        "checks": checks,
        "finding_count": sum(len(check.open) for check in checks),
        "explained_count": sum(len(check.findings) - len(check.open) for check in checks),
        "writes": writes if may else set(),
        "typed": typed or {},
        "longest": LONGEST_WHY,
        "is_complete": all(row.in_force is not None for row in required),
        "counts": counts_words(rows),
        "next": next((row for row in rows if row.standing == "missing" and not row.is_hidden), None),
        "may_write": may,
    }
    return render(request, "documents/policies.html", context, status=status)


def _writes(request: ProjectRequest, row: PolicyRow) -> bool:
    return row.document is None or bool(may_write(row.document, request.access))


@project_view("documents.write", post="documents.write")
def questions(request: ProjectRequest, project: Project, key: str) -> HttpResponse:
    """The few questions of one policy in one form; its draft begins with the answers."""
    row = next((each for each in policy_rows(project, request.access) if each.model.key == key), None)
    if row is None or row.is_hidden:
        raise Http404
    if not row.is_asking or not _writes(request, row):
        messages.warning(request, _("This policy has no draft that you write. Begin its next version first."))
        return redirect("document", project.slug, row.document.key if row.document else key)
    if row.document is not None:
        row.document.project = project
    current = answers_for(row.document) if row.document is not None else {}
    asked = [each for each in row.model.questions if each.mark is not None]
    if request.method != "POST":
        read_query(request.GET)
        return _page(request, project, row, current)
    data = single_values(request.POST)
    keys = [each.mark.key for each in asked if each.mark is not None]
    typed = {name: data.get(field_name(name), "") for name in keys}
    seen = {name: data.get(f"was-{field_name(name)}", "") for name in keys}
    changed = {name: said for name, said in typed.items() if said.strip() != seen[name].strip()}
    try:
        document = draft_policy(acting_user=request.user, project=project, key=key, answers=changed, seen=seen)
    except StaleWrite as error:
        return _page(request, project, row, current, typed=typed, now=error.current, status=409)
    except RuleBroken as error:
        return _page(request, project, row, current, typed=typed, problem=(error.field, str(error)), status=422)
    said = _("The draft of “%(title)s” holds your answers. Read it, work in what is left, then send it for review.")
    messages.success(request, said % {"title": document.full_title})
    return redirect("document", project.slug, document.key)


def _page(
    request: ProjectRequest,
    project: Project,
    row: PolicyRow,
    current: Mapping[str, str],
    *,
    typed: Mapping[str, str] | None = None,
    now: Mapping[str, str] | None = None,
    problem: tuple[str, str] = ("", ""),
    status: int = 200,
) -> HttpResponse:
    said = typed if typed is not None else current
    lines = [
        {
            "question": each,
            "name": field_name(each.mark.key),
            "value": said.get(each.mark.key, ""),
            "was": current.get(each.mark.key, ""),
            "now": (now or {}).get(each.mark.key),
            "problem": problem[1] if problem[0] == each.mark.key else "",
        }
        for each in row.model.questions
        if each.mark is not None
    ]
    context = {
        "project": project,
        "row": row,
        "lines": lines,
        "advice": [each for each in row.model.questions if each.mark is None],
        "is_stale": bool(now),
        "problem": problem[1],
    }
    return render(request, "documents/policy_questions.html", context, status=status)
