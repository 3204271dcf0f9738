"""The page of one package."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from common.query import read_query
from phases.panels_plan import package_url
from phases.selectors.plan_package import PackageDetail, package_of
from phases.selectors.plan_packages import PlanOfPackages, plan_of_packages
from phases.views.plan import STATES
from projects.access import ProjectRequest, project_view
from projects.models import Project


@project_view("phases.view")
def package(request: ProjectRequest, project: Project, component: str, phase: int) -> HttpResponse:
    """What a package holds and what it hangs on."""
    read_query(request.GET)
    found = plan_of_packages(project)
    detail = package_of(found, (component, phase))
    if detail is None:
        raise Http404
    return render(request, "phases/package.html", _context(found, detail))


def _context(found: PlanOfPackages, detail: PackageDetail) -> dict[str, Any]:
    line = detail.line
    shape, word, _tone = STATES[line.state]
    ties = [
        *((_("Waits for"), one) for one in detail.waits_for),
        *((_("Comes after"), one) for one in (detail.before,) if one is not None),
        *((_("Feeds"), one) for one in detail.feeds),
        *((_("Goes on as"), one) for one in (detail.after,) if one is not None),
    ]
    board = reverse("board", args=[found.project.slug, line.phase])
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
    }
