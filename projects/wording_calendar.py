"""How the trail says what happened to the calendar of an organization."""

from collections.abc import Sequence

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from audittrail.sentences import Facts, Part, day_text, object_name, phrase, register_wording
from projects.calendars import DAY_NAMES

MOST_NAMED = 3
_DAYS = {name: number for number, name in enumerate(DAY_NAMES)}


def _week(names: Sequence[str] | None) -> str:
    return ", ".join(str(WEEKDAYS[_DAYS[name]]) if name in _DAYS else str(name) for name in names or ()) or _("none")


def _holiday(text: str) -> str:
    day, _space, name = text.partition(" ")
    return _("%(day)s (%(name)s)") % {"day": day_text(day), "name": name}


def _holidays(texts: Sequence[str]) -> str:
    """A few days by name; of many their number, the first and the last."""
    if len(texts) <= MOST_NAMED:
        return ", ".join(_holiday(text) for text in texts)
    first, last = (day_text(text.partition(" ")[0]) for text in (texts[0], texts[-1]))
    return ngettext(
        "%(count)d day from %(first)s to %(last)s", "%(count)d days from %(first)s to %(last)s", len(texts)
    ) % {"count": len(texts), "first": first, "last": last}


def say_calendar(facts: Facts) -> tuple[Part, ...] | None:
    """What was changed in the calendar of an organization."""
    if facts.action == "set working days":
        before, after = facts.pair("working days")
        return phrase(
            _("{actor} set the working days of {object} to {after} (were {before})"),
            actor=facts.actor,
            object=object_name(facts),
            after=_week(after),
            before=_week(before),
        )
    templates = {
        "add holidays": _("{actor} added {days} to the holidays of {object}"),
        "remove holidays": _("{actor} took {days} out of the holidays of {object}"),
    }
    template = templates.get(facts.action)
    if template is None:
        return None
    before, after = facts.pair("holidays")
    return phrase(template, actor=facts.actor, object=object_name(facts), days=_holidays(after or before or []))


def register() -> None:
    """Let the trail speak of calendars."""
    register_wording("calendar", say_calendar, title=gettext_lazy("Calendar"))
