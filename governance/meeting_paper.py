"""Agenda and minutes of a meeting as a paper."""

from zoneinfo import ZoneInfo

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from common import clock
from common.canonical import sha256_of
from common.markdown import render_markdown
from common.paper.paper import Approval, ControlledPaper, Heading
from documents.selectors.style import style_of
from governance.choices import MeetingState
from governance.models import Meeting
from governance.selectors import committee_of
from governance.selectors.meetings import MeetingPage, meeting_plain


def minutes_paper(found: MeetingPage) -> ControlledPaper:
    """The paper of a meeting: its agenda, and once it was held who was there, what was said and what follows."""
    meeting, project = found.meeting, found.meeting.project
    committee = committee_of(project)
    is_held = meeting.state == MeetingState.HELD
    approved = meeting.minutes_approved_at
    with timezone.override(project.time_zone):
        zone = ZoneInfo(project.time_zone)
        begins = meeting.starts_at.astimezone(zone)
        day = date_format(begins, "j F Y")
        context = {
            "project": project,
            "found": found,
            "meeting": meeting,
            "agenda": render_markdown(meeting.agenda),
            "minutes": render_markdown(meeting.minutes),
            "is_held": is_held,
            "anchors": _headings(found, is_held),
        }
        approvals = _approvals(meeting, zone)
        return ControlledPaper(
            title=_("Minutes") if is_held else _("Agenda"),
            kind=committee.name if committee is not None else _("Committee"),
            lede=_("%(project)s, meeting of %(day)s") % {"project": project.name, "day": day},
            organization=project.organization.name,
            created=approved or meeting.starts_at,
            body=render_to_string("print/governance/minutes.html", context),
            headings=tuple(_headings(found, is_held).values()),
            number=meeting.ref,
            state=_("Approved") if approved else str(MeetingState(meeting.state).label),
            mark="" if approved or not is_held else _("Draft"),
            approvals=approvals,
            approvals_label=_("Approved by") if approved else "",
            facts=(
                (_("Project"), project.name),
                (_("Held") if is_held else _("Planned for"), date_format(begins, "D j F Y, H:i")),
                (_("Place"), meeting.place),
            ),
            running=f"{project.name}, {day}",
            digest=_digest(meeting) if approved else "",
            digest_label=_("Record of these minutes") if approved else "",
            style=style_of(project.organization),
            title_page=False,
            numbered=False,
        )


def _approvals(meeting: Meeting, zone: ZoneInfo) -> tuple[Approval, ...]:
    approved = meeting.minutes_approved_at
    if approved is None:
        return ()
    who = str(meeting.minutes_approved_by or _("the system"))
    return (Approval(who, when=date_format(approved.astimezone(zone), "j F Y, H:i")),)


def _digest(meeting: Meeting) -> str:
    """The hash of the record that was pinned when the minutes were approved."""
    revision = meeting.record.revision if meeting.record is not None else None
    return revision.sha256 if revision is not None else sha256_of(meeting_plain(meeting))


def _headings(found: MeetingPage, is_held: bool) -> dict[str, Heading]:
    named = (
        ("attendance", _("Who was there"), is_held),
        ("agenda", _("Agenda"), bool(found.meeting.agenda)),
        ("minutes", _("What was said"), bool(found.meeting.minutes)),
        ("decisions", _("Decisions"), bool(found.decisions)),
        ("actions", _("Actions"), bool(found.actions)),
    )
    return {name: Heading(2, words, f"meeting-{name}") for name, words, is_there in named if is_there}


def paper_name(meeting: Meeting) -> str:
    """What the file is called."""
    day = clock.day_of(meeting.starts_at, meeting.project.time_zone).isoformat()
    what = "minutes" if meeting.state == MeetingState.HELD else "agenda"
    return f"{meeting.project.slug}-{meeting.ref}-{what}-{day}.pdf"
