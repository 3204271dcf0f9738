"""The pages of the committee and its meetings: what they say first, what was typed stays, what is over is closed."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from governance.meeting_paper import minutes_paper, paper_name
from governance.models import Action, Decision, Meeting, Oversight
from governance.selectors.meeting_calendar import meeting_things
from governance.selectors.meetings import meeting_of, meeting_page
from governance.services.meetings import approve_minutes
from tests.cast import NOW, Cast
from tests.governance.meeting_cast import held_meeting, with_committee, with_meeting

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("moved")]

COMMITTEE = "/projects/alder/governance/committee/"
MEETINGS = "/projects/alder/governance/meetings/"


def post(client, path: str, **data):
    """Send a form."""
    return client.post(path, data)


def test_a_committee_is_set_up_by_a_form_that_keeps_what_was_typed(cast: Cast, sign_in) -> None:
    client = sign_in(cast.mara)
    assert "Nobody oversees this project yet" in client.get(COMMITTEE).content.decode()
    typed = {"name": "Steering committee", "purpose": "Ends questions", "quorum": "3", "agreed_on": "2026-03-03"}
    refused = post(client, f"{COMMITTEE}new/", **typed)
    assert refused.status_code == 422
    said = refused.content.decode()
    assert "This day lies ahead" in said
    assert "Ends questions" in said
    assert post(client, f"{COMMITTEE}new/", **typed | {"agreed_on": "2026-01-09"}).status_code == 302
    page = client.get(COMMITTEE).content.decode()
    assert "The quorum is larger than the committee." in page
    version = Oversight.objects.get().committee.version
    changed = post(client, COMMITTEE, name="Steering committee", quorum="2", version=version)
    assert changed.status_code == 302
    assert "agreed on 9 Jan 2026, before the work began" in client.get(COMMITTEE).content.decode()
    assert post(client, COMMITTEE, name="Board", version=version).status_code == 409
    reader = sign_in(cast.cora).get(COMMITTEE).content.decode()
    assert "Chen Chair" in reader
    assert "Change the words" not in reader


def test_terms_successor_and_seats_are_sent_from_the_page(cast: Cast, sign_in) -> None:
    oversight = with_committee(cast)
    client = sign_in(cast.mara)
    assert post(client, f"{COMMITTEE}successor/", successor=" ", version=1).status_code == 422
    assert post(client, f"{COMMITTEE}successor/", successor="Board of services", version=1).status_code == 302
    assert post(client, f"{COMMITTEE}terms/", agreed_on="2026-02-02", version=2).status_code == 302
    oversight.refresh_from_db()
    assert (oversight.successor, str(oversight.agreed_on)) == ("Board of services", "2026-02-02")
    assert "21 days after the work began" in client.get(COMMITTEE).content.decode()
    assert post(client, f"{COMMITTEE}seats/", person=cast.cora.pk, role="committee member").status_code == 422
    assert post(client, f"{COMMITTEE}seats/", person=cast.tim.pk, role="committee member").status_code == 400
    assert "No project of this organization" in client.get(f"{COMMITTEE}join/").content.decode()


def test_a_meeting_is_planned_held_and_put_on_record(cast: Cast, sign_in, django_assert_max_num_queries) -> None:
    with_committee(cast)
    mara, chen = sign_in(cast.mara), sign_in(cast.chen)
    assert "Where the project stands" in mara.get(f"{MEETINGS}new/").content.decode()
    typed = {"day": "2026-03-02", "time": "09:30", "length": "60", "place": "Room 3", "agenda": "1. Gate 1"}
    assert post(mara, f"{MEETINGS}new/", **typed | {"length": "5"}).status_code == 422
    assert post(mara, f"{MEETINGS}new/", **typed)["Location"] == f"{MEETINGS}M-01/"
    asked = Decision.objects.create(project=cast.project, ref="D-01", title="Buy a tool", decide_by=NOW.date())
    page = f"{MEETINGS}M-01/"
    assert "Put on the agenda" in mara.get(page).content.decode()
    assert post(mara, f"{page}decision/", decision="D-01").status_code == 302
    asked.refresh_from_db()
    assert asked.meeting is not None
    assert asked.meeting.ref == "M-01"

    there = {f"p{cast.chen.pk}": "present", f"v{cast.chen.pk}": "1", f"v{cast.cora.pk}": "1", f"d{cast.chen.pk}": ""}
    refused = post(mara, f"{page}attendance/", **there, **{f"p{cast.cora.pk}": "deputy", f"d{cast.cora.pk}": ""})
    assert refused.status_code == 422
    assert "Name the deputy" in refused.content.decode()
    sent = post(mara, f"{page}attendance/", **there, **{f"p{cast.cora.pk}": "deputy", f"d{cast.cora.pk}": "Dan"})
    assert sent.status_code == 302
    version = Meeting.objects.get().version
    assert post(mara, f"{page}minutes/", minutes="We **go on**.", version=version).status_code == 302
    assert post(mara, f"{page}minutes/", minutes="Otherwise.", version=version).status_code == 409
    owner = cast.parties["petra"].pk
    assert post(mara, f"{page}action/", text="Name people", owner=owner, due="2026-03-30").status_code == 302
    assert Action.objects.get().meeting == asked.meeting
    with django_assert_max_num_queries(26):
        body = chen.get(page).content.decode()
    assert "<strong>go on</strong>" in body
    assert "sent Dan" not in body
    assert "Approve the minutes" in body
    version = Meeting.objects.get().version
    assert post(chen, f"{page}approve/", version=version).status_code == 302
    over = mara.get(page).content.decode()
    assert "Chen Chair approved the minutes on 2 Mar 2026." in over
    assert "sent Dan" in over
    assert "Go on writing" not in over
    assert post(mara, f"{page}action/", text="More", owner=owner, due="2026-03-30").status_code == 422


def test_the_list_names_the_next_meeting_first_in_few_queries(cast: Cast, sign_in) -> None:
    with_meeting(cast)
    held_meeting(cast)
    client = sign_in(cast.cora)
    client.get(MEETINGS)
    with CaptureQueriesContext(connection) as queries:
        page = client.get(MEETINGS).content.decode()
    assert len(queries) <= 15
    assert page.index("M-01") < page.index("M-02")
    assert "in 2 days" in page
    assert "Held, minutes open" in page


def test_cancelling_needs_words_and_people_can_be_asked(cast: Cast, sign_in) -> None:
    with_meeting(cast)
    client, page = sign_in(cast.mara), f"{MEETINGS}M-01/"
    assert post(client, f"{page}people/", people=[cast.toma.pk]).status_code == 302
    assert post(client, f"{page}people/", people=[cast.bruno.pk]).status_code == 422
    assert "Toma Tate" in client.get(page).content.decode()
    assert post(client, f"{page}pack/").status_code == 302
    version = Meeting.objects.get().version
    assert post(client, f"{page}cancel/", why=" ", version=version).status_code == 422
    assert post(client, f"{page}cancel/", why="Chair is ill", version=version).status_code == 302
    assert "Chair is ill" in client.get(page).content.decode()


def test_a_meeting_goes_into_calendars_with_its_hours(cast: Cast, sign_in) -> None:
    meeting = with_meeting(cast)
    response = sign_in(cast.cora).get(f"{MEETINGS}M-01/calendar/")
    event = Calendar.from_ical(response.content).walk("VEVENT")[0]
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (meeting.starts_at, meeting.starts_at + timedelta(hours=1))
    assert event["LOCATION"] == "Room 3"
    assert [each.key for each in meeting_things(cast.project, cast.cora, "mine")] == ["M-01"]
    assert meeting_things(cast.project, cast.tim, "mine") == []
    assert meeting_things(cast.project, cast.tim, "plan") == []
    assert [each.key for each in meeting_things(cast.project, cast.petra, "plan")] == ["M-01"]


def test_the_paper_is_a_draft_until_the_chair_approves(cast: Cast) -> None:
    meeting = held_meeting(cast)

    def paper():
        found = meeting_of(cast.project, meeting.ref)
        assert found is not None
        return minutes_paper(meeting_page(found))

    draft = paper()
    assert (draft.title, draft.mark, draft.number, draft.digest) == ("Minutes", "Draft", "M-01", "")
    assert "<strong>go on</strong>" in draft.body
    assert "Sent apologies" in draft.body
    version = Meeting.objects.get().version
    approved = approve_minutes(acting_user=cast.chen, project=cast.project, ref=meeting.ref, version=version)
    final = paper()
    assert (final.mark, final.approvals[0].name) == ("", "Chen Chair")
    assert approved.record is not None
    assert approved.record.revision is not None
    assert final.digest == approved.record.revision.sha256
    assert paper_name(approved) == "alder-M-01-minutes-2026-03-02.pdf"


def test_every_page_of_governance_leads_to_the_others_that_its_reader_may_open(cast: Cast, sign_in) -> None:
    with_meeting(cast)
    Decision.objects.create(project=cast.project, ref="D-01", title="More people", decide_by=NOW.date())
    chair, member = sign_in(cast.chen), sign_in(cast.tim)
    for name in ("", "gates/0/", "decisions/", "actions/", "meetings/", "committee/", "outcomes/1/", "commitment/"):
        page = chair.get(f"/projects/alder/governance/{name}").content.decode()
        tabs = page.partition('aria-label="Pages of governance"')[2].partition("</nav>")[0]
        assert tabs.count("<li>") == 8, name
        assert tabs.count('aria-current="page"') == 1, name
        assert "Decisions <span>1</span>" in tabs, name
    # Who sees one of them alone needs no way to the others.
    assert "Pages of governance" not in member.get("/projects/alder/governance/outcomes/1/").content.decode()
