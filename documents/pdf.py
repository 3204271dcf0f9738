"""The PDF of a version, for reading or for the archive: for the jobs that people ask for, and for the commands."""

import shutil
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from common.exceptions import RuleBroken
from common.paper.pages import write_paper
from common.pdf.pages import page_count
from common.pdf.render import FOR_ARCHIVE, FOR_READING, PdfFacts
from common.pdf.series import Series
from documents.models import Document, DocumentVersion
from documents.paper import paper_of
from documents.selectors import newest_text, version_of
from evidence import files
from evidence.choices import ItemState
from evidence.exceptions import FileDamaged
from evidence.models import Revision

VARIANTS = (FOR_READING, FOR_ARCHIVE)


def write_version(
    version: DocumentVersion, target: Path, *, variant: str = FOR_READING, series: Series | None = None
) -> PdfFacts:
    """Write the PDF of `version` to `target`, whole or not at all; the same version gives the same bytes, alone or as
    one of a `series` (`common.paper.pages.series_of_papers`).

    A version that is a PDF of somebody's is written as it was taken in, once its hash is checked. Raises RuleBroken for
    a text that cannot be printed or a file that is not what was taken in, PdfFailed where there can be no PDF.
    """
    if version.file is None:
        return write_paper(paper_of(version), target, variant=variant, base_url=settings.BASE_URL, series=series)
    shutil.copyfile(stored_file(version), target)
    return PdfFacts(pages=page_count(target), bytes=target.stat().st_size)


def kept_revision(version: DocumentVersion) -> Revision | None:
    """The file that `version`, which is a PDF of somebody's, says: what was there when it was sent, whatever revisions
    the item of evidence got since; of a draft the newest."""
    item = version.file
    if item is None:
        return None
    frozen = version.facts.get("file")
    if not frozen or version.is_draft:
        return item.revision
    return Revision.objects.filter(item=item, sha256=frozen).exclude(stored="").order_by("number").first()


def stored_file(version: DocumentVersion) -> Path:
    """Where the file of `version` lies, once its hash is checked. Raises RuleBroken for one that is not what it was, or
    that was disposed of when it had been kept for long enough."""
    item = version.file
    if item is not None and item.state == ItemState.DISPOSED:
        raise RuleBroken(
            _("The file of this version was disposed of by the rules of the project. %(item)s says when and by which.")
            % {"item": item.key}
        )
    revision = kept_revision(version)
    try:
        if revision is None or not revision.stored:
            raise FileDamaged("missing")
        return files.check_stored(revision.stored, revision.sha256, revision.size)
    except (FileDamaged, ValueError) as damage:
        raise RuleBroken(
            _("The file of this version is %(what)s. Nothing is given out in its place; tell the administrator.")
            % {"what": getattr(damage, "what", "missing")}
        ) from damage


def file_name(version: DocumentVersion) -> str:
    """What the PDF is called: number, key and version."""
    document = version.document
    return f"{document.number}-{document.key}-{version.number}.pdf"


def wanted_version(document: Document, which: str = "") -> DocumentVersion:
    """The version that `which` names (`1.0`), or what a reader wants first.

    Raises RuleBroken where there is none such, ValueError for what is no number of a version.
    """
    if which:
        major, _dot, minor = which.partition(".")
        version = version_of(document, int(major), int(minor))
    else:
        version = newest_text(document)
    if version is None:
        raise RuleBroken(_("%(document)s has no such version.") % {"document": document})
    version.document = document
    return version
