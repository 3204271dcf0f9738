"""Records over time: which months of what operates are shown, and which are holes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from common.query import choice, read_query, whole_number
from common.workbook_out import FORMATS, table_response
from evidence.domain.records import GOAL, MonthState
from evidence.selectors.records import Records, RecordsLine, by_clause, records_of
from projects.access import ProjectRequest, project_view
from projects.models import Project

PER_PAGE = 50
SHOWN = (("holes", _("Only with holes")), ("none", _("Only without any record")), ("short", _("Not there yet")))
COLUMNS = (
    "ref",
    "title",
    "component",
    "operating_since",
    "months_in_a_row",
    "months_wanted",
    "months_covered",
    "months_missing",
    "clauses",
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the address asks for."""

    component: str
    clause: str
    show: str
    values: dict[str, str]

    def of(self, found: Records) -> list[RecordsLine]:
        """The lines that fit."""
        return [line for line in found.lines if self._fits(line)]

    def _fits(self, line: RecordsLine) -> bool:
        if self.component and line.component != self.component:
            return False
        if self.clause and self.clause not in line.clauses:
            return False
        return {
            "": True,
            "holes": bool(line.strip.missing),
            "none": not line.strip.covered,
            "short": not line.strip.reaches_goal,
        }[self.show]

    @property
    def is_filtered(self) -> bool:
        """Whether anything is left out."""
        return bool(self.component or self.clause or self.show)


def _read(query: QueryDict) -> _Asked:
    values, _lists = read_query(query, single=("component", "clause", "show", "page", "format"))
    return _Asked(
        values["component"],
        values["clause"],
        choice("show", values["show"], [key for key, _words in SHOWN]),
        dict(values),
    )


@project_view("evidence.view")
def records(request: ProjectRequest, project: Project) -> HttpResponse:
    """A strip of months for each activity that operates, and how the clauses stand."""
    asked = _read(request.GET)
    found = records_of(project, request.access)
    lines = asked.of(found)
    paginator = Paginator(lines, PER_PAGE)
    number = whole_number("page", asked.values["page"]) or 1
    if not 1 <= number <= paginator.num_pages:
        raise BadRequest("page has no such value")
    page = paginator.page(number)
    context: dict[str, Any] = {
        "project": project,
        "found": found,
        "page_obj": page,
        "lines": page.object_list,
        "clauses": by_clause(project, lines),
        "components": sorted({(line.component, line.component_name) for line in found.lines}, key=lambda pair: pair[1]),
        "asked": asked,
        "shown": SHOWN,
        "goal": GOAL,
        "may_add": bool(request.access.can("evidence.add")),
    }
    return render(request, "evidence/records.html", context)


@project_view("evidence.view")
def export(request: ProjectRequest, project: Project) -> HttpResponse:
    """The lines as seen, as a file."""
    asked = _read(request.GET)
    form = choice("format", asked.values["format"], FORMATS) or "csv"
    lines = asked.of(records_of(project, request.access))
    return table_response(form, f"{project.slug}-records", COLUMNS, _table(lines))


def _table(lines: Sequence[RecordsLine]) -> Iterator[list[Any]]:
    for line in lines:
        covered = [month for month, state in line.strip.months if state == MonthState.COVERED]
        yield [
            line.ref,
            line.title,
            line.component,
            line.since,
            line.strip.in_a_row,
            GOAL,
            " ".join(f"{month:%Y-%m}" for month in covered),
            " ".join(f"{month:%Y-%m}" for month in line.strip.missing),
            " ".join(line.clauses),
        ]
