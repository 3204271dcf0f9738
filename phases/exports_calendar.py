"""A project's dates as an iCalendar file (RFC 5545), for calendar programs."""

from datetime import timedelta
from typing import TYPE_CHECKING

from common.texts import clean_line, clean_text
from phases.selectors.calendar_entries import CalendarEntry, ProjectCalendar

if TYPE_CHECKING:
    from icalendar import Event

CONTENT_TYPE = "text/calendar; charset=utf-8"
REFRESH = timedelta(hours=4)


def calendar_bytes(calendar: ProjectCalendar) -> bytes:
    """`calendar` as a file: the same bytes as long as nothing in it changes."""
    from icalendar import Calendar  # noqa: PLC0415 (loaded only where a calendar is asked for)

    file = Calendar()
    file.add("prodid", "-//smsplan//calendar//EN")
    file.add("version", "2.0")
    file.add("calscale", "GREGORIAN")
    file.add("method", "PUBLISH")
    name = clean_line(calendar.name)
    # Both ways to say it: the newer property, and what Apple, Google and Outlook have read for long.
    file.add("name", name)
    file.add("x-wr-calname", name)
    file.add("description", clean_line(calendar.description))
    file.add("x-wr-caldesc", clean_line(calendar.description))
    file.add("x-wr-timezone", calendar.time_zone)
    file.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    file.add("x-published-ttl", "PT4H")
    for entry in calendar.entries:
        file.add_component(_event(entry))
    content: bytes = file.to_ical()
    return content


def _event(entry: CalendarEntry) -> "Event":
    from icalendar import Event  # noqa: PLC0415 (as above)

    event = Event()
    event.add("uid", entry.uid)
    # For a calendar that is published, when its data was last revised; not when the file was made.
    event.add("dtstamp", entry.changed_at.replace(microsecond=0))
    event.add("last-modified", entry.changed_at.replace(microsecond=0))
    event.add("sequence", entry.sequence)
    if entry.starts_at is not None and entry.ends_at is not None:
        event.add("dtstart", entry.starts_at)
        event.add("dtend", entry.ends_at)
    else:
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + timedelta(days=1))
    event.add("summary", clean_line(entry.title))
    event.add("description", clean_text("\n".join(entry.lines)))
    event.add("url", entry.url)
    if entry.starts_at is None:
        # A due date takes nobody's time.
        event.add("transp", "TRANSPARENT")
        event.add("x-microsoft-cdo-busystatus", "FREE")
    return event
