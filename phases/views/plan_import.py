"""The plan as a file: take it out, send it back, see row by row what would change, and confirm."""

from collections.abc import Sequence
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audittrail.context import acting_via
from common.exceptions import RuleBroken, StaleWrite
from common.marked_rows import KEEP, BadCell, CellChange
from common.query import choice, read_query, whole_number
from common.spreadsheet import to_csv
from common.uploads import SentFile, UploadRefused, read_upload
from common.workbook_out import CSV, FORMATS, XLSX_TYPE
from phases.domain.plan_file import PLAN
from phases.exports_workbook import plan_xlsx
from phases.forms.plan_import import COLUMN_LABELS, PlanFileForm, becomes, in_words, why
from phases.imports_plan import confirm_preview, preview_file, shown_preview
from phases.models import PlanPreview
from phases.resources import PlanResource
from phases.selectors.file_preview import (
    ShownChange,
    changes_of,
    choices_of,
    counts_of,
    open_choices,
    shown_of,
)
from phases.services.file_previews import LIFETIME
from phases.services.plan_import import MAX_BYTES, ImportRefused
from phases.services.plan_previews import choose_sides
from projects.access import ProjectRequest, project_view
from projects.models import Project

MOST_SHOWN = 1000  # bad cells; nobody mends more at once
ROWS_A_PAGE = 100
CONFLICTS_A_PAGE = 25
CONFLICTS = "conflicts"
_BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads the file as the code page of the machine
_SIDE = "side-"


@project_view("phases.export")
def download(request: ProjectRequest, project: Project) -> HttpResponse:
    """The whole plan as it can come back: XLSX with a sheet a phase, or CSV."""
    values, _lists = read_query(request.GET, single=("format",))
    form = choice("format", values["format"], FORMATS)
    if form == CSV:
        table = PlanResource(project, request.user).export()
        content = (_BYTE_ORDER_MARK + to_csv(table.headers, table)).encode()
        answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    else:
        answer = HttpResponse(plan_xlsx(project), content_type=XLSX_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{project.slug}-plan.{form or "xlsx"}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@project_view("phases.report", post="phases.report")
def plan_import(request: ProjectRequest, project: Project) -> HttpResponse:
    """Offer the plan as a file; take one back and show what it would change, or every cell that is wrong with it."""
    if request.method != "POST":
        read_query(request.GET)
        return _upload_page(request, project, PlanFileForm())
    form = PlanFileForm(request.POST, request.FILES)
    if len(request.FILES.getlist("file")) > 1:
        form.add_error("file", _("Send one file."))
    if not form.is_valid():
        return _upload_page(request, project, form, status=422)
    try:
        upload = read_upload(cast(SentFile, form.cleaned_data["file"]), max_bytes=MAX_BYTES)
        with acting_via("import"):
            looked, preview = preview_file(acting_user=request.user, project=project, upload=upload)
    except UploadRefused as error:
        form.add_error("file", str(error))
        return _upload_page(request, project, form, status=422)
    if looked.bad:
        return _upload_page(request, project, PlanFileForm(), looked.bad, upload.name, status=422)
    if preview is None:
        messages.info(
            request,
            ngettext(
                "The file changes nothing: in its one row no cell was changed, or it says what the plan says.",
                "The file changes nothing: in its %(n)d rows no cell was changed, or it says what the plan says.",
                looked.unchanged,
            )
            % {"n": looked.unchanged},
        )
        return redirect("plan_import", project.slug)
    return redirect("plan_preview", project.slug, preview.uuid)


def _upload_page(
    request: ProjectRequest,
    project: Project,
    form: PlanFileForm,
    bad: Sequence[BadCell] = (),
    file_name: str = "",
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "project": project,
        "file_name": file_name,
        "form": form,
        "columns": COLUMN_LABELS.items(),
        **_bad_context(bad),
    }
    return render(request, "phases/plan_import.html", context, status=status)


def _bad_context(bad: Sequence[BadCell]) -> dict[str, Any]:
    return {
        "bad": [{"cell": cell, "why": why(cell)} for cell in bad[:MOST_SHOWN]],
        "bad_count": len(bad),
        "bad_rows": len({(cell.sheet, cell.number) for cell in bad}),
        "bad_more": max(0, len(bad) - MOST_SHOWN),
        "has_sheets": any(cell.sheet for cell in bad),
    }


@project_view("phases.report", post="phases.report")
def preview(request: ProjectRequest, project: Project, uuid: UUID) -> HttpResponse:
    """What a file would change, conflicts to choose in, and the button that does it."""
    try:
        if request.method == "POST":
            return _act(request, project, uuid)
        return _preview_page(
            request, project, shown_preview(acting_user=request.user, project=project, preview_id=uuid)
        )
    except PlanPreview.DoesNotExist as error:
        raise Http404 from error
    except StaleWrite as error:
        pairs = [
            {"label": label, "current": error.current.get(label, ""), "sent": sent}
            for label, sent in error.sent.items()
        ]
        context = {"project": project, "message": str(error), "pairs": pairs}
        return render(request, "phases/plan_preview_gone.html", context, status=409)


def _act(request: ProjectRequest, project: Project, uuid: UUID) -> HttpResponse:
    """Note the choices that were sent; with `do` import, change the plan too."""
    sides = {}
    for name, values in request.POST.lists():
        if name.startswith(_SIDE) and len(values) == 1:
            sides[name.removeprefix(_SIDE)] = values[0]
        elif name not in ("csrfmiddlewaretoken", "do", "cpage") or len(values) != 1:
            raise BadRequest(f"unknown field {name[:40]!r}")
    act = request.POST.get("do", "")
    if act not in ("import", "save", "all-keep", "all-file"):
        raise BadRequest("no such act")
    rest = act.removeprefix("all-") if act.startswith("all-") else ""
    found = shown_preview(acting_user=request.user, project=project, preview_id=uuid)
    if sides or rest:
        found = choose_sides(
            acting_user=request.user, project=project, preview_id=uuid, sides={} if rest else sides, rest=rest
        )
    if act != "import":
        messages.success(request, _("Your choices are kept. Nothing is changed in the plan yet."))
        page = whole_number("cpage", request.POST.get("cpage", "")) or 1
        return redirect(f"{request.path}?cpage={page}#conflicts" if page > 1 else f"{request.path}#conflicts")
    try:
        with acting_via("import"):
            changed = confirm_preview(acting_user=request.user, project=project, preview_id=uuid)
    except ImportRefused as refused:
        return _preview_page(request, project, found, bad=refused.bad)
    except RuleBroken as error:
        return _preview_page(request, project, found, problem=str(error))
    messages.success(
        request,
        ngettext("%(n)d row of the plan is changed.", "%(n)d rows of the plan are changed.", changed) % {"n": changed},
    )
    return redirect("plan_import", project.slug)


def _preview_page(
    request: ProjectRequest, project: Project, found: PlanPreview, *, problem: str = "", bad: Sequence[BadCell] = ()
) -> HttpResponse:
    values, _lists = read_query(request.GET, single=("kind", "page", "cpage"))
    shown = shown_of(found)
    changes = changes_of(found)
    counts = counts_of(PLAN, changes)
    waiting = open_choices(found)
    conflicts = [_conflict(each, unit, choices_of(found)) for each in shown for unit in each.change.open_units]
    kind = choice("kind", values["kind"], (*counts, CONFLICTS))
    listed = [
        each for each in shown if not kind or (each.change.conflicts if kind == CONFLICTS else _cells(each, kind))
    ]
    page_of_conflicts = _page(conflicts, values["cpage"], CONFLICTS_A_PAGE)
    if problem and waiting:
        # What somebody forgot is what they see.
        place = next(place for place, each in enumerate(conflicts) if not each["side"])
        page_of_conflicts = Paginator(conflicts, CONFLICTS_A_PAGE).page(place // CONFLICTS_A_PAGE + 1)
    page = _page(listed, values["page"], ROWS_A_PAGE)
    context = {
        "project": project,
        "preview": found,
        "expires": found.created_at + LIFETIME,
        "changed": len(changes),
        "cell_count": sum(len(change.cells) for change in changes),
        "unchanged": found.content["unchanged"],
        "conflict_count": len(conflicts),
        "waiting": len(waiting),
        "conflict_page": page_of_conflicts,
        "kinds": _kinds(request, kind, counts, changes),
        "kind": kind,
        "page": page,
        "lines": [line for each in page for line in _lines(each, kind)],
        "problem": problem,
        **_bad_context(bad),
    }
    return render(request, "phases/plan_preview.html", context, status=422 if problem or bad else 200)


def _page(items: Sequence[Any], raw: str, size: int) -> Page[Any]:
    return Paginator(items, size).get_page(whole_number("page", raw) or 1)


def _cells(shown: ShownChange, kind: str) -> list[CellChange]:
    return [cell for cell in shown.change.cells if kind in ("", CONFLICTS) or PLAN.unit_of(cell.column) == kind]


def _kinds(request: ProjectRequest, kind: str, counts: dict[str, int], changes: Sequence[Any]) -> list[dict[str, Any]]:
    conflicts = sum(bool(change.conflicts) for change in changes)
    kinds = [("", _("All"), len(changes))]
    if conflicts:
        kinds.append((CONFLICTS, _("Conflicts"), conflicts))
    kinds += [(name, str(COLUMN_LABELS[name]), count) for name, count in counts.items()]
    return [
        {
            "label": label,
            "url": f"{request.path}?kind={name}#changes" if name else f"{request.path}#changes",
            "count": count,
            "current": name == kind,
        }
        for name, label, count in kinds
    ]


def _lines(shown: ShownChange, kind: str) -> list[dict[str, Any]]:
    """A line of the table for each cell."""
    ref, phase = shown.change.row.name
    return [
        {
            "row": shown.change.row,
            "ref": ref,
            "phase": phase,
            "title": shown.title,
            "label": COLUMN_LABELS[cell.column],
            "before": in_words(cell.column, cell.before),
            "after": becomes(cell.column, cell.after),
            "is_conflict": cell.is_conflict,
        }
        for cell in _cells(shown, kind)
    ]


def _conflict(shown: ShownChange, unit: str, chosen: dict[int, dict[str, str]]) -> dict[str, Any]:
    """The three states of what has to be chosen, and what was chosen."""
    change = shown.change
    ref, phase = change.row.name
    return {
        "name": f"{_SIDE}{change.pk}:{unit}",
        "row": change.row,
        "ref": ref,
        "phase": phase,
        "title": shown.title,
        "side": chosen.get(change.pk, {}).get(unit, KEEP if unit in shown.refused else ""),
        "refused": shown.refused.get(unit, ""),
        "cells": [
            {
                "label": COLUMN_LABELS[cell.column],
                "exported": in_words(cell.column, shown.exported[cell.column])
                if cell.column in shown.exported
                else None,
                "here": in_words(cell.column, cell.before),
                "file": becomes(cell.column, cell.after),
            }
            for cell in change.open_units[unit]
        ],
    }
