"""What the way to the certificate and what comes after put into the registries of the apps below."""

from django.utils.translation import gettext_lazy as _

from audits import (
    models,
    navigation_certification,
    notices_certification,
    panels_certification,
    wording_certification,
)
from evidence.registries import named_by, register_use
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
    register_use("quote", named_by(_("quote for the certificate"), models.CertificationBody, "quote"), order=40)
    register_use("report", named_by(_("report of an audit from outside"), models.ExternalAudit, "report"), order=20)
    register_use("round", named_by(_("a round of the year"), models.CycleRound, "evidence"), order=40)
    register_use("change", named_by(_("a new or changed service"), models.ServiceChangeEvidence, "item"), order=40)
