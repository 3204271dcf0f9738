"""Days, owners and proof that people give on the way to the certificate, before they are stored."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import User
from common import clock
from common.exceptions import RuleBroken
from evidence.choices import ItemState
from evidence.models import EvidenceItem
from evidence.selectors import item_of
from projects.models import Party, Project
from projects.permissions import access_to
from projects.services.guards import LAST_DAY

MOST_MONEY = Decimal("999999999999.99")


def any_day(day: date | None, field: str) -> date | None:
    """A day, or none. Raises RuleBroken for one in another century."""
    if day is not None and not date(2000, 1, 1) <= day <= LAST_DAY:
        raise RuleBroken(_("Give a day between 2000 and 2100."), field=field)
    return day


def day_gone(day: date | None, field: str, project: Project) -> date:
    """A day up to today; today where none is given. Raises RuleBroken."""
    today = clock.today(project.time_zone)
    if day is None:
        return today
    if day > today:
        raise RuleBroken(_("This day lies ahead."), field=field)
    any_day(day, field)
    return day


def owner_in(project: Project, owner: Party | None) -> Party | None:
    """Somebody of `project`, or nobody. Raises Party.DoesNotExist."""
    if owner is not None and owner.project_id != project.pk:
        raise Party.DoesNotExist
    return owner


def proof_of(acting_user: User | None, project: Project, key: str, field: str) -> EvidenceItem | None:
    """The item of evidence that `key` names, which the person sees and which counts; None for no key.

    Raises RuleBroken.
    """
    wanted = key.strip().upper()
    if not wanted:
        return None
    item = item_of(project, access_to(project, acting_user), wanted) if len(wanted) <= 12 else None
    if item is None:
        raise RuleBroken(
            _("There is no evidence %(key)s here. Give its number, such as E-0012.") % {"key": wanted[:20]}, field=field
        )
    if item.state != ItemState.CURRENT:
        raise RuleBroken(_("%(key)s no longer counts.") % {"key": item.key}, field=field)
    return item


def amount(value: Decimal | None, field: str) -> Decimal | None:
    """Money or days, not below zero. Raises RuleBroken."""
    if value is not None and not 0 <= value <= MOST_MONEY:
        raise RuleBroken(_("Give a figure of zero or more."), field=field)
    return value
