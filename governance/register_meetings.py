"""What committees and meetings put into the registries of this app and those below."""

from governance import models
from projects.verification import register_ownership


def register() -> None:
    """Register all of it."""
    register_ownership(models.Oversight, "terms")
    register_ownership(models.Meeting, "record")
    register_ownership(models.Attendance, "meeting")
