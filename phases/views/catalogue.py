"""The catalogue: which versions are loaded, what each asks for, one activity of it. For everybody who is signed in."""

from typing import Any

from django.core.exceptions import BadRequest
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from common.query import choice, read_query
from phases.choices import Nature
from phases.models import Catalogue
from phases.selectors.activity import text_view
from phases.selectors.catalogue import ActivityText, CatalogueTexts, texts_of
from phases.selectors.catalogue_search import (
    CatalogueChoices,
    CatalogueQuery,
    choices_of,
    list_catalogue,
    summaries,
)
from phases.selectors.clauses import parse_clause
from projects.access import SignedInRequest, signed_in_view

FILTERS = ("q", "component", "phase", "role", "nature", "clause", "key")


def _crumbs(*more: tuple[str, str]) -> list[dict[str, str]]:
    path = [(_("Portfolio"), reverse("home")), (_("Catalogues"), reverse("catalogues")), *more]
    return [{"label": label, "url": url} for label, url in path]


@signed_in_view("GET")
def catalogues(request: SignedInRequest) -> HttpResponse:
    """The versions that are loaded here."""
    read_query(request.GET)
    return render(request, "phases/catalogues.html", {"summaries": summaries(), "crumbs": _crumbs()})


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
    catalogue = get_object_or_404(Catalogue, pack=pack, version=version)
    texts = texts_of(catalogue)
    choices = choices_of(texts)
    query = _query(request, choices)
    groups = list_catalogue(texts, query)
    context = {
        "catalogue": catalogue,
        "texts": texts,
        "choices": choices,
        "natures": Nature.choices,
        "query": query,
        "groups": groups,
        "shown": sum(group.count for group in groups),
        "total": sum(1 for row in texts.activities.values() if not row.is_heading),
        "crumbs": _crumbs((f"{catalogue.pack} {catalogue.version}", "")),
    }
    return render(request, "phases/catalogue.html", context)


@signed_in_view("GET")
def activity(request: SignedInRequest, pack: str, version: str, ref: str) -> HttpResponse:
    """One row of a version: an activity, or a heading with the rows below it."""
    read_query(request.GET)
    catalogue = get_object_or_404(Catalogue, pack=pack, version=version)
    texts = texts_of(catalogue)
    row = texts.activities.get(ref)
    if row is None:
        raise Http404
    context: dict[str, Any] = {
        "catalogue": catalogue,
        "row": row,
        "nature": Nature(row.nature).label,
        "view": text_view(texts, row),
        "below": [other for other in texts.activities.values() if row.is_heading and other.ref.startswith(f"{ref}.")],
        "asked": [(phase, phase in row.phases, row.phase_notes.get(phase, "")) for phase in _phases_of(row)],
        "neighbours": _neighbours(texts, row),
        "crumbs": _crumbs(
            (f"{catalogue.pack} {catalogue.version}", reverse("catalogue", args=[pack, version])), (ref, "")
        ),
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
