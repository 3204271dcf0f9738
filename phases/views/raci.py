"""The RACI matrix: the page, and the same matrix as a file."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from common.query import choice, read_query, whole_number
from common.workbook_out import CSV, FORMATS, table_response
from phases.choices import PHASE_NAMES
from phases.exports_roles import raci_table
from phases.selectors.raci import Raci, RaciQuestion, raci_of
from phases.views.role_places import tabs
from projects.access import ProjectRequest, project_view
from projects.models import Party, Project

FILTERS = ("phase", "component", "party")


def _ask(project: Project, query: QueryDict, *, single: tuple[str, ...] = FILTERS) -> tuple[RaciQuestion, Raci, str]:
    values, _several = read_query(query, single=single)
    form = choice("format", values.get("format", ""), FORMATS) or CSV
    phase = choice("phase", values["phase"], [str(number) for number in PHASE_NAMES])
    party = whole_number("party", values["party"]) or 0
    if party:
        choice(
            "party", str(party), [str(pk) for pk in Party.objects.filter(project=project).values_list("pk", flat=True)]
        )
    question = RaciQuestion(int(phase) if phase else -1, values["component"], party)
    raci = raci_of(project, question)
    choice("component", values["component"], [code for code, _title in raci.components])
    return question, raci, form


@project_view("phases.view")
def raci(request: ProjectRequest, project: Project) -> HttpResponse:
    """Activities by parties, grouped by component; by phase, component and party as the address asks."""
    question, found, _form = _ask(project, request.GET)
    kept = [
        ("phase", str(question.phase) if question.phase >= 0 else ""),
        ("component", question.component),
        ("party", str(question.party) if question.party else ""),
    ]
    asked = [(name, value) for name, value in kept if value]
    export = reverse("raci_export", args=[project.slug])
    context: dict[str, Any] = {
        "project": project,
        "raci": found,
        "question": question,
        "is_filtered": bool(asked),
        "tabs": tabs(project, "raci"),
        "phases": [
            {"value": number, "label": f"{number} {name}" if number else name} for number, name in PHASE_NAMES.items()
        ],
        "width": len(found.parties) + 1,
        "may_export": bool(request.access.can("phases.export")),
        "exports": [
            {"label": label, "url": f"{export}?{urlencode([*asked, ('format', form)])}"}
            for form, label in (("xlsx", "XLSX"), ("csv", "CSV"))
        ],
        "legend": [
            ("A/R", _("answers for it and does the work")),
            ("R", _("works on it")),
            ("C", _("is asked before")),
            ("I", _("is told after")),
        ],
    }
    return render(request, "phases/raci.html", context)


@project_view("phases.export")
def export(request: ProjectRequest, project: Project) -> HttpResponse:
    """The matrix for the same question, as CSV or XLSX."""
    _question, found, form = _ask(project, request.GET, single=(*FILTERS, "format"))
    header, rows = raci_table(found)
    return table_response(form, f"{project.slug}-raci", header, rows)
