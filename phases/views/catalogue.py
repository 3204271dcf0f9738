"""The catalogue: which versions are loaded, what each asks for, one activity of it. For everybody who is signed in."""

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify

from common.query import choice, read_query
from phases.choices import Nature
from phases.selectors.activity import text_view
from phases.selectors.catalogue import ActivityText, CatalogueTexts
from phases.selectors.catalogue_search import (
    CatalogueChoices,
    CatalogueQuery,
    choices_of,
    list_catalogue,
    summaries,
)
from phases.selectors.clauses import parse_clause
from phases.selectors.overlay import copies_of
from phases.views.catalogue_frame import crumbs, find_version, frame
from projects.access import SignedInRequest, signed_in_view

FILTERS = ("q", "component", "phase", "role", "nature", "clause", "key")


@signed_in_view("GET")
def catalogues(request: SignedInRequest) -> HttpResponse:
    """The versions that are loaded here."""
    read_query(request.GET)
    return render(
        request,
        "phases/catalogues.html",
        {"summaries": summaries(), "copies": copies_of(request.user), "crumbs": crumbs()},
    )


def _query(request: SignedInRequest, choices: CatalogueChoices) -> CatalogueQuery:
    values, _lists = read_query(request.GET, single=FILTERS)
    phase = choice("phase", values["phase"], {"0", "1", "2", "3"})
    clause = parse_clause(values["clause"]) if values["clause"] else None
    if values["clause"] and clause is None:
        raise BadRequest("clause has no such value")
    return CatalogueQuery(
        text=values["q"],
        component=choice("component", values["component"], {component.code for component in choices.components}),
        phase=int(phase) if phase else None,
        role=choice("role", values["role"], set(choices.roles)),
        nature=choice("nature", values["nature"], set(Nature.values)),
        clause=clause,
        key_only=bool(choice("key", values["key"], {"1"})),
    )


@signed_in_view("GET")
def version(request: SignedInRequest, pack: str, version: str) -> HttpResponse:
    """A version: its activities by component, with filters, and what must hold before phase 1."""
    catalogue, texts = find_version(pack, version)
    choices = choices_of(texts)
    query = _query(request, choices)
    groups = list_catalogue(texts, query)
    context = {
        **frame(catalogue, texts, "catalogue"),
        "choices": choices,
        "natures": Nature.choices,
        "query": query,
        "groups": groups,
        "shown": sum(group.count for group in groups),
        "total": sum(1 for row in texts.activities.values() if not row.is_heading),
    }
    return render(request, "phases/catalogue.html", context)


@signed_in_view("GET")
def activity(request: SignedInRequest, pack: str, version: str, ref: str) -> HttpResponse:
    """One row of a version: an activity, or a heading with the rows below it."""
    read_query(request.GET)
    catalogue, texts = find_version(pack, version)
    row = texts.activities.get(ref)
    if row is None:
        raise Http404
    context = {
        **frame(catalogue, texts, "catalogue", ref),
        "row": row,
        "nature": Nature(row.nature).label,
        "view": text_view(texts, row),
        "roles": [(name, slugify(name)) for name in row.roles],
        "below": [other for other in texts.activities.values() if row.is_heading and other.ref.startswith(f"{ref}.")],
        "asked": [(phase, phase in row.phases, row.phase_notes.get(phase, "")) for phase in _phases_of(row)],
        "neighbours": _neighbours(texts, row),
    }
    return render(request, "phases/catalogue_activity.html", context)


def _phases_of(row: ActivityText) -> tuple[int, ...]:
    return (0,) if 0 in row.phases else (1, 2, 3)


def _neighbours(texts: CatalogueTexts, row: ActivityText) -> dict[str, ActivityText | None]:
    rows = list(texts.activities.values())
    place = rows.index(row)
    return {
        "previous": rows[place - 1] if place else None,
        "following": rows[place + 1] if place + 1 < len(rows) else None,
    }
