"""What management reviews, improvements and risks to the SMS put into the registries of the apps below."""

from audits import models, wording_review
from projects.verification import register_ownership


def register() -> None:
    """Register all of it."""
    wording_review.register()
    register_ownership(models.Improvement, "finding", "lesson", "review", "objective", "owner")
    register_ownership(models.ReviewAttendance, "review", "party")
    register_ownership(models.ReviewInput, "review")
    register_ownership(models.ReviewOutput, "review", "action", "improvement")
    register_ownership(models.Review, "chair", "evidence")
    register_ownership(models.SmsRisk, "owner")
