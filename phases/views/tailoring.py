"""The compare view "catalogue against this plan", the same as a file, and what is done from it to many rows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.exceptions import RuleBroken
from common.query import read_query
from common.workbook_out import FORMATS, table_response
from phases.choices import PHASE_NAMES
from phases.domain.tailoring import ADDED, APPROACH, CARRIED, KINDS, LEFT_OUT, MISSING, MOVED, OWN, PART, PhaseCount
from phases.exports_tailoring import COLUMNS, tailoring_rows
from phases.forms.rows import parse_targets
from phases.forms.tailoring import (
    MOST_CHOSEN,
    ReasonForm,
    RemarkForm,
    filter_lines,
    read_chosen,
    read_compare_query,
)
from phases.models import PhaseActivity
from phases.selectors.catalogue import texts_for
from phases.selectors.tailoring import (
    PlanLine,
    Tailoring,
    Warnings,
    rows_with_activity,
    tailored,
    tailoring_of,
    warnings_for,
)
from phases.services.rows import Refusal, RowsRefused, Target
from phases.services.tailoring.leave_out import ClausesLost, bring_back, leave_out
from phases.templatetags.tailoring_ui import WORDS
from projects.access import ProjectRequest, project_view
from projects.models import Project

LEAVE, RETURN = "tailoring_leave", "tailoring_return"
SHOWN_HANGING = 8


@dataclass(frozen=True, slots=True)
class CountRow:
    """A line of the summary: phase (None: all together) and count for each column. `kind` is what its rows are."""

    label: str
    cells: Sequence[tuple[int | None, int]]
    css: str = ""
    kind: str = ""


@project_view("phases.view")
def tailoring(request: ProjectRequest, project: Project) -> HttpResponse:
    """Summary, checks and every difference with its justification."""
    found = tailoring_of(project)
    query = read_compare_query(request.GET, found.texts.components)
    decision = request.access.can("phases.tailor")
    lines = filter_lines(found.lines, query)
    context = {
        "project": project,
        "found": found,
        "lines": lines,
        "query": query,
        "numbers": _numbers(found),
        "summary": _summary(found),
        "apart": _apart(found),
        "kinds": [(kind, WORDS[kind]) for kind in KINDS],
        "phase_names": PHASE_NAMES,
        "hanging": found.checks.hanging[:SHOWN_HANGING],
        "more_hanging": found.checks.hanging[SHOWN_HANGING:],
        "may_tailor": bool(decision),
        "why_not": decision.reason,
        "may_see_trail": bool(request.access.can("trail.view")),
        "may_export": bool(request.access.can("phases.export")),
        "can_choose": bool(decision) and any(line.can_choose for line in lines),
        "time_zone": project.time_zone,
    }
    return render(request, "phases/tailoring.html", context)


def _numbers(found: Tailoring) -> list[int]:
    return sorted({1, 2, 3} | set(found.counts))


def _summary(found: Tailoring) -> list[CountRow]:
    """The lines of the summary; those that could differ and do not anywhere are left out."""
    numbers = _numbers(found)

    def line(label: str, name: str, css: str = "", kind: str = "") -> CountRow:
        return CountRow(label, _cells(found.counts, numbers, name), css, kind)

    rows = [
        line(_("Marked in the catalogue"), "marked"),
        line(_("Not applicable"), "left_out", kind=LEFT_OUT),
        line(_("Moved to another phase"), "moved_away", kind=MOVED),
        line(_("Not taken into the plan"), "missing", kind=MISSING),
        line(_("In the catalogue and applicable"), "in_catalogue", "is-sum"),
        line(_("Own activities"), "own", kind=OWN),
        line(_("Added to the phase"), "added", kind=ADDED),
        line(_("Moved here from another phase"), "moved", kind=MOVED),
        line(_("Further parts of split activities"), "parts", kind=PART),
        line(_("Placed by the approach"), "approach", kind=APPROACH),
        line(_("Carried over from the phase before"), "carried", kind=CARRIED),
        line(_("Applicable in this plan"), "applicable", "is-total"),
    ]
    always = {0, 1, 4, 5, 11}
    return [row for place, row in enumerate(rows) if place in always or any(count for _phase, count in row.cells)]


def _cells(counts: Mapping[int, PhaseCount], numbers: Sequence[int], name: str) -> list[tuple[int | None, int]]:
    cells = [(number, getattr(counts.get(number, PhaseCount()), name)) for number in numbers]
    return [*cells, (None, sum(count for _phase, count in cells))]


def _apart(found: Tailoring) -> CountRow | None:
    """What applies of the supplement, which no other figure includes."""
    if not found.supplement:
        return None
    return CountRow(_("Supplement, applicable"), _cells(found.supplement, _numbers(found), "applicable"))


@project_view("phases.export")
def export(request: ProjectRequest, project: Project) -> HttpResponse:
    """The lines that the page shows for the same question, as CSV or XLSX."""
    asked = request.GET.copy()
    given = asked.pop("format", [])
    if len(given) != 1 or given[0] not in FORMATS:
        raise BadRequest("no such format")
    found = tailoring_of(project)
    lines = filter_lines(found.lines, read_compare_query(asked, found.texts.components))
    rows = tailoring_rows(lines, found.texts, project.time_zone)
    return table_response(str(given[0]), f"{project.slug}-tailoring", COLUMNS, rows)


@project_view("phases.view", post="phases.tailor")
def leaving(request: ProjectRequest, project: Project) -> HttpResponse:
    """Leave rows out: what is chosen and what it means for clauses, then the act."""
    return _rows(request, project, LEAVE)


@project_view("phases.view", post="phases.tailor")
def returning(request: ProjectRequest, project: Project) -> HttpResponse:
    """Bring rows back in."""
    return _rows(request, project, RETURN)


def _rows(request: ProjectRequest, project: Project, act: str) -> HttpResponse:
    if request.method == "POST":
        return _do(request, project, act)
    if sum(len(request.GET.getlist(name)) for name in ("row", "ref")) > MOST_CHOSEN:
        problem = _("Choose %(most)d rows at most at a time, or a whole component.") % {"most": MOST_CHOSEN}
        return _rows_page(request, project, act, [], problem=problem, status=422)
    found = tailoring_of(project)
    chosen = read_chosen(request.GET, found.texts.components)
    there = [line for line in found.lines if line.pk is not None]
    if chosen.is_unknown({line.ref for line in there}, {line.name for line in there}):
        raise Http404
    lines = [line for line in there if chosen.has(line)]
    able = [line for line in lines if (line.can_leave if act == LEAVE else line.can_return)]
    # A whole activity or component means its open rows; a row that was chosen by name is told of.
    left = [line for line in lines if line not in able and line.name in chosen.names]
    return _rows_page(request, project, act, able, left=left)


def _do(request: ProjectRequest, project: Project, act: str) -> HttpResponse:
    read_query(request.GET)
    targets = parse_targets(request.POST)
    form: forms.Form = ReasonForm(request.POST) if act == LEAVE else RemarkForm(request.POST)
    problem, refused, warnings = "", [], None
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            if act == LEAVE:
                seen = request.POST.get("seen", "")
                done = leave_out(acting_user=request.user, project=project, targets=targets, reason=reason, seen=seen)
            else:
                done = bring_back(acting_user=request.user, project=project, targets=targets, reason=reason)
        except PhaseActivity.DoesNotExist as error:
            raise Http404 from error
        except ClausesLost as lost:
            problem, warnings = str(lost), lost.warnings
        except RowsRefused as several:
            problem, refused = str(several), several.refusals
        except RuleBroken as broken:
            if broken.field in form.fields:
                form.add_error(broken.field, str(broken))
            else:
                problem = str(broken)
        else:
            messages.success(request, _said(act, len(done)))
            return redirect("tailoring", project.slug)
    lines = _lines_of(project, targets)
    return _rows_page(
        request, project, act, lines, form=form, problem=problem, refused=refused, warnings=warnings, status=422
    )


def _said(act: str, count: int) -> str:
    if act == LEAVE:
        return ngettext("%d row is not applicable now.", "%d rows are not applicable now.", count) % count
    return ngettext("%d row applies again.", "%d rows apply again.", count) % count


def _lines_of(project: Project, targets: Sequence[Target]) -> list[PlanLine]:
    """The rows that were sent, each still at the version that was sent."""
    versions = {target.pk: target.version for target in targets}
    return [
        replace(line, version=versions[line.pk])
        for line in tailoring_of(project).lines
        if line.pk is not None and line.pk in versions
    ]


def _rows_page(
    request: ProjectRequest,
    project: Project,
    act: str,
    lines: Iterable[PlanLine],
    *,
    left: Sequence[PlanLine] = (),
    form: forms.Form | None = None,
    problem: str = "",
    refused: Sequence[Refusal] = (),
    warnings: Warnings | None = None,
    status: int = 200,
) -> HttpResponse:
    kept = list(lines)
    if warnings is None and act == LEAVE and kept:
        held = tailored(project, texts_for(project), rows_with_activity(project))
        warnings = warnings_for(project, [(line.ref, line.phase) for line in kept], held)
    decision = request.access.can("phases.tailor")
    context: dict[str, Any] = {
        "project": project,
        "act": act,
        "is_leaving": act == LEAVE,
        "lines": kept,
        "left": left,
        "form": form or (ReasonForm() if act == LEAVE else RemarkForm()),
        "problem": problem,
        "refused": refused,
        "warnings": warnings or Warnings(),
        "may_tailor": bool(decision),
        "why_not": decision.reason,
    }
    return render(request, "phases/tailoring_rows.html", context, status=status)
