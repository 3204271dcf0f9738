"""What committees and meetings put into the registries of this app and those below."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.verification import register_check
from evidence.registries import named_by, register_use
from governance import meeting_jobs, meeting_notices, models, wording_meetings
from governance.selectors.meeting_calendar import meeting_things
from governance.verification_meetings import check_meetings
from phases.calendar_parts import register_calendar_part
from projects.models import Project
from projects.registries import NavEntry, NavItem, register_nav
from projects.verification import register_ownership


def _meetings(project: Project) -> list[NavEntry]:
    return [NavEntry(_("Meetings"), reverse("meetings", args=[project.slug]))]


def register() -> None:
    """Register all of it."""
    register_check("minutes", "Approved minutes", check_meetings, order=39)
    register_ownership(models.Oversight, "terms")
    register_ownership(models.Meeting, "record")
    register_ownership(models.Attendance, "meeting")
    register_use("minutes", named_by(_("minutes of a meeting"), models.Meeting, "record"), order=20)
    # Beside the line of the steering page, from where the committee is one press away.
    register_nav("meetings", NavItem(_("Governance"), "governance.view", "calendar3", _meetings), order=50)
    wording_meetings.register()
    meeting_notices.register()
    meeting_jobs.register()
    register_calendar_part("meetings", meeting_things)
