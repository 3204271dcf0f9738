"""When a finding is late, what it lacks, and who may look at its effect."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audits.domain.correcting import CHECK_AFTER, bars, check_from, lacks, rises

DAYS = st.integers(0, 400).map(lambda days: date(2026, 1, 1) + timedelta(days))


@pytest.mark.parametrize(
    ("grade", "late", "is_told"),
    [
        ("major", 0, False),
        ("major", 1, True),
        ("minor", 14, False),
        ("minor", 15, True),
        ("observation", 400, False),
        ("opportunity", 400, False),
    ],
)
def test_late_nonconformities_rise_to_the_committee(grade: str, late: int, is_told: bool) -> None:
    assert rises(grade, late) is is_told


@given(st.lists(DAYS, max_size=5), st.none() | DAYS)
def test_an_effect_is_looked_at_on_the_day_that_was_set_or_a_while_after_the_last_action(
    done: list[date], fixed: date | None
) -> None:
    first = check_from(done, fixed)
    if fixed is not None:
        assert first == fixed
    elif not done:
        assert first is None
    else:
        assert first is not None
        assert all(first >= day + timedelta(days=CHECK_AFTER) for day in done)
        assert first - timedelta(days=CHECK_AFTER) in done


def test_what_a_nonconformity_lacks_is_named_in_the_order_in_which_it_is_done() -> None:
    assert lacks("minor", cause=" ", steps=["dropped"]) == ("cause", "action")
    assert lacks("major", cause="Haste", steps=["done", "open"]) == ("open",)
    assert lacks("major", cause="Haste", steps=["done", "dropped"]) == ()
    assert lacks("observation", cause="", steps=["open"]) == ()


def test_neither_owner_nor_doer_looks_at_the_effect() -> None:
    assert bars(1, owners={1}, doers=set()) == "owner"
    assert bars(1, owners={1}, doers={1}) == "doer"
    assert bars(2, owners={1}, doers={1}) == ""
    assert bars(None, owners={1}, doers={1}) == ""
