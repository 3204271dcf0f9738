"""The board paper as a PDF: for the job that people ask for, and for the command that exports."""

from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from businesscase.choices import CaseKind
from businesscase.models import CaseVersion
from businesscase.paper import Paper, paper_of
from businesscase.paper_context import paper_context
from common.exceptions import RuleBroken
from common.pdf.render import PdfFacts, render_pdf
from projects.models import Project


def template_of(paper: Paper) -> str:
    """The template of one of the two cases."""
    return f"print/businesscase/{'small' if paper.is_small else 'case'}.html"


def paper_html(paper: Paper) -> str:
    """The document that becomes the PDF."""
    with timezone.override(paper.project.time_zone):
        return render_to_string(template_of(paper), paper_context(paper))


def write_board_paper(
    project: Project, version: CaseVersion | None, target: Path, *, kind: str = CaseKind.IMPLEMENTATION
) -> PdfFacts:
    """Write the paper of `version` (None: the draft of the case of `kind`) as PDF to `target`, whole or not at all.

    Raises RuleBroken where the case was not begun, PdfFailed where there can be no PDF.
    """
    paper = paper_of(project, kind, version)
    if paper is None:
        raise RuleBroken(_("This case was not begun yet."))
    return render_pdf(paper_html(paper), target, base_url=settings.BASE_URL)


def file_name(paper_project: Project, version: CaseVersion | None, kind: str, day: str) -> str:
    """What the PDF is called: project, case, and version or day."""
    what = "gap-analysis-case" if kind == CaseKind.GAP else "business-case"
    return f"{paper_project.slug}-{what}-{f'version-{version.number}' if version is not None else f'draft-{day}'}.pdf"
