"""Papers as jobs: one version for who asks, all in one file, and the paper that is kept when a version is published."""

from collections.abc import Iterable
from pathlib import Path

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common import clock
from common.exceptions import RuleBroken
from common.pdf.render import FOR_ARCHIVE, FOR_READING
from documents.all_papers import write_all
from documents.models import DocumentVersion
from documents.pdf import VARIANTS, file_name, wanted_version, write_version
from documents.selectors import document_of
from documents.services.in_force import KEPT_PAPER
from documents.services.publishing import keep_paper
from evidence.files import receive
from jobs.registry import JobKind, Work, register_job_kind
from projects.permissions import access_to

VERSION_PDF, ALL_PAPERS = "document-pdf", "documents-all"
_PIECE = 1024 * 1024


def make_version_pdf(work: Work) -> str:
    """Write the PDF of the version that the job names, for who may see it now."""
    wanted = work.job.parameters
    document = document_of(work.project, access_to(work.project, work.job.requester), wanted["key"])
    if document is None:
        raise RuleBroken(gettext("This document is not there."))
    version = wanted_version(document, wanted["version"])
    variant = wanted["variant"] if wanted["variant"] in VARIANTS else FOR_READING
    work.progress(0, 0, gettext("Setting the pages"))
    write_version(version, work.target, variant=variant)
    return file_name(version)


def make_all_papers(work: Work) -> str:
    """Write a ZIP with the PDF of every document in force that the person may see, and the master list."""
    access = access_to(work.project, work.job.requester)
    write_all(work.project, access, work.target, report=work.progress)
    return f"{work.project.slug}-documents-{clock.today(work.project.time_zone).isoformat()}.zip"


def make_kept_paper(work: Work) -> str:
    """Make the archive PDF of a version that was published, and keep it as evidence; once."""
    version = DocumentVersion.objects.select_related("document", "file__revision", "paper").get(
        pk=work.job.parameters["version"], project=work.project
    )
    version.document.project = work.project
    work.progress(0, 0, gettext("Setting the pages"))
    write_version(version, work.target, variant=FOR_ARCHIVE)
    if version.paper is None:
        incoming = receive(_pieces(work.target), most=work.target.stat().st_size)
        keep_paper(version=version, incoming=incoming, name=file_name(version))
    return file_name(version)


def _pieces(path: Path) -> Iterable[bytes]:
    with path.open("rb") as handle:
        while piece := handle.read(_PIECE):
            yield piece


def register() -> None:
    """Make the kinds known."""
    pdf = "application/pdf"
    register_job_kind(
        VERSION_PDF, JobKind(_("Document as PDF"), "documents.view", make_version_pdf, content_type=pdf, seconds=600)
    )
    register_job_kind(
        ALL_PAPERS,
        JobKind(_("All documents in force"), "documents.view", make_all_papers, "application/zip", seconds=1800),
    )
    register_job_kind(
        KEPT_PAPER,
        JobKind(_("Paper of a published version"), "documents.publish", make_kept_paper, content_type=pdf, seconds=600),
    )
