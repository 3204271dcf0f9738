"""What decisions and actions put into the registries of this app and those below."""

from governance import models
from projects.verification import register_ownership


def register() -> None:
    """Register all of it."""
    register_ownership(models.Decision, "meeting", "reopens", "record", "paper")
    register_ownership(models.Seat, "decision")
    register_ownership(models.Attachment, "decision", "item", "document")
    register_ownership(models.Action, "decision", "meeting", "lesson", "owner")
