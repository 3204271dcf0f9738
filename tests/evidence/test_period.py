"""The period under audit: set, explained, and what is older than it."""

from datetime import date, timedelta

import pytest

from common import clock
from common.exceptions import NotPermitted, RuleBroken, StaleWrite
from evidence.selectors.listing import RegisterQuery, filtered
from evidence.selectors.panels import wrong_in
from evidence.services.period import set_audit_period
from projects.permissions import access_to
from tests.cast import Cast
from tests.evidence.conftest import PDF, add

pytestmark = pytest.mark.django_db

WRONG, PERIOD = "/projects/alder/evidence/wrong/", "/projects/alder/evidence/period/"
BEGINS = date(2026, 1, 1)


def begin(cast: Cast, day: date | None = BEGINS, who: str = "mara", version: int = 1) -> None:
    set_audit_period(acting_user=cast.people[who], project=cast.project, version=version, begins=day)


def test_what_covers_or_was_collected_before_it_is_older(cast: Cast) -> None:
    access = access_to(cast.project, cast.mara)
    old = add(cast, collected_on=BEGINS - timedelta(days=1))
    add(cast, PDF + b"%1", collected_on=BEGINS)
    covers = {"covers_from": date(2025, 11, 1), "covers_until": date(2025, 11, 30)}
    late = add(cast, PDF + b"%2", collected_on=BEGINS, **covers)
    add(cast, PDF + b"%3", covers_from=date(2025, 12, 1), covers_until=BEGINS)
    assert wrong_in(cast.project, access).older == 0
    begin(cast)
    assert wrong_in(cast.project, access).older == 2
    assert {item.key for item in filtered(cast.project, access, RegisterQuery(older=True))} == {old.key, late.key}


def test_managers_set_it_with_a_day_that_can_be_one(cast: Cast) -> None:
    with pytest.raises(NotPermitted):
        begin(cast, who="tim")
    with pytest.raises(RuleBroken, match="lies ahead"):
        begin(cast, clock.today(cast.project.time_zone) + timedelta(days=1))
    with pytest.raises(RuleBroken, match="ten years"):
        begin(cast, date(2001, 1, 1))
    begin(cast)
    with pytest.raises(StaleWrite):
        begin(cast, BEGINS - timedelta(days=1), version=1)


def test_the_page_sets_it_and_the_wrong_page_says_it(cast: Cast, sign_in) -> None:
    client = sign_in(cast.mara)
    assert "Set the period" in client.get(WRONG).content.decode()
    assert client.post(PERIOD, {"audit_from": "2026-01-01", "version": "1"}).url == WRONG
    assert "The period under audit begins on 1 Jan 2026." in client.get(WRONG).content.decode()
    assert "Change it" not in sign_in(cast.audra).get(WRONG).content.decode()
    assert client.post(PERIOD, {"audit_from": "2999-01-01", "version": "2"}).status_code == 422
    assert client.post(PERIOD, {"audit_from": "2026-02-01", "version": "1"}).status_code == 409
    assert client.post(PERIOD, {"audit_from": "", "version": "2"}).status_code == 302
    assert "nothing is called too old" in client.get(WRONG).content.decode()
