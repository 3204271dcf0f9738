"""The status report and the catalogue as jobs."""

from datetime import date

from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.exceptions import RuleBroken
from common.paper.pages import write_paper
from jobs.registry import JobKind, Work, register_job_kind
from phases.catalogue_paper import catalogue_paper
from phases.models import Catalogue
from phases.report_paper import status_report
from phases.selectors.dashboard import dashboard_of

STATUS_REPORT, CATALOGUE_PAPER = "status-report-pdf", "catalogue-pdf"


def make_status_report(work: Work) -> str:
    """Write the status of the day that the job names (none: as it stands now)."""
    day = work.job.parameters["day"]
    board = dashboard_of(work.project, date.fromisoformat(day) if day else None)
    work.progress(0, 0, gettext("Setting the pages"))
    paper = status_report(work.project, board, work.job.created_at)
    write_paper(paper, work.target, base_url=settings.BASE_URL)
    return f"{work.project.slug}-status-{board.today.isoformat()}.pdf"


def make_catalogue_paper(work: Work) -> str:
    """Write the catalogue version that the job names."""
    asked = work.job.parameters
    catalogue = Catalogue.objects.filter(pack=asked["pack"], version=asked["version"]).first()
    if catalogue is None:
        raise RuleBroken(gettext("This version of the catalogue is not loaded any more."))
    work.progress(0, 0, gettext("Setting the pages"))
    write_paper(catalogue_paper(catalogue), work.target, base_url=settings.BASE_URL)
    return f"{catalogue.pack}-{catalogue.version}.pdf"


def register() -> None:
    """Make the kinds known."""
    for key, title, run in (
        (STATUS_REPORT, _("Status report as PDF"), make_status_report),
        (CATALOGUE_PAPER, _("Catalogue as PDF"), make_catalogue_paper),
    ):
        register_job_kind(key, JobKind(title, "project.view", run, content_type="application/pdf"))
