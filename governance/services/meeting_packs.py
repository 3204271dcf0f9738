"""The board pack goes to who is asked, some days before a meeting. Run again, it goes to nobody twice."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_event
from common import clock
from common.exceptions import RuleBroken
from governance.choices import MeetingState
from governance.models import Meeting
from governance.services.meeting_telling import tell_of_pack
from governance.services.meetings import ask_members
from projects.models import Project
from projects.services.guards import require_capability, write_versioned

DAYS_BEFORE = 3


@transaction.atomic
def send_pack(*, acting_user: User | None, project: Project, ref: str, again: bool = False) -> Meeting:
    """Mail who is asked to a meeting that its board pack is there. One trail event.

    Raises NotPermitted, RuleBroken where the meeting is not ahead or the pack went out already (not with `again`);
    Meeting.DoesNotExist.
    """
    require_capability(acting_user, "governance.prepare", project)
    meeting = Meeting.objects.get(project=project, ref=ref)
    meeting.project = project
    today = clock.today(project.time_zone)
    if meeting.state != MeetingState.PLANNED or clock.day_of(meeting.starts_at, project.time_zone) < today:
        raise RuleBroken(_("The board pack goes out before a meeting. This one is not ahead."))
    if meeting.pack_sent_at is not None and not again:
        raise RuleBroken(_("The board pack of this meeting went out already."))
    ask_members(meeting)
    write_versioned(meeting, version=meeting.version, values={"pack_sent_at": clock.now()}, shown={}, sent={})
    told = tell_of_pack(meeting, acting_user)
    record_event(
        stream_id=project.uuid,
        acting_user=acting_user,
        draft=Draft("send pack", "meeting", meeting.ref, "", {"people": [None, told]}),
    )
    return meeting


def due_packs() -> list[Meeting]:
    """The meetings of the next three days, each counted in its project's time zone, whose pack did not go out."""
    now = clock.now()
    # A day more: no time zone is further off. What it is exactly, each project's own day says below.
    near = Meeting.objects.filter(
        state=MeetingState.PLANNED,
        pack_sent_at=None,
        starts_at__gte=now,
        starts_at__lte=now + timedelta(days=DAYS_BEFORE + 1),
    ).select_related("project")
    return [
        each
        for each in near
        if (clock.day_of(each.starts_at, each.project.time_zone) - clock.today(each.project.time_zone)).days
        <= DAYS_BEFORE
    ]


def send_due_packs() -> int:
    """Send the packs that are due; how many."""
    due = due_packs()
    for meeting in due:
        send_pack(acting_user=None, project=meeting.project, ref=meeting.ref)
    return len(due)
