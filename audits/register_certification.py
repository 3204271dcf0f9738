"""What the way to the certificate and what comes after put into the registries of the apps below."""

from audits import (
    models,
    navigation_certification,
    notices_certification,
    panels_certification,
    wording_certification,
)
from projects.verification import register_ownership


def register() -> None:
    """Register all of it."""
    wording_certification.register()
    panels_certification.register()
    navigation_certification.register()
    notices_certification.register()
    register_ownership(models.CertificationPath, "statement")
    register_ownership(models.CertificationBody, "quote")
    register_ownership(models.ExternalAudit, "body", "report")
    register_ownership(models.CycleEntry, "owner")
    register_ownership(models.CycleRound, "entry", "evidence")
    register_ownership(models.ServiceChange, "owner")
    register_ownership(models.ServiceChangeStep, "change")
    register_ownership(models.ServiceChangeEvidence, "step", "item")
