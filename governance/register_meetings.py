"""What committees and meetings put into the registries of this app and those below."""

from governance import meeting_jobs, meeting_notices, models, wording_meetings
from governance.selectors.meeting_calendar import meeting_things
from phases.calendar_parts import register_calendar_part
from projects.verification import register_ownership


def register() -> None:
    """Register all of it."""
    register_ownership(models.Oversight, "terms")
    register_ownership(models.Meeting, "record")
    register_ownership(models.Attendance, "meeting")
    wording_meetings.register()
    meeting_notices.register()
    meeting_jobs.register()
    register_calendar_part("meetings", meeting_things)
