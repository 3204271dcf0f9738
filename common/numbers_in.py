"""Numbers that people type or paste: comma and point as decimal mark, thousands kept apart in any of the usual ways.

What can be read in two ways is not guessed: `1,234` is a thousand and more in London and a bit over one in Berlin.
"""

import re
from decimal import Decimal

from django.utils.translation import gettext as _

LONGEST = 40
# Spaces of all kinds and the apostrophes of Swiss accounts keep thousands apart and are never a decimal mark.
_SPACES = re.compile("[ \u00a0\u2009\u202f'\u2019]")
_MINUS = str.maketrans({"\u2212": "-", "\u2013": "-"})
_SHAPE = re.compile(r"[0-9., ]+")
_EXPONENT = re.compile(r"[+-]?[0-9.,]+[eE][+-]?[0-9]+")


class UnclearNumber(ValueError):
    """What was typed is no number, or could be two. The message says what to write instead."""


def parse_decimal(text: str, *, at_most: Decimal | None = None) -> Decimal:
    """The number that `text` says, exactly, with as many places as were written.

    `at_most` settles what could be two numbers (`6,125` percent) where only the smaller is not above it; it is no
    bound otherwise. Raises UnclearNumber for no number, several ways to read it, an exponent, or a text too long.
    """
    typed = text.strip()
    if len(typed) > LONGEST:
        raise UnclearNumber(_("This is too long for a number."))
    if _EXPONENT.fullmatch(typed.replace(" ", "")):
        raise UnclearNumber(_("Write the number out: 1000 instead of 1e3."))
    body = _SPACES.sub(" ", typed.translate(_MINUS))
    sign, body = (body[0], body[1:].lstrip(" ")) if body[:1] in ("+", "-") else ("", body)
    if not _SHAPE.fullmatch(body):
        raise UnclearNumber(_("Write a number, such as 1234.50, without a currency or other words."))
    number = Decimal(sign + _plain(body, typed, at_most))
    return number or abs(number)


def _plain(body: str, typed: str, at_most: Decimal | None) -> str:
    """`body` (no sign) with a point as its decimal mark and nothing between thousands."""
    marks = [char for char in body if not char.isdigit()]
    if not marks:
        return body
    last, others = marks[-1], set(marks[:-1])
    if last == " " or last in others:
        # The last mark stands for thousands too: there is no decimal mark.
        if len(set(marks)) > 1:
            raise _unreadable(typed)
        return _joined(body, last, typed)
    whole, _mark, places = body.rpartition(last)
    if len(others) > 1 or not places:
        raise _unreadable(typed)
    if others:
        return f"{_joined(whole, others.pop(), typed)}.{places}"
    two_ways = len(places) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0")
    if two_ways and (at_most is None or Decimal(whole + places) <= at_most):
        raise UnclearNumber(
            _("%(typed)s can be read in two ways. Write %(large)s, or %(small)s with two places.")
            % {"typed": typed, "large": whole + places, "small": f"{whole}{last}{places[:2]}"}
        )
    return f"{whole or '0'}.{places}"


def _joined(whole: str, mark: str, typed: str) -> str:
    """`whole` without the `mark` that keeps its thousands apart, which stand in threes."""
    first, *groups = whole.split(mark)
    if not 1 <= len(first) <= 3 or any(len(group) != 3 or not group.isdigit() for group in groups):
        raise _unreadable(typed)
    return first + "".join(groups)


def _unreadable(typed: str) -> UnclearNumber:
    return UnclearNumber(_("%(typed)s is no number that can be read for sure. Write it as 1234.50.") % {"typed": typed})
