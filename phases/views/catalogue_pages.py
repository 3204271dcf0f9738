"""The catalogue as a place to learn: by component, phase, clause, role and kind of work. For everybody signed in."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from common.query import choice, read_query
from phases.selectors.catalogue import MAIN_PACK, SUPPLEMENT_PACK, newest_catalogue, newest_supplement, texts_of
from phases.selectors.catalogue_clauses import clause_tree
from phases.selectors.catalogue_components import PHASES, component_lines, component_page
from phases.selectors.catalogue_phases import initiation_of, nature_views, outcomes_of, phase_page
from phases.selectors.catalogue_roles import role_lines, role_page
from phases.selectors.clauses import EDITIONS
from phases.views.catalogue_frame import find_version, frame
from projects.access import SignedInRequest, signed_in_view


@signed_in_view("GET")
def components(request: SignedInRequest, pack: str, version: str) -> HttpResponse:
    """All components of a version, with what each is for and how much it asks."""
    read_query(request.GET)
    catalogue, texts = find_version(pack, version)
    context = {**frame(catalogue, texts, "catalogue_components"), "lines": component_lines(texts)}
    return render(request, "phases/catalogue_components.html", context)


@signed_in_view("GET")
def component(request: SignedInRequest, pack: str, version: str, code: str) -> HttpResponse:
    """One component: what it is for, what ties it to others, what each phase asks."""
    read_query(request.GET)
    catalogue, texts = find_version(pack, version)
    page = component_page(texts, code)
    if page is None:
        raise Http404
    context = {**frame(catalogue, texts, "catalogue_components", page.component.short_title), "page": page}
    return render(request, "phases/catalogue_component.html", context)


@signed_in_view("GET")
def phases(request: SignedInRequest, pack: str, version: str) -> HttpResponse:
    """The three phases beside each other."""
    read_query(request.GET)
    catalogue, texts = find_version(pack, version)
    context = {
        **frame(catalogue, texts, "catalogue_phases"),
        "pages": [phase_page(texts, number) for number in PHASES],
        "initiation": initiation_of(texts),
    }
    return render(request, "phases/catalogue_phases.html", context)


@signed_in_view("GET")
def phase(request: SignedInRequest, pack: str, version: str, number: int) -> HttpResponse:
    """One phase: what it is for, its packages, its key activities."""
    read_query(request.GET)
    catalogue, texts = find_version(pack, version)
    if number not in PHASES:
        raise Http404
    page = phase_page(texts, number)
    title = _("Phase %(number)d %(name)s") % {"number": number, "name": page.name}
    context = {
        **frame(catalogue, texts, "catalogue_phases", title),
        "page": page,
        "title": title,
        "key_rows": [(row, row.phase_notes.get(number, "")) for row in page.key],
        "numbers": PHASES,
    }
    return render(request, "phases/catalogue_phase.html", context)


@signed_in_view("GET")
def clauses(request: SignedInRequest, pack: str, version: str) -> HttpResponse:
    """The clauses of an edition, with the activities that serve each."""
    values, _lists = read_query(request.GET, single=("edition",))
    edition = choice("edition", values["edition"], EDITIONS) or EDITIONS[0]
    catalogue, texts = find_version(pack, version)
    beside = newest_supplement() if pack != SUPPLEMENT_PACK and edition == "2018" else None
    context = {
        **frame(catalogue, texts, "catalogue_clauses"),
        "tree": clause_tree(texts, edition, beside),
        "edition": edition,
        "editions": EDITIONS,
        "beside": beside,
    }
    return render(request, "phases/catalogue_clauses.html", context)


@signed_in_view("GET")
def roles(request: SignedInRequest, pack: str, version: str) -> HttpResponse:
    """All roles that a version names."""
    read_query(request.GET)
    catalogue, texts = find_version(pack, version)
    context = {**frame(catalogue, texts, "catalogue_roles"), "lines": role_lines(texts)}
    return render(request, "phases/catalogue_roles.html", context)


@signed_in_view("GET")
def role(request: SignedInRequest, pack: str, version: str, role: str) -> HttpResponse:
    """One role: what it does, who it usually is, what not to combine it with, its activities."""
    read_query(request.GET)
    catalogue, texts = find_version(pack, version)
    main = newest_catalogue(MAIN_PACK) if not texts.roles else None
    page = role_page(texts, role, texts_of(main) if main else None)
    if page is None:
        raise Http404
    context = {
        **frame(catalogue, texts, "catalogue_roles", page.line.name),
        "page": page,
        "described_in": main if page.borrowed else None,
    }
    return render(request, "phases/catalogue_role.html", context)


@signed_in_view("GET")
def natures(request: SignedInRequest, pack: str, version: str) -> HttpResponse:
    """The four kinds of work, with the key activities of each."""
    read_query(request.GET)
    catalogue, texts = find_version(pack, version)
    context = {**frame(catalogue, texts, "catalogue_natures"), "views": nature_views(texts)}
    return render(request, "phases/catalogue_natures.html", context)


@signed_in_view("GET")
def initiation(request: SignedInRequest, pack: str, version: str) -> HttpResponse:
    """What comes before phase 1: the activities, the criteria to enter it, the small business case."""
    read_query(request.GET)
    catalogue, texts = find_version(pack, version)
    found = initiation_of(texts)
    if found is None:
        raise Http404
    context = {**frame(catalogue, texts, "catalogue_initiation"), "initiation": found}
    return render(request, "phases/catalogue_initiation.html", context)


@signed_in_view("GET")
def outcomes(request: SignedInRequest, pack: str, version: str) -> HttpResponse:
    """Phase outcomes by clause of 2011, as far as our source goes."""
    read_query(request.GET)
    catalogue, texts = find_version(pack, version)
    found = outcomes_of(texts)
    if not found:
        raise Http404
    context = {**frame(catalogue, texts, "catalogue_outcomes"), "outcomes": found}
    return render(request, "phases/catalogue_outcomes.html", context)
