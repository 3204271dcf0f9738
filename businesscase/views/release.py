"""Setting money free, phase by phase."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from businesscase.addresses import case_address
from businesscase.choices import CaseKind
from businesscase.domain.content import content_from_plain
from businesscase.forms.approval import ReleaseForm
from businesscase.models import BusinessCase, CaseVersion
from businesscase.selectors import approved_version, case_of
from businesscase.selectors.approval import open_conditions
from businesscase.selectors.releases import PhaseFunds, funds_of, release_count, releases_of, whole_funds
from businesscase.services.approval import release_funds
from businesscase.templatetags.case_ui import amount_exact
from businesscase.views.case_pages import title_of
from common.exceptions import RuleBroken, StaleWrite
from common.query import read_query, single_values
from projects.access import ProjectRequest, project_view
from projects.models import Project


@project_view("case.view", post="case.release")
def release(request: ProjectRequest, project: Project, kind: str) -> HttpResponse:
    """What was approved, released and spent by phase; whoever may release does it here."""
    if request.method != "POST":
        read_query(request.GET)
        return _page(request, project, kind)
    case = case_of(project, kind)
    if case is None:
        said = _("No version is approved yet. Money is released once one is.")
        return _page(request, project, kind, problem=said, status=422)
    data = single_values(request.POST)
    lines = _lines(case, approved_version(case))
    form = ReleaseForm(data, phases=_phases(lines))
    if not form.is_valid():
        return _page(request, project, kind, form=form, status=422)
    values = form.cleaned_data
    try:
        made = release_funds(
            acting_user=request.user,
            case=case,
            phase=values["phase"],
            amount=values["amount"],
            note=values["note"],
            seen_releases=values["seen"],
        )
    except StaleWrite as error:
        again = data.copy()
        again["seen"] = str(release_count(case))
        form = ReleaseForm(again, phases=_phases(lines))
        return _page(request, project, kind, form=form, problem=str(error), status=409)
    except RuleBroken as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return _page(request, project, kind, form=form, status=422)
    said = _("%(amount)s %(currency)s are released for phase %(phase)d.")
    if kind == CaseKind.GAP:
        said = _("%(amount)s %(currency)s are released.")
    messages.success(
        request, said % {"amount": amount_exact(made.amount), "currency": project.currency, "phase": made.phase_number}
    )
    return redirect(case_address(project.slug, kind, "release"))


def _lines(case: BusinessCase, version: CaseVersion | None) -> list[PhaseFunds]:
    return funds_of(case, content_from_plain(version.content)) if version is not None else []


def _phases(lines: list[PhaseFunds]) -> list[tuple[int, str]]:
    """The phases to choose from, each with what is left."""
    words = _("%(phase)s, %(left)s left")
    return [
        (each.phase, words % {"phase": f"{each.phase} {each.name}".strip(), "left": amount_exact(each.left)})
        for each in lines
        if each.approved
    ]


def _page(
    request: ProjectRequest,
    project: Project,
    kind: str,
    *,
    form: ReleaseForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    case = case_of(project, kind)
    version = approved_version(case) if case is not None else None
    context: dict[str, Any] = {
        "project": project,
        "case": case,
        "small": kind == CaseKind.GAP,
        "case_title": title_of(kind),
        "version": version,
        "problem": problem,
        "versions_url": case_address(project.slug, kind, "versions"),
        "release_url": case_address(project.slug, kind, "release"),
    }
    if case is not None and version is not None:
        version.project = project
        lines = _lines(case, version)
        next_one = next((each for each in lines if each.left), None)
        initial = {
            "seen": release_count(case),
            "phase": next_one.phase if next_one is not None else None,
        }
        context |= {
            "lines": lines,
            "whole": whole_funds(lines),
            "releases": releases_of(case),
            "open_conditions": open_conditions(version),
            "may_release": bool(request.access.can("case.release")),
            "anything_left": next_one is not None,
            "form": form or ReleaseForm(initial=initial, phases=_phases(lines)),
            "version_url": case_address(project.slug, kind, "version", version.number),
        }
    return render(request, "businesscase/release.html", context, status=status)
