"""The register of documents: what there is and what is missing, filtered, exported, by what it covers."""

from typing import Any
from uuid import uuid4

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.query import choice, read_query, whole_number
from common.workbook_out import FORMATS, table_response
from documents.choices import DocumentKind
from documents.exports import COLUMNS, master_table
from documents.selectors.coverage import WAYS, coverage_of
from documents.selectors.register import RegisterQuery, Standing, chosen, counts_of, register_rows
from phases.selectors.catalogue import texts_for
from phases.selectors.clauses import EDITIONS
from projects.access import ProjectRequest, project_view
from projects.models import Party, Project

SORT_WORDS = (
    ("number", _("By number")),
    ("title", _("By title")),
    ("standing", _("Worst first")),
    ("review", _("Next review first")),
)
_NAMES = ("q", "kind", "state", "owner", "phase", "clause", "component", "sort", "format")
_FILTERS = ("q", "kind", "state", "owner", "phase", "clause", "component")


def read_register_query(query: QueryDict) -> tuple[RegisterQuery, dict[str, str]]:
    """What the address asks for, and its values. Raises BadRequest for what the page does not know."""
    values, _lists = read_query(query, single=_NAMES)
    phase = choice("phase", values["phase"], ["1", "2", "3"])
    return (
        RegisterQuery(
            text=values["q"],
            kind=choice("kind", values["kind"], DocumentKind.values),
            standing=choice("state", values["state"], [each.value for each in Standing]),
            owner=whole_number("owner", values["owner"]),
            phase=int(phase) if phase else None,
            clause=values["clause"],
            component=values["component"],
            sort=choice("sort", values["sort"], [key for key, _word in SORT_WORDS]) or "number",
        ),
        dict(values),
    )


@project_view("documents.view")
def register(request: ProjectRequest, project: Project) -> HttpResponse:
    """The register."""
    query, values = read_register_query(request.GET)
    every = register_rows(project, request.access)
    context: dict[str, Any] = {
        "project": project,
        "query": query,
        "is_filtered": any(values[name] for name in _FILTERS),
        "rows": chosen(every, query),
        "has_documents": any(row.document is not None for row in every),
        "counts": counts_of(every),
        "kinds": DocumentKind.choices,
        "states": list(Standing),
        "sorts": SORT_WORDS,
        "owners": Party.objects.filter(project=project).order_by("name"),
        "components": texts_for(project).components.values(),
        "may_write": bool(request.access.can("documents.write")),
        "tabs": tabs_of(project, "register"),
        "nonce": uuid4(),
    }
    return render(request, "documents/register.html", context)


@project_view("documents.view")
def export(request: ProjectRequest, project: Project) -> HttpResponse:
    """The register as seen, as a file."""
    query, values = read_register_query(request.GET)
    form = choice("format", values["format"], FORMATS) or "csv"
    rows = chosen(register_rows(project, request.access), query)
    return table_response(form, f"{project.slug}-documents", COLUMNS, master_table(rows))


@project_view("documents.view")
def coverage(request: ProjectRequest, project: Project) -> HttpResponse:
    """What the documents cover: by clause of an edition, by component, by phase."""
    values, _lists = read_query(request.GET, single=("by", "edition"))
    way = choice("by", values["by"], WAYS) or "clause"
    edition = choice("edition", values["edition"], EDITIONS) or project.edition
    rows = register_rows(project, request.access)
    context: dict[str, Any] = {
        "project": project,
        "way": way,
        "edition": edition,
        "editions": EDITIONS,
        "lines": coverage_of(project, rows, way, edition),
        "counts": counts_of(rows),
        "may_write": bool(request.access.can("documents.write")),
        "tabs": tabs_of(project, "coverage"),
    }
    return render(request, "documents/coverage.html", context)


def tabs_of(project: Project, current: str) -> list[dict[str, Any]]:
    """The views of all documents of a project."""
    named = (
        ("register", "documents", _("Register")),
        ("coverage", "documents_coverage", _("Coverage")),
        ("library", "documents_library", _("Templates")),
        ("policies", "policies", _("Policies")),
        ("objectives", "objectives", _("Objectives")),
        ("interfaces", "interfaces", _("Interfaces")),
        ("communication", "communication", _("Communication")),
        ("competence", "competence", _("Competence")),
    )
    return [
        {"label": label, "url": reverse(name, args=[project.slug]), "count": None, "current": key == current}
        for key, name, label in named
    ]
