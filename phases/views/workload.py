"""Who has how much due in which week: the page, and the same table as a file."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse

from common.query import choice, read_query
from common.workbook_out import CSV, FORMATS, table_response
from phases.domain.transitions import OPEN_STATUSES
from phases.domain.workload import WEEKS, Cell, Week, read_week, week_of, weeks_from
from phases.exports_roles import workload_table
from phases.selectors.workload import PartyLoad, Workload, workload_of
from projects.access import ProjectRequest, project_view
from projects.models import Project


def _ask(project: Project, query: QueryDict, *, single: tuple[str, ...] = ("week",)) -> tuple[Workload, str]:
    values, _several = read_query(query, single=single)
    first = None
    if values["week"]:
        try:
            first = read_week(values["week"])
            weeks_from(first, 2 * WEEKS)
        except (ValueError, OverflowError) as error:
            raise BadRequest("week is no ISO week (YYYY-Www)") from error
    return workload_of(project, first), choice("format", values.get("format", ""), FORMATS) or CSV


@project_view("phases.view")
def workload(request: ProjectRequest, project: Project) -> HttpResponse:
    """Twelve weeks of every party, what is over the limit marked; each number leads to its rows."""
    found, _form = _ask(project, request.GET)
    here, this = reverse("workload", args=[project.slug]), week_of(found.today)
    first = found.weeks[0]
    export = reverse("workload_export", args=[project.slug])
    context: dict[str, Any] = {
        "project": project,
        "load": found,
        "weeks": found.weeks,
        "lines": [_line(project, found, line) for line in found.lines],
        "nobody": _line(project, found, found.nobody) if not found.nobody.load.is_idle else None,
        "unassigned_url": reverse("role_map_unassigned", args=[project.slug]),
        "is_first": first == this,
        "earlier": f"{here}?week={max(this, first.moved(-WEEKS), key=lambda week: week.monday)}",
        "following": f"{here}?week={first.moved(WEEKS)}",
        "may_export": bool(request.access.can("phases.export")),
        "exports": [
            {"label": label, "url": f"{export}?{urlencode({'week': str(first), 'format': form})}"}
            for form, label in (("xlsx", "XLSX"), ("csv", "CSV"))
        ],
    }
    return render(request, "phases/workload.html", context)


@project_view("phases.export")
def export(request: ProjectRequest, project: Project) -> HttpResponse:
    """The same weeks as CSV or XLSX."""
    found, form = _ask(project, request.GET, single=("week", "format"))
    header, rows = workload_table(found)
    return table_response(form, f"{project.slug}-workload-{found.weeks[0]}", header, rows)


def _line(project: Project, found: Workload, line: PartyLoad) -> dict[str, Any]:
    party = str(line.party.pk) if line.party else "nobody"
    open_rows = [("party", party), *(("status", status) for status in OPEN_STATUSES)]

    def links(phases: Mapping[int, int], asked: list[tuple[str, str]]) -> list[dict[str, Any]]:
        return [
            {
                "phase": number,
                "count": count,
                "url": f"{reverse('board', args=[project.slug, number])}?{urlencode(asked)}",
            }
            for number, count in phases.items()
        ]

    def cell(week: Week, its: Cell) -> dict[str, Any]:
        first = max(week.monday, found.today)
        between = [("due_from", first.isoformat()), ("due_until", week.sunday.isoformat())]
        return {
            "cell": its,
            "week": week,
            "level": _level(its, found.per_week),
            "links": links(its.phases, [*open_rows, *between]),
        }

    return {
        "line": line,
        "cells": [cell(week, its) for week, its in zip(found.weeks, line.load.cells, strict=True)],
        "late": links(line.load.late, [("view", "overdue"), ("party", party)]),
        "late_count": sum(line.load.late.values()),
        "undated_count": sum(line.load.undated.values()),
    }


def _level(cell: Cell, per_week: int) -> int:
    """How strong the colour of a cell is, 0 to 5: beyond the limit the strongest."""
    if not cell.count:
        return 0
    if cell.is_over:
        return 5
    return 1 + min(2, 3 * (cell.count - 1) // (cell.limit or per_week))
