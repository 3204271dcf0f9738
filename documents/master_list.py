"""The master list on paper, made by a job: what is in force, in which version, who owns it, when it is looked at."""

from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common import clock
from common.paper.pages import write_paper
from common.paper.paper import ControlledPaper
from common.paper.text import markdown_to_paper
from documents.domain.fill import literal, table
from documents.selectors.register import RegisterRow, Standing, counts_of, register_rows
from documents.selectors.style import style_of
from documents.templatetags.documents_ui import standing_word
from jobs.registry import JobKind, Work, register_job_kind
from projects.models import Project
from projects.permissions import access_to

MASTER_LIST = "documents-master-list"


def make_master_list(work: Work) -> str:
    """Write the PDF, of what the person who asked may see."""
    work.progress(0, 0, gettext("Setting the pages"))
    rows = [
        row
        for row in register_rows(work.project, access_to(work.project, work.job.requester))
        if row.standing != Standing.ARCHIVED
    ]
    write_paper(master_paper(work.project, rows), work.target)
    day = clock.today(work.project.time_zone).isoformat()
    return f"{work.project.slug}-documents-{day}.pdf"


def master_paper(project: Project, rows: list[RegisterRow]) -> ControlledPaper:
    """The list as a paper: in force first, then what is on its way, then what is missing."""
    today = clock.today(project.time_zone)
    counts = counts_of(rows)
    parts = [
        (gettext("In force"), [row for row in rows if row.is_in_force]),
        (gettext("On their way"), [row for row in rows if not row.is_in_force and row.document is not None]),
        (gettext("Required and not begun"), [row for row in rows if row.document is None]),
    ]
    said = gettext("%(in_force)d of %(required)d required documents are in force on %(day)s.") % {
        "in_force": counts.required_in_force,
        "required": counts.required,
        "day": date_format(today, "j F Y"),
    }
    text = [literal(said)]
    for title, its in parts:
        if its:
            text += [f"## {title}", table(_heads(), [_cells(row) for row in its])]
    body = markdown_to_paper("\n\n".join(text))
    return ControlledPaper(
        title=gettext("Master list of documents"),
        organization=project.organization.name,
        created=clock.now(),
        body=body.html,
        headings=body.headings,
        kind=gettext("Register"),
        lede=project.name,
        style=style_of(project.organization),
        title_page=False,
        numbered=False,
    )


def _heads() -> list[str]:
    words = ("Number", "Title", "Version", "State", "Owner", "Next review", "Clauses (2018)")
    return [gettext(word) for word in words]


def _cells(row: RegisterRow) -> list[str]:
    document, version = row.document, row.in_force or row.on_way
    return [
        row.number,
        row.title,
        str(version.number) if version else "",
        standing_word(row.standing),
        row.owner_words,
        document.review_on.isoformat() if document and document.review_on else "",
        ", ".join(row.clauses_2018),
    ]


def register() -> None:
    """Make the kind known."""
    register_job_kind(
        MASTER_LIST,
        JobKind(
            _("Master list of documents as PDF"),
            "documents.view",
            make_master_list,
            content_type="application/pdf",
            seconds=300,
        ),
    )
