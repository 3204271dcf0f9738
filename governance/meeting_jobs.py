"""Agenda and minutes of a meeting as PDF, as a job."""

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.exceptions import RuleBroken
from common.paper.pages import write_paper
from governance.meeting_paper import minutes_paper, paper_name
from governance.selectors.meetings import meeting_of, meeting_page
from jobs.registry import JobKind, Work, register_job_kind

MINUTES_PDF = "meeting-minutes-pdf"


def make_minutes(work: Work) -> str:
    """Write the PDF of the meeting that the job names."""
    meeting = meeting_of(work.project, work.job.parameters["ref"])
    if meeting is None:
        raise RuleBroken(gettext("This meeting is not there."))
    work.progress(0, 0, gettext("Setting the pages"))
    write_paper(minutes_paper(meeting_page(meeting)), work.target, base_url=settings.BASE_URL)
    return paper_name(meeting)


def register() -> None:
    """Make the kind known."""
    register_job_kind(
        MINUTES_PDF,
        JobKind(_("Agenda or minutes as PDF"), "governance.view", make_minutes, content_type="application/pdf"),
    )
