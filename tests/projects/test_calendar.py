"""The calendar of an organization: what may be changed, by whom, and what the trail says of it."""

from datetime import date
from typing import Any

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from audittrail.models import Event
from audittrail.sentences import sentence
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from projects.calendars import NamedDay, countries, public_holidays, regions
from projects.models import Holiday, Organization
from projects.selectors.calendar import days_to_work, holiday_years, holidays_of, plans_of
from projects.services.calendar import MOST_HOLIDAYS, add_holidays, remove_holidays, set_working_days
from tests.cast import Cast

EPIPHANY = NamedDay(date(2027, 1, 6), "Epiphany")
LABOUR = NamedDay(date(2027, 5, 1), "Labour Day")


def version(cast: Cast) -> int:
    return Organization.objects.get(pk=cast.alder.pk).version


def add(cast: Cast, *days: NamedDay, who: str = "olga", **changes: Any) -> list[Holiday]:
    values = {"version": version(cast), **changes}
    return add_holidays(acting_user=cast.people[who], organization=cast.alder, days=days, **values)


def week(cast: Cast, *days: int, who: str = "olga", **changes: Any) -> bool:
    values = {"version": version(cast), **changes}
    return set_working_days(acting_user=cast.people[who], organization=cast.alder, days=days, **values)


def remove(cast: Cast, *days: date, who: str = "olga", **changes: Any) -> list[NamedDay]:
    values = {"version": version(cast), **changes}
    return remove_holidays(acting_user=cast.people[who], organization=cast.alder, days=days, **values)


def events(cast: Cast) -> list[Event]:
    return list(Event.objects.filter(stream_id=cast.alder.uuid, kind="calendar").order_by("seq"))


# --- working days ------------------------------------------------------------------------------------------------


def test_the_days_of_the_week_are_kept_in_order_and_told(cast: Cast) -> None:
    assert week(cast, 6, 0, 1, 2, 3)
    assert Organization.objects.get(pk=cast.alder.pk).working_days == [0, 1, 2, 3, 6]
    (event,) = events(cast)
    assert sentence(event).text == (
        "Olga Alder set the working days of Alder IT to Monday, Tuesday, Wednesday, Thursday, Sunday "
        "(were Monday, Tuesday, Wednesday, Thursday, Friday)"
    )


def test_the_trail_keeps_english_names_whatever_the_page_speaks(cast: Cast) -> None:
    with translation.override("de"):
        week(cast, 0)
    assert events(cast)[0].content["changes"]["working days"][1] == ["Monday"]


def test_the_same_days_again_write_nothing(cast: Cast) -> None:
    before = version(cast)
    assert not week(cast, 4, 3, 2, 1, 0)
    assert (version(cast), events(cast)) == (before, [])


@pytest.mark.parametrize("days", [(), (7,), (-1, 0)])
def test_a_week_has_one_working_day_at_least_and_seven_at_most(cast: Cast, days: tuple[int, ...]) -> None:
    with pytest.raises(RuleBroken) as caught:
        week(cast, *days)
    assert caught.value.field == "working_days"
    assert events(cast) == []


# --- holidays ----------------------------------------------------------------------------------------------------


def test_a_holiday_is_added_and_told(cast: Cast) -> None:
    add(cast, NamedDay(EPIPHANY.day, "  Epiphany \n"))
    assert holidays_of(cast.alder) == [EPIPHANY]
    assert sentence(events(cast)[0]).text == ("Olga Alder added 6 Jan 2027 (Epiphany) to the holidays of Alder IT")


def test_many_holidays_are_one_event_that_says_how_many(cast: Cast) -> None:
    add(cast, *public_holidays("AT", "", [2027]))
    (event,) = events(cast)
    count = len(holidays_of(cast.alder))
    assert sentence(event).text == (
        f"Olga Alder added {count} days from 1 Jan 2027 to 26 Dec 2027 to the holidays of Alder IT"
    )


def test_a_removed_holiday_is_a_day_like_others_and_told(cast: Cast) -> None:
    add(cast, EPIPHANY, LABOUR)
    assert remove(cast, EPIPHANY.day) == [EPIPHANY]
    assert holidays_of(cast.alder) == [LABOUR]
    assert sentence(events(cast)[1]).text == ("Olga Alder took 6 Jan 2027 (Epiphany) out of the holidays of Alder IT")


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ((), "day"),
        ((NamedDay(date(1999, 12, 31), "Too early"),), "day"),
        ((NamedDay(date(2101, 1, 1), "Too late"),), "day"),
        ((NamedDay(date(2027, 1, 7), " "),), "name"),
        ((NamedDay(date(2027, 1, 7), "x" * 81),), "name"),
        ((NamedDay(date(2027, 1, 7), "a"), NamedDay(date(2027, 1, 7), "b")), "day"),
        ((NamedDay(date(2027, 1, 7), "new"), NamedDay(EPIPHANY.day, "there already")), "day"),
    ],
)
def test_a_list_with_one_bad_day_adds_none(cast: Cast, days: tuple[NamedDay, ...], field: str) -> None:
    add(cast, EPIPHANY)
    with pytest.raises(RuleBroken) as caught:
        add(cast, *days)
    assert caught.value.field == field
    assert holidays_of(cast.alder) == [EPIPHANY]
    assert len(events(cast)) == 1


def test_a_calendar_holds_so_many_days_and_no_more(cast: Cast) -> None:
    full = [NamedDay(date.fromordinal(date(2027, 1, 1).toordinal() + n), "Day") for n in range(MOST_HOLIDAYS)]
    add(cast, *full)
    with pytest.raises(RuleBroken, match="401 holidays; 400 are the most"):
        add(cast, NamedDay(date(2030, 1, 1), "One more"))


def test_removing_a_day_that_is_no_holiday_removes_none(cast: Cast) -> None:
    add(cast, EPIPHANY)
    for days in ((), (EPIPHANY.day, LABOUR.day)):
        with pytest.raises(RuleBroken):
            remove(cast, *days)
    assert holidays_of(cast.alder) == [EPIPHANY]


# --- who, and when somebody else was faster ------------------------------------------------------------------------


@pytest.mark.parametrize("act", [lambda c, **k: add(c, EPIPHANY, **k), lambda c, **k: week(c, 0, **k)])
def test_only_owners_and_consultants_of_the_organization_change_it(cast: Cast, act: Any) -> None:
    for who in ("mara", "audra", "bruno", "nina"):
        with pytest.raises(NotPermitted):
            act(cast, who=who)
    assert (holidays_of(cast.alder), events(cast)) == ([], [])
    act(cast, who="carl")
    assert len(events(cast)) == 1


def test_every_act_refuses_a_stale_version_with_both_texts(cast: Cast) -> None:
    old = version(cast)
    add(cast, EPIPHANY)
    with pytest.raises(StaleWrite) as caught:
        week(cast, 0, 1, version=old)
    assert caught.value.sent == {"Working days": "Monday, Tuesday"}
    assert caught.value.current == {"Working days": "Monday, Tuesday, Wednesday, Thursday, Friday"}
    with pytest.raises(StaleWrite) as caught:
        add(cast, NamedDay(EPIPHANY.day, "Three Kings"), version=old)
    assert caught.value.current == {"Holidays": "6 Jan 2027 Epiphany"}
    assert caught.value.sent == {"Holidays": "6 Jan 2027 Three Kings"}
    with pytest.raises(StaleWrite):
        remove(cast, EPIPHANY.day, version=old)
    assert (holidays_of(cast.alder), len(events(cast))) == ([EPIPHANY], 1)


def test_each_organization_has_holidays_of_its_own(cast: Cast) -> None:
    add_holidays(acting_user=None, organization=cast.birch, version=cast.birch.version, days=[EPIPHANY])
    assert holidays_of(cast.alder) == []
    add(cast, EPIPHANY)
    with pytest.raises(RuleBroken):
        remove(cast, LABOUR.day)
    remove(cast, EPIPHANY.day)
    assert holidays_of(cast.birch) == [EPIPHANY]


# --- what the page counts ----------------------------------------------------------------------------------------


@given(
    st.integers(2000, 2100),
    st.frozensets(st.integers(0, 6)),
    st.frozensets(st.dates(date(2000, 1, 1), date(2100, 12, 31)), max_size=20),
)
def test_the_days_to_work_are_those_one_counts_on_ones_fingers(
    year: int, days: frozenset[int], holidays: frozenset[date]
) -> None:
    every = [date.fromordinal(n) for n in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)]
    assert days_to_work(year, days, holidays) == sum(day.weekday() in days and day not in holidays for day in every)


def test_a_year_lists_its_holidays_and_this_year_is_there_anyway() -> None:
    this, next_ = holiday_years([EPIPHANY, LABOUR], [0, 1, 2, 3, 4], this_year=2026)
    assert (this.year, this.lines, this.working_days) == (2026, (), 261)
    # 1 May 2027 is a Saturday.
    assert [(line.name, line.counts) for line in next_.lines] == [("Epiphany", True), ("Labour Day", False)]
    assert next_.working_days == 260


def test_it_names_the_projects_somebody_sees_and_whose_dates_they_set(cast: Cast) -> None:
    def seen(who: str) -> list[tuple[str, bool]]:
        return [(plan.slug, plan.may_recompute) for plan in plans_of(cast.people[who], cast.alder)]

    assert seen("olga") == seen("mara") == [("alder", True)]
    assert seen("tim") == [("alder", False)]
    assert seen("carl") == seen("bruno") == []


# --- the library -------------------------------------------------------------------------------------------------


def test_public_holidays_come_by_country_and_region_in_english_and_in_order() -> None:
    bavaria = public_holidays("DE", "BY", [2028, 2027])
    assert bavaria == sorted(bavaria)
    assert NamedDay(date(2027, 1, 6), "Epiphany") in bavaria
    assert not any(one.day == date(2027, 1, 6) for one in public_holidays("DE", "", [2027]))
    assert {one.day.year for one in bavaria} == {2027, 2028}


def test_countries_and_regions_have_names_in_order() -> None:
    assert countries()["AT"] == "Austria"
    assert countries()["TR"] == "Türkiye"
    names = list(countries().values())
    assert names.index("Côte d’Ivoire") < names.index("Croatia")
    assert regions("DE")["BY"]
    with pytest.raises(KeyError):
        regions("XX")
    with pytest.raises(KeyError):
        public_holidays("DE", "XX", [2027])
