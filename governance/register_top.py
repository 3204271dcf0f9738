"""What the portfolio and the commitment of top management put into the registries of the apps below."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance import commitment_job, gate_jobs, panels_portfolio, wording_top
from governance.registries import CommitmentSource, register_commitment_source
from governance.selectors import commitment_board as board
from governance.selectors import commitment_papers as papers
from projects.models import Project
from projects.registries import NavEntry, NavItem, register_nav


def _commitment(project: Project) -> list[NavEntry]:
    return [NavEntry(_("Commitment"), reverse("commitment", args=[project.slug]))]


def register() -> None:
    """Register all of it."""
    wording_top.register()
    commitment_job.register()
    gate_jobs.register()
    panels_portfolio.register()
    register_nav("commitment", NavItem(_("Governance"), "governance.view", "bookmark", _commitment), order=52)
    for place, (key, capability, gather) in enumerate(
        (
            ("decisions", "governance.view", board.decisions),
            ("meetings", "governance.view", board.meetings),
            ("own part", "governance.view", board.own_part),
            ("document approvals", "documents.view", papers.approvals_of_documents),
            ("documents in force", "documents.view", papers.documents_in_force),
            ("messages", "documents.view", papers.messages),
            ("business case", "case.view", papers.case_and_money),
            ("objectives", "documents.view", board.objectives),
            ("risks", "risks.view", board.risks),
        )
    ):
        register_commitment_source(key, CommitmentSource(gather, capability), order=place)
