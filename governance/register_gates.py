"""What gates put into the registries of this app and those below."""

from governance import models
from projects.verification import register_ownership


def register() -> None:
    """Register all of it."""
    register_ownership(models.CriterionRule, "gate")
    register_ownership(models.Attestation, "gate")
    register_ownership(models.Waiver, "gate")
