"""What the project wants to reach, clause by clause and process by process."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.exceptions import RuleBroken
from common.query import read_query, single_values
from gapanalysis.choices import TargetOf
from gapanalysis.selectors.targets import Aim, aims_of
from gapanalysis.services.targets import MOST, TargetWish, set_targets
from projects.access import ProjectRequest, project_view
from projects.models import Project


@project_view("gap.view", post="gap.manage")
def targets(request: ProjectRequest, project: Project) -> HttpResponse:
    """The targets, which managers change on the same page."""
    aims = aims_of(project)
    if request.method != "POST":
        read_query(request.GET)
        return _page(request, project, aims, {}, {})
    typed = single_values(request.POST)
    wishes, problems = _read(typed, aims)
    if not problems:
        try:
            count = set_targets(acting_user=request.user, project=project, wishes=wishes)
        except RuleBroken as error:
            problems[error.field] = str(error)
        else:
            said = ngettext("%(count)d target was set.", "%(count)d targets were set.", count) % {"count": count}
            messages.success(request, said if count else _("Nothing was different."))
            return redirect("gap_targets", project.slug)
    return _page(request, project, aims, typed.dict(), problems, status=422)


def _read(typed: QueryDict, aims: list[Aim]) -> tuple[list[TargetWish], dict[str, str]]:
    """What was typed for each aim whose field came along, and what of it is no number, by field."""
    wishes: list[TargetWish] = []
    problems: dict[str, str] = {}
    for aim in aims:
        if aim.name not in typed:
            continue
        text = str(typed[aim.name]).strip().removesuffix("%").strip()
        version = typed.get(f"version:{aim.name}", "")
        most = MOST[TargetOf(aim.of)]
        if text and not (text.isascii() and text.isdigit() and len(text) <= 4 and int(text) <= most):
            problems[aim.name] = _("%(name)s: write a number from 0 to %(most)d.") % {"name": aim.title, "most": most}
        else:
            seen = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
            wishes.append(TargetWish(aim.of, aim.key, seen, int(text) if text else None))
    return wishes, problems


def _page(
    request: ProjectRequest,
    project: Project,
    aims: list[Aim],
    typed: Mapping[str, Any],
    problems: Mapping[str, str],
    *,
    status: int = 200,
) -> HttpResponse:
    lines = [
        {
            "aim": aim,
            "text": typed.get(aim.name, "" if aim.value is None else str(aim.value)),
            "version": typed.get(f"version:{aim.name}", aim.version),
            "problem": problems.get(aim.name, ""),
        }
        for aim in aims
    ]
    context = {
        "project": project,
        "clauses": [line for line in lines if line["aim"].of == TargetOf.CLAUSE],
        "processes": [line for line in lines if line["aim"].of == TargetOf.PROCESS],
        "problems": problems,
        "may_manage": bool(request.access.can("gap.manage")),
        "set": sum(aim.value is not None for aim in aims),
    }
    return render(request, "gapanalysis/targets.html", context, status=status)
