"""What internal audits put into the registries of the apps below."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from audits import gates_internal, models, notices_internal, panels_internal, wording_internal
from audits.selectors.audit_commitment import programmes_agreed
from evidence.registries import named_by, register_use
from governance.registries import CommitmentSource, register_commitment_source
from projects.models import Project
from projects.registries import NavEntry, NavItem, register_nav
from projects.verification import register_ownership


def _audits(project: Project) -> list[NavEntry]:
    return [NavEntry(_("Internal audit"), reverse("audits", args=[project.slug]))]


def register() -> None:
    """Register all of it."""
    wording_internal.register()
    register_nav("audits", NavItem(_("Audit"), "audits.view", "clipboard-check", _audits), order=63)
    register_ownership(models.Audit, "programme", "report")
    register_ownership(models.AuditClause, "audit")
    register_ownership(models.AuditTeam, "audit", "party")
    register_ownership(models.CheckItem, "audit")
    register_ownership(models.Sample, "check_item", "evidence", "document", "activity")
    register_use("sample", named_by(_("sample of an audit"), models.Sample, "evidence"), order=40)
    register_commitment_source("audit programmes", CommitmentSource(programmes_agreed, "audits.view"), order=20)
    gates_internal.register()
    notices_internal.register()
    panels_internal.register()
