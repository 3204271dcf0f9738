"""Papers of decisions as jobs: for who asks, and the one that is kept as evidence."""

from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.exceptions import RuleBroken
from common.paper.pages import write_paper
from common.pdf.render import FOR_ARCHIVE, FOR_READING
from evidence.files import receive
from governance.decision_paper import decision_paper, file_name
from governance.models import Decision
from governance.selectors.decisions import decision_of
from governance.services.recording import KEPT_PAPER, keep_paper
from jobs.registry import JobKind, Work, register_job_kind

DECISION_PDF = "decision-pdf"
_PIECE = 1024 * 1024


def make_decision_pdf(work: Work) -> str:
    """Write the PDF of the decision that the job names."""
    decision = decision_of(work.project, work.job.parameters["ref"])
    if decision is None or not decision.frozen:
        raise RuleBroken(gettext("This decision is not made yet. The board pack says what is asked."))
    work.progress(0, 0, gettext("Setting the pages"))
    write_paper(decision_paper(decision), work.target, variant=FOR_READING, base_url=settings.BASE_URL)
    return file_name(decision)


def make_kept_paper(work: Work) -> str:
    """Make the archive PDF of a decision, and keep it as evidence; once."""
    decision = Decision.objects.select_related("paper").get(pk=work.job.parameters["decision"], project=work.project)
    decision.project = work.project
    work.progress(0, 0, gettext("Setting the pages"))
    write_paper(decision_paper(decision), work.target, variant=FOR_ARCHIVE, base_url=settings.BASE_URL)
    if decision.paper is None:
        incoming = receive(_pieces(work.target), most=work.target.stat().st_size)
        keep_paper(decision=decision, incoming=incoming, name=file_name(decision))
    return file_name(decision)


def _pieces(path: Path) -> Iterable[bytes]:
    with path.open("rb") as handle:
        while piece := handle.read(_PIECE):
            yield piece


def register() -> None:
    """Make the kinds known."""
    pdf = "application/pdf"
    register_job_kind(
        DECISION_PDF, JobKind(_("Decision as PDF"), "governance.view", make_decision_pdf, pdf, seconds=300)
    )
    register_job_kind(
        KEPT_PAPER, JobKind(_("Paper of a decision"), "governance.decide", make_kept_paper, pdf, seconds=300)
    )
