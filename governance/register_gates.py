"""What gates put into the registries of this app and those below."""

from governance import closing, models, wording_gates
from governance.criteria import achievement, attested, committee, entry, money, plan, proof
from projects.verification import register_ownership

PARTS = (entry, plan, achievement, proof, money, committee, attested, closing, wording_gates)


def register() -> None:
    """Register all of it."""
    for part in PARTS:
        part.register()
    register_ownership(models.CriterionRule, "gate")
    register_ownership(models.Attestation, "gate")
    register_ownership(models.Waiver, "gate")
