"""The commitment record as a PDF, as a job."""

from datetime import datetime

from django.conf import settings
from django.template.defaultfilters import date as date_words
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.paper.pages import write_paper
from common.paper.paper import ControlledPaper, Heading
from governance.commitment_words import standing_words
from governance.selectors.commitment import Commitment, commitment_of
from jobs.registry import JobKind, Work, register_job_kind
from projects.models import Project
from projects.permissions import access_to

COMMITMENT_PAPER = "commitment-pdf"


def make_commitment_paper(work: Work) -> str:
    """Write the record as whoever asked for it may see it."""
    record = commitment_of(work.project, access_to(work.project, work.job.requester))
    work.progress(0, 0, gettext("Setting the pages"))
    with timezone.override(work.project.time_zone):
        paper = commitment_paper(work.project, record, work.job.created_at)
    write_paper(paper, work.target, base_url=settings.BASE_URL)
    return f"{work.project.slug}-commitment-{record.day.isoformat()}.pdf"


def commitment_paper(project: Project, record: Commitment, made_at: datetime) -> ControlledPaper:
    """The record on paper: each point with all its proof and the words said."""
    words = standing_words(record)
    return ControlledPaper(
        title=gettext("Commitment of top management"),
        kind=gettext("Record"),
        lede=f"{words.now} {words.lacks}".strip(),
        organization=project.organization.name,
        created=made_at,
        body=render_to_string("print/governance/commitment.html", {"record": record, "project": project}),
        headings=tuple(Heading(2, group.group.title, f"group-{group.group.key}") for group in record.groups),
        serves=gettext("ISO/IEC 20000-1, edition of %(year)s; ISO/IEC 20000-2, 4.1.1") % {"year": project.edition},
        facts=((gettext("Project"), project.name),),
        foot=gettext("As of %(at)s. Proof is what was recorded here until then.")
        % {"at": date_words(made_at, "j F Y, H:i")},
        numbered=False,
    )


def register() -> None:
    """Make the kind known."""
    register_job_kind(
        COMMITMENT_PAPER,
        JobKind(
            _("Commitment record as PDF"), "governance.view", make_commitment_paper, content_type="application/pdf"
        ),
    )
