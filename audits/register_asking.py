"""What requests of auditors and the register of findings put into the registries of the apps below."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from audits import (
    calendar_asking,
    closing_asking,
    giving,
    models,
    notices_asking,
    panels_asking,
    proof_asking,
    wording_asking,
)
from audits.verification_asking import check_findings
from common.verification import register_check
from projects.models import Project
from projects.registries import NavEntry, NavItem, register_nav
from projects.verification import register_ownership


def _requests(project: Project) -> list[NavEntry]:
    return [NavEntry(_("Requests of auditors"), reverse("audit_requests", args=[project.slug]))]


def _findings(project: Project) -> list[NavEntry]:
    return [NavEntry(_("Findings"), reverse("findings", args=[project.slug]))]


def register() -> None:
    """Register all of it."""
    register_nav("audit-requests", NavItem(_("Audit"), "clauses.view", "question-circle", _requests), order=61)
    register_nav("findings", NavItem(_("Audit"), "findings.view", "flag", _findings), order=62)
    for part in (wording_asking, notices_asking, panels_asking, closing_asking, calendar_asking, proof_asking, giving):
        part.register()
    register_check("findings", "Findings and requests of auditors", check_findings, order=39)
    register_ownership(models.AuditRequest, "activity", "asked_of")
    register_ownership(models.AuditRequestEvidence, "request", "item")
    register_ownership(models.AuditFinding, "audit", "external_audit", "check_item", "owner")
    register_ownership(models.CorrectiveAction, "finding", "owner")
    register_ownership(models.EffectCheck, "finding")
    register_ownership(models.FindingEvidence, "finding", "item")
    register_ownership(models.AuditMessage, "request", "finding")
