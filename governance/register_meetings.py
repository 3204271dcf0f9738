"""What committees and meetings put into the registries of this app and those below."""

from governance import meeting_notices, models, wording_meetings
from projects.verification import register_ownership


def register() -> None:
    """Register all of it."""
    register_ownership(models.Oversight, "terms")
    register_ownership(models.Meeting, "record")
    register_ownership(models.Attendance, "meeting")
    wording_meetings.register()
    meeting_notices.register()
