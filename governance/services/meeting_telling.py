"""Whom to tell of meetings: that one is planned, moved or cancelled, and that its board pack is there."""

from collections.abc import Iterable

from accounts.models import User
from governance.models import Attendance, Meeting
from notifications.models import Occasion
from notifications.registry import News
from notifications.services.notices import note, occur

MEETING, PACK = "committee meeting", "board pack"


def tell_people(meeting: Meeting, acting_user: User | None) -> None:
    """Let who is asked to `meeting` know how it stands; of each version of it once."""
    occur(meeting.project, MEETING, acting_user=acting_user, facts={"meeting": meeting.pk, "version": meeting.version})


def news_of_meeting(occasion: Occasion) -> Iterable[News]:
    """Who is asked to the meeting. One query."""
    meeting, version = occasion.facts["meeting"], occasion.facts["version"]
    people = Attendance.objects.filter(meeting_id=meeting).values_list("person_id", flat=True)
    return [News(person, MEETING, f"{MEETING} {meeting} {version}", occasion.project_id, meeting) for person in people]


def tell_of_pack(meeting: Meeting, acting_user: User | None) -> int:
    """Let who is asked know that the board pack of `meeting` is there; how many. Once for each day it is held on."""
    people = list(Attendance.objects.filter(meeting=meeting).values_list("person_id", flat=True))
    key = f"{PACK} {meeting.pk} {meeting.starts_at.isoformat()}"
    note([News(each, PACK, key, meeting.project_id, meeting.pk) for each in people], acting_user=acting_user)
    return len(people)
