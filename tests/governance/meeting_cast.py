"""A committee of Alder's project with a meeting that is ahead and one that was held."""

from datetime import timedelta

from common import clock
from governance.choices import Presence
from governance.models import Meeting, Oversight
from governance.services.committee import CommitteeFacts, set_up_committee
from governance.services.meetings import MeetingFacts, Presented, note_attendance, plan_meeting, write_minutes
from tests.cast import Cast


def with_committee(cast: Cast) -> Oversight:
    """Mara sets up a committee, unless there is one."""
    found = Oversight.objects.select_related("committee").filter(project=cast.project).first()
    facts = CommitteeFacts("Steering committee", purpose="Decides at gates.", quorum=2)
    return found or set_up_committee(acting_user=cast.mara, project=cast.project, facts=facts)


def with_meeting(cast: Cast) -> Meeting:
    """A committee, and M-01 two days ahead."""
    with_committee(cast)
    facts = MeetingFacts(clock.now() + timedelta(days=2), place="Room 3", agenda="1. Gate 1")
    return plan_meeting(acting_user=cast.mara, project=cast.project, facts=facts)


def held_meeting(cast: Cast) -> Meeting:
    """A meeting of an hour ago with minutes; Chen was there, Cora sent apologies."""
    facts = MeetingFacts(clock.now() - timedelta(hours=1), agenda="1. Where we stand")
    meeting = plan_meeting(acting_user=cast.mara, project=cast.project, facts=facts)
    said = [Presented(cast.chen.pk, Presence.PRESENT), Presented(cast.cora.pk, Presence.APOLOGIES)]
    note_attendance(acting_user=cast.mara, project=cast.project, ref=meeting.ref, presented=said)
    version = Meeting.objects.get(pk=meeting.pk).version
    return write_minutes(
        acting_user=cast.mara, project=cast.project, ref=meeting.ref, version=version, minutes="We **go on**."
    )
