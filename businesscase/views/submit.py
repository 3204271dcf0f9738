"""Handing a draft to those who decide."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.models import User
from businesscase.addresses import case_address
from businesscase.change_words import figure_changes, heaviest, said_changes
from businesscase.domain.content import CaseContent, content_from_plain
from businesscase.domain.export import case_plain
from businesscase.domain.summary import summary_of
from businesscase.forms.approval import SubmitForm
from businesscase.models import BusinessCase
from businesscase.selectors import approved_version, submitted_version
from businesscase.selectors.approval import approvers_of, open_conditions, roles_of_approvers
from businesscase.selectors.content import content_of, content_sha256
from businesscase.selectors.reading import points_read
from businesscase.services.approval import submit_case
from businesscase.services.approval_checks import is_very_small
from businesscase.views.case_pages import case_url, title_of
from businesscase.views.version_page import MOST_CHANGES, found_case
from common import clock
from common.exceptions import RuleBroken, StaleWrite
from common.query import read_query, single_values
from projects.access import ProjectRequest, project_view
from projects.models import Project

USUAL_DAYS = 14


@project_view("case.edit", post="case.edit")
def submit(request: ProjectRequest, project: Project, kind: str) -> HttpResponse:
    """What is missing, who decides, until when; then the draft is frozen as a version."""
    case = found_case(project, kind)
    content = content_of(case)
    waiting = submitted_version(case)
    seen = content_sha256(content)
    if request.method != "POST":
        read_query(request.GET)
        if waiting is not None:
            messages.info(request, _("Version %(number)d lies with its approvers.") % {"number": waiting.number})
            return redirect(case_address(project.slug, kind, "version", waiting.number))
        initial = {"seen": seen, "decide_by": clock.today(project.time_zone) + timedelta(days=USUAL_DAYS)}
        return _page(request, case, content, initial=initial)
    data = single_values(request.POST, multiple=("approvers",))
    if waiting is not None and data.get("seen") == seen:
        # The second click of two: what it asks for has been done.
        return redirect(case_address(project.slug, kind, "version", waiting.number))
    return _submitted(request, case, content, data)


def _submitted(request: ProjectRequest, case: BusinessCase, content: CaseContent, data: Any) -> HttpResponse:
    project, kind = case.project, case.kind
    people = _people(request, project)
    form = _form(project, content, people, data)
    if not form.is_valid():
        return _page(request, case, content, form=form, status=422)
    values = form.cleaned_data
    try:
        version = submit_case(
            acting_user=request.user,
            case=case,
            approvers=form.chosen(),
            decide_by=values["decide_by"],
            note=values["note"],
            although_incomplete=values.get("although_incomplete", False),
            seen_sha256=values["seen"] or "-",
        )
    except StaleWrite as error:
        again = data.copy()
        again["seen"] = content_sha256(content_of(case))
        form = _form(project, content, people, again)
        return _page(request, case, content, form=form, problem=str(error), status=409)
    except RuleBroken as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return _page(request, case, content, form=form, status=422)
    names = ", ".join(str(each) for each in form.chosen())
    said = _("Version %(number)d lies with %(names)s. They are told by mail.")
    messages.success(request, said % {"number": version.number, "names": names})
    return redirect(case_address(project.slug, kind, "version", version.number))


def _people(request: ProjectRequest, project: Project) -> list[User]:
    """Who can be named: whoever may approve; oneself in a very small entity alone."""
    found = approvers_of(project)
    return found if is_very_small(project) else [each for each in found if each.pk != request.user.pk]


def _form(
    project: Project, content: CaseContent, people: list[User], data: Any = None, *, initial: Any = None
) -> SubmitForm:
    incomplete = any(each.missing for each in points_read(content))
    return SubmitForm(data, initial=initial, people=people, roles=roles_of_approvers(project), incomplete=incomplete)


def _page(
    request: ProjectRequest,
    case: BusinessCase,
    content: CaseContent,
    *,
    form: SubmitForm | None = None,
    initial: dict[str, Any] | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    project = case.project
    people = list(form.people.values()) if form is not None else _people(request, project)
    if form is None:
        form = _form(project, content, people, initial=initial)
    figures = case_plain(content)
    in_force = approved_version(case)
    context: dict[str, Any] = {
        "project": project,
        "case": case,
        "small": case.is_small,
        "case_title": title_of(case.kind),
        "form": form,
        "people": people,
        "very_small": is_very_small(project),
        "content": content,
        "likely": summary_of(figures),
        "missing": [
            (point, case_url(project, case.kind, "point", point.key)) for point in points_read(content) if point.missing
        ],
        "in_force": in_force,
        "problem": problem,
        "points_url": case_url(project, case.kind, "points"),
        "versions_url": case_address(project.slug, case.kind, "versions"),
    }
    if in_force is not None:
        in_force.project = project
        before = content_from_plain(in_force.content)
        areas = said_changes(before, content)
        lines = heaviest(areas, MOST_CHANGES)
        context |= {
            "figure_changes": figure_changes(
                summary_of(in_force.figures), summary_of(figures), (before.first_month, content.first_month)
            ),
            "changes": lines,
            "more_changes": sum(len(area.lines) for area in areas) - len(lines),
            "compare_url": f"{case_address(project.slug, case.kind, 'compare', in_force.number)}?with=draft",
            "still_open": open_conditions(in_force),
        }
    return render(request, "businesscase/submit.html", context, status=status)
