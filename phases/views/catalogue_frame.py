"""What all pages of a catalogue version share: the version by its address, the way here, the tabs."""

from collections.abc import Iterator
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from phases.models import Catalogue
from phases.selectors.catalogue import SUPPLEMENT_PACK, CatalogueTexts, texts_of
from phases.selectors.catalogue_phases import initiation_of


def find_version(pack: str, version: str) -> tuple[Catalogue, CatalogueTexts]:
    """The version that an address names, with its texts. Raises Http404. One query."""
    catalogue = get_object_or_404(Catalogue, pack=pack, version=version)
    return catalogue, texts_of(catalogue)


def crumbs(*more: tuple[str, str]) -> list[dict[str, str]]:
    """The way to a page of the catalogues; the last one is the page itself."""
    path = [(_("Portfolio"), reverse("home")), (_("Catalogues"), reverse("catalogues")), *more]
    return [{"label": label, "url": url} for label, url in path]


def _tabs(texts: CatalogueTexts) -> Iterator[tuple[str, str]]:
    yield "catalogue", _("Activities")
    yield "catalogue_components", _("Components")
    yield "catalogue_phases", _("Phases")
    yield "catalogue_clauses", _("Clauses")
    yield "catalogue_roles", _("Roles")
    yield "catalogue_natures", _("Kinds of work")
    if initiation_of(texts) is not None:
        yield "catalogue_initiation", _("Before phase 1")
    if texts.texts.get("outcomes_2013"):
        yield "catalogue_outcomes", _("Outcomes by clause")


def frame(catalogue: Catalogue, texts: CatalogueTexts, tab: str, *below: str) -> dict[str, Any]:
    """The values of `phases/_catalogue_frame.html`: `tab` is the address name of the list, `below` a page under it."""
    key = [catalogue.pack, catalogue.version]
    labels = dict(_tabs(texts))
    path = [(f"{catalogue.pack} {catalogue.version}", reverse("catalogue", args=key))]
    if tab != "catalogue":
        path.append((labels.get(tab, ""), reverse(tab, args=key)))
    return {
        "catalogue": catalogue,
        "texts": texts,
        "is_supplement": catalogue.pack == SUPPLEMENT_PACK,
        "tabs": [
            {"label": label, "url": reverse(name, args=key), "current": name == tab, "count": None}
            for name, label in labels.items()
        ],
        "crumbs": crumbs(*path, *((label, "") for label in below)),
    }
