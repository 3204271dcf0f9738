"""The secret address at which a calendar program reads a project's dates."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Component

from audittrail.models import Event
from audittrail.sentences import sentence
from common import clock
from common.exceptions import NotPermitted, RuleBroken
from phases.exports_calendar import calendar_bytes
from phases.models import Phase, PhaseActivity
from phases.selectors.calendar_entries import CalendarEntry, ProjectCalendar
from phases.services.rows import Target, assign_party, change_status, set_due
from projects.calendar_addresses import token_of, uuid_of
from projects.models import CalendarFeed, GroupMember, Project
from projects.services.calendar_feeds import make_calendar_address, revoke_calendar_address
from projects.services.team import create_party
from tests.cast import CANARY, NOW, Cast


def give(cast: Cast, who: str, ref: str, phase: int = 1, due: date | None = None) -> PhaseActivity:
    """Make `who` accountable for a row of Alder's plan, perhaps due on another day."""
    assign_party(
        acting_user=cast.mara, project=cast.project, targets=[cast.target(ref, phase)], party=cast.parties[who]
    )
    if due is not None:
        set_due(acting_user=cast.mara, project=cast.project, targets=[cast.target(ref, phase)], due=due)
    return cast.row(ref, phase)


def address(cast: Cast, who: str, content: str = "mine", project: Project | None = None) -> str:
    """The path of a new address of `who`."""
    feed = make_calendar_address(acting_user=cast.people[who], project=project or cast.project, content=content)
    return f"/calendar/{token_of(feed.uuid)}.ics"


def events_at(client: Client, path: str) -> dict[str, Component]:
    """What a calendar program understands of the address, by title."""
    response = client.get(path)
    assert response.status_code == 200
    return {str(event["SUMMARY"]): event for event in Calendar.from_ical(response.content).walk("VEVENT")}


def test_it_gives_the_open_due_dates_of_one_person_and_the_ends_of_phases(cast: Cast, client: Client, settings) -> None:
    settings.BASE_URL = "https://sms.alder.example"
    row = give(cast, "petra", "CH.i", due=date(2026, 3, 20))
    give(cast, "tim", "CH.e", due=date(2026, 3, 21))
    done = give(cast, "petra", "CH.b", due=date(2026, 3, 22))
    for status in ("in progress", "done"):
        change_status(acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.b")], status=status)
    events = events_at(client, address(cast, "petra"))
    gates = {title for title in events if title.startswith("Gate ")}
    phases = {phase.number: phase for phase in Phase.objects.filter(project=cast.project)}
    assert gates == {
        f"Gate {phase.number}: {phase.name} ends" for phase in phases.values() if phase.end and phase.state != "closed"
    }
    (title,) = set(events) - gates
    assert title.startswith("CH.i ")
    event = events[title]
    assert event["DTSTART"].dt == date(2026, 3, 20)
    assert event["DTEND"].dt == date(2026, 3, 21)
    assert event["DTSTART"].params["VALUE"] == "DATE"
    assert str(event["UID"]) == f"activity-{row.pk}@{cast.project.uuid}"
    assert str(event["URL"]) == "https://sms.alder.example/projects/alder/activities/CH.i/"
    assert "Status: not started" in str(event["DESCRIPTION"])
    assert int(event["SEQUENCE"]) == row.version - 1
    assert event["LAST-MODIFIED"].dt == NOW
    assert str(event["TRANSP"]) == "TRANSPARENT"
    assert f"activity-{done.pk}@" not in str(events)
    gate = events["Gate 1: React ends"]
    assert gate["DTSTART"].dt == phases[1].end


def test_what_a_group_answers_for_is_in_the_calendar_of_its_members(cast: Cast, client: Client) -> None:
    group = create_party(acting_user=cast.mara, project=cast.project, name="Service desk", kind="group")
    GroupMember.objects.create(project=cast.project, group=group, person=cast.parties["tim"])
    assign_party(acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.i")], party=group)
    found = [event for title, event in events_at(client, address(cast, "tim")).items() if title.startswith("CH.i ")]
    assert "Accountable: Service desk" in str(found[0]["DESCRIPTION"])
    assert not any(title.startswith("CH.i ") for title in events_at(client, address(cast, "petra")))


def test_a_change_keeps_the_uid_and_raises_the_sequence(cast: Cast, client: Client) -> None:
    give(cast, "petra", "CH.i", due=date(2026, 3, 20))
    path = address(cast, "petra")
    before = next(event for title, event in events_at(client, path).items() if title.startswith("CH.i "))
    with clock.moved_to(NOW + timedelta(hours=3)):
        set_due(acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.i")], due=date(2026, 4, 1))
        after = next(event for title, event in events_at(client, path).items() if title.startswith("CH.i "))
    assert after["UID"] == before["UID"]
    assert int(after["SEQUENCE"]) == int(before["SEQUENCE"]) + 1
    assert after["DTSTART"].dt == date(2026, 4, 1)
    assert after["LAST-MODIFIED"].dt == NOW + timedelta(hours=3)


def test_rows_of_a_closed_phase_are_gone(cast: Cast, client: Client) -> None:
    give(cast, "petra", "CH.i")
    path = address(cast, "petra")
    Phase.objects.filter(project=cast.project, number=1).update(state="closed")
    titles = set(events_at(client, path))
    assert not any(title.startswith(("CH.i ", "Gate 1:")) for title in titles)


def test_the_plan_gives_the_ends_of_packages_with_open_work(cast: Cast, client: Client) -> None:
    events = events_at(client, address(cast, "mara", "plan"))
    event = events["CH.1 ends: Change management"]
    assert event["DTSTART"].dt == Phase.objects.get(project=cast.project, number=1).end
    assert str(event["URL"]).endswith("/projects/alder/plan/packages/CH/1/")
    PhaseActivity.objects.filter(project=cast.project, phase_number=1, activity__component="CH").update(status="done")
    assert "CH.1 ends: Change management" not in events_at(client, address(cast, "mara", "plan"))


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles", "Europe/Vienna", "UTC"])
@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2026, 4, 5), date(2026, 11, 1)])
def test_a_due_date_is_the_same_day_everywhere_also_when_clocks_change(
    cast: Cast, client: Client, zone: str, day: date
) -> None:
    Project.objects.filter(pk=cast.project.pk).update(time_zone=zone)
    give(cast, "petra", "CH.i", due=day)
    content = client.get(address(cast, "petra")).content.decode()
    assert f"DTSTART;VALUE=DATE:{day:%Y%m%d}\r\nDTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}\r\n" in content
    assert "TZID" not in content


def test_a_wrong_a_revoked_and_an_ended_address_answer_alike(cast: Cast, client: Client, sign_in) -> None:
    client.raise_request_exception = False
    path = address(cast, "audra")
    assert client.get(path).status_code == 200
    wrong = client.get("/calendar/no-such-token.ics")
    assert wrong.status_code == 404

    def is_gone(gone: str) -> None:
        response = client.get(gone)
        assert (response.status_code, response.content) == (404, wrong.content)

    is_gone(path[:-8] + ("AAAA" if path[-8:-4] != "AAAA" else "BBBB") + ".ics")
    cast.project.memberships.filter(user=cast.audra).update(ends_at=NOW)
    is_gone(path)
    cast.project.memberships.filter(user=cast.audra).update(ends_at=None)
    assert client.get(path).status_code == 200
    cast.audra.is_active = False
    cast.audra.save()
    is_gone(path)
    cast.audra.is_active = True
    cast.audra.save()
    newer = address(cast, "audra")
    assert newer != path
    is_gone(path)
    feed = CalendarFeed.objects.get(user=cast.audra, revoked_at=None)
    revoke_calendar_address(acting_user=cast.audra, project=cast.project, feed_id=feed.pk)
    is_gone(newer)


def test_an_owner_of_the_organization_reads_it_without_a_role_in_the_project(cast: Cast, client: Client) -> None:
    assert client.get(address(cast, "olga", "plan")).status_code == 200


def test_a_secret_that_was_never_made_costs_no_query(cast: Cast, client: Client) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(f"/calendar/{'A' * 54}.ics").status_code == 404
        assert client.get("/calendar/%C3%A9%00.ics").status_code == 404
    assert [q["sql"] for q in queries] == []


def test_another_secret_key_ends_every_address(cast: Cast, client: Client, settings) -> None:
    path = address(cast, "petra")
    settings.SECRET_KEY = "another key, long enough to be one of them all"
    assert client.get(path).status_code == 404


def test_the_database_does_not_hold_the_secret(cast: Cast) -> None:
    feed = make_calendar_address(acting_user=cast.petra, project=cast.project, content="mine")
    token = token_of(feed.uuid)
    assert uuid_of(token) == feed.uuid
    for row in CalendarFeed.objects.values():
        assert token[-32:] not in str(row)
    for event in Event.objects.filter(kind="calendar address"):
        assert token[-32:] not in str(event.payload)


@given(st.text(max_size=80))
def test_no_text_is_a_secret_by_chance(text: str) -> None:
    assert uuid_of(text) is None


def test_one_address_serves_its_person_alone(cast: Cast, client: Client, sign_in) -> None:
    """Who fetches it, signed in or not, sees what its owner may see; a program without a cookie has no session."""
    give(cast, "petra", "CH.i")
    path = address(cast, "petra")
    with CaptureQueriesContext(connection) as queries:
        response = client.get(path)
    assert response.content == sign_in(cast.bruno).get(path).content
    assert not response.cookies
    assert not any("django_session" in query["sql"] for query in queries)


def test_nothing_of_another_client_is_in_it(cast: Cast, client: Client) -> None:
    row = cast.other.phase_activities.get(activity__ref="CH.i", phase_number=1)
    party = cast.other.parties.get(user=cast.bruno)
    assign_party(acting_user=cast.bruno, project=cast.other, targets=[Target(row.pk, row.version)], party=party)
    for who in ("mara", "petra", "olga"):
        for content in ("mine", "plan"):
            assert CANARY not in client.get(address(cast, who, content)).content.decode()
    theirs = client.get(address(cast, "bruno", "mine", cast.other)).content.decode()
    assert CANARY in theirs.replace("\r\n ", "")


def test_a_program_that_has_the_newest_gets_304(cast: Cast, client: Client) -> None:
    give(cast, "petra", "CH.i")
    path = address(cast, "petra")
    with clock.moved_to(NOW + timedelta(minutes=1)):
        first = client.get(path)
        assert first["Content-Type"] == "text/calendar; charset=utf-8"
        assert first["Cache-Control"] == "private, max-age=300"
        assert first["Referrer-Policy"] == "no-referrer"
        assert client.get(path, headers={"if-none-match": first["ETag"]}).status_code == 304
        assert client.get(path, headers={"if-modified-since": first["Last-Modified"]}).status_code == 304
        assert client.get(path, headers={"if-none-match": '"other"'}).status_code == 200
    with clock.moved_to(NOW + timedelta(hours=1)):
        set_due(acting_user=cast.mara, project=cast.project, targets=[cast.target("CH.i")], due=date(2026, 4, 1))
        # Two changes within a second look the same to a date: there is none to go by.
        assert "Last-Modified" not in client.get(path).headers
    with clock.moved_to(NOW + timedelta(hours=2)):
        assert client.get(path, headers={"if-none-match": first["ETag"]}).status_code == 200
        assert client.get(path, headers={"if-modified-since": first["Last-Modified"]}).status_code == 200


def test_head_answers_without_a_body_and_notes_no_fetch(cast: Cast, client: Client) -> None:
    path = address(cast, "petra")
    response = client.head(path)
    assert (response.status_code, response.content) == (200, b"")
    assert response["ETag"]
    assert CalendarFeed.objects.get().last_fetched_at is None


def test_when_it_was_read_is_kept_to_the_quarter_of_an_hour(cast: Cast, client: Client) -> None:
    path = address(cast, "petra")
    events = Event.objects.count()
    times = []
    for minutes in (1, 5, 15, 17):
        with clock.moved_to(NOW + timedelta(minutes=minutes)):
            client.get(path)
        times.append(CalendarFeed.objects.get().last_fetched_at)
    assert times == [NOW + timedelta(minutes=m) for m in (1, 1, 1, 17)]
    assert Event.objects.count() == events


# Of what higher apps put in, each of nine parts asks for its rows, and for the plan whether the person may see them:
# meetings, what auditors ask for, corrective actions, internal audits, audits by others, management reviews,
# improvements, risks to the SMS, what comes round.
@pytest.mark.parametrize(("content", "most"), [("mine", 15), ("plan", 23)])
def test_the_number_of_queries_does_not_grow_with_rows(cast: Cast, client: Client, content: str, most: int) -> None:
    path = address(cast, "petra", content)

    def count() -> int:
        CalendarFeed.objects.update(last_fetched_at=None)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    give(cast, "petra", "CH.i")
    count()
    few = count()
    PhaseActivity.objects.filter(project=cast.project).update(accountable=cast.parties["petra"])
    many = count()
    assert few == many
    assert many <= most


def test_making_and_ending_one_stand_in_the_trail(cast: Cast) -> None:
    feed = make_calendar_address(acting_user=cast.petra, project=cast.project, content="mine")
    make_calendar_address(acting_user=cast.petra, project=cast.project, content="mine")
    plan = make_calendar_address(acting_user=cast.petra, project=cast.project, content="plan")
    revoke_calendar_address(acting_user=cast.petra, project=cast.project, feed_id=plan.pk)
    events = Event.objects.filter(stream_id=cast.project.uuid, kind="calendar address").order_by("seq")
    assert [sentence(event).text for event in events] == [
        "Petra Pohl made a calendar address for their own due dates",
        "Petra Pohl ended a calendar address for their own due dates",
        "Petra Pohl made a calendar address for their own due dates",
        "Petra Pohl made a calendar address for the plan",
        "Petra Pohl ended a calendar address for the plan",
    ]
    assert events[0].key == str(feed.uuid)
    assert sentence(events[1]).reason == "a new one was made"


def test_only_its_owner_can_end_one_and_nobody_outside_can_make_one(cast: Cast) -> None:
    feed = make_calendar_address(acting_user=cast.petra, project=cast.project, content="mine")
    with pytest.raises(CalendarFeed.DoesNotExist):
        revoke_calendar_address(acting_user=cast.mara, project=cast.project, feed_id=feed.pk)
    for who in ("bruno", "nina", "carl"):
        with pytest.raises(NotPermitted):
            make_calendar_address(acting_user=cast.people[who], project=cast.project, content="mine")
    with pytest.raises(RuleBroken):
        make_calendar_address(acting_user=cast.petra, project=cast.project, content="everything")


NASTY = st.text(
    alphabet=st.one_of(st.characters(exclude_categories=["Cs"]), st.sampled_from('\r\n\x00\x0b\u2028\u2029,;:\\"🎉é')),
    min_size=0,
    max_size=200,
)


UNFOLDED = [
    *(b"BEGIN", b"VERSION", b"PRODID", b"CALSCALE", b"METHOD", b"DESCRIPTION", b"NAME", b"REFRESH-INTERVAL"),
    *(b"X-PUBLISHED-TTL", b"X-WR-CALDESC", b"X-WR-CALNAME", b"X-WR-TIMEZONE", b"BEGIN", b"SUMMARY", b"DTSTART"),
    *(b"DTEND", b"DTSTAMP", b"UID", b"SEQUENCE", b"DESCRIPTION", b"LAST-MODIFIED", b"TRANSP", b"URL"),
    *(b"X-MICROSOFT-CDO-BUSYSTATUS", b"END", b"END"),
]


@given(title=NASTY, line=NASTY, name=NASTY)
def test_no_text_breaks_out_of_its_line(title: str, line: str, name: str) -> None:
    """Whatever people write: the file has the lines we wrote, none longer than 75 bytes, and reads back."""
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    entry = CalendarEntry("activity-1@x", date(2026, 3, 29), title, (line, "end"), "https://x.example/a/", 3, at)
    content = calendar_bytes(ProjectCalendar(name, line, "Europe/Vienna", at, (entry,)))
    assert all(len(part) <= 75 for part in content.split(b"\r\n"))
    unfolded = content.replace(b"\r\n ", b"")
    assert b"\r" not in unfolded.replace(b"\r\n", b"")
    names = [part.split(b":")[0].split(b";")[0] for part in unfolded.split(b"\r\n") if part]
    assert sorted(names) == sorted(UNFOLDED)
    (event,) = Calendar.from_ical(content).walk("VEVENT")
    assert event["DTSTART"].dt == date(2026, 3, 29)
    assert str(event["SUMMARY"]).split() == " ".join(str(event["SUMMARY"]).split()).split(" ") or not event["SUMMARY"]


def test_commas_lines_and_emoji_read_back_as_they_were() -> None:
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    title = "CH.i/1 Pläne, „früh“; a\\b 🎉" * 6
    entry = CalendarEntry("a@x", date(2026, 3, 29), title, ("Owner: Ümit, Ltd; 👩‍💻", "x"), "https://x.example/", 0, at)
    (event,) = Calendar.from_ical(calendar_bytes(ProjectCalendar("n", "d", "UTC", at, (entry,)))).walk("VEVENT")
    assert str(event["SUMMARY"]) == title
    assert str(event["DESCRIPTION"]).startswith("Owner: Ümit, Ltd; 👩")
