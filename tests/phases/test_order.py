"""Links between activities and the order of components."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phases.domain.order import component_steps, path_between, sorted_by_links

links_strategy = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=40)


def test_a_way_is_found_and_is_the_shortest() -> None:
    assert path_between([(1, 2), (2, 3), (3, 4), (2, 4)], 1, 4) == [1, 2, 4]
    assert path_between([(1, 2)], 2, 1) == []
    assert path_between([], 5, 5) == [5]


def test_what_waits_comes_after_and_the_rest_keeps_its_order() -> None:
    assert sorted_by_links([1, 2, 3, 4], [(4, 1), (9, 2)]) == [2, 3, 4, 1]


def test_a_circle_is_refused() -> None:
    with pytest.raises(ValueError, match="cycle"):
        sorted_by_links([1, 2, 3], [(1, 2), (2, 3), (3, 1)])


def test_components_of_one_chain_share_its_length() -> None:
    order = (("SL", "SR"), ("CF", "RE"), ("CH", "RE"), ("RE", "NC"))
    assert component_steps(order) == {
        "SL": (0, 2),
        "SR": (1, 2),
        "CF": (0, 3),
        "CH": (0, 3),
        "RE": (1, 3),
        "NC": (2, 3),
    }


def test_components_that_wait_for_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="cycle"):
        component_steps((("A", "B"), ("B", "A")))


@given(links_strategy)
def test_sorting_works_exactly_where_no_link_leads_back(links: list[tuple[int, int]]) -> None:
    keys = list(range(13))
    has_circle = any(path_between(links, after, before) for before, after in links)
    if has_circle:
        with pytest.raises(ValueError, match="cycle"):
            sorted_by_links(keys, links)
        return
    found = sorted_by_links(keys, links)
    assert sorted(found) == keys
    for before, after in links:
        assert found.index(before) < found.index(after)
