"""Numbers that charts share."""

from hypothesis import given
from hypothesis import strategies as st

from common.charts import heat_level, percent, positions
from common.charts.scale import number

counts = st.integers(min_value=0, max_value=500)


def test_it_rounds_half_up() -> None:
    assert [percent(part, 200) for part in (1, 3, 85)] == [1, 2, 43]


def test_only_everything_is_a_hundred_and_only_nothing_is_zero() -> None:
    assert percent(999, 1000) == 99
    assert percent(1, 1000) == 1
    assert percent(1000, 1000) == 100
    assert percent(0, 1000) == 0


def test_nothing_of_nothing_is_zero_and_has_no_heat() -> None:
    assert percent(0, 0) == 0
    assert heat_level(0, 0) is None


def test_the_heat_scale_has_the_steps_of_its_legend() -> None:
    assert [heat_level(part, 100) for part in (0, 1, 24, 25, 49, 50, 74, 75, 99, 100)] == [0, 1, 1, 2, 2, 3, 3, 4, 4, 5]


@given(part=counts, total=counts)
def test_a_percentage_stays_within_its_ends(part: int, total: int) -> None:
    assert 0 <= percent(part, total) <= 100


@given(total=st.integers(min_value=1, max_value=500), parts=st.tuples(counts, counts))
def test_more_done_is_never_shown_as_less(total: int, parts: tuple[int, int]) -> None:
    low, high = sorted(parts)
    assert percent(low, total) <= percent(high, total)
    assert (heat_level(low, total) or 0) <= (heat_level(high, total) or 0)


@given(values=st.lists(counts, min_size=1, max_size=6), spare=counts)
def test_segments_meet_and_add_up_to_their_share(values: list[int], spare: int) -> None:
    total = sum(values) + spare
    spans = positions(values, total)
    end = 0.0
    for start, length in spans:
        assert abs(start - end) < 0.011
        assert length >= 0
        end = start + length
    expected = 100 * sum(values) / total if total else 0.0
    assert abs(end - expected) < 0.011


@given(values=st.lists(counts, min_size=1, max_size=6))
def test_a_total_that_is_too_small_never_pushes_a_bar_over_its_place(values: list[int]) -> None:
    assert all(start + length <= 100.001 for start, length in positions(values, 1))


def test_coordinates_carry_no_needless_zeros() -> None:
    assert [number(value) for value in (50.0, 12.5, 33.333, 0.0)] == ["50", "12.5", "33.33", "0"]
