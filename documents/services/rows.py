"""What the services of the living registers share."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from common.exceptions import RuleBroken
from common.texts import clean_line


def next_key(keys: Iterable[str]) -> int:
    """The number behind the highest of `keys` ("X-007" is 7)."""
    return max((int(key.rpartition("-")[2]) for key in keys), default=0) + 1


def checked_text(text: str, field: str, most: int, needed: str = "") -> str:
    """`text` on one line. Raises RuleBroken with `needed` where it is empty, and where it is longer than `most`."""
    said = clean_line(text)
    if needed and not said:
        raise RuleBroken(needed, field=field)
    if len(said) > most:
        raise RuleBroken(_("This is longer than %(most)d characters.") % {"most": most}, field=field)
    return said
