"""The board paper as a job."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from businesscase.board_paper import file_name, write_board_paper
from businesscase.selectors import version_of
from common import clock
from common.exceptions import RuleBroken
from jobs.registry import JobKind, Work, register_job_kind

BOARD_PAPER = "business-case-pdf"


def make_board_paper(work: Work) -> str:
    """Write the PDF of the case and the version that the job names (no version: the draft, as it stands now)."""
    kind, number = work.job.parameters["case"], work.job.parameters["version"]
    work.progress(0, 0, gettext("Setting the pages"))
    version = version_of(work.project, kind, number) if number is not None else None
    if number is not None and version is None:
        raise RuleBroken(gettext("This version of the case is not there."))
    write_board_paper(work.project, version, work.target, kind=kind)
    return file_name(work.project, version, kind, clock.today(work.project.time_zone).isoformat())


def register() -> None:
    """Make the kind known."""
    register_job_kind(
        BOARD_PAPER,
        JobKind(_("Business case as PDF"), "case.view", make_board_paper, content_type="application/pdf", seconds=600),
    )
