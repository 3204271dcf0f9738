"""The pages on which somebody makes, sees again and ends an address for calendar programs."""

from django.test import Client

from projects.calendar_addresses import token_of
from projects.models import CalendarFeed
from projects.services.calendar_feeds import make_calendar_address
from tests.cast import CANARY, Cast

PAGE = "/projects/alder/calendar/"


def test_a_person_makes_an_address_and_finds_it_again(cast: Cast, sign_in, settings) -> None:
    settings.BASE_URL = "https://sms.alder.example"
    client = sign_in(cast.petra)
    assert "Make an address" in client.get(PAGE).content.decode()
    response = client.post(PAGE, {"do": "make", "content": "mine"})
    assert (response.status_code, response["Location"]) == (302, PAGE)
    feed = CalendarFeed.objects.get(user=cast.petra)
    address = f"https://sms.alder.example/calendar/{token_of(feed.uuid)}.ics"
    for path in (PAGE, PAGE, "/work/calendars/"):
        assert address in client.get(path).content.decode()
    assert "No program has read it yet." in client.get(PAGE).content.decode()
    Client().get(f"/calendar/{token_of(feed.uuid)}.ics")
    assert "Last read on 2 Mar 2026, 09:00." in client.get(PAGE).content.decode()


def test_making_a_new_one_ends_the_old(cast: Cast, sign_in) -> None:
    client = sign_in(cast.petra)
    old = make_calendar_address(acting_user=cast.petra, project=cast.project, content="mine")
    client.post(PAGE, {"do": "make", "content": "mine"})
    new = CalendarFeed.objects.get(user=cast.petra, revoked_at=None)
    page = client.get(PAGE).content.decode()
    assert token_of(new.uuid) in page
    assert token_of(old.uuid) not in page


def test_ending_one_leads_back_to_where_it_was_pressed(cast: Cast, sign_in) -> None:
    client = sign_in(cast.petra)
    for leads, data in ((PAGE, {}), ("/work/calendars/", {"next": "calendars"}), (PAGE, {"next": "//evil.example/"})):
        feed = make_calendar_address(acting_user=cast.petra, project=cast.project, content="mine")
        response = client.post(PAGE, {"do": "revoke", "feed": feed.pk, **data})
        assert (response.status_code, response["Location"]) == (302, leads)
        assert not CalendarFeed.objects.filter(revoked_at=None).exists()


def test_somebody_elses_address_is_neither_shown_nor_ended(cast: Cast, sign_in) -> None:
    feed = make_calendar_address(acting_user=cast.petra, project=cast.project, content="mine")
    client = sign_in(cast.mara)
    for path in (PAGE, "/work/calendars/"):
        assert token_of(feed.uuid) not in client.get(path).content.decode()
    assert client.post(PAGE, {"do": "revoke", "feed": feed.pk}).status_code == 404
    assert CalendarFeed.objects.get().revoked_at is None


def test_what_makes_no_sense_is_refused_with_words(cast: Cast, sign_in) -> None:
    client = sign_in(cast.petra)
    for data, words in (
        ({"do": "make", "content": "all"}, "Choose what the calendar is to show."),
        ({"do": "make"}, "Choose what the calendar is to show."),
        ({}, "Choose what is to happen to the address."),
    ):
        response = client.post(PAGE, data)
        assert response.status_code == 422
        assert words in response.content.decode()
    assert client.post(PAGE, {"do": "revoke", "feed": "x"}).status_code == 400
    assert not CalendarFeed.objects.exists()


def test_the_list_names_only_ones_own_projects(cast: Cast, sign_in) -> None:
    make_calendar_address(acting_user=cast.bruno, project=cast.other, content="mine")
    page = sign_in(cast.petra).get("/work/calendars/").content.decode()
    assert "No address yet" in page
    assert "Alder SMS" in page
    assert CANARY not in page


def test_the_file_can_be_taken_once(cast: Cast, sign_in) -> None:
    response = sign_in(cast.petra).get("/projects/alder/calendar.ics?content=plan")
    assert response["Content-Disposition"] == 'attachment; filename="calendar.ics"'
    assert b"X-WR-CALNAME:Alder SMS: plan\r\n" in response.content
    assert sign_in(cast.petra).get("/projects/alder/calendar.ics?content=x").status_code == 404
    assert not CalendarFeed.objects.exists()
