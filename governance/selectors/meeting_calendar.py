"""Meetings in the calendars of a project: one's own, and all of them in that of the plan."""

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from governance.choices import MeetingState
from governance.models import Attendance, Meeting
from phases.calendar_parts import CalendarThing
from projects.choices import CalendarContent
from projects.models import Project
from projects.permissions import access_to


def meeting_things(project: Project, user: User, content: str) -> Sequence[CalendarThing]:
    """The meetings that `user` is asked to; in the calendar of the plan all, for who may see them. Two queries."""
    rows = Meeting.objects.filter(project=project).exclude(state=MeetingState.CANCELLED)
    if content == CalendarContent.PLAN:
        if not access_to(project, user).can("governance.view"):
            return []
    else:
        rows = rows.filter(pk__in=Attendance.objects.filter(person=user).values("meeting"))
    return [_thing(project, row) for row in rows.defer("minutes")]


def _thing(project: Project, meeting: Meeting) -> CalendarThing:
    begins = date_format(meeting.starts_at.astimezone(ZoneInfo(project.time_zone)), "H:i")
    lines = [_("Begins at %(time)s") % {"time": begins}]
    if meeting.place:
        lines.append(_("Place: %(place)s") % {"place": meeting.place})
    return CalendarThing(
        kind="meeting",
        key=meeting.ref,
        uid=f"meeting-{meeting.pk}",
        day=clock.day_of(meeting.starts_at, project.time_zone),
        title=_("%(ref)s: meeting of the committee") % {"ref": meeting.ref},
        lines=(*lines, *meeting.agenda.splitlines()),
        path=reverse("meeting", args=[project.slug, meeting.ref]),
        version=meeting.version,
        since=project.created_at,
        starts_at=meeting.starts_at,
        ends_at=meeting.starts_at + timedelta(minutes=meeting.length),
    )
