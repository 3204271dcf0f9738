"""Words and days that people give to governance, before they are stored."""

from datetime import date, timedelta

from django.utils.translation import gettext as _

from common import clock
from common.exceptions import RuleBroken
from common.texts import clean_line, clean_text
from projects.models import Project
from projects.services.guards import LAST_DAY

LONGEST = 4000
SENT_TWICE = timedelta(minutes=1)
"""The same words from the same person within so long were sent twice."""


def line(text: str, field: str, most: int, *, needed: str = "") -> str:
    """`text` on one line. Raises RuleBroken with `needed` where it is empty, and where it is longer than `most`."""
    return _checked(clean_line(text), field, most, needed)


def lines(text: str, field: str, most: int = LONGEST, *, needed: str = "") -> str:
    """`text` of several lines. Raises as `line`."""
    return _checked(clean_text(text), field, most, needed)


def day_to_come(day: date | None, field: str, project: Project, *, needed: str, after_today: bool = False) -> date:
    """A day from today on (or from tomorrow on). Raises RuleBroken for none, one gone by, or one too far off."""
    if day is None:
        raise RuleBroken(needed, field=field)
    today = clock.today(project.time_zone)
    if day < today:
        raise RuleBroken(_("This day has gone by."), field=field)
    if after_today and day == today:
        raise RuleBroken(_("Give a day after today."), field=field)
    if day > LAST_DAY:
        raise RuleBroken(_("This is too far off."), field=field)
    return day


def _checked(text: str, field: str, most: int, needed: str) -> str:
    if needed and not text:
        raise RuleBroken(needed, field=field)
    if len(text) > most:
        raise RuleBroken(_("This is longer than %(most)d characters.") % {"most": most}, field=field)
    return text
