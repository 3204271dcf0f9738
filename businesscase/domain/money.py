"""Money is `Decimal` with two places. Halves are rounded away from zero, as spreadsheets do."""

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from typing import TypeVar

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
# What is stored has twelve digits before the point; sums over lines and months have room for more.
LARGEST = Decimal("999999999999.99")
PRECISION = 50

K = TypeVar("K")


_EXACT = Context(prec=PRECISION, rounding=ROUND_HALF_UP)


def exact() -> Context:
    """A context with room for sums, products and discounting over ten years of the largest amounts.

    It is there to be copied (`localcontext` does), not to be changed.
    """
    return _EXACT


def cents(amount: Decimal) -> Decimal:
    """`amount` rounded to two places."""
    return amount.quantize(CENT, ROUND_HALF_UP, _EXACT)


def total(amounts: Iterable[Decimal]) -> Decimal:
    """The sum of `amounts`, with two places where there are none."""
    with localcontext(exact()):
        return sum(amounts, ZERO)


def add_to(sums: dict[K, Decimal], more: Mapping[K, Decimal]) -> None:
    """Add each amount of `more` to what stands under its key."""
    with localcontext(exact()):
        for key, amount in more.items():
            sums[key] = sums.get(key, ZERO) + amount
