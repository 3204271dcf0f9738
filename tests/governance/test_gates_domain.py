"""The arithmetic of criteria."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from governance.domain.criteria import all_verified, others_done, part_of, rows_from, sample_verified

ROWS = rows_from(
    [
        ("CH", True, "verified", 2),
        ("CH", True, "done", 1),
        ("CH", False, "verified", 1),
        ("CH", False, "done", 3),
        ("CH", False, "blocked", 1),
        ("IN", False, "verified", 4),
        ("IN", False, "not applicable", 9),
    ]
)


def test_every_key_row_is_wanted() -> None:
    found = all_verified(ROWS)
    assert (found.value, found.wanted, found.met) == (2, 3, False)
    assert round(found.share, 3) == 0.667


def test_others_count_when_done_and_what_does_not_apply_is_left_out() -> None:
    found = others_done(ROWS, Decimal(85))
    assert (found.value, found.total, found.wanted, found.met) == (8, 9, 8, True)


def test_a_package_with_more_than_enough_does_not_make_up_for_another() -> None:
    found, lacking = sample_verified(ROWS, Decimal(40))
    # CH: 2 of 5 wanted, 1 there; IN: 2 of 4 wanted, 4 there.
    assert (found.value, found.wanted, lacking) == (3, 4, ["CH"])


def test_of_nothing_nothing_is_wanted() -> None:
    nothing = rows_from([])
    assert all_verified(nothing).met
    assert sample_verified(nothing, Decimal(20))[0].met
    assert all_verified(nothing).share == 1.0


@given(total=st.integers(0, 500), percent=st.integers(0, 100))
def test_a_part_is_the_least_whole_number_that_reaches_the_percentage(total: int, percent: int) -> None:
    wanted = part_of(total, Decimal(percent))
    assert 0 <= wanted <= total
    assert wanted * 100 >= total * percent
    assert wanted == 0 or (wanted - 1) * 100 < total * percent
