"""The communication and training plan: what is due, what was done, and whether it arrived."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audittrail.models import Event
from audittrail.sentences import sentence
from common import clock
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from documents.domain.months import day_after_months, months_to
from documents.models import CommunicationLine
from documents.registers_library import model_lines
from documents.selectors.communication import plan_of
from documents.services.communication import (
    LineFacts,
    add_line,
    change_line,
    check_effect,
    do_line,
    settle_line,
    take_lines,
)
from phases.models import Phase
from tests.cast import Cast
from tests.documents.conftest import soon

PAGE = "/projects/alder/documents/communication/"
FACTS = LineFacts("All staff", "Why we do it", check_how="Five people, asked a week later")


def add(cast: Cast, **values) -> CommunicationLine:
    facts = LineFacts(**{"audience": "All staff", "message": "Why we do it", **values})
    return add_line(acting_user=cast.tim, project=cast.project, facts=facts)


def do(cast: Cast, row: CommunicationLine, days_ago: int = 0, **values) -> CommunicationLine:
    return do_line(
        **{
            "acting_user": cast.tim,
            "project": cast.project,
            "key": row.key,
            "version": row.version,
            "done_on": clock.today("UTC") - timedelta(days=days_ago),
            "note": "31 of 36 were there.",
            **values,
        }
    )


def said(cast: Cast) -> str:
    return sentence(Event.objects.filter(stream_id=cast.project.uuid).latest("seq")).text


@given(day=st.dates(date(2020, 1, 1), date(2030, 12, 31)), step=st.integers(1, 36), later=st.integers(0, 2000))
def test_what_comes_again_comes_on_the_first_day_behind_today(day: date, step: int, later: int) -> None:
    after = day + timedelta(days=later)
    found = day_after_months(day, step, after)
    assert found > after
    assert ((found.year - day.year) * 12 + found.month - day.month) % step == 0
    assert found - after <= timedelta(days=31 * step + 1)


def test_a_day_that_a_month_lacks_is_its_last() -> None:
    assert day_after_months(date(2026, 1, 31), 1, date(2026, 1, 31)) == date(2026, 2, 28)
    assert months_to(date(2026, 2, 1), 3) == [date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]


@pytest.mark.django_db
def test_our_list_is_taken_over_with_days_of_the_phases_and_who_holds_the_role(cast: Cast) -> None:
    assert take_lines(acting_user=cast.mara, project=cast.project) == len(model_lines())
    assert said(cast).startswith(f"Mara Moss took {len(model_lines())} lines of the communication and training plan")
    first = Phase.objects.get(project=cast.project, number=1)
    rows = {row.model_key: row for row in CommunicationLine.objects.filter(project=cast.project)}
    assert rows["why-we-do-it"].due == first.end
    assert rows["progress-board"].due == day_after_months(first.start, 1, first.start)
    assert {each.key for each in model_lines() if each.on_event} == {
        key for key, row in rows.items() if row.due is None
    }
    assert take_lines(acting_user=cast.mara, project=cast.project) == 0
    with pytest.raises(NotPermitted):
        take_lines(acting_user=cast.tim, project=cast.project)


@pytest.mark.django_db
def test_what_is_overdue_comes_first_and_what_has_no_day_last(cast: Cast) -> None:
    today = clock.today("UTC")
    for message, due in (("none", None), ("far", soon(90)), ("late", today - timedelta(days=3)), ("near", soon(9))):
        add(cast, message=message, due=due)
    plan = plan_of(cast.project)
    assert [line.row.message for line in plan.lines] == ["late", "near", "far", "none"]
    assert [(line.row.message, line.days_late) for line in plan.due] == [("late", 3), ("near", 0)]


@pytest.mark.django_db
def test_what_was_done_waits_for_a_look_and_then_says_whether_it_arrived(cast: Cast) -> None:
    row = do(cast, add(cast), days_ago=40)
    assert (row.state, row.check_on) == ("done", row.done_on + timedelta(days=28))
    assert [line.row.key for line in plan_of(cast.project).to_check] == [row.key]
    with pytest.raises(RuleBroken, match="Say what you saw"):
        check_effect(
            acting_user=cast.petra, project=cast.project, key=row.key, version=row.version, effect="yes", note=""
        )
    row = check_effect(
        acting_user=cast.petra, project=cast.project, key=row.key, version=row.version, effect="partly", note="3 of 5"
    )
    assert said(cast) == "Petra Pohl checked the effect of C-001 Why we do it: Partly"
    plan = plan_of(cast.project)
    assert (plan.to_check, [line.row.key for line in plan.not_arrived]) == ([], [row.key])


@pytest.mark.django_db
def test_what_comes_again_stays_planned_for_the_next_time(cast: Cast) -> None:
    today = clock.today("UTC")
    row = do(cast, add(cast, every_months=1, due=today))
    assert (row.state, row.done_on, row.due) == ("planned", today, day_after_months(today, 1, today))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"done_on": None}, "done_on"),
        ({"done_on": soon(1)}, "done_on"),
        ({"note": " "}, "note"),
        ({"check_on": date(2020, 1, 1)}, "check_on"),
    ],
)
def test_doing_it_needs_a_day_gone_by_and_a_word(cast: Cast, values: dict, field: str) -> None:
    with pytest.raises(RuleBroken) as caught:
        do(cast, add(cast), **values)
    assert caught.value.field == field


@pytest.mark.django_db
def test_a_line_is_dropped_with_a_reason_and_a_stale_change_refused(cast: Cast) -> None:
    row = add(cast)
    with pytest.raises(RuleBroken):
        settle_line(acting_user=cast.tim, project=cast.project, key=row.key, version=1, state="dropped")
    settle_line(acting_user=cast.tim, project=cast.project, key=row.key, version=1, state="dropped", why="Done by mail")
    with pytest.raises(StaleWrite):
        change_line(acting_user=cast.tim, project=cast.project, key=row.key, version=1, facts=FACTS)
    with pytest.raises(RuleBroken, match="dropped"):
        do(cast, CommunicationLine.objects.get(pk=row.pk))
    with pytest.raises(NotPermitted):
        add_line(acting_user=cast.audra, project=cast.project, facts=FACTS)


@pytest.mark.django_db
def test_the_pages_lead_from_our_list_to_a_checked_effect(cast: Cast, sign_in, django_assert_max_num_queries) -> None:
    client = sign_in(cast.mara)
    assert b"Take our list over" in client.get(PAGE).content
    client.post(f"{PAGE}take/")
    with django_assert_max_num_queries(15):
        assert f"{len(model_lines())} lines" in client.get(PAGE).content.decode()
    form = {"kind": "message", "phase_number": "1", "audience": "Night team", "message": ""}
    refused = client.post(f"{PAGE}new/", form)
    assert (refused.status_code, b"Night team" in refused.content) == (422, True)
    address = client.post(f"{PAGE}new/", {**form, "message": "Whom to wake"})["Location"]
    done = {"version": 1, "done_on": "2026-01-05", "note": "All six were there", "check_on": "2026-01-06"}
    assert client.post(f"{address}done/", {**done, "note": ""}).status_code == 422
    assert (
        client.post(f"{address}done/", {**done, "done_on": str(clock.today("UTC")), "check_on": ""}).status_code == 302
    )
    assert client.post(f"{address}done/", {**done, "version": 1}).status_code in (409, 422)
    assert client.post(f"{address}check/", {"version": 2, "effect": "yes", "note": "No wrong call"}).status_code == 302
    assert b"No wrong call" in client.get(address).content
    changed = {**form, "message": "Whom to wake at night", "version": 3}
    assert client.post(address, changed).status_code == 302
    stale = client.post(address, {**changed, "message": "Other words"})
    assert (stale.status_code, b"Other words" in stale.content) == (409, True)
    text = client.get(f"{PAGE}export/?q=wake&format=csv").content.decode()
    assert "Whom to wake at night" in text.splitlines()[1]
    assert client.get(f"{PAGE}?phase=9").status_code == 400
