"""Acts on the calendar of an organization: the days of the week on which it works, and its holidays.

Nothing here moves a date of a plan: the next recomputation of a plan reads the calendar anew.
"""

from collections.abc import Collection, Sequence
from datetime import date

from django.db import transaction
from django.utils import dateformat
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from accounts.models import User
from audittrail.services import Draft, record_event
from common.exceptions import RuleBroken
from common.texts import clean_line
from projects.calendars import DAY_NAMES, FIRST_YEAR, LAST_YEAR, LONGEST_NAME, NamedDay
from projects.models import Holiday, Organization
from projects.permissions import can_act_for_organization
from projects.services.guards import refuse_stale, require, write_versioned

MOST_HOLIDAYS = 400
MOST_SHOWN = 6


def day_words(day: date) -> str:
    """A day as 6 Jan 2027."""
    return dateformat.format(day, "j M Y")


def week_words(days: Collection[int]) -> str:
    """Days of the week (Monday is 0) in words."""
    return ", ".join(str(WEEKDAYS[number]) for number in sorted(days) if number in WEEKDAYS)


def _named(days: Sequence[NamedDay]) -> str:
    words = [f"{day_words(one.day)} {one.name}" for one in days[:MOST_SHOWN]]
    if len(days) > MOST_SHOWN:
        words.append(_("and %(count)d more") % {"count": len(days) - MOST_SHOWN})
    return ", ".join(words) or _("none")


def _locked(acting_user: User | None, organization: Organization) -> Organization:
    """The organization as it stands now; whoever else changes its calendar waits until the transaction ends."""
    require(can_act_for_organization(acting_user, organization))
    return Organization.objects.select_for_update().get(pk=organization.pk)


def _record(
    acting_user: User | None, organization: Organization, action: str, name: str, pair: Sequence[object]
) -> None:
    draft = Draft(action, "calendar", organization.slug, organization.name, {name: list(pair)})
    record_event(stream_id=organization.uuid, acting_user=acting_user, draft=draft)


@transaction.atomic
def set_working_days(
    *, acting_user: User | None, organization: Organization, version: int, days: Collection[int]
) -> bool:
    """Make `days` of the week (Monday is 0) the working days. False where they are so already.

    Raises NotPermitted, StaleWrite, RuleBroken for none, or for a day that no week has.
    """
    found = _locked(acting_user, organization)
    label = _("Working days")
    shown, sent = {label: week_words(found.working_days)}, {label: week_words(days)}
    refuse_stale(found, version=version, shown=shown, sent=sent)
    chosen = sorted(set(days))
    if not chosen:
        raise RuleBroken(_("Tick at least one working day."), field="working_days")
    if not set(chosen) <= set(range(7)):
        raise RuleBroken(_("There is no such day of the week."), field="working_days")
    before = sorted(found.working_days)
    if chosen == before:
        return False
    write_versioned(found, version=version, values={"working_days": chosen}, shown=shown, sent=sent)
    names = [[DAY_NAMES[number] for number in group] for group in (before, chosen)]
    _record(acting_user, organization, "set working days", "working days", names)
    return True


@transaction.atomic
def add_holidays(
    *, acting_user: User | None, organization: Organization, version: int, days: Sequence[NamedDay]
) -> list[Holiday]:
    """Add `days` to the holidays: all of them, or none.

    Raises NotPermitted, StaleWrite, RuleBroken for no day, a day without a name or with one that is too long, a day
    outside 2000 to 2100, one that is given twice or is a holiday already, or more holidays than a calendar holds.
    """
    found = _locked(acting_user, organization)
    standing = {one.day: one.name for one in Holiday.objects.filter(organization=found)}
    wanted = [NamedDay(one.day, clean_line(one.name)) for one in days]
    label = _("Holidays")
    shown = {label: _named([NamedDay(one.day, standing[one.day]) for one in wanted if one.day in standing])}
    sent = {label: _named(wanted)}
    refuse_stale(found, version=version, shown=shown, sent=sent)
    _check(wanted, standing)
    made = Holiday.objects.bulk_create(
        [Holiday(organization=found, day=one.day, name=one.name) for one in sorted(wanted)]
    )
    write_versioned(found, version=version, values={}, shown=shown, sent=sent)
    _record(acting_user, organization, "add holidays", "holidays", [None, [str(one) for one in made]])
    return made


def _check(wanted: Sequence[NamedDay], standing: dict[date, str]) -> None:
    if not wanted:
        raise RuleBroken(_("Choose at least one day."), field="day")
    if len({one.day for one in wanted}) < len(wanted):
        raise RuleBroken(_("One day is given twice."), field="day")
    for one in wanted:
        if not FIRST_YEAR <= one.day.year <= LAST_YEAR:
            raise RuleBroken(_("Give a day in the years 2000 to 2100."), field="day")
        if not one.name:
            raise RuleBroken(_("Give the day a name, such as Epiphany."), field="name")
        if len(one.name) > LONGEST_NAME:
            raise RuleBroken(_("Give a name of %(most)d characters at most.") % {"most": LONGEST_NAME}, field="name")
        if one.day in standing:
            raise RuleBroken(
                _("%(day)s is in the calendar already: %(name)s.")
                % {"day": day_words(one.day), "name": standing[one.day]},
                field="day",
            )
    total = len(standing) + len(wanted)
    if total > MOST_HOLIDAYS:
        raise RuleBroken(
            _("The calendar would hold %(total)d holidays; %(most)d are the most. Remove those of past years first.")
            % {"total": total, "most": MOST_HOLIDAYS},
            field="day",
        )


@transaction.atomic
def remove_holidays(
    *, acting_user: User | None, organization: Organization, version: int, days: Collection[date]
) -> list[NamedDay]:
    """Make `days` days like others again: all of them, or none.

    Raises NotPermitted, StaleWrite, RuleBroken for no day, or for one that is no holiday.
    """
    found = _locked(acting_user, organization)
    here = Holiday.objects.filter(organization=found, day__in=days).order_by("day")
    gone = [NamedDay(one.day, one.name) for one in here]
    label = _("Holidays to remove")
    shown = {label: _named(gone)}
    sent = {label: ", ".join(day_words(day) for day in sorted(set(days)))}
    refuse_stale(found, version=version, shown=shown, sent=sent)
    if not days:
        raise RuleBroken(_("Tick the days to remove."), field="row")
    if len(gone) < len(set(days)):
        raise RuleBroken(_("One of these days is not in the calendar. Reload the page."), field="row")
    here.delete()
    write_versioned(found, version=version, values={}, shown=shown, sent=sent)
    _record(acting_user, organization, "remove holidays", "holidays", [[f"{one.day} {one.name}" for one in gone], None])
    return gone
