"""A meeting as an iCalendar file (RFC 5545), for whoever wants it in their calendar."""

from django.urls import reverse
from django.utils.translation import gettext as _

from common import clock
from common.mail import absolute_url
from common.texts import clean_line, clean_text
from governance.choices import MeetingState
from governance.selectors.meetings import Standing


def invitation_bytes(standing: Standing) -> bytes:
    """The meeting with its agenda. A meeting that moved replaces itself in the calendar it was put into."""
    from icalendar import Calendar, Event  # noqa: PLC0415 (loaded only where a calendar is asked for)

    meeting, project = standing.meeting, standing.meeting.project
    address = absolute_url(reverse("meeting", args=[project.slug, meeting.ref]))
    event = Event()
    event.add("uid", f"meeting-{meeting.pk}@{project.uuid}")
    event.add("dtstamp", clock.now().replace(microsecond=0))
    event.add("sequence", meeting.version - 1)
    # Instants in UTC: every program shows them in its own zone, and no table of zones is needed.
    event.add("dtstart", meeting.starts_at)
    event.add("dtend", standing.ends_at)
    event.add("summary", clean_line(_("Meeting of the committee, %(project)s") % {"project": project.name}))
    if meeting.place:
        event.add("location", clean_line(meeting.place))
    event.add("description", clean_text(f"{meeting.agenda}\n\n{address}"))
    event.add("url", address)
    event.add("status", "CANCELLED" if meeting.state == MeetingState.CANCELLED else "CONFIRMED")
    file = Calendar()
    file.add("prodid", "-//smsplan//calendar//EN")
    file.add("version", "2.0")
    file.add("method", "PUBLISH")
    file.add_component(event)
    content: bytes = file.to_ical()
    return content
