"""The versions of a case, one of them, and two side by side."""

from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from businesscase.addresses import case_address
from businesscase.change_words import figure_changes, said_changes
from businesscase.choices import CaseKind
from businesscase.domain.content import CaseContent, content_from_plain
from businesscase.domain.export import case_plain
from businesscase.domain.parts import by_phase
from businesscase.domain.summary import Summary, summary_of
from businesscase.models import BusinessCase, CaseVersion
from businesscase.selectors import case_of
from businesscase.selectors.approval import approved_before, version_of
from businesscase.selectors.content import content_of
from businesscase.selectors.versions import version_lines
from businesscase.views.case_pages import case_url, title_of
from businesscase.views.version_page import found_case, found_version, version_page
from common.query import read_query, whole_number
from projects.access import ProjectRequest, project_view
from projects.models import Project

DRAFT = "draft"


@project_view("case.view")
def versions(request: ProjectRequest, project: Project, kind: str) -> HttpResponse:
    """Every version with its state and its figures, and what can be done next."""
    read_query(request.GET)
    case = case_of(project, kind)
    context: dict[str, Any] = {
        "project": project,
        "case": case,
        "small": kind == CaseKind.GAP,
        "case_title": title_of(kind),
        "points_url": case_url(project, kind, "points"),
        "may_edit": bool(request.access.can("case.edit")),
    }
    if case is not None:
        lines = version_lines(case)
        context |= {
            "lines": [(line, case_address(project.slug, kind, "version", line.number)) for line in lines],
            "waiting": next((line for line in lines if line.state == "submitted"), None),
            "in_force": next((line for line in lines if line.state.startswith("approved")), None),
            "submit_url": case_address(project.slug, kind, "submit"),
            "release_url": case_address(project.slug, kind, "release"),
        }
    return render(request, "businesscase/versions.html", context)


@project_view("case.view")
def version(request: ProjectRequest, project: Project, kind: str, number: int) -> HttpResponse:
    """One version, to be read and decided about."""
    read_query(request.GET)
    return version_page(request, found_version(project, kind, number))


@project_view("case.view")
def compare(request: ProjectRequest, project: Project, kind: str, number: int) -> HttpResponse:
    """A version beside another (`with`, a number or "draft"); without one beside the version approved before it."""
    single, _multiple = read_query(request.GET, single=("with",))
    case = found_case(project, kind)
    one = version_of(case, number)
    if one is None:
        raise Http404
    sides = _sides(case, one, single["with"])
    context: dict[str, Any] = {
        "project": project,
        "case": case,
        "small": case.is_small,
        "case_title": title_of(kind),
        "version": one,
        "versions_url": case_address(project.slug, kind, "versions"),
        "version_url": case_address(project.slug, kind, "version", number),
        "choices": _choices(case, one),
        "chosen": single["with"],
    }
    if sides is not None:
        (old_name, old, old_figures), (new_name, new, new_figures) = sides
        areas = said_changes(old, new)
        names = {fact.number: fact.name for fact in new.known.phases}
        context |= {
            "old_name": old_name,
            "new_name": new_name,
            "old": old,
            "figures": figure_changes(old_figures, new_figures, (old.first_month, new.first_month)),
            "areas": areas,
            "count": sum(len(area.lines) for area in areas),
            "phases": [
                (names.get(before.phase, ""), before, after, after.cost - before.cost)
                for before, after in zip(by_phase(old), by_phase(new), strict=True)
                if before.cost or after.cost
            ],
        }
        context["chosen"] = context["chosen"] or str(_number_of(case, one))
    return render(request, "businesscase/compare.html", context)


Side = tuple[str, CaseContent, Summary]


def _number_of(case: BusinessCase, one: CaseVersion) -> int | str:
    found = approved_before(one)
    return found.number if found is not None else one.number - 1


def _sides(case: BusinessCase, one: CaseVersion, other: str) -> tuple[Side, Side] | None:
    """The older and the newer of the two; None where there is nothing to put beside it."""
    if other == DRAFT:
        content = content_of(case)
        return _side(one), (_("Draft"), content, summary_of(case_plain(content)))
    if other:
        number = whole_number("with", other)
        found = version_of(case, number or 0)
        if found is None or found == one:
            raise BadRequest("with names no other version")
    else:
        found = approved_before(one) or version_of(case, one.number - 1)
    if found is None:
        return None
    older, newer = sorted((found, one), key=lambda each: each.number)
    return _side(older), _side(newer)


def _side(version: CaseVersion) -> Side:
    name = _("Version %(number)d") % {"number": version.number}
    return name, content_from_plain(version.content), summary_of(version.figures)


def _choices(case: BusinessCase, one: CaseVersion) -> list[tuple[str, str]]:
    """What the version can be put beside."""
    numbers = CaseVersion.objects.filter(case=case).order_by("number").values_list("number", flat=True)
    others = [(str(number), _("Version %(number)d") % {"number": number}) for number in numbers if number != one.number]
    return [*others, (DRAFT, _("Draft"))]
