"""Agenda or minutes of a management review as PDF, as a job."""

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from audits.review_paper import paper_name, review_paper
from audits.selectors.reviews import review_page
from common.exceptions import RuleBroken
from common.paper.pages import write_paper
from jobs.registry import JobKind, Work, register_job_kind
from projects.permissions import access_to

REVIEW_PDF = "management-review-pdf"


def make_review(work: Work) -> str:
    """Write the PDF of the review that the job names, with what its requester may see."""
    found = review_page(work.project, work.job.parameters["ref"])
    if found is None:
        raise RuleBroken(gettext("This review is not there."))
    work.progress(0, 0, gettext("Setting the pages"))
    paper = review_paper(found, access_to(work.project, work.job.requester))
    write_paper(paper, work.target, base_url=settings.BASE_URL)
    return paper_name(found)


def register() -> None:
    """Make the kind known."""
    kind = JobKind(
        _("Management review as PDF"), "review.view", make_review, content_type="application/pdf", seconds=300
    )
    register_job_kind(REVIEW_PDF, kind)
