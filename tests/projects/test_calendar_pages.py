"""The calendar of an organization as pages: what they show to whom, and how bad input is answered."""

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audittrail.models import Event
from projects.calendars import NamedDay
from projects.models import Holiday, Organization
from projects.selectors.calendar import holidays_of
from projects.services.calendar import add_holidays
from tests.cast import CANARY, Cast

EPIPHANY = NamedDay(date(2027, 1, 6), "Epiphany")


def page(cast: Cast) -> str:
    return reverse("calendar", args=[cast.alder.slug])


def public(cast: Cast) -> str:
    return reverse("calendar_propose", args=[cast.alder.slug])


def version(cast: Cast) -> int:
    return Organization.objects.get(pk=cast.alder.pk).version


def add(cast: Cast, *days: NamedDay) -> None:
    add_holidays(acting_user=None, organization=cast.alder, version=version(cast), days=days)


def send(client: Client, cast: Cast, do: str, **values: Any) -> Any:
    return client.post(page(cast), {"do": do, "version": version(cast), **values})


def text_of(response: Any) -> str:
    """The words of a page, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


# --- who sees what -----------------------------------------------------------------------------------------------


def test_a_member_of_a_project_reads_it_and_finds_nothing_to_change(cast: Cast, sign_in) -> None:
    add(cast, EPIPHANY)
    response = sign_in(cast.tim).get(page(cast))
    assert "Epiphany" in text_of(response)
    assert "<input" not in response.content.decode().partition("<main")[2].partition("</main>")[0]
    assert "Only owners and consultants of the organization can do this." in text_of(response)


def test_the_settings_of_a_project_lead_to_it(cast: Cast, sign_in) -> None:
    for who in ("mara", "tim"):
        assert f'href="{page(cast)}"' in sign_in(cast.people[who]).get("/projects/alder/settings/").content.decode()


def test_who_sets_the_dates_of_a_plan_is_led_to_recompute_it(cast: Cast, sign_in) -> None:
    link = 'href="/projects/alder/plan/recompute/"'
    shown = {who: link in sign_in(cast.people[who]).get(page(cast)).content.decode() for who in ("olga", "mara", "tim")}
    assert shown == {"olga": True, "mara": True, "tim": False}
    assert "Alder SMS" not in text_of(sign_in(cast.carl).get(page(cast)))


def test_the_other_clients_calendar_is_absent_and_its_holidays_reach_nobody(cast: Cast, sign_in) -> None:
    add_holidays(
        acting_user=None,
        organization=cast.birch,
        version=cast.birch.version,
        days=[NamedDay(EPIPHANY.day, f"Day of {CANARY}")],
    )
    for who in ("olga", "carl", "mara", "nina"):
        client = sign_in(cast.people[who])
        for path in (reverse("calendar", args=[cast.birch.slug]), reverse("calendar_propose", args=[cast.birch.slug])):
            assert client.get(path).status_code == 404
            assert client.post(path, {"do": "week", "version": "1", "working_days": "0"}).status_code == 404
    for path in (page(cast), f"{public(cast)}?country=AT&first=2027&last=2027"):
        assert CANARY not in sign_in(cast.olga).get(path).content.decode()
    assert CANARY in sign_in(cast.bruno).get(reverse("calendar", args=[cast.birch.slug])).content.decode()


def test_the_page_asks_the_database_as_often_for_many_holidays(
    cast: Cast, sign_in, django_assert_max_num_queries
) -> None:
    client = sign_in(cast.olga)
    counts = []
    for days in ([EPIPHANY], [NamedDay(date(2028, month, 3), "Day") for month in range(1, 13)]):
        add(cast, *days)
        client.get(page(cast))
        with django_assert_max_num_queries(15) as queries:
            client.get(page(cast))
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- what is changed ---------------------------------------------------------------------------------------------


def test_ticks_become_the_working_days(cast: Cast, sign_in) -> None:
    response = send(sign_in(cast.olga), cast, "week", working_days=["0", "1", "5"])
    assert (response.status_code, response["Location"]) == (302, page(cast))
    assert Organization.objects.get(pk=cast.alder.pk).working_days == [0, 1, 5]


def test_a_day_is_added_and_removed_again(cast: Cast, sign_in) -> None:
    client = sign_in(cast.carl)
    assert send(client, cast, "add", day="2027-01-06", name="Epiphany")["Location"] == f"{page(cast)}#y2027"
    assert holidays_of(cast.alder) == [EPIPHANY]
    assert send(client, cast, "remove", row="2027-01-06").status_code == 302
    assert holidays_of(cast.alder) == []


def test_a_pasted_list_is_read_with_spaces_commas_and_tabs(cast: Cast, sign_in) -> None:
    add(cast, EPIPHANY)
    lines = '2027-01-06 Epiphany\r\n\r\n2027-05-01;"Labour Day"\n2027-08-15\tAssumption, whole day\n'
    response = sign_in(cast.olga).post(
        page(cast), {"do": "paste", "version": version(cast), "lines": lines}, follow=True
    )
    assert "2 holidays are added. 1 was there already." in text_of(response)
    assert [one.name for one in holidays_of(cast.alder)] == ["Epiphany", "Labour Day", "Assumption, whole day"]


def test_public_holidays_are_proposed_and_only_the_ticked_ones_taken(cast: Cast, sign_in) -> None:
    client = sign_in(cast.olga)
    add(cast, EPIPHANY)
    shown = client.get(public(cast), {"country": "AT", "first": "2027", "last": "2027"}).content.decode()
    assert "National Day" in shown
    assert 'value="2027-01-06"' not in shown
    # 1 May 2027 is a Saturday: nobody loses a working day by it, so that it is offered without a tick.
    assert 'value="2027-05-01">' in shown
    assert 'value="2027-10-26" checked>' in shown
    response = client.post(
        public(cast),
        {
            "country": "AT",
            "region": "",
            "first": "2027",
            "last": "2027",
            "version": version(cast),
            "row": ["2027-10-26", "2027-12-08"],
        },
    )
    assert response["Location"] == page(cast)
    assert [str(one.day) for one in holidays_of(cast.alder)] == ["2027-01-06", "2027-10-26", "2027-12-08"]


def test_a_region_left_over_from_another_country_counts_as_none(cast: Cast, sign_in) -> None:
    response = sign_in(cast.olga).get(
        public(cast), {"country": "AT", "region": "DE-BY", "first": "2027", "last": "2027"}
    )
    assert response.status_code == 200
    assert "Epiphany" in response.content.decode()


# --- bad input ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("do", "values", "says"),
    [
        ("week", {}, "Tick at least one working day."),
        ("week", {"working_days": "7"}, "There is no such day of the week."),
        ("add", {"day": "2027-02-30", "name": "Kept"}, "2027-02-30"),
        ("add", {"day": "1999-01-01", "name": "Kept"}, "Give a day in the years 2000 to 2100."),
        ("add", {"day": "2027-03-01", "name": " "}, "Give the day a name"),
        ("add", {"day": "2027-01-06", "name": "Kept"}, "6 Jan 2027 is in the calendar already: Epiphany."),
        ("paste", {"lines": ""}, "Paste at least one line."),
        ("paste", {"lines": "2027-03-01 x\n2027-13-01 y"}, "There is no such day."),
        ("paste", {"lines": "2027-03-01 x\n01.05.2027 y"}, "Begin with the day as year, month and day"),
        ("paste", {"lines": "2027-03-01 x\n2027-03-01 y"}, "Line 1 gives this day too."),
        ("paste", {"lines": "2027-03-01"}, "The name is missing."),
        ("paste", {"lines": "2027-03-01 " + "x" * 81}, "80 characters at most"),
        ("paste", {"lines": "2027-01-06 Three Kings"}, "The calendar holds this day as “Epiphany”."),
        ("paste", {"lines": "\n".join(f"{n}" for n in range(501))}, "Paste 500 lines at most."),
        ("remove", {}, "Tick the days to remove."),
        ("remove", {"row": "2027-05-05"}, "One of these days is not in the calendar."),
    ],
)
def test_bad_input_is_answered_by_what_to_do_and_changes_nothing(
    cast: Cast, sign_in, do: str, values: dict[str, Any], says: str
) -> None:
    add(cast, EPIPHANY)
    before = Event.objects.count()
    response = send(sign_in(cast.olga), cast, do, **values)
    assert response.status_code == 422
    assert says in response.content.decode()
    for value in values.values():
        assert do in ("week", "remove") or str(value).strip() in response.content.decode()
    assert Event.objects.count() == before
    assert holidays_of(cast.alder) == [EPIPHANY]


def test_every_bad_line_of_a_list_is_named_at_once(cast: Cast, sign_in) -> None:
    response = send(sign_in(cast.olga), cast, "paste", lines="x\n2027-05-01 Labour Day\n2027-02-30 y\n<b>z</b>")
    body = response.content.decode()
    assert [number in body for number in ("Line 1", "Line 2", "Line 3", "Line 4")] == [True, False, True, True]
    assert "<b>z</b>" not in body


@pytest.mark.parametrize(
    "values",
    [
        {"do": "nothing"},
        {},
        {"do": ["week", "add"]},
        {"do": "add", "day": ["2027-01-01", "2027-01-02"], "name": "x"},
        {"do": "remove", "row": "tomorrow"},
        {"do": "remove", "row": ""},
    ],
)
def test_what_no_form_of_the_page_sends_is_a_bad_request(cast: Cast, sign_in, values: dict[str, Any]) -> None:
    response = sign_in(cast.olga).post(page(cast), {"version": version(cast), **values})
    assert response.status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        "country=ZZ",
        "country=de",
        "country=DE&region=ZZ-BY",
        "country=DE&region=DE-XX",
        "country=DE&first=x",
        "country=DE&country=AT",
        "other=1",
    ],
)
def test_a_query_that_no_page_writes_is_a_bad_request(cast: Cast, sign_in, query: str) -> None:
    client = sign_in(cast.olga)
    assert client.get(f"{public(cast)}?{query}").status_code == 400
    assert client.get(f"{page(cast)}?{query}").status_code == 400


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [
        ("1999", "2001", "Give years from 2000 to 2100."),
        ("2027", "2026", "The last year lies before the first."),
        ("2020", "2030", "Ask for 10 years at most at once."),
    ],
)
def test_years_that_cannot_be_asked_for_are_answered_on_the_page(
    cast: Cast, sign_in, first: str, last: str, says: str
) -> None:
    client = sign_in(cast.olga)
    response = client.get(public(cast), {"country": "AT", "first": first, "last": last})
    assert response.status_code == 400
    assert says in response.content.decode()
    assert f'value="{first}"' in response.content.decode()
    assert (
        client.post(
            public(cast), {"country": "AT", "first": first, "last": last, "region": "", "version": version(cast)}
        ).status_code
        == 400
    )


def test_only_proposed_days_are_taken_and_one_at_least(cast: Cast, sign_in) -> None:
    client = sign_in(cast.olga)
    asked = {"country": "AT", "region": "", "first": "2027", "last": "2027"}
    sent = client.post(public(cast), {**asked, "version": version(cast), "row": "2027-02-02"})
    none = client.post(public(cast), {**asked, "version": version(cast)})
    assert (sent.status_code, none.status_code) == (400, 422)
    assert "Choose at least one day." in none.content.decode()
    assert not Holiday.objects.exists()


def test_a_form_without_its_version_is_refused(cast: Cast, sign_in) -> None:
    client = sign_in(cast.olga)
    assert client.post(page(cast), {"do": "week", "working_days": "0"}).status_code == 428
    assert client.post(public(cast), {"country": "AT", "row": "2027-10-26"}).status_code == 428


@pytest.mark.parametrize(
    ("do", "values", "texts"),
    [
        ("week", {"working_days": ["0", "1"]}, ("Monday, Tuesday, Wednesday", "Monday, Tuesday<")),
        ("add", {"day": "2027-01-06", "name": "Three Kings"}, ("6 Jan 2027 Epiphany", "6 Jan 2027 Three Kings")),
        ("paste", {"lines": "2027-05-01 Labour Day\n2027-08-15 Assumption"}, ("none", "1 May 2027 Labour Day")),
        ("remove", {"row": "2027-01-06"}, ("6 Jan 2027 Epiphany", "6 Jan 2027")),
    ],
)
def test_a_form_filled_before_somebody_elses_change_shows_both_and_saves_nothing(
    cast: Cast, sign_in, do: str, values: dict[str, Any], texts: tuple[str, str]
) -> None:
    old = version(cast)
    add(cast, EPIPHANY)
    before = Event.objects.count()
    response = sign_in(cast.olga).post(page(cast), {"do": do, "version": old, **values})
    body = response.content.decode()
    assert response.status_code == 409
    for text in texts:
        assert text in body
    assert f'name="version" value="{version(cast)}"' in body
    for value in values.values():
        for one in value if isinstance(value, list) else [value]:
            assert f'value="{one}"' in body
    assert Event.objects.count() == before


def test_ticks_on_public_holidays_survive_somebody_elses_change(cast: Cast, sign_in) -> None:
    old = version(cast)
    add(cast, EPIPHANY)
    asked = {"country": "AT", "region": "", "first": "2027", "last": "2027", "row": ["2027-10-26", "2027-12-08"]}
    client = sign_in(cast.olga)
    response = client.post(public(cast), {**asked, "version": old})
    assert response.status_code == 409
    assert 'name="row" value="2027-12-08"' in response.content.decode()
    assert client.post(public(cast), {**asked, "version": version(cast)}).status_code == 302
    assert len(holidays_of(cast.alder)) == 3
