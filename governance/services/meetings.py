"""Meetings of the committee: planned, held, put on record."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_event
from common import clock
from common.canonical import sha256_of
from common.exceptions import RuleBroken, StaleWrite
from common.texts import clean_line, clean_text
from evidence.services.records import pin_record
from governance.choices import DecisionState, MeetingState, Presence
from governance.models import Attendance, Decision, Meeting
from governance.selectors import members_of
from governance.selectors.agenda import proposed_agenda
from governance.selectors.meetings import meeting_plain
from governance.services.boards import keep_board_soon
from governance.services.meeting_telling import tell_people
from projects.models import Membership, Project
from projects.services.guards import LAST_DAY, require_capability, write_versioned
from projects.services.refs import next_ref

LONGEST_TEXT, LONGEST_PLACE, LONGEST_WHY, LONGEST_DEPUTY = 20_000, 200, 300, 120
SHORTEST, LONGEST = 10, 600
BEFORE_THE_START = timedelta(days=366)
"""A committee may meet before the work begins, to agree its terms."""


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """When and where: `length` in minutes. `agenda` is Markdown; None lets what waits propose one."""

    starts_at: datetime
    place: str = ""
    length: int = 60
    agenda: str | None = None


@dataclass(frozen=True, slots=True)
class Presented:
    """Whether somebody was there. `version` is that of the row it was filled from, 0 for none yet."""

    person: int
    presence: str
    deputy: str = ""
    version: int = 0


@transaction.atomic
def plan_meeting(
    *, acting_user: User | None, project: Project, facts: MeetingFacts, people: Iterable[User] = ()
) -> Meeting:
    """Plan a meeting, and ask the members of the committee to it, and `people` of the project. One trail event.

    One that was held already may be noted too. The same once more gives the meeting that is planned already.
    Raises NotPermitted, RuleBroken.
    """
    require_capability(acting_user, "governance.prepare", project)
    values = _checked(project, facts)
    if facts.agenda is None:
        values["agenda"] = proposed_agenda(project, clock.day_of(facts.starts_at, project.time_zone))
    before = Meeting.objects.filter(
        project=project, state=MeetingState.PLANNED, created_by=acting_user, **values
    ).first()
    if before is not None:
        return before
    meeting = Meeting.objects.create(project=project, ref=next_ref(project, "M"), created_by=acting_user, **values)
    ask_members(meeting, people)
    tell_people(meeting, acting_user)
    _tell(acting_user, meeting, "plan", _moved(project, None, facts.starts_at))
    return meeting


@transaction.atomic
def change_meeting(
    *, acting_user: User | None, project: Project, ref: str, version: int, facts: MeetingFacts
) -> Meeting:
    """Change when, where and what about. Who was asked is told of another time or place. One trail event, or none.

    Raises NotPermitted, StaleWrite, RuleBroken once it was held or cancelled, Meeting.DoesNotExist.
    """
    require_capability(acting_user, "governance.prepare", project)
    meeting = _own(project, ref)
    if meeting.state == MeetingState.CANCELLED:
        raise RuleBroken(_("This meeting was cancelled. Plan another one."))
    _check_open(meeting)
    values = _checked(project, facts)
    before = {name: getattr(meeting, name) for name in values}
    if meeting.state == MeetingState.HELD and clock.day_of(facts.starts_at, project.time_zone) > clock.today(
        project.time_zone
    ):
        raise RuleBroken(_("This meeting was held: it cannot lie ahead."), field="day")
    changes = {name: [before[name], value] for name, value in values.items() if before[name] != value}
    if not changes and meeting.version == version:
        return meeting
    labels = {
        "starts_at": _("Begins"),
        "length": _("Minutes"),
        "place": _("Place"),
        "agenda": _("Agenda"),
    }
    write_versioned(
        meeting,
        version=version,
        values=values,
        shown={labels[name]: str(value) for name, value in before.items()},
        sent={labels[name]: str(value) for name, value in values.items()},
    )
    if meeting.state == MeetingState.PLANNED and {"starts_at", "place"} & set(changes):
        tell_people(meeting, acting_user)
    said: dict[str, object] = {name.replace("_", " "): _plain(name, pair) for name, pair in changes.items()}
    if "starts_at" in changes:
        said |= _moved(project, before["starts_at"], facts.starts_at)
    _tell(acting_user, meeting, "change", said)
    return meeting


@transaction.atomic
def cancel_meeting(*, acting_user: User | None, project: Project, ref: str, version: int, why: str) -> Meeting:
    """Cancel a meeting, with words. Who was asked is told. One trail event.

    Raises NotPermitted, StaleWrite, RuleBroken without words or once it was held, Meeting.DoesNotExist.
    """
    require_capability(acting_user, "governance.prepare", project)
    meeting = _own(project, ref)
    if meeting.state != MeetingState.PLANNED:
        raise RuleBroken(_("Only a meeting that is planned can be cancelled."))
    said = clean_line(why)
    if not said:
        raise RuleBroken(_("Say why, and what becomes of its agenda: everybody who was asked reads it."), field="why")
    if len(said) > LONGEST_WHY:
        raise RuleBroken(_("This is longer than %(most)d characters.") % {"most": LONGEST_WHY}, field="why")
    write_versioned(
        meeting,
        version=version,
        values={"state": MeetingState.CANCELLED, "cancelled_why": said},
        shown={},
        sent={},
    )
    tell_people(meeting, acting_user)
    _tell(acting_user, meeting, "cancel", {}, said)
    return meeting


@transaction.atomic
def ask_to_meeting(*, acting_user: User | None, project: Project, ref: str, people: Iterable[User]) -> Meeting:
    """Ask further people of the project to a meeting. One trail event, or none where all are asked already.

    Raises NotPermitted, RuleBroken for who is not in the project or a meeting that is over, Meeting.DoesNotExist.
    """
    require_capability(acting_user, "governance.prepare", project)
    meeting = _own(project, ref)
    _check_open(meeting)
    if meeting.state == MeetingState.CANCELLED:
        raise RuleBroken(_("This meeting was cancelled. Plan another one."))
    added = ask_members(meeting, people)
    if added:
        tell_people(meeting, acting_user)
        _tell(acting_user, meeting, "ask more", {"people": [None, len(added)]})
    return meeting


@transaction.atomic
def put_on_agenda(*, acting_user: User | None, project: Project, ref: str, decision: Decision) -> Meeting:
    """Let a decision that is asked for be taken in a meeting. One trail event, of the meeting.

    Raises NotPermitted, StaleWrite, RuleBroken for one that is not asked for any more, or a meeting that is over;
    DoesNotExist for rows of another project.
    """
    require_capability(acting_user, "governance.prepare", project)
    meeting = _own(project, ref)
    _check_open(meeting)
    if meeting.state == MeetingState.CANCELLED:
        raise RuleBroken(_("This meeting was cancelled. Plan another one."))
    if decision.project_id != project.pk:
        raise Decision.DoesNotExist
    if decision.state != DecisionState.ASKED:
        raise RuleBroken(_("This decision does not wait any more."))
    write_versioned(decision, version=decision.version, values={"meeting": meeting}, shown={}, sent={})
    _tell(acting_user, meeting, "take up", {"decision": [None, decision.ref]})
    return meeting


@transaction.atomic
def note_attendance(*, acting_user: User | None, project: Project, ref: str, presented: Sequence[Presented]) -> Meeting:
    """Note who was there, who sent a deputy or apologies: the meeting was held then. One trail event, or none.

    Raises NotPermitted, StaleWrite, RuleBroken before its day, for somebody who was not asked, for a deputy without a
    name, or once the minutes are approved; Meeting.DoesNotExist.
    """
    require_capability(acting_user, "governance.prepare", project)
    meeting = _own(project, ref)
    _check_open(meeting)
    _check_day(meeting)
    ask_members(meeting)
    rows = {row.person_id: row for row in Attendance.objects.filter(meeting=meeting).select_related("person")}
    changes: dict[str, object] = {}
    for each in presented:
        row = rows.get(each.person)
        if row is None:
            raise RuleBroken(_("Somebody of these was not asked to the meeting. Ask them first."))
        values = _presence(each)
        if all(getattr(row, name) == value for name, value in values.items()):
            continue
        changes[str(row.person)] = [row.presence, values["presence"]]
        write_versioned(
            row,
            version=each.version or row.version,
            values=values,
            shown={str(row.person): Presence(row.presence).label},
            sent={str(row.person): Presence(values["presence"]).label},
        )
    _hold(meeting)
    if changes:
        _tell(acting_user, meeting, "attendance", changes)
    return meeting


@transaction.atomic
def write_minutes(*, acting_user: User | None, project: Project, ref: str, version: int, minutes: str) -> Meeting:
    """Write down what was said; the meeting was held then. One trail event, or none for no change.

    Raises NotPermitted, StaleWrite, RuleBroken before its day or once they are approved, Meeting.DoesNotExist.
    """
    require_capability(acting_user, "governance.prepare", project)
    meeting = _own(project, ref)
    _check_open(meeting)
    _check_day(meeting)
    text = _text(minutes, "minutes")
    if text == meeting.minutes and meeting.version == version:
        return meeting
    before = meeting.minutes
    if meeting.state == MeetingState.PLANNED:
        keep_board_soon(project)
    write_versioned(
        meeting,
        version=version,
        values={"minutes": text, "state": MeetingState.HELD},
        shown={_("Minutes"): before},
        sent={_("Minutes"): text},
    )
    # The words themselves are frozen when they are approved; until then the trail says that somebody wrote.
    _tell(acting_user, meeting, "write", {"sha256": [sha256_of(before), sha256_of(text)]})
    return meeting


@transaction.atomic
def approve_minutes(*, acting_user: User | None, project: Project, ref: str, version: int) -> Meeting:
    """Approve the minutes: nothing of the meeting changes any more, and it is pinned as evidence. Two trail events.

    Raises NotPermitted, StaleWrite, RuleBroken before it was held, without minutes, or where nobody says who was there;
    Meeting.DoesNotExist.
    """
    require_capability(acting_user, "governance.decide", project)
    meeting = _own(project, ref)
    _check_open(meeting)
    if meeting.state != MeetingState.HELD or not meeting.minutes:
        raise RuleBroken(_("There are no minutes yet: write them first."))
    if not Attendance.objects.filter(meeting=meeting).exclude(presence=Presence.INVITED).exists():
        raise RuleBroken(_("Note first who was there: minutes without it say nothing about who agreed."))
    if meeting.version != version:
        raise StaleWrite(
            _("Somebody changed the minutes meanwhile. Read them again before you approve them."), current={}, sent={}
        )
    at = clock.now()
    content = meeting_plain(meeting) | {
        "approved_by": str(acting_user) if acting_user is not None else "",
        "approved_at": at.isoformat(),
    }
    day = clock.day_of(meeting.starts_at, project.time_zone)
    record = pin_record(
        acting_user=acting_user,
        project=project,
        kind="meeting minutes",
        key=meeting.ref,
        content=content,
        title=_("Minutes of meeting %(ref)s, %(day)s") % {"ref": meeting.ref, "day": day.isoformat()},
        shows=_("Agenda, attendance, minutes and actions of the committee as its chair approved them."),
    )
    write_versioned(
        meeting,
        version=version,
        values={"minutes_approved_by": acting_user, "minutes_approved_at": at, "record": record},
        shown={},
        sent={},
    )
    keep_board_soon(project)
    _tell(acting_user, meeting, "approve", {"record": [None, record.key], "sha256": [None, sha256_of(content)]})
    return meeting


def ask_members(meeting: Meeting, people: Iterable[User] = ()) -> list[User]:
    """Give rows to the members of today and to `people` who have none; who got one.

    Within the transaction of a service. Raises RuleBroken for who is not in the project.
    """
    asked = {each.pk: each for each, _chairs in members_of(meeting.project)}
    guests = {each.pk: each for each in people}
    strangers = set(guests) - set(
        Membership.objects.current().filter(project=meeting.project, user__in=guests).values_list("user_id", flat=True)
    )
    if strangers:
        raise RuleBroken(_("Only people of this project can be asked."), field="people")
    there = set(Attendance.objects.filter(meeting=meeting).values_list("person_id", flat=True))
    added = [each for pk, each in (asked | guests).items() if pk not in there]
    Attendance.objects.bulk_create(
        [Attendance(project=meeting.project, meeting=meeting, person=each) for each in added]
    )
    return added


def _own(project: Project, ref: str) -> Meeting:
    meeting = Meeting.objects.select_related("record").get(project=project, ref=ref)
    meeting.project = project
    return meeting


def _check_open(meeting: Meeting) -> None:
    if meeting.minutes_approved_at is not None:
        raise RuleBroken(
            _("The minutes are approved: nothing of this meeting changes any more. Correct it in the next one's.")
        )


def _check_day(meeting: Meeting) -> None:
    if meeting.state == MeetingState.CANCELLED:
        raise RuleBroken(_("This meeting was cancelled. Plan another one."))
    zone = meeting.project.time_zone
    if clock.day_of(meeting.starts_at, zone) > clock.today(zone):
        raise RuleBroken(_("This meeting lies ahead: move it to the day on which it was held."))


def _hold(meeting: Meeting) -> None:
    if meeting.state == MeetingState.PLANNED:
        write_versioned(meeting, version=meeting.version, values={"state": MeetingState.HELD}, shown={}, sent={})
        keep_board_soon(meeting.project)


def _checked(project: Project, facts: MeetingFacts) -> dict[str, Any]:
    if facts.starts_at.date() > LAST_DAY:
        raise RuleBroken(_("This is too far off."), field="day")
    if facts.starts_at.date() < project.start_date - BEFORE_THE_START:
        raise RuleBroken(_("This is more than a year before the project began."), field="day")
    if not SHORTEST <= facts.length <= LONGEST:
        raise RuleBroken(
            _("A meeting takes from %(least)d to %(most)d minutes.") % {"least": SHORTEST, "most": LONGEST},
            field="length",
        )
    place = clean_line(facts.place)
    if len(place) > LONGEST_PLACE:
        raise RuleBroken(_("This is longer than %(most)d characters.") % {"most": LONGEST_PLACE}, field="place")
    return {
        "starts_at": facts.starts_at,
        "length": facts.length,
        "place": place,
        "agenda": _text(facts.agenda or "", "agenda"),
    }


def _text(text: str, field: str) -> str:
    said = clean_text(text)
    if len(said) > LONGEST_TEXT:
        raise RuleBroken(_("This is longer than %(most)d characters.") % {"most": LONGEST_TEXT}, field=field)
    return said


def _presence(said: Presented) -> dict[str, str]:
    if said.presence not in Presence.values:
        raise RuleBroken(_("Choose one of the list."))
    deputy = clean_line(said.deputy)[:LONGEST_DEPUTY] if said.presence == Presence.DEPUTY else ""
    if said.presence == Presence.DEPUTY and not deputy:
        raise RuleBroken(_("Name the deputy who came instead."))
    return {"presence": said.presence, "deputy": deputy}


def _plain(name: str, pair: Sequence[object]) -> list[object]:
    # Of long texts the trail keeps that they changed; the words are frozen with the minutes.
    if name == "agenda":
        return [sha256_of(value) for value in pair]
    return [value.isoformat() if isinstance(value, date) else value for value in pair]


def _moved(project: Project, before: datetime | None, after: datetime) -> dict[str, object]:
    """The day in the project's time zone, for the sentence of the trail, and the instant."""
    days = [clock.day_of(each, project.time_zone).isoformat() if each else None for each in (before, after)]
    return {"day": days, "starts at": [before.isoformat() if before else None, after.isoformat()]}


def _tell(
    acting_user: User | None, meeting: Meeting, action: str, changes: Mapping[str, object], reason: str = ""
) -> None:
    record_event(
        stream_id=meeting.project.uuid,
        acting_user=acting_user,
        draft=Draft(action, "meeting", meeting.ref, "", dict(changes), reason),
    )
