"""Outcomes of a phase: what should be true at its end, attested and confirmed, beside what is done."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from common.exceptions import RuleBroken
from common.query import choice, read_query, single_values
from governance.choices import Attested
from governance.lesson_permissions import can_attest
from governance.models import OutcomeReport
from governance.selectors.outcomes import (
    CLAUSES,
    COMPONENTS,
    EDITIONS,
    PHASES,
    OutcomeLine,
    counts_of,
    has_begun,
    outcomes_of,
    owned_keys,
    phase_name,
)
from governance.services.outcomes import attest_outcome, confirm_outcome
from phases.models import PlanRules
from phases.permissions import own_party_ids
from projects.access import ProjectRequest, project_view
from projects.models import Project
from projects.services.guards import parse_version


@project_view("lessons.view", post="outcomes.attest")
def outcomes(request: ProjectRequest, project: Project, phase: int) -> HttpResponse:
    """The outcomes of a phase; a POST attests one."""
    if request.method != "POST":
        read_query(request.GET, single=("edition",))
        return _page(request, project, phase, _edition(request.GET))
    data = single_values(request.POST)
    edition, key = _edition(data), data.get("key", "")
    typed = {"key": key, "attested": data.get("attested", ""), "note": data.get("note", "")}
    try:
        attest_outcome(
            acting_user=request.user,
            project=project,
            phase=phase,
            edition=edition,
            key=key,
            version=parse_version(data.get("version")),
            attested=typed["attested"],
            note=typed["note"],
        )
    except OutcomeReport.DoesNotExist as error:
        raise Http404 from error
    except RuleBroken as refused:
        return _page(request, project, phase, edition, refused=refused, typed=typed, status=422)
    messages.success(request, _("%(key)s is saved.") % {"key": key})
    return _back(project, phase, edition, key)


@project_view(post="outcomes.confirm")
def confirm(request: ProjectRequest, project: Project, phase: int) -> HttpResponse:
    """Confirm what somebody else attested."""
    data = single_values(request.POST)
    edition, key = _edition(data), data.get("key", "")
    typed = {"key": key, "confirm_note": data.get("confirm_note", "")}
    try:
        confirm_outcome(
            acting_user=request.user,
            project=project,
            phase=phase,
            edition=edition,
            key=key,
            version=parse_version(data.get("version")),
            note=typed["confirm_note"],
        )
    except OutcomeReport.DoesNotExist as error:
        raise Http404 from error
    except RuleBroken as refused:
        return _page(request, project, phase, edition, refused=refused, typed=typed, status=422)
    messages.success(request, _("%(key)s is confirmed.") % {"key": key})
    return _back(project, phase, edition, key)


def _edition(data: Any) -> str:
    """The table that is meant: by component unless somebody asks for the one by clause."""
    return choice("edition", data.get("edition", ""), EDITIONS) or COMPONENTS


def _back(project: Project, phase: int, edition: str, key: str) -> HttpResponse:
    here = reverse("outcomes", args=[project.slug, phase])
    query = f"?{urlencode({'edition': edition})}" if edition != COMPONENTS else ""
    return HttpResponseRedirect(f"{here}{query}#o-{key}")


def _page(
    request: ProjectRequest,
    project: Project,
    phase: int,
    edition: str,
    *,
    refused: RuleBroken | None = None,
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    if phase not in PHASES:
        raise Http404
    lines = outcomes_of(project, phase, edition)
    own = owned_keys(lines, own_party_ids(project, request.user))
    begun = has_begun(project, phase)
    may_confirm = bool(request.access.can("outcomes.confirm"))
    small = may_confirm and PlanRules.objects.filter(project=project, very_small=True).exists()
    here = reverse("outcomes", args=[project.slug, phase])

    def row(line: OutcomeLine) -> dict[str, Any]:
        theirs = typed if typed is not None and typed["key"] == line.key else None
        report = line.report
        is_own = report is not None and report.attested_by_id == request.user.pk
        return {
            "line": line,
            "report": report,
            "may_attest": begun and bool(can_attest(request.access, own, line.key)),
            "may_confirm": begun
            and may_confirm
            and line.is_reached
            and not line.is_confirmed
            and (small or not is_own),
            "is_own": is_own,
            "typed": theirs,
            "problem": str(refused) if theirs is not None and refused is not None else "",
            "attested": (theirs or {}).get("attested") or line.attested,
            "note": theirs.get("note", "") if theirs else (report.note if report else ""),
            "is_mine": line.key in own,
        }

    rows = [row(line) for line in lines if line.is_expected]
    counts = counts_of(lines)
    context = {
        "project": project,
        "phase": phase,
        "phase_name": phase_name(phase),
        "edition": edition,
        "by_clause": edition == CLAUSES,
        "rows": rows,
        "unplanned": [line for line in lines if not line.is_expected],
        "counts": counts,
        "begun": begun,
        "here": here,
        "choices": Attested.choices,
        "tabs": [
            {"label": _("By component"), "url": here, "current": edition == COMPONENTS},
            {"label": _("By clause"), "url": f"{here}?edition={CLAUSES}", "current": edition == CLAUSES},
        ],
        "phases": [{"number": number, "url": reverse("outcomes", args=[project.slug, number])} for number in PHASES],
        "waits_for_me": sum(each["may_attest"] and each["is_mine"] and not each["line"].is_reached for each in rows),
        "to_confirm": sum(each["may_confirm"] for each in rows),
        "time_zone": project.time_zone,
    }
    return render(request, "governance/outcomes.html", context, status=status)
