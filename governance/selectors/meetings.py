"""Meetings of a committee: the list, one with all that belongs to it, and one as records keep it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q

from accounts.models import User, initials_of
from common import clock
from governance.choices import DecisionState, MeetingState, Presence
from governance.models import Action, Attendance, Decision, Meeting
from governance.selectors import members_of
from projects.models import Project

TOOK_PART = frozenset({Presence.PRESENT, Presence.DEPUTY})


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a meeting stands today, for lists and pages. `days` until it begins; below 0 once its day is past."""

    meeting: Meeting
    days: int
    there: int = 0
    asked: int = 0
    decisions: int = 0
    actions: int = 0

    @property
    def day(self) -> date:
        """Its day in the project's time zone."""
        return clock.day_of(self.meeting.starts_at, self.meeting.project.time_zone)

    @property
    def ends_at(self) -> datetime:
        """When it ends, as planned."""
        return self.meeting.starts_at + timedelta(minutes=self.meeting.length)

    @property
    def is_ahead(self) -> bool:
        """Whether it is planned for today or later."""
        return self.meeting.state == MeetingState.PLANNED and self.days >= 0

    @property
    def is_unheld(self) -> bool:
        """Whether its day is past and nobody has said what became of it."""
        return self.meeting.state == MeetingState.PLANNED and self.days < 0

    @property
    def is_approved(self) -> bool:
        """Whether its minutes are approved, and nothing changes any more."""
        return self.meeting.minutes_approved_at is not None


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody who was asked to a meeting, or sits on the committee and was not asked yet (`row` None)."""

    user: User
    row: Attendance | None
    is_member: bool
    is_chair: bool

    @property
    def presence(self) -> Presence:
        """Whether they were there."""
        return Presence(self.row.presence) if self.row is not None else Presence.INVITED

    @property
    def initials(self) -> str:
        """Letters for the avatar."""
        return initials_of(str(self.user))


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """One meeting with its people, decisions and actions. `waiting` are decisions asked for that no meeting has."""

    standing: Standing
    guests: tuple[Guest, ...]
    decisions: tuple[Decision, ...]
    waiting: tuple[Decision, ...]
    actions: tuple[Action, ...]

    @property
    def meeting(self) -> Meeting:
        """The meeting itself."""
        return self.standing.meeting

    @property
    def members_there(self) -> int:
        """How many members of the committee took part, themselves or by a deputy."""
        return sum(each.is_member and each.presence in TOOK_PART for each in self.guests)


def meetings_of(project: Project) -> list[Standing]:
    """All meetings of `project`, those ahead first (the next before later ones), then the newest. One query."""
    rows = (
        Meeting.objects.filter(project=project)
        .defer("agenda", "minutes")
        .select_related("record")
        .annotate(
            there=Count("attendance", filter=Q(attendance__presence__in=list(TOOK_PART)), distinct=True),
            asked=Count("attendance", distinct=True),
            decided=Count("decisions", distinct=True),
            made=Count("actions", distinct=True),
        )
        .order_by("starts_at", "pk")
    )
    standings = [_standing(row, project, row.there, row.asked, row.decided, row.made) for row in rows]
    ahead = [each for each in standings if each.is_ahead]
    return [*ahead, *reversed([each for each in standings if not each.is_ahead])]


def next_meeting(project: Project) -> Meeting | None:
    """The next meeting that is planned, from today on. One query."""
    today = clock.start_of(clock.today(project.time_zone), project.time_zone)
    return (
        Meeting.objects.filter(project=project, state=MeetingState.PLANNED, starts_at__gte=today)
        .order_by("starts_at", "pk")
        .first()
    )


def meeting_of(project: Project, ref: str) -> Meeting | None:
    """The meeting `ref` of `project`. One query."""
    meeting = (
        Meeting.objects.filter(project=project, ref=ref)
        .select_related("record", "minutes_approved_by", "created_by")
        .first()
    )
    if meeting is not None:
        meeting.project = project
    return meeting


def meeting_page(meeting: Meeting) -> MeetingPage:
    """`meeting` with all that belongs to it. Four queries."""
    project = meeting.project
    chairs = dict(_members_by_id(project))
    rows = list(Attendance.objects.filter(meeting=meeting).select_related("person"))
    guests = [
        Guest(row.person, row, row.person_id in chairs, chairs.get(row.person_id, (None, False))[1]) for row in rows
    ]
    open_still = meeting.minutes_approved_at is None and meeting.state != MeetingState.CANCELLED
    if open_still:
        there = {row.person_id for row in rows}
        guests += [Guest(user, None, True, chair) for pk, (user, chair) in chairs.items() if pk not in there]
    decisions = list(
        Decision.objects.filter(Q(meeting=meeting) | Q(meeting=None, state=DecisionState.ASKED), project=project)
        .defer("frozen")
        .order_by("decide_by", "pk")
    )
    actions = Action.objects.filter(meeting=meeting).select_related("owner")
    return MeetingPage(
        _standing(meeting, project),
        tuple(sorted(guests, key=lambda each: (not each.is_chair, not each.is_member, str(each.user).casefold()))),
        tuple(each for each in decisions if each.meeting_id == meeting.pk),
        tuple(each for each in decisions if each.meeting_id is None) if open_still else (),
        tuple(actions),
    )


def _members_by_id(project: Project) -> Sequence[tuple[int, tuple[User, bool]]]:
    return [(user.pk, (user, chair)) for user, chair in members_of(project)]


def _standing(meeting: Meeting, project: Project, *counts: int) -> Standing:
    meeting.project = project
    day = clock.day_of(meeting.starts_at, project.time_zone)
    return Standing(meeting, (day - clock.today(project.time_zone)).days, *counts)


def meeting_plain(meeting: Meeting) -> dict[str, Any]:
    """A meeting as its record and the board pack keep it: anything that has a canonical JSON. Three queries."""
    attendance = Attendance.objects.filter(meeting=meeting).select_related("person")
    decisions = Decision.objects.filter(meeting=meeting).defer("frozen")
    actions = Action.objects.filter(meeting=meeting).select_related("owner")
    return {
        "ref": meeting.ref,
        "starts_at": meeting.starts_at,
        "minutes_long": meeting.length,
        "time_zone": meeting.project.time_zone,
        "place": meeting.place,
        "state": meeting.state,
        "agenda": meeting.agenda,
        "minutes": meeting.minutes,
        "attendance": [
            {"name": str(each.person), "presence": each.presence, "deputy": each.deputy} for each in attendance
        ],
        "decisions": [
            {"ref": each.ref, "title": each.title, "state": each.state, "outcome": each.outcome} for each in decisions
        ],
        "actions": [
            {"ref": each.ref, "text": each.text, "owner": str(each.owner or ""), "due": each.due} for each in actions
        ],
    }
