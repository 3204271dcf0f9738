"""A catalogue version as a document on paper, for the job that people ask for."""

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from common.paper.paper import ControlledPaper, Heading
from phases.models import Catalogue
from phases.selectors.catalogue import SUPPLEMENT_PACK, texts_of
from phases.selectors.catalogue_print import Book, printed


def catalogue_paper(catalogue: Catalogue) -> ControlledPaper:
    """The whole version: phases, components with their activities, roles, outcomes by clause."""
    texts = texts_of(catalogue)
    book = printed(texts)
    is_supplement = catalogue.pack == SUPPLEMENT_PACK
    context = {"catalogue": catalogue, "texts": texts, "book": book, "is_supplement": is_supplement}
    return ControlledPaper(
        title=catalogue.title,
        kind=_("Supplement of our own") if is_supplement else _("Activity catalogue"),
        lede=_("%(count)d activities, each with what to do, what every phase asks, and what shows that it is done.")
        % {"count": book.activities},
        organization="smsplan",
        created=catalogue.loaded_at,
        body=render_to_string("print/phases/catalogue.html", context),
        headings=_headings(book),
        version=catalogue.version,
        facts=((_("Source"), catalogue.source), (_("Licence"), catalogue.licence)),
        digest=catalogue.sha256,
        digest_label=_("SHA-256 of the catalogue"),
        title_page=True,
        numbered=False,
    )


def _headings(book: Book) -> tuple[Heading, ...]:
    found = [Heading(2, _("Whose words these are"), "whose-words"), Heading(2, _("What the phases are for"), "phases")]
    if book.initiation:
        found.append(Heading(2, _("Before phase 1"), "before-phase-1"))
    for chapter in book.chapters:
        component = chapter.page.component
        found.append(Heading(2, f"{component.code} {component.title}", chapter.anchor))
    if book.roles:
        found.append(Heading(2, _("Roles"), "roles"))
    if book.outcomes:
        found.append(Heading(2, _("Outcomes by clause of 2011"), "outcomes-by-clause"))
    return tuple(found)
