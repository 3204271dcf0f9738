"""What requests of auditors and the register of findings put into the registries of the apps below."""

from audits import models, wording_asking
from projects.verification import register_ownership


def register() -> None:
    """Register all of it."""
    wording_asking.register()
    register_ownership(models.AuditRequest, "activity", "asked_of")
    register_ownership(models.AuditRequestEvidence, "request", "item")
    register_ownership(models.AuditFinding, "audit", "external_audit", "check_item", "owner")
    register_ownership(models.CorrectiveAction, "finding", "owner")
    register_ownership(models.EffectCheck, "finding")
    register_ownership(models.FindingEvidence, "finding", "item")
    register_ownership(models.AuditMessage, "request", "finding")
