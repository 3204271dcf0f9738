"""What mails say of meetings: that one is planned, moved or cancelled, and that the board pack is there."""

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from common import clock
from governance.choices import DecisionState, MeetingState
from governance.models import Attendance, Meeting
from notifications.models import Notice
from notifications.registry import Line

MOST_OF_AN_AGENDA = 700


def meeting_lines(person: User, notices: Sequence[Notice]) -> Mapping[int, Line]:
    """Meetings to come that the person is asked to, as they stand now; and those cancelled. Two queries."""
    lines = {}
    for notice, meeting in _ahead(person, notices):
        when = _when(meeting)
        if meeting.state == MeetingState.CANCELLED:
            said = _("Cancelled. It was to be on %(when)s.") % {"when": when}
            subject = _("Cancelled: meeting of the committee on %(when)s") % {"when": when}
        else:
            place = f", {meeting.place}" if meeting.place else ""
            said = _("On %(when)s%(place)s.") % {"when": when, "place": place}
            subject = _("Meeting of the committee on %(when)s") % {"when": when}
        lines[notice.pk] = _line(meeting, said, subject, meeting.cancelled_why)
    return lines


def pack_lines(person: User, notices: Sequence[Notice]) -> Mapping[int, Line]:
    """Meetings to come whose board pack is there, with what they are about. Two queries."""
    lines = {}
    for notice, meeting in _ahead(person, notices):
        if meeting.state != MeetingState.PLANNED:
            continue
        when, asked = _when(meeting), meeting.asked  # type: ignore[attr-defined]  # annotated below
        said = _("The board pack for the meeting on %(when)s is there.") % {"when": when}
        if asked:
            said += " " + ngettext("%(n)d decision is asked of you.", "%(n)d decisions are asked of you.", asked) % {
                "n": asked
            }
        lines[notice.pk] = _line(
            meeting,
            said,
            _("Board pack for the meeting of the committee on %(when)s") % {"when": when},
            meeting.agenda[:MOST_OF_AN_AGENDA],
        )
    return lines


def _ahead(person: User, notices: Sequence[Notice]) -> list[tuple[Notice, Meeting]]:
    """The meetings of `notices` that are to come and that `person` is asked to. One query."""
    asked_to = Attendance.objects.filter(person=person).values("meeting")
    rows = (
        Meeting.objects.filter(
            pk__in={notice.subject for notice in notices},
            project__in={notice.project_id for notice in notices},
            starts_at__gte=clock.now(),
        )
        .filter(pk__in=asked_to)
        .exclude(state=MeetingState.HELD)
        .select_related("project")
        .annotate(asked=Count("decisions", filter=Q(decisions__state=DecisionState.ASKED)))
    )
    found = {row.pk: row for row in rows}
    return [(notice, found[notice.subject]) for notice in notices if notice.subject in found]


def _when(meeting: Meeting) -> str:
    return date_format(meeting.starts_at.astimezone(ZoneInfo(meeting.project.time_zone)), "D j M Y, H:i")


def _line(meeting: Meeting, said: str, subject: str, quote: str) -> Line:
    return Line(
        thing=f"meeting {meeting.pk}",
        title=_("Meeting %(ref)s") % {"ref": meeting.ref},
        said=said,
        path=reverse("meeting", args=[meeting.project.slug, meeting.ref]),
        subject=subject,
        quote=quote,
        place=(meeting.starts_at.isoformat(), meeting.pk),
    )
