"""Two versions side by side, and one version on paper. For everybody signed in."""

from uuid import uuid4

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from common.query import read_query
from phases.models import Catalogue
from phases.selectors.catalogue import SUPPLEMENT_PACK, project_that_uses, texts_of
from phases.selectors.catalogue_print import printed
from phases.selectors.catalogue_versions import compare_texts, loaded_versions, sections_of
from phases.views.catalogue_frame import crumbs, find_version
from projects.access import SignedInRequest, signed_in_view


def _chosen(name: str, value: str, versions: list[Catalogue]) -> Catalogue | None:
    """The version that `value` (pack/version) names, None where blank. Raises BadRequest for one not loaded."""
    if not value:
        return None
    for catalogue in versions:
        if value == f"{catalogue.pack}/{catalogue.version}":
            return catalogue
    raise BadRequest(f"{name} has no such value")


@signed_in_view("GET")
def compare(request: SignedInRequest) -> HttpResponse:
    """What the second version says differently from the first."""
    values, _lists = read_query(request.GET, single=("a", "b"))
    versions = loaded_versions()
    first, second = (_chosen(name, values[name], versions) for name in ("a", "b"))
    comparison = compare_texts(texts_of(first), texts_of(second)) if first and second else None
    context = {
        "versions": [(f"{each.pack}/{each.version}", each) for each in versions],
        "first": first,
        "second": second,
        "first_key": values["a"],
        "second_key": values["b"],
        "comparison": comparison,
        "sections": sections_of(comparison) if comparison else [],
        "crumbs": crumbs((_("Compare"), "")),
    }
    return render(request, "phases/catalogue_compare.html", context)


@signed_in_view("GET")
def print_version(request: SignedInRequest, pack: str, version: str) -> HttpResponse:
    """A whole version on one page, for paper: contents, then component by component, all texts."""
    read_query(request.GET)
    catalogue, texts = find_version(pack, version)
    context = {
        "catalogue": catalogue,
        "texts": texts,
        "book": printed(texts),
        "is_supplement": catalogue.pack == SUPPLEMENT_PACK,
        "may_make_pdf": project_that_uses(catalogue, request.user) is not None,
        "nonce": uuid4(),
    }
    return render(request, "phases/catalogue_print.html", context)
