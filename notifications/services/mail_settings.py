"""How a person wants mail: chosen on a page, or turned off from a link in a mail."""

from collections.abc import Mapping
from zoneinfo import available_timezones

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.exceptions import RuleBroken
from notifications.choices import ALL_KINDS, NoticeState, Pace
from notifications.domain.slots import goes_at
from notifications.models import MailSettings, Notice
from notifications.registry import notice_kinds
from notifications.selectors.recipients import recipients


@transaction.atomic
def save_mail_settings(*, acting_user: User, paces: Mapping[str, str], time_zone: str) -> MailSettings:
    """Keep how `acting_user` wants to be mailed about each kind, and where their day is ("" for their project's).

    What waits for them already follows. Raises RuleBroken for a pace, a kind or a time zone that there is not.
    """
    for kind, pace in paces.items():
        if kind not in notice_kinds or pace not in Pace.values:
            raise RuleBroken(_("Choose when you want to be mailed."), field=kind)
    if time_zone and time_zone not in available_timezones():
        raise RuleBroken(_("There is no such time zone."), field="time_zone")
    settings = _settings_of(acting_user)
    # A choice that is the usual one is none: should the usual one change, it holds for whoever chose nothing else.
    chosen = {kind: pace for kind, pace in settings.paces.items() if kind != ALL_KINDS} | dict(paces)
    settings.paces = {kind: pace for kind, pace in chosen.items() if not _is_usual(kind, pace)}
    settings.time_zone = time_zone
    settings.save()
    _let_waiting_follow(acting_user)
    return settings


@transaction.atomic
def stop_mail(*, person: User, kind: str) -> None:
    """Send `person` nothing more of `kind`, or of anything with ALL_KINDS. Done twice, it is done once.

    No right is asked for: whoever holds the link of a mail may turn its mails off, and can do nothing else with it.
    """
    settings = _settings_of(person)
    kept = {} if kind == ALL_KINDS else settings.paces
    settings.paces = {**kept, kind: Pace.NEVER.value}
    settings.save()
    _let_waiting_follow(person)


def _is_usual(kind: str, pace: str) -> bool:
    return kind in notice_kinds and notice_kinds[kind].pace == pace


def _settings_of(person: User) -> MailSettings:
    settings, _is_new = MailSettings.objects.get_or_create(user=person)
    return MailSettings.objects.select_for_update().get(pk=settings.pk)


def _let_waiting_follow(person: User) -> None:
    """Let what waits for `person` go when they want it now, or not at all."""
    recipient = recipients([person.pk]).get(person.pk)
    waiting = Notice.objects.filter(person=person, state=NoticeState.WAITING)
    if recipient is None:
        return
    for kind, _entry in notice_kinds.items():
        pace = recipient.pace(kind)
        mine = waiting.filter(kind=kind)
        if pace == Pace.NEVER:
            mine.update(state=NoticeState.DROPPED, dropped_why="the person does not want it")
        else:
            mine.filter(attempts=0).update(pace=pace, goes_at=goes_at(pace, clock.now(), recipient.zone))
