"""The report of an assessment as a job."""

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.exceptions import RuleBroken
from common.paper.pages import write_paper
from gapanalysis.report_paper import gap_report
from gapanalysis.results_page import NoEarlier, question_of
from gapanalysis.selectors import assessment_of
from jobs.registry import JobKind, Work, register_job_kind

GAP_REPORT = "gap-report-pdf"


def make_gap_report(work: Work) -> str:
    """Write the PDF of the assessment, the edition and the comparison that the job names."""
    asked = work.job.parameters
    assessment = assessment_of(work.project, asked["assessment"])
    work.progress(0, 0, gettext("Setting the pages"))
    try:
        question = (
            question_of(work.project, assessment, edition=asked["edition"], against=asked["against"])
            if assessment is not None
            else None
        )
    except NoEarlier:
        question = None
    if question is None:
        raise RuleBroken(gettext("This assessment is not there any more."))
    write_paper(gap_report(work.project, question, work.job.created_at), work.target, base_url=settings.BASE_URL)
    return f"{work.project.slug}-{asked['assessment']}-gap-report.pdf"


def register() -> None:
    """Make the kind known."""
    register_job_kind(
        GAP_REPORT, JobKind(_("Gap report as PDF"), "gap.view", make_gap_report, content_type="application/pdf")
    )
