"""The quick way to tell internal rates apart finds what Sturm's theorem finds."""

from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from businesscase.domain import irr

LOW, HIGH = irr._x_of(irr.LOWEST), irr._x_of(irr.HIGHEST)
LOW, HIGH = min(LOW, HIGH), max(LOW, HIGH)
NEAR = Fraction(1, 1 << 60)


def product(*factors: Sequence[int]) -> list[int]:
    """The product of polynomials, lowest power first."""
    found = [1]
    for factor in factors:
        found = [
            sum(found[at - step] * each for step, each in enumerate(factor) if 0 <= at - step < len(found))
            for at in range(len(found) + len(factor) - 1)
        ]
    return found


def check_same(poly: list[int]) -> None:
    """Both ways, root by root."""
    poly = irr._trimmed(poly)
    if len(poly) < 2:
        return
    found, slow = sorted(irr._all(poly, LOW, HIGH)), sorted(irr._by_sturm(poly, LOW, HIGH))
    assert len(found) == len(slow)
    assert all(abs(one - other) < NEAR for one, other in zip(found, slow, strict=True))


@given(st.lists(st.integers(-(10**8), 10**8), min_size=2, max_size=40).filter(any))
@example([-100, 230, -132])
@example([1, -2, 1])
@settings(max_examples=60, deadline=None)
def test_any_flow(poly: list[int]) -> None:
    check_same(poly)


@given(st.lists(st.integers(57, 146), min_size=1, max_size=6), st.lists(st.integers(-9, 9), min_size=1, max_size=4))
@settings(max_examples=60, deadline=None)
def test_roots_that_are_known(roots: list[int], rest: list[int]) -> None:
    """Roots at given hundredths, some of them double: each is found once."""
    poly = product(*([-root, 100] for root in roots), rest if any(rest) else [1])
    check_same(poly)
    found = irr._all(irr._trimmed(poly), LOW, HIGH)
    for root in set(roots):
        assert sum(abs(each - Fraction(root, 100)) < NEAR for each in found) == 1


@pytest.mark.parametrize("months", [84, 120])
def test_a_case_with_a_dear_month_each_year_is_told_apart_quickly(months: int) -> None:
    """Audits that cost more than their month brings change the sign twice a year; Sturm is never asked."""
    net = [-9_000_00 if at < 30 or at % 12 == 7 else 14_321_07 for at in range(months)]
    poly = irr._trimmed(net)
    found = irr._quick(poly, LOW, HIGH)
    assert found is not None
    assert len(found) == 1
