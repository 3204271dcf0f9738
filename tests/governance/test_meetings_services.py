"""Meetings: planned with an agenda from what waits, held, put on record, and nothing of it changed afterwards."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.core import mail

from audittrail.models import Event
from audittrail.sentences import sentence
from common import clock
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from common.pdf.exceptions import PdfFailed, Why
from governance.choices import MeetingState, Presence
from governance.domain.board import Board
from governance.models import Action, Attendance, BoardSnapshot, Decision, Meeting
from governance.pack_mail import pack_of
from governance.selectors.meeting_told import meeting_lines, pack_lines
from governance.selectors.meetings import meeting_page, meetings_of, next_meeting
from governance.services.meeting_packs import send_due_packs, send_pack
from governance.services.meeting_telling import MEETING, PACK
from governance.services.meetings import (
    MeetingFacts,
    Presented,
    approve_minutes,
    ask_to_meeting,
    cancel_meeting,
    change_meeting,
    note_attendance,
    plan_meeting,
    write_minutes,
)
from governance.verification_meetings import check_meetings
from notifications.models import Notice
from notifications.services.delivery import deliver_due_mail
from notifications.services.notices import note_occasions
from projects.models import Project
from tests.cast import NAMES, NOW, Cast
from tests.governance.meeting_cast import held_meeting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("moved")]

SOON = NOW + timedelta(days=2)


def plan(cast: Cast, starts_at: datetime = SOON, **values) -> Meeting:
    """Mara plans a meeting of Alder's project."""
    facts = MeetingFacts(starts_at=starts_at, **values)
    return plan_meeting(acting_user=cast.mara, project=cast.project, facts=facts)


def sentences(cast: Cast, count: int) -> list[str]:
    """The newest sentences of the trail, the newest first."""
    events = Event.objects.filter(stream_id=cast.project.uuid).order_by("-seq")[:count]
    return [sentence(event).text for event in events]


def test_the_agenda_begins_with_what_waits(cast: Cast) -> None:
    held_meeting(cast)
    Decision.objects.create(
        project=cast.project, ref="D-01", title="Buy a discovery tool", decide_by=date(2026, 3, 9), asked_by=cast.mara
    )
    Action.objects.create(
        project=cast.project, ref="A-01", text="Name three people", owner=cast.parties["petra"], due=date(2026, 2, 20)
    )
    meeting = plan(cast, NOW + timedelta(days=7))
    agenda = meeting.agenda.splitlines()
    assert agenda[:3] == [
        "1. Minutes of the last meeting",
        "   - M-01 of 2 Mar 2026: to approve",
        "2. Where the project stands, from the board pack",
    ]
    assert "   - D-01 Buy a discovery tool (by 9 Mar 2026)" in agenda
    assert "   - A-01 Name three people (Petra Pohl, due 20 Feb 2026)" in agenda
    assert agenda[-1].endswith("Next meeting")


def test_what_is_no_meeting_is_refused(cast: Cast) -> None:
    for values, needed in (
        ({"length": 5}, "takes from 10 to 600 minutes"),
        ({"starts_at": datetime(2101, 1, 1, tzinfo=UTC)}, "too far off"),
        ({"agenda": "x" * 20_001}, "longer than 20000"),
    ):
        with pytest.raises(RuleBroken, match=needed):
            plan(cast, **{"starts_at": SOON, **values})
    with pytest.raises(NotPermitted):
        plan_meeting(acting_user=cast.cora, project=cast.project, facts=MeetingFacts(SOON))


def test_a_meeting_that_lies_ahead_has_no_minutes_yet(cast: Cast) -> None:
    meeting = plan(cast)
    with pytest.raises(RuleBroken, match="lies ahead"):
        write_minutes(
            acting_user=cast.mara, project=cast.project, ref=meeting.ref, version=meeting.version, minutes="All said."
        )


def test_a_meeting_may_be_before_the_work_began_but_not_in_another_age(cast: Cast) -> None:
    first = datetime.combine(cast.project.start_date, datetime.min.time(), tzinfo=UTC)
    plan(cast, first - timedelta(days=60))
    for far in (datetime(1900, 1, 1, 10, tzinfo=UTC), datetime(9999, 1, 1, 10, tzinfo=UTC)):
        with pytest.raises(RuleBroken) as refused:
            plan(cast, far)
        assert refused.value.field == "day"


def test_who_was_there_is_noted_with_the_deputy_by_name(cast: Cast) -> None:
    meeting = plan(cast, NOW - timedelta(hours=1))
    with pytest.raises(RuleBroken, match="Name the deputy"):
        note_attendance(
            acting_user=cast.mara,
            project=cast.project,
            ref=meeting.ref,
            presented=[Presented(cast.cora.pk, Presence.DEPUTY)],
        )
    note_attendance(
        acting_user=cast.mara,
        project=cast.project,
        ref=meeting.ref,
        presented=[Presented(cast.cora.pk, Presence.DEPUTY, "Dan Deputy"), Presented(cast.chen.pk, Presence.PRESENT)],
    )
    page = meeting_page(Meeting.objects.select_related("project").get(pk=meeting.pk))
    assert page.meeting.state == MeetingState.HELD
    assert page.members_there == 2
    with pytest.raises(StaleWrite):
        note_attendance(
            acting_user=cast.mara,
            project=cast.project,
            ref=meeting.ref,
            presented=[Presented(cast.cora.pk, Presence.PRESENT, version=1)],
        )
    with pytest.raises(RuleBroken, match="was not asked"):
        note_attendance(
            acting_user=cast.mara,
            project=cast.project,
            ref=meeting.ref,
            presented=[Presented(cast.tim.pk, Presence.PRESENT)],
        )


def test_approved_minutes_are_pinned_and_nothing_changes_any_more(cast: Cast) -> None:
    meeting = held_meeting(cast)
    with pytest.raises(NotPermitted):
        approve_minutes(acting_user=cast.mara, project=cast.project, ref=meeting.ref, version=meeting.version)
    with pytest.raises(StaleWrite):
        approve_minutes(acting_user=cast.chen, project=cast.project, ref=meeting.ref, version=1)
    approved = approve_minutes(acting_user=cast.chen, project=cast.project, ref=meeting.ref, version=meeting.version)
    assert approved.record is not None
    assert approved.record.title == "Minutes of meeting M-01, 2026-03-02"
    assert sentences(cast, 1) == ["Chen Chair approved the minutes of the meeting M-01"]
    with pytest.raises(RuleBroken, match="nothing of this meeting changes"):
        write_minutes(
            acting_user=cast.mara, project=cast.project, ref=meeting.ref, version=approved.version, minutes="Other"
        )


def test_minutes_without_attendance_are_not_approved(cast: Cast) -> None:
    meeting = plan(cast, NOW - timedelta(hours=1))
    with pytest.raises(RuleBroken, match="no minutes yet"):
        approve_minutes(acting_user=cast.chen, project=cast.project, ref=meeting.ref, version=meeting.version)
    written = write_minutes(
        acting_user=cast.mara, project=cast.project, ref=meeting.ref, version=meeting.version, minutes="We met."
    )
    with pytest.raises(RuleBroken, match="Note first who was there"):
        approve_minutes(acting_user=cast.chen, project=cast.project, ref=meeting.ref, version=written.version)


def test_the_list_begins_with_the_next_meeting_and_counts_who_was_there(cast: Cast) -> None:
    held_meeting(cast)
    plan(cast, NOW + timedelta(days=30))
    plan(cast, SOON)
    assert [(each.meeting.ref, each.there, each.asked) for each in meetings_of(cast.project)] == [
        ("M-03", 0, 2),
        ("M-02", 0, 2),
        ("M-01", 1, 2),
    ]


def test_a_meeting_asks_the_members_of_today_and_guests_and_tells_them(cast: Cast) -> None:
    meeting = plan_meeting(
        acting_user=cast.mara,
        project=cast.project,
        facts=MeetingFacts(SOON, place="Room 3", length=90),
        people=[cast.toma],
    )
    assert meeting.ref == "M-01"
    assert set(Attendance.objects.values_list("person__name", flat=True)) == {
        NAMES["chen"],
        NAMES["cora"],
        NAMES["toma"],
    }
    assert sentences(cast, 1) == ["Mara Moss planned the meeting M-01 for 4 Mar 2026"]
    note_occasions()
    notices = list(Notice.objects.filter(kind=MEETING, person=cast.cora))
    assert [line.said for line in meeting_lines(cast.cora, notices).values()] == ["On Wed 4 Mar 2026, 09:00, Room 3."]
    assert next_meeting(cast.project) == meeting
    with pytest.raises(RuleBroken, match="Only people of this project"):
        ask_to_meeting(acting_user=cast.mara, project=cast.project, ref="M-01", people=[cast.bruno])


def test_a_meeting_that_moves_or_falls_out_is_told_once_each(cast: Cast) -> None:
    meeting = plan(cast)
    moved = change_meeting(
        acting_user=cast.mara,
        project=cast.project,
        ref=meeting.ref,
        version=meeting.version,
        facts=MeetingFacts(SOON + timedelta(days=1), place="Room 5", agenda=meeting.agenda),
    )
    assert sentences(cast, 1) == ["Mara Moss moved the meeting M-01 to 5 Mar 2026"]
    with pytest.raises(StaleWrite):
        cancel_meeting(acting_user=cast.mara, project=cast.project, ref=meeting.ref, version=1, why="Ill")
    with pytest.raises(RuleBroken, match="Say why"):
        cancel_meeting(acting_user=cast.mara, project=cast.project, ref=meeting.ref, version=moved.version, why=" ")
    cancel_meeting(
        acting_user=cast.mara, project=cast.project, ref=meeting.ref, version=moved.version, why="Chair is ill"
    )
    note_occasions()
    notices = list(Notice.objects.filter(kind=MEETING, person=cast.chen))
    assert len(notices) == 3
    lines = meeting_lines(cast.chen, notices)
    assert {line.said for line in lines.values()} == {"Cancelled. It was to be on Thu 5 Mar 2026, 09:00."}
    assert {line.quote for line in lines.values()} == {"Chair is ill"}
    assert next_meeting(cast.project) is None


def test_the_pack_goes_out_three_days_before_and_once(cast: Cast) -> None:
    far = plan(cast, NOW + timedelta(days=5), agenda="1. Gate 1")
    assert send_due_packs() == 0
    with clock.moved_to(NOW + timedelta(days=2)):
        assert send_due_packs() == 1
        assert send_due_packs() == 0
        notices = list(Notice.objects.filter(kind=PACK, person=cast.cora))
        lines = pack_lines(cast.cora, notices)
        assert [(line.said, line.quote) for line in lines.values()] == [
            ("The board pack for the meeting on Sat 7 Mar 2026, 09:00 is there.", "1. Gate 1")
        ]
        with pytest.raises(RuleBroken, match="went out already"):
            send_pack(acting_user=cast.mara, project=cast.project, ref=far.ref)
    assert sentences(cast, 1) == ["system let 2 know that the board pack of the meeting M-01 is there"]


def test_the_mail_before_a_meeting_carries_the_pack_for_who_may_see_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def write(project: Project, board: Board, target: Path, *, made_at: datetime) -> None:
        made.append(project.slug)
        target.write_bytes(b"%PDF of " + board.day.isoformat().encode())

    monkeypatch.setattr("governance.pack_mail.write_board_pack", write)
    pack_of.cache_clear()
    meeting = plan(cast, NOW + timedelta(days=2), agenda="1. Gate 1")
    ask_to_meeting(acting_user=cast.mara, project=cast.project, ref=meeting.ref, people=[cast.tim])
    mail.outbox.clear()
    assert send_due_packs() == 1
    deliver_due_mail()
    carried = {
        one.to[0].partition("@")[0]: [(name, content) for name, content, _type in one.attachments]
        for one in mail.outbox
        if one.subject.startswith("Board pack")
    }
    day = clock.today(cast.project.time_zone).isoformat()
    pack = [(f"{cast.project.slug}-board-pack-{day}.pdf", f"%PDF of {day}".encode())]
    assert carried == {"chen": pack, "cora": pack, "tim": []}
    assert made == [cast.project.slug]


def test_a_pack_that_cannot_be_made_keeps_no_mail_back(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_given: object, **_named: object) -> None:
        raise PdfFailed(Why.FAULT)

    monkeypatch.setattr("governance.pack_mail.write_board_pack", fail)
    pack_of.cache_clear()
    plan(cast, NOW + timedelta(days=2))
    mail.outbox.clear()
    send_due_packs()
    deliver_due_mail()
    told = [one for one in mail.outbox if one.subject.startswith("Board pack")]
    assert [(len(told), one.attachments) for one in told[:1]] == [(2, [])]


def test_verify_holds_approved_minutes_against_their_record(cast: Cast, django_capture_on_commit_callbacks) -> None:
    meeting = held_meeting(cast)
    BoardSnapshot.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        approve_minutes(acting_user=cast.chen, project=cast.project, ref=meeting.ref, version=meeting.version)
    assert BoardSnapshot.objects.filter(project=cast.project).count() == 1, "the board of that day is kept"
    assert list(check_meetings(False)) == []
    Project.objects.filter(pk=cast.project.pk).update(time_zone="Asia/Tokyo")
    assert list(check_meetings(False)) == [], "a project may move to another time zone"
    Meeting.objects.filter(pk=meeting.pk).update(minutes="We stop.", place="Elsewhere")
    Attendance.objects.filter(meeting=meeting, person=cast.cora).update(presence=Presence.PRESENT)
    said = "the minutes of M-01 of alder are not what was approved: place, minutes, attendance"
    assert list(check_meetings(False)) == [said]
    Meeting.objects.filter(pk=meeting.pk).update(record=None)
    assert list(check_meetings(False)) == ["the minutes of M-01 of alder have no record"]
