"""Internal rates of return: all of them, and found without guessing where to look.

With x = 1 / (1 + monthly rate), the present value is a polynomial in x with the net flow of each month as its
coefficients. Its roots above zero are the rates. They are told apart exactly, in whole numbers: by Descartes' rule of
signs on ever smaller intervals, and by Sturm's theorem, which is slower, where that does not come to an end. Each is
then closed in by halving. A flow that changes its sign once has one rate; one that changes it more often may have
several, and then none of them alone says anything.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from fractions import Fraction
from math import gcd, lcm

from businesscase.domain.money import exact

LOWEST = Decimal("-0.99")
HIGHEST = Decimal(1000)
PLACES = Decimal("0.00000001")
_HALVINGS = 110
_STEP = Fraction(1, 1 << 72)
_DEEPEST = 24

Poly = list[int]


@dataclass(frozen=True, slots=True)
class Rates:
    """`rate` a year where there is exactly one; else why there is none, and all that there are.

    `reason`: "" (there is one), "no flow", "only costs", "only benefits", "none", "several".
    """

    rate: Decimal | None
    reason: str
    roots: tuple[Decimal, ...]


def internal_rates(net: Sequence[Decimal]) -> Rates:
    """All internal rates of return a year (fractions) of a monthly net flow, between -99 % and 100,000 %.

    The rate a year is (1 + monthly rate) ** 12 - 1, rounded to eight places.
    """
    whole = [int((each * 100).to_integral_value()) for each in net]
    signs = [each > 0 for each in whole if each]
    if not signs:
        return Rates(None, "no flow", ())
    if all(signs):
        return Rates(None, "only benefits", ())
    if not any(signs):
        return Rates(None, "only costs", ())
    changes = sum(before != after for before, after in itertools.pairwise(signs))
    poly = _trimmed(whole)
    low, high = _x_of(HIGHEST), _x_of(LOWEST)
    found = _one(poly, low, high) if changes == 1 else _all(poly, low, high)
    roots = tuple(sorted({_rate_of(each) for each in found}))
    if len(roots) == 1:
        return Rates(roots[0], "", roots)
    return Rates(None, "several" if roots else "none", roots)


def _x_of(rate: Decimal) -> Fraction:
    """The x of a rate a year, to the nearest 2 ** -64: a short fraction makes what follows fast."""
    with localcontext(exact()):
        return Fraction(round((1 + rate) ** (Decimal(-1) / 12) * (1 << 64)), 1 << 64)


def _rate_of(x: Fraction) -> Decimal:
    with localcontext(exact()):
        return ((Decimal(x.denominator) / Decimal(x.numerator)) ** 12 - 1).quantize(PLACES)


def _trimmed(coefficients: Sequence[int]) -> Poly:
    """Lowest power first; powers of x that divide all and zeros at the top are taken away (neither moves a root)."""
    kept = list(coefficients)
    while kept and not kept[-1]:
        kept.pop()
    start = next((place for place, each in enumerate(kept) if each), len(kept))
    return _primitive(kept[start:])


def _primitive(poly: Poly) -> Poly:
    divisor = 0
    for each in poly:
        divisor = gcd(divisor, each)
    return [each // divisor for each in poly] if divisor > 1 else poly


def _sign_at(poly: Poly, x: Fraction) -> int:
    """The sign of the polynomial at `x`, in whole numbers."""
    value, power = 0, 1
    for each in reversed(poly):
        value = value * x.numerator + each * power
        power *= x.denominator
    return (value > 0) - (value < 0)


def _closed_in(poly: Poly, low: Fraction, high: Fraction) -> Fraction:
    """The root between `low` and `high`, whose signs differ, within 2 ** -71."""
    at_low = _sign_at(poly, low)
    near = _near(poly, low, high, at_low)
    if _sign_at(poly, max(low, near - _STEP)) == at_low and _sign_at(poly, min(high, near + _STEP)) == -at_low:
        return near
    for _ in range(_HALVINGS):
        middle = _short((low + high) / 2, low, high)
        sign = _sign_at(poly, middle)
        if sign == 0:
            return middle
        if sign == at_low:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _near(poly: Poly, low: Fraction, high: Fraction, at_low: int) -> Fraction:
    """Where the root seems to be, found with many digits but not proven."""
    with localcontext(exact()):
        left, right = (Decimal(each.numerator) / each.denominator for each in (low, high))
        terms = [Decimal(each) for each in reversed(poly)]
        for _ in range(_HALVINGS):
            middle = (left + right) / 2
            value = Decimal(0)
            for each in terms:
                value = value * middle + each
            if (value > 0) == (at_low > 0):
                left = middle
            else:
                right = middle
        return Fraction(round((left + right) / 2 * (1 << 80)), 1 << 80)


def _short(middle: Fraction, low: Fraction, high: Fraction) -> Fraction:
    """A fraction with a small power of two below it, strictly between `low` and `high` and near `middle`."""
    bits = 8
    while True:
        near = Fraction(round(middle * (1 << bits)), 1 << bits)
        if low < near < high and (high - low) > Fraction(1, 1 << (bits - 2)):
            return near
        if bits > 160:
            return middle
        bits += 8


def _one(poly: Poly, low: Fraction, high: Fraction) -> list[Fraction]:
    """The only positive root, where it lies between `low` and `high`."""
    if _sign_at(poly, low) * _sign_at(poly, high) > 0:
        return []
    return [_closed_in(poly, low, high)]


def _remainder(above: Poly, below: Poly) -> Poly:
    """The remainder of a division, times a positive number that keeps it whole."""
    rest = list(above)
    lead = below[-1]
    while len(rest) >= len(below):
        factor, shift = rest[-1], len(rest) - len(below)
        rest = [each * abs(lead) for each in rest]
        step = factor if lead > 0 else -factor
        for place, each in enumerate(below):
            rest[place + shift] -= step * each
        rest.pop()
        while rest and not rest[-1]:
            rest.pop()
        rest = _primitive(rest)
    return rest


def _sturm(poly: Poly) -> list[Poly]:
    chain = [poly, _primitive([each * place for place, each in enumerate(poly)][1:])]
    while len(chain[-1]) > 1:
        rest = _remainder(chain[-2], chain[-1])
        if not rest:
            break
        chain.append([-each for each in rest])
    return chain


def _changes_at(chain: Sequence[Poly], x: Fraction) -> int:
    signs = [sign for sign in (_sign_at(each, x) for each in chain) if sign]
    return sum(before != after for before, after in itertools.pairwise(signs))


def _quotient(poly: Poly, divisor: Poly) -> Poly:
    """`poly` by a `divisor` that goes into it, times a number that keeps it whole."""
    rest = [Fraction(each) for each in poly]
    parts: list[Fraction] = []
    while len(rest) >= len(divisor):
        part = rest[-1] / divisor[-1]
        parts.append(part)
        for place, each in enumerate(reversed(divisor)):
            rest[-1 - place] -= part * each
        rest.pop()
    scale = lcm(*(part.denominator for part in parts))
    return _primitive([int(part * scale) for part in reversed(parts)])


def _shifted(poly: Poly) -> Poly:
    """The polynomial at x + 1."""
    # Horner's scheme, a pass of running sums for each power.
    rest, found = poly[::-1], []
    while rest:
        rest = list(itertools.accumulate(rest))
        found.append(rest.pop())
    return found


def _variations(poly: Poly) -> int:
    """How often the coefficients change their sign, for the polynomial on (0, 1) turned to all above 0.

    By Descartes there are as many roots in between, or fewer by an even number.
    """
    signs = [each > 0 for each in _shifted(poly[::-1]) if each]
    return sum(before != after for before, after in itertools.pairwise(signs))


def _quick(poly: Poly, low: Fraction, high: Fraction) -> list[Fraction] | None:
    """All roots between `low` and `high`, or None where they do not part soon: one may count twice."""
    degree = len(poly) - 1
    shared = lcm(low.denominator, high.denominator)
    start, width = int(low * shared), int((high - low) * shared)
    # The polynomial at low + (high - low) * x, in whole numbers, by Horner's scheme.
    spread: Poly = []
    for power, each in enumerate(reversed(poly)):
        times = [0, *(part * width for part in spread)]
        for place, part in enumerate(spread):
            times[place] += part * start
        spread = times
        spread[0] += each * shared**power
    found: list[Fraction] = []
    waiting = [(_primitive(spread), 0, 0)]
    while waiting:
        here, place, depth = waiting.pop()
        count = _variations(here)
        if count == 0:
            continue
        left = low + (high - low) * Fraction(place, 1 << depth)
        right = low + (high - low) * Fraction(place + 1, 1 << depth)
        if count == 1 and _sign_at(poly, left) * _sign_at(poly, right) < 0:
            found.append(_closed_in(poly, left, right))
            continue
        if depth == _DEEPEST:
            return None
        halved = [each << (degree - power) for power, each in enumerate(here)]
        upper = _shifted(halved)
        if not upper[0]:
            return None
        waiting += [(halved, 2 * place, depth + 1), (upper, 2 * place + 1, depth + 1)]
    return found


def _all(poly: Poly, low: Fraction, high: Fraction) -> list[Fraction]:
    """All different roots above `low` and up to `high`. A root that the flow only touches counts once."""
    found = _quick(poly, low, high)
    return _by_sturm(poly, low, high) if found is None else found


def _by_sturm(poly: Poly, low: Fraction, high: Fraction) -> list[Fraction]:
    chain = _sturm(poly)
    if len(chain[-1]) > 1:
        poly = _quotient(poly, chain[-1])
        chain = _sturm(poly)
    found: list[Fraction] = []
    waiting = [(low, high, _changes_at(chain, low) - _changes_at(chain, high))]
    while waiting:
        left, right, roots = waiting.pop()
        if roots <= 0:
            continue
        if roots == 1 and _sign_at(poly, left) * _sign_at(poly, right) < 0:
            found.append(_closed_in(poly, left, right))
            continue
        if roots == 1 and _sign_at(poly, right) == 0:
            found.append(right)
            continue
        middle = _short((left + right) / 2, left, right)
        between = _changes_at(chain, left) - _changes_at(chain, middle)
        waiting += [(left, middle, between), (middle, right, roots - between)]
    return found
